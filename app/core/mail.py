"""Messages as values and the carriers that take them away. Never called inside a transaction."""

import smtplib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path

Carrier = Callable[[EmailMessage], None]
Render = Callable[[str, str, Mapping[str, object]], str]

TIMEOUT = 20


@dataclass(frozen=True)
class Post:
    """How messages leave: their sender, the shop's address, a renderer of templates, a carrier."""

    sender: str
    base_url: str
    render: Render
    carrier: Carrier

    def send(
        self,
        to: str,
        template: str,
        values: Mapping[str, object],
        *,
        key: str,
        language: str,
        now: datetime,
        html: bool = False,
    ) -> None:
        """Send `email/<template>.txt`, whose subject is in `<template>_subject.txt`.

        With `html` the part that mail programs show comes from `<template>.html`.
        The same `key` gives the same message id, so that one sent twice is shown once.
        """
        known = {"base_url": self.base_url, **values}
        subject = self.render(language, f"email/{template}_subject.txt", known)
        message = EmailMessage()
        message["From"], message["To"] = self.sender, to
        message["Subject"] = " ".join(subject.split())
        message["Date"] = format_datetime(now)
        message["Message-ID"] = f"<{template}.{key}@{self.sender.rpartition('@')[2]}>"
        message.set_content(self.render(language, f"email/{template}.txt", known))
        if html:
            shown = self.render(language, f"email/{template}.html", known)
            message.add_alternative(shown, subtype="html")
        self.carrier(message)


def to_folder(folder: Path) -> Carrier:
    """A carrier that keeps each message as a file; for installations without a mail server."""

    def carry(message: EmailMessage) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        name = str(message["Message-ID"]).strip("<>").replace("/", "_")
        (folder / f"{name}.eml").write_bytes(bytes(message))

    return carry


def to_server(host: str, port: int) -> Carrier:
    """A carrier that hands messages to a mail server in the same network."""

    def carry(message: EmailMessage) -> None:
        with smtplib.SMTP(host, port, timeout=TIMEOUT) as server:
            server.send_message(message)

    return carry

"""Messages to customers. Built as values; a carrier sends them, outside any transaction."""

import smtplib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from pathlib import Path
from uuid import UUID

from app.core.clock import now
from app.core.db import reading
from app.core.types import Json
from pos.sales import orders

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


def order_placed(post: Post, payload: Json) -> None:
    """Confirm an order to the buyer, if an address was given."""
    with reading() as session:
        order = orders.get(session, UUID(payload["order_id"]))
        if not order.contact_email:
            return
        values: dict[str, object] = {"order": order, "base_url": post.base_url}
        subject = post.render(order.language, "email/order_placed_subject.txt", values)
        body = post.render(order.language, "email/order_placed.txt", values)
    message = EmailMessage()
    message["From"], message["To"] = post.sender, order.contact_email
    message["Subject"] = " ".join(subject.split())
    message["Date"] = format_datetime(now())
    # The same order gives the same id, so that a message sent twice is shown once.
    message["Message-ID"] = f"<order-placed.{order.number}@{post.sender.rpartition('@')[2]}>"
    message.set_content(body)
    post.carrier(message)


def to_folder(folder: Path) -> Carrier:
    """A carrier that keeps each message as a file; for installations without a mail server."""

    def carry(message: EmailMessage) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        name = str(message["Message-ID"] or make_msgid()).strip("<>").replace("/", "_")
        (folder / f"{name}.eml").write_bytes(bytes(message))

    return carry


def to_server(host: str, port: int) -> Carrier:
    """A carrier that hands messages to a mail server in the same network."""

    def carry(message: EmailMessage) -> None:
        with smtplib.SMTP(host, port, timeout=TIMEOUT) as server:
            server.send_message(message)

    return carry

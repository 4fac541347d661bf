"""The queued messages, taken away by the worker into a folder and read there."""

import re
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from flask import Flask

from app.core import clock
from app.errands import errands
from app.jobs import run_due


class Post:
    """What was sent since the last look."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.folder: Path = app.extensions["phohien_settings"].instance_dir / "mail"
        self.seen = set(self.folder.glob("*"))

    def fetch(self) -> list[EmailMessage]:
        """The new messages."""
        run_due(clock.now(), errands=errands(self.app))
        new = sorted(set(self.folder.glob("*")) - self.seen)
        self.seen.update(new)
        return [self._read(path) for path in new]

    def link(self) -> str:
        """The path of the last link in the only new message."""
        (message,) = self.fetch()
        found = re.findall(r"http://localhost(/\S+)", message.get_content())
        assert found
        return str(found[-1])

    def _read(self, path: Path) -> EmailMessage:
        message = message_from_bytes(path.read_bytes(), policy=policy.default)
        assert isinstance(message, EmailMessage)
        return message

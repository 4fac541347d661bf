"""An installation that has a key for signatures."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from flask import Flask

from app.config import DEMO_ANCHOR_KEY


@contextmanager
def signing(app: Flask) -> Iterator[None]:
    """Inside the block the application can sign."""
    before = app.extensions["phohien_settings"]
    app.extensions["phohien_settings"] = replace(before, anchor_key=DEMO_ANCHOR_KEY)
    yield
    app.extensions["phohien_settings"] = before

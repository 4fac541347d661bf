"""Fixtures for tests in a real browser: the application on a port, with commits that are real."""

import os
import threading
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from playwright.sync_api import Browser, Page
from werkzeug.serving import WSGIRequestHandler, make_server

from app.accounts import sign_in as sessions
from app.accounts.models import User
from app.core import clock
from app.core.db import Database, transaction
from support import chromium


class _Quiet(WSGIRequestHandler):
    def log(self, *_args: object) -> None:
        """The application has its own log."""


@pytest.fixture
def live(app: Flask, real_database: Database) -> Iterator[str]:
    """Serve the application on a free port over a database of this test; its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, name="live", daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests."""
    with chromium.launched() as launched:
        yield launched


@pytest.fixture
def page(browser: Browser, live: str) -> Iterator[Page]:
    """A page on a desk; paths given to `goto` are those of the live application."""
    with chromium.opened(browser, live, chromium.DESK, clock.now()) as page:
        yield page


@pytest.fixture
def phone(browser: Browser, live: str) -> Iterator[Page]:
    """A page on a telephone."""
    with chromium.opened(browser, live, chromium.PHONE, clock.now()) as page:
        yield page


def enter_as(page: Page, app: Flask, live: str, user: User) -> None:
    """Sign `user` in on this page without the password form, which has its own tests."""
    with transaction() as session:
        now = clock.now()
        token = sessions.start(session, user, lifetime=3600, now=now, randomness=os.urandom)
    signer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert signer is not None
    value = str(signer.dumps({"_user_id": token, "_fresh": True}))
    page.context.add_cookies([{"name": "phohien", "value": value, "url": live}])

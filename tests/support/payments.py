"""An installation that takes transfers and cards, with both providers on loopback."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from app.core import clock
from app.errands import errands
from app.jobs import JOBS, run_due, run_sweeps
from support import stripe_server
from support.browser import Browser
from support.stripe_server import Stripe

BANK_SECRET = "the messenger's secret of the tests"


@contextmanager
def taking_money(app: Flask, stripe: Stripe | None = None) -> Iterator[None]:
    """Let the installation take transfers, and cards at `stripe`."""
    before = app.extensions["phohien_settings"]
    more: dict[str, Any] = {
        "bank_bin": "970436",
        "bank_account": "0011004455667",
        "bank_holder": "HTX PHO HIEN",
        "bank_secrets": {"sepay": BANK_SECRET, "casso": BANK_SECRET},
    }
    if stripe is not None:
        more |= {"stripe_key": stripe_server.KEY, "stripe_base": stripe.base}
        more |= {"stripe_webhook_secret": stripe_server.SECRET}
    app.extensions["phohien_settings"] = replace(before, **more)
    yield
    app.extensions["phohien_settings"] = before


def door(app: Flask, path: str) -> Callable[[bytes, Mapping[str, str]], int]:
    """Where letters are brought; answers with the status."""
    client: FlaskClient = app.test_client()

    def bring(body: bytes, headers: Mapping[str, str]) -> int:
        kind = "application/json"
        return client.post(path, data=body, headers=dict(headers), content_type=kind).status_code

    return bring


def holder(app: Flask, *numbers: str) -> Browser:
    """The browser that placed these orders."""
    browser = Browser(app)
    with browser.client.session_transaction() as cookie:
        cookie["orders"] = list(numbers)
    return browser


def work(app: Flask, after: timedelta = timedelta(0)) -> None:
    """Let the worker do everything that is due after a while: sweeps, then jobs, then once more."""
    moment: datetime = clock.now() + after
    for _round in range(2):
        run_sweeps({}, moment)
        run_due(moment, JOBS, errands(app))

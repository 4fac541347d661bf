"""A limit on guessing voucher codes, for each visitor and for each address on the network."""

from flask import request
from sqlalchemy.orm import Session

from app.accounts import sign_in
from app.accounts.guards import actor_id
from app.accounts.sign_in import Limit, TooManyFailures
from app.core import clock
from app.core.db import transaction
from app.core.errors import TooMany
from app.core.text import N_
from app.core.web import read_session, settings
from app.storefront import badge

OF_VISITOR = 10
# Behind one address there may be a whole village.
OF_ADDRESS = 40


class TooManyCodes(TooMany):
    """Codes that are not taken were tried too often."""

    code = "too_many_voucher_codes"
    message = N_(
        "Too many voucher codes that are not taken were tried. Wait %(minutes)s minutes, or order "
        "without a code."
    )


def check() -> None:
    """Raise `TooManyCodes` when this visitor or this address has to wait."""
    for subject, limit in _subjects():
        _demand(read_session(), subject, limit)


def _demand(session: Session, subject: str, limit: Limit) -> None:
    try:
        sign_in.check_limit(session, [subject], limit, clock.now())
    except TooManyFailures as error:
        raise TooManyCodes(**error.params) from error


def note() -> None:
    """Count a code that was not taken."""
    with transaction() as session:
        for subject, limit in _subjects():
            sign_in.note_failure(session, [subject], limit, clock.now())


def _subjects() -> list[tuple[str, Limit]]:
    window, secret = settings().sign_in_window, settings().secret_key
    found = [(f"client:{request.remote_addr}", OF_ADDRESS)]
    who = actor_id() or badge.token()
    if who:
        found.append((f"visitor:{who}", OF_VISITOR))
    return [
        (sign_in.subject("voucher", f"{secret}:{text}"), Limit(most, window))
        for text, most in found
    ]

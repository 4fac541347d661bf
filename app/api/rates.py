"""How often a program may ask: counted where failed sign-ins are, by the same rule.

The window is that of the sign-ins, for counting forgets whatever is older than its window.
"""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import sign_in
from app.accounts.models import SignInFailure
from app.accounts.sign_in import Limit, TooManyFailures
from app.core.errors import TooMany
from app.core.text import N_

# Requests in one window: without a token for each client, with one for each token.
WITHOUT_TOKEN = 300
WITH_TOKEN = 6_000


class TooOften(TooMany):
    """The program asked too often; `detail` says in how many seconds it may ask again."""

    code = "rate_limited"
    message = N_("Too many requests. Ask again in %(seconds)s seconds.")


def check(session: Session, subject: str, limit: Limit, now: datetime) -> None:
    """Raise `TooOften` when everything that is allowed in the window was used."""
    try:
        sign_in.check_limit(session, [subject], limit, now)
    except TooManyFailures:
        seconds = _until_free(session, subject, limit, now)
        raise TooOften(seconds=seconds, detail={"retry_after": seconds}) from None


def count(session: Session, subject: str, limit: Limit, now: datetime) -> None:
    """Count one request."""
    sign_in.note_failure(session, [subject], limit, now)


def _until_free(session: Session, subject: str, limit: Limit, now: datetime) -> int:
    """Seconds until so many requests are out of the window that one more is allowed."""
    newest = (
        select(SignInFailure.at)
        .filter_by(subject=subject)
        .order_by(SignInFailure.at.desc())
        .offset(limit.failures - 1)
        .limit(1)
    )
    at = session.scalar(newest) or now
    left = at + timedelta(seconds=limit.window) - now
    return max(1, int(left.total_seconds()) + 1)

"""Slows whoever tries out serials: counts unknown ones by address, keeps no address.

The key of an address is a hash with a secret and the day, so it cannot be traced back and changes at
midnight. Whoever was told «unknown» too often gets no answer at all for a while, right or wrong:
otherwise the right ones would show.
"""

from datetime import date, datetime, timedelta

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from app.accounts import sign_in
from app.accounts.models import SignInFailure
from app.accounts.sign_in import Limit
from app.core.errors import TooMany
from app.core.text import N_

# Unknown serials from one address in one window. Many phones of one network share an address.
MOST = 40


class TooManyGuesses(TooMany):
    """Too many unknown serials; `detail` says in how many seconds the next is answered."""

    code = "too_many_guesses"
    message = N_("Too many unknown codes came from here. Try again in %(minutes)s minutes.")


def token(secret: str, address: str | None, day: date) -> str:
    """Under what the guesses of an address count today."""
    return sign_in.subject("serial", f"{secret}:{day.isoformat()}:{address}")


def check(session: Session, token: str, window: int, now: datetime) -> None:
    """Raise `TooManyGuesses` when the address used up its guesses of the last `window` seconds."""
    values = {"token": token, "since": now - timedelta(seconds=window)}
    if (session.scalar(_RECENT, values) or 0) >= MOST:
        seconds = _until_free(session, token, window, now)
        raise TooManyGuesses(minutes=-(-seconds // 60), detail={"retry_after": seconds})


# Put together once: every scan asks it.
_RECENT = select(func.count()).where(
    SignInFailure.subject == bindparam("token"), SignInFailure.at > bindparam("since")
)


def note(session: Session, token: str, window: int, now: datetime) -> None:
    """Count one unknown serial. `window` must be that of the sign-ins, which share the table."""
    sign_in.note_failure(session, [token], Limit(MOST, window), now)


def _until_free(session: Session, token: str, window: int, now: datetime) -> int:
    """Seconds until so many guesses are out of the window that one more is allowed."""
    times = select(SignInFailure.at).filter_by(subject=token).order_by(SignInFailure.at.desc())
    at = session.scalar(times.offset(MOST - 1).limit(1)) or now
    return max(1, int((at + timedelta(seconds=window) - now).total_seconds()) + 1)

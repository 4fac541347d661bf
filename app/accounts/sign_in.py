"""Signing in and out: throttled, one row per browser, only hashes of tokens stored."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from app.accounts.access import Access, access_of
from app.accounts.models import SignInFailure, User, UserSession
from app.core.clock import local_day
from app.core.codes import Randomness
from app.core.errors import TooMany
from app.core.text import N_


class TooManyFailures(TooMany):
    """This address or browser failed too often."""

    code = "too_many_failures"
    message = N_("Too many failed tries. Wait %(minutes)s minutes, then try again.")


@dataclass(frozen=True)
class Limit:
    """How many failures within how many seconds stop further tries."""

    failures: int
    window: int


@dataclass(frozen=True)
class SignedIn:
    """Who is acting in a request."""

    user: User
    access: Access
    session_id: object


def subject(kind: str, text: str) -> str:
    """Key under which failures are counted; a hash, so that no address is kept.

    Addresses are few enough to try out, so `text` should hold a secret besides.
    """
    return hashlib.sha256(f"{kind}:{text.lower()}".encode()).hexdigest()[:32]


def check_limit(session: Session, subjects: list[str], limit: Limit, now: datetime) -> None:
    """Raise `TooManyFailures` when one of the subjects has failed too often of late."""
    since = now - timedelta(seconds=limit.window)
    counts = session.execute(
        select(func.count())
        .where(SignInFailure.subject.in_(subjects), SignInFailure.at > since)
        .group_by(SignInFailure.subject)
    ).scalars()
    if any(count >= limit.failures for count in counts):
        raise TooManyFailures(minutes=-(-limit.window // 60))


def note_failure(session: Session, subjects: list[str], limit: Limit, now: datetime) -> None:
    """Count one failure for each subject and forget the old ones."""
    session.execute(
        delete(SignInFailure).where(SignInFailure.at < now - timedelta(seconds=limit.window))
    )
    session.add_all(SignInFailure(subject=s, at=now) for s in subjects)


def find(session: Session, email: str) -> User | None:
    """The account with this address, open or closed."""
    return session.scalar(select(User).filter_by(email=email.strip().lower()))


def start(
    session: Session, user: User, *, lifetime: int, now: datetime, randomness: Randomness
) -> str:
    """Open a session for `lifetime` seconds and return its secret token."""
    token = randomness(32).hex()
    session.add(
        UserSession(
            user_id=user.id,
            token_hash=_hash(token),
            created_at=now,
            expires_at=now + timedelta(seconds=lifetime),
        )
    )
    return token


def resume(session: Session, token: str, now: datetime) -> SignedIn | None:
    """Who holds this token, when it is neither expired nor revoked and the account is open."""
    row = session.execute(
        select(UserSession, User)
        .join(User, UserSession.user_id == User.id)
        .where(UserSession.token_hash == _hash(token), UserSession.revoked_at.is_(None))
        .where(UserSession.expires_at > now, User.active)
    ).first()
    if row is None:
        return None
    held, user = row
    return SignedIn(user, access_of(user.grants, local_day(now)), held.id)


def end(session: Session, token: str, now: datetime) -> None:
    """Sign this browser out."""
    row = session.scalar(select(UserSession).filter_by(token_hash=_hash(token)))
    if row is not None:
        row.revoked_at = now


def end_all(
    session: Session, user_id: UUID, now: datetime, *, but_token: str | None = None
) -> None:
    """Sign a user out of every browser, except the one that holds `but_token`."""
    kept = _hash(but_token) if but_token else None
    for row in session.scalars(select(UserSession).filter_by(user_id=user_id, revoked_at=None)):
        if row.token_hash != kept:
            row.revoked_at = now


def open_sessions(session: Session, user_id: UUID, now: datetime) -> Sequence[UserSession]:
    """The sign-ins of a user that still hold, newest first."""
    query = select(UserSession).filter_by(user_id=user_id, revoked_at=None)
    query = query.where(UserSession.expires_at > now).order_by(UserSession.created_at.desc())
    return session.scalars(query).all()


def forget_old(session: Session, *, kept: timedelta, now: datetime) -> None:
    """Delete sign-ins that ended `kept` ago or longer."""
    session.execute(delete(UserSession).where(UserSession.expires_at < now - kept))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()

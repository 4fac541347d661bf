"""Links sent by e-mail: each for one purpose, for one use and for a while. Only hashes are kept.

A link is the signed key of its row, so the message can be written, and written again after a
failure, without the link lying in the queue meanwhile.
"""

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.accounts.models import AccountToken, TokenPurpose, User
from app.core import links
from app.core.codes import Randomness, uuid7
from app.core.errors import Gone
from app.core.text import N_

LIFETIMES = {
    TokenPurpose.VERIFY: timedelta(hours=48),
    TokenPurpose.NEW_EMAIL: timedelta(hours=48),
    TokenPurpose.RESET: timedelta(hours=1),
}


class DeadLink(Gone):
    """The link was used, is too old, or was never sent."""

    code = "dead_link"
    message = N_("This link was used already or is too old. Ask for a new one.")


def issue(
    session: Session,
    user: User,
    purpose: TokenPurpose,
    email: str,
    *,
    secret: str,
    now: datetime,
    randomness: Randomness,
) -> AccountToken:
    """Make a link for `email`; `text_of` writes it out."""
    key = uuid7(now, randomness)
    row = AccountToken(
        id=key,
        user_id=user.id,
        purpose=purpose,
        token_hash=_hash(links.signed(secret, _mark(purpose), key)),
        email=email,
        expires_at=now + LIFETIMES[purpose],
    )
    session.add(row)
    session.flush()
    return row


def text_of(row: AccountToken, secret: str) -> str:
    """The token that goes into the address."""
    return links.signed(secret, _mark(row.purpose), row.id)


def find(
    session: Session, token: str, *purposes: TokenPurpose, now: datetime, lock: bool = False
) -> AccountToken:
    """The link, if it still holds for one of the purposes. Raises `DeadLink`."""
    query = select(AccountToken).filter_by(token_hash=_hash(token))
    row = session.scalar(query.with_for_update() if lock else query)
    if row is None or row.purpose not in purposes or row.used_at or row.expires_at <= now:
        raise DeadLink
    return row


def use(session: Session, token: str, *purposes: TokenPurpose, now: datetime) -> AccountToken:
    """Take the link: it and its like of this person are used up. Raises `DeadLink`."""
    row = find(session, token, *purposes, now=now, lock=True)
    same = update(AccountToken).where(AccountToken.user_id == row.user_id)
    same = same.where(AccountToken.purpose == row.purpose, AccountToken.used_at.is_(None))
    session.execute(same.values(used_at=now))
    return row


def forget(session: Session, user: User) -> None:
    """Delete every link of this person."""
    session.execute(delete(AccountToken).where(AccountToken.user_id == user.id))


def forget_old(session: Session, *, now: datetime) -> None:
    """Delete links that have been dead for a week."""
    session.execute(delete(AccountToken).where(AccountToken.expires_at < now - timedelta(days=7)))


def _mark(purpose: TokenPurpose) -> str:
    return f"account:{purpose.value}"


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()

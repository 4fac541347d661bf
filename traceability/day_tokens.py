"""Tokens that tell the phones of one day apart and lead to nobody afterwards.

A token is a keyed hash of address and browser under the salt of the day. The salt is random, lies in
the database for the day and the next, and is then deleted: from then on not even whoever has the
database, the secrets and the address can tell which token was theirs.
"""

import hashlib
from datetime import date, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.core.codes import Randomness
from app.core.db import insert_if_new
from traceability.scan_models import DaySalt

KEPT = timedelta(days=2)
LENGTH = 8  # bytes: enough that two phones of a day do not meet by chance


def token(salt: str, address: str | None, browser: str) -> str:
    """The token of a phone on the day of the salt: 16 hexadecimal digits."""
    text = f"{address}\n{browser}".encode()
    return hashlib.blake2b(text, key=bytes.fromhex(salt), digest_size=LENGTH).hexdigest()


def salt_of(session: Session, day: date, randomness: Randomness) -> str:
    """The salt of the day, made by whoever needs it first."""
    query = select(DaySalt.salt).filter_by(day=day)
    found = session.scalar(query)
    if found is not None:
        return found
    # Two first scans of a day at once must end up with one salt.
    insert_if_new(session, DaySalt, {"day": day, "salt": randomness(32).hex()})
    return session.scalars(query).one()


def forget_old(session: Session, day: date) -> None:
    """Throw away the salts of days that are over."""
    session.execute(delete(DaySalt).where(DaySalt.day <= day - KEPT))

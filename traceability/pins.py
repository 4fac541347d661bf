"""Codes that are scratched free on a stamp: a second thing that a copy of its symbol lacks.

Six characters of base 32, HMAC-SHA256 of batch and number under a key of its own, so no table of
them exists. Five wrong tries lock a stamp's code for good; the database counts them, so that no
number of visitors at once gets more. The code is never part of an address.
"""

import hmac
from datetime import datetime

import numpy as np
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.accounts import audit
from app.core.db import insert_if_new
from app.core.enums import LabelledEnum
from app.core.text import N_
from traceability import serials
from traceability.base32 import ALPHABET, Characters
from traceability.issued import KeyMissing, Keys, Stamp
from traceability.models import StampBatch
from traceability.print_models import MOST_TRIES, PinTry

LENGTH = 6

_PURPOSE = b"stamp pins, format 1\0"
_ASCII = np.frombuffer(ALPHABET.encode("ascii"), dtype=np.uint8)
_SHIFTS = np.arange(27, 1, -5, dtype=np.uint32)
_LONGEST_TYPED = 40


class PinResult(LabelledEnum):
    """What a code that somebody typed is worth."""

    RIGHT = "right", N_("The code is right.")
    WRONG = "wrong", N_("The code is not that of this stamp.")
    LOCKED = "locked", N_("Too many wrong codes were tried on this stamp.")
    NONE = "none", N_("This stamp has no code to scratch free.")


def pin_key(master: bytes, identity: str, ref: str) -> bytes:
    """The 32-byte key of the codes of one batch; it tells nothing about that of its serials."""
    info = _PURPOSE + (identity + ref).encode("ascii")
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(master)


def pin_for(key: bytes, ref: str, number: int) -> str:
    """The code of one stamp; `number` counts from 0."""
    return rows(key, ref, number, 1).tobytes().decode("ascii")


def rows(key: bytes, ref: str, first: int, count: int) -> Characters:
    """The codes of `count` stamps from `first` on, one row of six bytes each."""
    start = ref.encode("ascii")
    numbers = range(first, first + count)
    macs = b"".join(
        [hmac.digest(key, start + number.to_bytes(4, "big"), "sha256")[:4] for number in numbers]
    )
    words = np.frombuffer(macs, dtype=">u4").astype(np.uint32)
    return _ASCII.take(words[:, np.newaxis] >> _SHIFTS & np.uint32(31))


def key_of(batch: StampBatch, keys: Keys) -> bytes:
    """The key of the batch's codes. Raises `KeyMissing`."""
    master = keys.get(batch.key_epoch)
    if master is None:
        raise KeyMissing
    return pin_key(master, batch.identity, batch.ref)


def typed(text: str) -> str:
    """The code as it would be printed: any case, spaces, dashes, O for 0, I or L for 1."""
    return serials.as_printed(text[:_LONGEST_TYPED])


def check_pin(session: Session, stamp: Stamp, pin: str, now: datetime, *, keys: Keys) -> PinResult:
    """Whether `pin` is the code of the stamp; a wrong one is counted, and the fifth is the last.

    Nothing is raised for a wrong code: the caller's transaction must keep the count. Raises
    `KeyMissing`.
    """
    batch = stamp.batch
    if not batch.has_pin:
        return PinResult.NONE
    right = pin_for(key_of(batch, keys), batch.ref, stamp.number)
    # Counted first and given back when right, so that no two tries are the same one.
    if not _count(session, stamp, now):
        return _told(session, stamp, PinResult.LOCKED, now)
    if not hmac.compare_digest(right.encode(), typed(pin).encode("utf-8", "replace")):
        return _told(session, stamp, PinResult.WRONG, now)
    _give_back(session, stamp, now)
    return _told(session, stamp, PinResult.RIGHT, now)


def tries_left(session: Session, stamp: Stamp) -> int:
    """How many wrong codes may still be tried on the stamp."""
    used = session.scalar(select(PinTry.tries).filter_by(**_key(stamp)))
    return MOST_TRIES - (used or 0)


def passed_at(session: Session, stamp: Stamp) -> datetime | None:
    """When the right code was typed last; a code that was never scratched free has no such time."""
    return session.scalar(select(PinTry.passed_at).filter_by(**_key(stamp)))


def _count(session: Session, stamp: Stamp, now: datetime) -> bool:
    insert_if_new(session, PinTry, {**_key(stamp), "tries": 0})
    guarded = (
        update(PinTry)
        .filter_by(**_key(stamp))
        .where(PinTry.tries < MOST_TRIES)
        .values(tries=PinTry.tries + 1, last_at=now)
    )
    return session.execute(guarded.returning(PinTry.number)).first() is not None


def _give_back(session: Session, stamp: Stamp, now: datetime) -> None:
    found = update(PinTry).filter_by(**_key(stamp))
    session.execute(found.values(tries=PinTry.tries - 1, passed_at=now))


def _told(session: Session, stamp: Stamp, result: PinResult, now: datetime) -> PinResult:
    detail = {"ref": stamp.batch.ref, "number": stamp.number, "result": result.value}
    obj = ("stamp_batch", stamp.batch.id)
    audit.record(session, "stamps.pin", obj, actor_id=None, now=now, detail=detail)
    return result


def _key(stamp: Stamp) -> dict[str, object]:
    return {"batch_id": stamp.batch.id, "number": stamp.number}

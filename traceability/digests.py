"""The proof of what was issued: at once a commitment to the key, then a digest of all serials.

The serials of a batch follow from its key, so a commitment to the key binds them all, in the same
time for ten stamps and for ten million. The digest of the list can be checked without any key; its
time grows with the batch, so the worker computes it, and no file of serials is made before it.
"""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.core import outbox
from traceability import serials
from traceability.issued import Keys, key_of
from traceability.models import StampBatch

WORK = "stamp_digest"

_PURPOSE = b"stamp key check, format 1\0"


def key_check(key: bytes) -> str:
    """SHA-256 (hex) that only this batch key gives; it tells nothing about the key."""
    return hashlib.sha256(_PURPOSE + key).hexdigest()


def commit_to(session: Session, batch: StampBatch, keys: Keys, *, now: datetime) -> None:
    """Bind the batch to its key and have the digest computed. Raises `KeyMissing`."""
    batch.key_check = key_check(key_of(batch, keys))
    outbox.enqueue(session, WORK, {"batch": str(batch.id)}, now=now)


def compute(batch: StampBatch, keys: Mapping[int, bytes]) -> str:
    """The digest; its time grows with the batch. Raises `KeyMissing`."""
    return serials.digest(key_of(batch, keys), batch.identity, batch.ref, batch.size)


def store(session: Session, batch_id: UUID, digest: str) -> None:
    """Keep the digest; one that is there already stays."""
    empty = StampBatch.serials_digest.is_(None)
    found = update(StampBatch).where(StampBatch.id == batch_id, empty)
    session.execute(found.values(serials_digest=digest))

"""The history of a lot: append-only, each entry chained to the one before by its hash."""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from traceability.models import JournalEntry, JournalKind, Lot

FIRST = "0" * 64


def append(
    session: Session,
    lot: Lot,
    kind: JournalKind,
    *,
    occurred_at: datetime,
    now: datetime,
    actor_id: UUID | None,
    text: str | None = None,
    place: str | None = None,
    public: bool = True,
) -> JournalEntry:
    """Add a fact to the lot's history."""
    # One writer at a time: the next entry must find this one, or the chain would fork.
    session.execute(select(Lot.id).where(Lot.id == lot.id).with_for_update())
    last = session.scalar(
        select(JournalEntry)
        .where(JournalEntry.lot_id == lot.id)
        .order_by(JournalEntry.number.desc())
        .limit(1)
    )
    entry = JournalEntry(
        lot_id=lot.id,
        number=last.number + 1 if last else 1,
        kind=kind,
        text=text,
        place=place,
        occurred_at=occurred_at,
        recorded_at=now,
        actor_id=actor_id,
        public=public,
        previous_hash=last.hash if last else FIRST,
        hash="",
    )
    entry.hash = hash_of(entry)
    session.add(entry)
    session.flush()
    return entry


def hash_of(entry: JournalEntry) -> str:
    """SHA-256 over the entry's content, its time and actor, and the hash before it."""
    body = [
        str(entry.lot_id),
        entry.number,
        entry.kind.value,
        entry.text,
        entry.place,
        entry.occurred_at.isoformat(),
        entry.recorded_at.isoformat(),
        str(entry.actor_id) if entry.actor_id else None,
        entry.public,
        entry.previous_hash,
    ]
    return hashlib.sha256(json.dumps(body, ensure_ascii=False).encode()).hexdigest()


def entries(session: Session, lot_id: UUID, *, public_only: bool) -> Sequence[JournalEntry]:
    """The history in order."""
    query = select(JournalEntry).where(JournalEntry.lot_id == lot_id).order_by(JournalEntry.number)
    if public_only:
        query = query.where(JournalEntry.public)
    return session.scalars(query).all()


def first_broken(chain: Sequence[JournalEntry]) -> JournalEntry | None:
    """The first entry that was changed after it was written, or None."""
    previous = FIRST
    for number, entry in enumerate(chain, start=1):
        if (entry.number, entry.previous_hash) != (number, previous) or hash_of(
            entry
        ) != entry.hash:
            return entry
        previous = entry.hash
    return None

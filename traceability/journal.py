"""The history of a lot: append-only, each entry chained to the one before by its hash."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, func, select
from sqlalchemy.orm import Session

from app.accounts import audit
from app.core.errors import NotFound
from app.core.text import N_
from traceability.history_models import EntryShown, JournalFile
from traceability.models import JournalEntry, JournalKind, Lot

FIRST = "0" * 64


class UnknownEntry(NotFound):
    """No such entry in this history."""

    code = "unknown_entry"
    message = N_("This entry does not exist.")


@dataclass(frozen=True)
class FileOfEntry:
    """A file that was judged and kept under its hash."""

    sha256: str
    media_type: str
    name: str


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
    corrects: int | None = None,
    files: Sequence[FileOfEntry] = (),
) -> JournalEntry:
    """Add a fact to the lot's history. `corrects` is the number of the entry that was wrong.

    Raises `UnknownEntry` when that entry does not exist.
    """
    # One writer at a time: the next entry must find this one, or the chain would fork.
    session.execute(select(Lot.id).where(Lot.id == lot.id).with_for_update())
    last = session.scalar(
        select(JournalEntry)
        .where(JournalEntry.lot_id == lot.id)
        .order_by(JournalEntry.number.desc())
        .limit(1)
    )
    if corrects is not None and not (last and 1 <= corrects <= last.number):
        raise UnknownEntry
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
        corrects=corrects,
        file_hashes=" ".join(file.sha256 for file in files) or None,
        form=2,
        previous_hash=last.hash if last else FIRST,
        hash="",
    )
    entry.hash = hash_of(entry)
    session.add(entry)
    session.flush()
    session.add_all(
        JournalFile(entry_id=entry.id, sha256=f.sha256, media_type=f.media_type, name=f.name)
        for f in files
    )
    session.flush()
    return entry


def hash_of(entry: JournalEntry) -> str:
    """SHA-256 over the entry's content, its time and actor, and the hash before it.

    In form 2 the content has a hash of its own, so that an entry which is not public can be withheld
    from a proof without breaking the chain. Form 1 is that of entries from before.
    """
    if entry.form == 1:
        return _sha256([*content(entry)[:9], entry.previous_hash])
    return _sha256([content_hash(content(entry)), entry.previous_hash])


def content(entry: JournalEntry) -> list[str | int | bool | None]:
    """What the hash of an entry covers besides the one before, in order."""
    return [
        str(entry.lot_id),
        entry.number,
        entry.kind.value,
        entry.text,
        entry.place,
        entry.occurred_at.isoformat(),
        entry.recorded_at.isoformat(),
        str(entry.actor_id) if entry.actor_id else None,
        entry.public,
        entry.corrects,
        entry.file_hashes,
    ]


def content_hash(body: Sequence[str | int | bool | None]) -> str:
    """SHA-256 over the content alone."""
    return _sha256(list(body))


def _sha256(body: list[str | int | bool | None]) -> str:
    return hashlib.sha256(json.dumps(body, ensure_ascii=False).encode()).hexdigest()


def entries(session: Session, lot_id: UUID, *, public_only: bool) -> Sequence[JournalEntry]:
    """The history in order. What is public is what was last decided of an entry, see `show`."""
    return session.scalars(_PUBLIC if public_only else _ALL, {"lot": lot_id}).all()


def shown() -> ColumnElement[bool]:
    """Condition: an entry is for everyone, by the newest decision or by what it was written with."""
    decided = (
        select(EntryShown.public)
        .where(EntryShown.entry_id == JournalEntry.id)
        .order_by(EntryShown.id.desc())
        .limit(1)
        .correlate(JournalEntry)
        .scalar_subquery()
    )
    return func.coalesce(decided, JournalEntry.public)


# Put together once: building a query costs more than asking it.
_ALL = (
    select(JournalEntry)
    .where(JournalEntry.lot_id == bindparam("lot"))
    .order_by(JournalEntry.number)
)
_PUBLIC = _ALL.where(shown())


def hidden(session: Session, lot_id: UUID) -> set[int]:
    """Numbers of the entries that are not shown to everyone."""
    query = select(JournalEntry.number).where(JournalEntry.lot_id == lot_id, ~shown())
    return set(session.scalars(query))


def show(
    session: Session,
    lot_id: UUID,
    number: int,
    *,
    public: bool,
    now: datetime,
    actor_id: UUID | None,
) -> None:
    """Show an entry to everyone from now on, or no longer; the entry stays. Raises `UnknownEntry`."""
    entry = get(session, lot_id, number)
    session.add(EntryShown(entry_id=entry.id, public=public, at=now, actor_id=actor_id))
    detail = {"lot": str(lot_id), "number": number, "public": public}
    obj = ("lot", lot_id)
    audit.record(session, "journal.show", obj, actor_id=actor_id, now=now, detail=detail)
    session.flush()


def get(session: Session, lot_id: UUID, number: int) -> JournalEntry:
    """The entry with this number. Raises `UnknownEntry`."""
    found = session.scalar(select(JournalEntry).filter_by(lot_id=lot_id, number=number))
    if found is None:
        raise UnknownEntry
    return found


def files_of(session: Session, entry_ids: Sequence[int]) -> dict[int, list[JournalFile]]:
    """Files of these entries, in order; one query."""
    found: dict[int, list[JournalFile]] = {}
    query = select(JournalFile).where(JournalFile.entry_id.in_(entry_ids)).order_by(JournalFile.id)
    for file in session.scalars(query):
        found.setdefault(file.entry_id, []).append(file)
    return found


def file_of(session: Session, lot_id: UUID, sha256: str, *, public_only: bool) -> JournalFile:
    """A file of the lot's history. Raises `UnknownEntry`, also when its entry is not shown."""
    query = (
        select(JournalFile)
        .join(JournalEntry, JournalEntry.id == JournalFile.entry_id)
        .where(JournalEntry.lot_id == lot_id, JournalFile.sha256 == sha256)
    )
    if public_only:
        query = query.where(shown())
    found = session.scalars(query.limit(1)).first()
    if found is None:
        raise UnknownEntry
    return found


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

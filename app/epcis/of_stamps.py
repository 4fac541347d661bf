"""Stamps as events: written onto labels, put on goods, made void. Lists are bounded, never stored.

A batch may have millions; the trail says which numbers, and a part of at most `CHUNK` becomes one
event. What was begun goes on in the next round.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from app.accounts.models import AuditEntry
from app.core.types import Json
from app.epcis import telling
from app.epcis.models import Event, Source
from app.epcis.names import Names
from app.epcis.of_journal import facts
from app.epcis.telling import Origin, Stamps, Told
from catalog.models import Sku
from traceability import epcis_vocabulary as words
from traceability import serials
from traceability.issued import Keys, key_of
from traceability.models import BatchStatus, Lot, StampBatch

CHUNK = 1_000
MOST_EVENTS = 200  # of one round
_ACTIONS = ("stamps.move", "stamps.activate", "stamps.void_range", "stamps.void_item")


@dataclass(frozen=True)
class _Fact:
    """An entry of the trail, and the stamps that it is about."""

    entry: AuditEntry
    batch: StampBatch
    first: int
    last: int
    fields: Json

    @property
    def parts(self) -> int:
        return -(-(self.last - self.first + 1) // CHUNK)


def publish(session: Session, names: Names, keys: Keys) -> int:
    """Write events of stamps that have none, up to `MOST_EVENTS`; returns how many."""
    found = _facts(session)
    begun = _begun(session, [fact.entry.id for fact in found])
    events = (told for fact in found for told in _events(fact, begun, names, keys))
    return sum(telling.write(session, told) for told in islice(events, MOST_EVENTS))


def _facts(session: Session) -> list[_Fact]:
    floor = telling.floor_of(session, Source.STAMPS)
    query = (
        select(AuditEntry)
        .where(AuditEntry.object_type == "stamp_batch", AuditEntry.action.in_(_ACTIONS))
        .where(AuditEntry.id > floor)
        .order_by(AuditEntry.id)
        .limit(2 * telling.WINDOW)
    )
    entries = session.scalars(query).all()
    batches = _batches(session, {entry.detail.get("ref") for entry in entries})
    facts_found = (_fact(entry, batches) for entry in entries)
    return [fact for fact in facts_found if fact is not None]


def _batches(session: Session, refs: set[str | None]) -> Mapping[str, StampBatch]:
    lot = joinedload(StampBatch.lot).joinedload(Lot.sku).joinedload(Sku.product)
    query = select(StampBatch).where(StampBatch.ref.in_(refs)).options(lot)
    return {batch.ref: batch for batch in session.scalars(query)}


def _fact(entry: AuditEntry, batches: Mapping[str, StampBatch]) -> _Fact | None:
    detail = entry.detail
    batch = batches.get(detail["ref"])
    if batch is None:
        return None
    if entry.action == "stamps.activate":
        fields = {"action": "ADD", "bizStep": "commissioning", "disposition": "active"}
        return _Fact(entry, batch, detail["first"], detail["last"], fields | _ilmd(batch))
    if entry.action == "stamps.move":
        if detail.get("after") != BatchStatus.PRINTED:
            return None
        fields = {"action": "OBSERVE", "bizStep": "encoding", "disposition": "encoded"}
        return _Fact(entry, batch, 0, batch.size - 1, fields)
    fields = {"action": "DELETE", "bizStep": "decommissioning", "disposition": "inactive"}
    first = int(detail["number"] if "number" in detail else detail["first"])
    return _Fact(entry, batch, first, int(detail.get("last", first)), fields)


def _ilmd(batch: StampBatch) -> Json:
    return {"ilmd": facts(batch.lot)}


def _begun(session: Session, keys: Sequence[int]) -> Mapping[int, int]:
    """How many parts of each entry are written."""
    query = (
        select(Event.source_key, func.count())
        .where(Event.source == Source.STAMPS, Event.source_key.in_(keys))
        .group_by(Event.source_key)
    )
    return {key: count for key, count in session.execute(query) if key is not None}


def _events(fact: _Fact, begun: Mapping[int, int], names: Names, keys: Keys) -> Iterator[Told]:
    for part in range(begun.get(fact.entry.id, 0), fact.parts):
        first = fact.first + part * CHUNK
        last = min(first + CHUNK - 1, fact.last)
        stem = names.stem(fact.batch)
        run = Stamps(fact.batch.id, first, last, stem, epcs(fact.batch, stem, first, last, keys))
        body = telling.body(words.OBJECT, fact.entry.at, **fact.fields)
        origin = Origin(Source.STAMPS, fact.entry.id, fact.entry.at)
        yield Told(body, fact.entry.at, origin, part, fact.batch.lot, stamps=run)


def epcs(batch: StampBatch, stem: str, first: int, last: int, keys: Keys) -> list[str]:
    """The names of the stamps from `first` to `last`, in order. Raises `KeyMissing`."""
    key, count = key_of(batch, keys), last - first + 1
    return [
        stem + serial for serial in serials.serials(key, batch.identity, batch.ref, first, count)
    ]

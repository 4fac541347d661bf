"""Writing events into the repository: what any source hands over, and how it gets its identifier."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.core.db import insert_if_new
from app.core.types import Json
from app.epcis.models import Event, EventObject, Source
from traceability import epcis_hash
from traceability.epcis_ids import canonical_or_same
from traceability.epcis_values import OUR_OFFSET, local_text
from traceability.models import Lot

# Rows are numbered when written and seen when committed: one with a lower number may come later.
WINDOW = 1_000


@dataclass(frozen=True)
class Stamps:
    """Neighbouring stamps of a batch, numbered from 0, both counted, and their names in order."""

    batch_id: UUID
    first: int
    last: int
    stem: str
    epcs: Sequence[str]


@dataclass(frozen=True)
class Origin:
    """The record that an event tells of, and when it was made."""

    source: Source
    key: int
    recorded_at: datetime


@dataclass(frozen=True)
class Told:
    """An event to be written: `body` is its JSON without identifier, and without stamps of a run.

    `uris` says of each thing named whether it is a kind or lot (True) or single (False).
    """

    body: Json
    at: datetime
    origin: Origin
    part: int = 0
    lot: Lot | None = None
    place_id: UUID | None = None
    public: bool = False
    uris: Mapping[str, bool] = field(default_factory=dict)
    stamps: Stamps | None = None


def body(kind: str, at: datetime, **fields: object) -> Json:
    """The JSON of an event of our own; fields that are None are left out."""
    head = {"type": kind, "eventTime": local_text(at), "eventTimeZoneOffset": OUR_OFFSET}
    return head | {name: value for name, value in fields.items() if value is not None}


def write(session: Session, told: Told, *, declared: bool = False) -> bool:
    """Write the event unless it is there; True when it was written."""
    whole = told.body | ({"epcList": list(told.stamps.epcs)} if told.stamps else {})
    event_id = epcis_hash.event_id(whole)
    run, lot = told.stamps, told.lot
    values: Json = {
        "event_id": event_id,
        "declared": declared,
        "digest": event_id,
        "event_time": told.at,
        "recorded_at": told.origin.recorded_at,
        "biz_step": told.body.get("bizStep"),
        "biz_location": told.body.get("bizLocation", {}).get("id"),
        "body": told.body | {"eventID": event_id},
        "source": told.origin.source,
        "source_key": told.origin.key,
        "part": told.part,
        "public": told.public,
        "lot_id": lot.id if lot else None,
        "producer_id": _producer_of(lot) if lot else None,
        "place_id": told.place_id,
        "batch_id": run.batch_id if run else None,
        "first": run.first if run else None,
        "last": run.last if run else None,
        "stem": run.stem if run else None,
    }
    if not insert_if_new(session, Event, values):
        return False
    _name(session, told)
    return True


def _producer_of(lot: Lot) -> UUID | None:
    """Whose goods they are: the owner's until sold, else the maker's."""
    return lot.owner_id or lot.sku.product.producer_id


def _name(session: Session, told: Told) -> None:
    written = select(Event.id).filter_by(
        source=told.origin.source, source_key=told.origin.key, part=told.part
    )
    key = session.scalars(written).one()
    session.add_all(
        EventObject(event_key=key, uri=canonical_or_same(uri), classed=classed)
        for uri, classed in told.uris.items()
    )
    session.flush()


def untold(source: Source, key: InstrumentedAttribute[int], floor: int) -> ColumnElement[bool]:
    """SQL condition: a record behind `floor` of which no event was written."""
    there = select(Event.id).where(Event.source == source, Event.source_key == key)
    return (key > floor) & ~there.exists()


def floor_of(session: Session, source: Source) -> int:
    """The number up to which all records of the source were looked at, with room for late ones."""
    last = session.scalar(select(func.max(Event.source_key)).where(Event.source == source))
    return max((last or 0) - WINDOW, 0)


def wrong(
    session: Session, told: Sequence[Event], origin: Origin, at: datetime, reason: str
) -> int:
    """Repeat events with the word that they were wrong (EPCIS 2.0, section 7.4.1.4)."""
    written = 0
    for event in told:
        declaration = {"declarationTime": local_text(at), "reason": reason}
        values = {
            column: getattr(event, column)
            for column in ("event_id", "digest", "event_time", "biz_step", "biz_location", "public")
        }
        values |= {
            column: getattr(event, column)
            for column in ("lot_id", "producer_id", "place_id", "batch_id", "first", "last", "stem")
        }
        values |= {"declared": True, "source": origin.source, "source_key": origin.key}
        values |= {"part": event.part, "recorded_at": origin.recorded_at}
        values["body"] = event.body | {"errorDeclaration": declaration}
        if insert_if_new(session, Event, values):
            _copy_names(session, event, origin)
            written += 1
    return written


def _copy_names(session: Session, event: Event, origin: Origin) -> None:
    written = select(Event.id).filter_by(
        source=origin.source, source_key=origin.key, part=event.part
    )
    key = session.scalars(written).one()
    named = session.scalars(select(EventObject).filter_by(event_key=event.id)).all()
    session.add_all(EventObject(event_key=key, uri=row.uri, classed=row.classed) for row in named)
    session.flush()

"""All events of a lot or a batch of stamps, for a file: read bit by bit, never all at once."""

from collections.abc import Collection, Iterator, Mapping
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from app.core.types import Json
from app.epcis import delivering
from app.epcis.models import Event, EventObject, Source
from app.epcis.names import Names
from traceability.issued import Keys
from traceability.models import Lot, StampBatch

STEP = 50


def of_lot(lot: Lot, names: Names, *, others: bool) -> ColumnElement[bool]:
    """Events about the lot; with `others` also those captured that name it."""
    own = Event.lot_id == lot.id
    if not others:
        return and_(own, Event.source != Source.CAPTURED)
    named = select(EventObject.event_key).where(
        EventObject.event_key == Event.id, EventObject.uri == names.lot(lot)
    )
    return or_(own, and_(Event.source == Source.CAPTURED, named.exists()))


def of_batch(batch: StampBatch) -> ColumnElement[bool]:
    """Events about stamps of the batch."""
    return Event.batch_id == batch.id


def rows(session: Session, which: ColumnElement[bool]) -> Iterator[Event]:
    """The rows in order of time, `STEP` at a time."""
    after: ColumnElement[bool] | None = None
    while True:
        query = select(Event).where(which).order_by(Event.event_time, Event.id).limit(STEP)
        found = session.scalars(query if after is None else query.where(after)).all()
        yield from found
        if len(found) < STEP:
            return
        last = found[-1]
        same = and_(Event.event_time == last.event_time, Event.id > last.id)
        after = or_(Event.event_time > last.event_time, same)
        session.expunge_all()


def events(session: Session, which: ColumnElement[bool], keys: Keys) -> Iterator[Json]:
    """The same as events; stamps are named one event at a time."""
    for row in rows(session, which):
        yield from delivering.events(session, [row], keys)


def counts(session: Session, lot_ids: Collection[UUID]) -> Mapping[UUID, int]:
    """How many own events there are of each lot; one query."""
    query = (
        select(Event.lot_id, func.count())
        .where(Event.lot_id.in_(lot_ids), Event.source != Source.CAPTURED)
        .group_by(Event.lot_id)
    )
    return {lot_id: count for lot_id, count in session.execute(query) if lot_id is not None}


def batches(session: Session, lot_ids: Collection[UUID]) -> Mapping[UUID, list[StampBatch]]:
    """Issued batches of each lot, oldest first; one query."""
    query = select(StampBatch).where(
        StampBatch.lot_id.in_(lot_ids), StampBatch.generated_at.is_not(None)
    )
    found: dict[UUID, list[StampBatch]] = {}
    for batch in session.scalars(query.order_by(StampBatch.requested_at)):
        found.setdefault(batch.lot_id, []).append(batch)
    return found

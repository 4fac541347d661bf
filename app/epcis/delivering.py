"""From rows of the repository to events as they are told: stamps are named here, when asked for."""

from collections.abc import Iterator, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.types import Json
from app.epcis.models import Event
from app.epcis.of_stamps import epcs
from traceability.epcis_values import utc_text
from traceability.issued import Keys
from traceability.models import StampBatch

# In this order people read an event; JSON itself has none.
_ORDER = (
    "@context",
    "type",
    "eventID",
    "eventTime",
    "eventTimeZoneOffset",
    "recordTime",
    "errorDeclaration",
    "action",
    "bizStep",
    "disposition",
    "readPoint",
    "bizLocation",
)
_LAST = {"epcList": 1, "quantityList": 2}


def events(session: Session, rows: Sequence[Event], keys: Keys) -> Iterator[Json]:
    """The events of these rows, in order; one query for all batches. Raises `KeyMissing`."""
    wanted = {row.batch_id for row in rows if row.batch_id}
    batches = {}
    if wanted:
        query = select(StampBatch).where(StampBatch.id.in_(wanted))
        batches = {batch.id: batch for batch in session.scalars(query)}
    for row in rows:
        body = row.body | {"recordTime": utc_text(row.recorded_at)}
        if row.batch_id and row.stem and row.first is not None and row.last is not None:
            batch = batches[row.batch_id]
            body["epcList"] = epcs(batch, row.stem, row.first, row.last, keys)
        yield _in_order(body)


def _in_order(body: Json) -> Json:
    first = {name: body[name] for name in _ORDER if name in body}
    rest = sorted(body.keys() - first.keys(), key=lambda name: (_LAST.get(name, 0), name))
    return first | {name: body[name] for name in rest}

"""Who may see which events, as conditions of SQL.

Everyone: public facts of lots that were released. A token: the events of its place or producer,
all of them with the reach `*`; and what it captured itself. Events of others are seen by nobody
else, for we cannot vouch for them.
"""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select, true
from sqlalchemy.orm import Session

from app.accounts.access import EVERYWHERE
from app.epcis.models import Event, Source
from traceability import journal
from traceability.models import JournalEntry, Lot, LotStatus

SHOWN = (LotStatus.RELEASED, LotStatus.HELD, LotStatus.RECALLED)


@dataclass(frozen=True)
class Viewer:
    """Who asks: the token and its reach; without a token everyone."""

    token_id: UUID | None = None
    reach: str = ""


def visible(viewer: Viewer) -> ColumnElement[bool]:
    """The events that the viewer may see."""
    if viewer.token_id is None:
        return _public()
    if viewer.reach == EVERYWHERE:
        return true()
    own = and_(Event.source == Source.CAPTURED, Event.token_id == viewer.token_id)
    kind, _colon, key = viewer.reach.partition(":")
    column = Event.producer_id if kind == "producer" else Event.place_id
    return or_(own, and_(Event.source != Source.CAPTURED, column == UUID(key)))


def _public() -> ColumnElement[bool]:
    """Facts of histories that are shown now, whatever they were when the event was written."""
    entry = select(JournalEntry.id).where(JournalEntry.id == Event.source_key, journal.shown())
    lot = select(Lot.id).where(Lot.id == Event.lot_id, Lot.status.in_(SHOWN))
    public = and_(Event.public, Event.source == Source.JOURNAL)
    return and_(public, entry.exists(), lot.exists())


def may_see(session: Session, viewer: Viewer, event: Event) -> bool:
    """Whether the viewer may see this event; one query."""
    query = select(Event.id).where(Event.id == event.id, visible(viewer))
    return session.scalar(query) is not None

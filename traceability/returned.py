"""Packs that came back: their stamps answer as before the sale, and can be sold once more.

The sale moves from the stamp into a row that is never changed, so a look-up asks nothing more, and
the next sale is noted like a first one.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.core.db import insert_if_new
from traceability import issued
from traceability.issued import KeyMissing, Keys
from traceability.models import StampItem
from traceability.return_models import StampReturn

NOT_SOLD = {"sold_at": None, "sold_reference": None, "sold_place": None}


@dataclass(frozen=True)
class Return:
    """What came back: `sale` is the reference under which it was sold, `reference` that of its
    return, `place` where it came to, as people know it."""

    sale: str
    reference: str
    place: str
    at: datetime
    actor_id: UUID | None


def mark_returned(session: Session, serial: str, back: Return, keys: Keys) -> bool:
    """End the sale of a pack that is back; True if it was noted.

    Goods do not wait for their stamps: a serial that is not ours, whose key is missing, or that was
    not sold under that reference (any more) changes nothing.
    """
    item = _sold_item(session, serial, back.sale, keys)
    if item is None:
        return False
    kept = {"sold_reference": item.sold_reference, "sold_at": item.sold_at}
    kept |= {"sold_place": item.sold_place, "reference": back.reference, "place": back.place}
    key = {"batch_id": item.batch_id, "number": item.number}
    row = {**key, **kept, "at": back.at, "actor_id": back.actor_id}
    if not insert_if_new(session, StampReturn, row):
        return False
    session.execute(update(StampItem).filter_by(**key).values(**NOT_SOLD))
    session.expire(item)
    return True


def mark_all(session: Session, serials: Iterable[str | None], back: Return, keys: Keys) -> int:
    """End the sales of several packs; how many were noted. In one order, so that two acts that
    share packs wait for each other instead of for ever."""
    known = sorted({serial for serial in serials if serial})
    return sum(mark_returned(session, serial, back, keys) for serial in known)


def history(session: Session, serial: str, keys: Keys) -> list[StampReturn]:
    """Sales of a stamp that were ended, oldest first. Raises `UnknownStamp`, `KeyMissing`."""
    stamp = issued.get(session, serial, keys)
    query = select(StampReturn).filter_by(batch_id=stamp.batch.id, number=stamp.number)
    return list(session.scalars(query.order_by(StampReturn.id)))


def _sold_item(session: Session, serial: str, sale: str, keys: Keys) -> StampItem | None:
    """The row of the stamp, locked, if it was sold under that reference."""
    try:
        stamp = issued.find(session, serial, keys)
    except KeyMissing:
        return None
    if stamp is None:
        return None
    query = select(StampItem).filter_by(
        batch_id=stamp.batch.id, number=stamp.number, sold_reference=sale
    )
    locked = query.with_for_update().execution_options(populate_existing=True)
    return session.scalar(locked)

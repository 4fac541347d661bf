"""Goods of parcels that nobody took."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import operations
from app.core.types import Json
from pos.sales.models import Order
from pos.sales.orders import reference_of
from pos.stock import places
from pos.stock.ledger import Line, Posting, post
from pos.stock.models import MovementKind, Place, PlaceKind
from traceability import returned


def to_quarantine(
    session: Session,
    order: Order,
    *,
    now: datetime,
    actor_id: UUID | None,
    keys: Mapping[int, bytes] | None = None,
) -> None:
    """Take the goods of an order from its customer into the quarantine of the place they came
    from, lot by lot; repeated, once. They are not for sale until staff move them on; with the `keys`
    of their stamps, their sale is ended."""
    target = quarantine_of(session, order.place, now=now, actor_id=actor_id)
    customers = places.virtual(session, PlaceKind.CUSTOMER)
    lines = [
        Line(customers.id, target.id, line.sku_id, pick.lot_id, pick.quantity)
        for line in order.lines
        for pick in line.picks
    ]

    def effect(operation_id: UUID) -> Json:
        posting = Posting(
            operation_id, MovementKind.RETURN, reference_of(order), now, now, actor_id
        )
        post(session, posting, lines)
        back = returned.Return(posting.reference, posting.reference, target.name, now, actor_id)
        picks = (pick.serial for line in order.lines for pick in line.picks)
        returned.mark_all(session, picks, back, keys or {})
        return {"order": order.number}

    body = str(order.id)
    operations.once(session, kind="parcel.back", key=body, body=body, now=now, effect=effect)


def quarantine_of(session: Session, place: Place, *, now: datetime, actor_id: UUID | None) -> Place:
    """Where goods of a place wait until somebody has looked at them; made when first needed."""
    query = select(Place).filter_by(parent_id=place.id, kind=PlaceKind.QUARANTINE)
    found = session.scalar(query)
    if found is None:
        found = places.create(
            session,
            code=f"{place.code}-Q",
            kind=PlaceKind.QUARANTINE,
            name=f"{place.name} – hàng chờ kiểm tra",
            now=now,
            actor_id=actor_id,
        )
        found.parent_id = place.id
        session.flush()
    return found

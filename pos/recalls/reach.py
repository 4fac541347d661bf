"""Where recalled goods are: at which places, promised to whom, sold to whom. Reads, never writes."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, joinedload

from app.core.types import Json
from pos.sales.models import Order, OrderLine, Pick
from pos.stock.models import PHYSICAL, Balance, Place, Reservation, ReservationStatus
from traceability import lineage, serials
from traceability.issued import Keys, key_of
from traceability.models import Lot
from traceability.recalls import Target


@dataclass(frozen=True)
class AtPlace:
    """Units of the goods at a place by the books, and how many of them were promised."""

    place: Place
    on_hand: int
    reserved: int


@dataclass(frozen=True)
class Bought:
    """Units of the goods that went out with an order or over a counter."""

    order: Order
    quantity: int

    @property
    def known(self) -> bool:
        """Whether anybody can be told."""
        order = self.order
        return bool(order.contact_email or order.contact_phone or order.customer_id)


@dataclass(frozen=True)
class Reach:
    """All that a recall reaches; `lots` are the lot itself and those its goods went into."""

    lots: Sequence[Lot]
    places: Sequence[AtPlace]
    bought: Sequence[Bought]

    @property
    def summary(self) -> Json:
        """The figures, to be kept with the recall."""
        known = [one for one in self.bought if one.known]
        return {
            "lots": len(self.lots),
            "places": len(self.places),
            "on_hand": sum(one.on_hand for one in self.places),
            "reserved": sum(one.reserved for one in self.places),
            "sold": sum(one.quantity for one in self.bought),
            "orders": len(self.bought),
            "can_be_told": len(known),
            "units_told": sum(one.quantity for one in known),
        }


def of(session: Session, target: Target, keys: Keys) -> Reach:
    """What a recall of the target reaches.

    Of a run of stamps only packs whose stamp was scanned when they went out are known; what lies at
    the places is that of the whole lot, since nobody scanned it yet. Raises `KeyMissing`.
    """
    lots = [target.lot, *(one.lot for one in lineage.descendants(session, target.lot))]
    ids = [lot.id for lot in lots]
    return Reach(lots, at_places(session, ids), _bought(session, target, ids, keys))


def at_places(session: Session, lot_ids: Collection[UUID]) -> list[AtPlace]:
    """Units by physical place, most first; one query."""
    on_hand, reserved = func.sum(Balance.on_hand), func.sum(Balance.reserved)
    query = (
        select(Place, on_hand, reserved)
        .join(Balance, Balance.place_id == Place.id)
        .where(Balance.lot_id.in_(list(lot_ids)), Place.kind.in_(list(PHYSICAL)))
        .group_by(Place.id)
        .having(on_hand > 0)
        .order_by(on_hand.desc(), Place.name)
    )
    return [AtPlace(place, int(units), int(held)) for place, units, held in session.execute(query)]


def _bought(
    session: Session, target: Target, lot_ids: Collection[UUID], keys: Keys
) -> list[Bought]:
    query = (
        select(OrderLine.order_id, Pick.quantity, Pick.serial)
        .join(OrderLine, OrderLine.id == Pick.line_id)
        .where(Pick.lot_id.in_(list(lot_ids)))
    )
    if target.batch is not None:
        query = query.where(_of_batch(target))
    units: dict[UUID, int] = {}
    for order_id, quantity, serial in session.execute(query):
        if target.batch is None or _in_run(target, serial, keys):
            units[order_id] = units.get(order_id, 0) + quantity
    orders = select(Order).where(Order.id.in_(units)).options(joinedload(Order.place))
    found = session.scalars(orders.order_by(Order.placed_at.desc()))
    return [Bought(order, units[order.id]) for order in found]


def _of_batch(target: Target) -> ColumnElement[bool]:
    """Serials begin with the reference of their batch."""
    return Pick.serial.startswith(target.batch.ref if target.batch else "", autoescape=True)


def _in_run(target: Target, serial: str | None, keys: Keys) -> bool:
    batch, first, last = target.batch, target.first, target.last
    if batch is None or first is None or last is None or serial is None:
        return False
    key = key_of(batch, keys)
    number = serials.index_of(key, batch.identity, batch.ref, serial, batch.size)
    return number is not None and first <= number <= last


def promised(session: Session, lot_ids: Collection[UUID]) -> int:
    """How many promises of these lots still stand."""
    query = select(func.count()).where(
        Reservation.lot_id.in_(list(lot_ids)), Reservation.status == ReservationStatus.HELD
    )
    return int(session.scalar(query) or 0)

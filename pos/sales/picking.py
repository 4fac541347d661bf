"""What to fetch for several orders on one walk: by shelf, article and lot, with whose it is."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.core.text import fold
from catalog.models import Sku, Unit
from pos.sales.models import Order
from pos.sales.orders import reference_of
from pos.stock import bins
from pos.stock.models import Place, Reservation, ReservationStatus
from traceability.models import Lot


@dataclass(frozen=True)
class Fetch:
    """Units of one lot to fetch from a shelf. `orders` are (number, units)."""

    place: Place
    sku: Sku
    lot: Lot
    bin: str | None
    orders: Sequence[tuple[str, int]]

    @property
    def quantity(self) -> int:
        return sum(units for _number, units in self.orders)

    @property
    def unit(self) -> Unit:
        return self.sku.unit


def walk(session: Session, orders: Sequence[Order]) -> list[Fetch]:
    """Everything set aside for these orders: by place, then shelf, then name, then lot."""
    numbers = {reference_of(order): order.number for order in orders}
    query = select(Reservation).where(
        Reservation.reference.in_(numbers), Reservation.status == ReservationStatus.HELD
    )
    wanted: dict[tuple[UUID, UUID, UUID], list[tuple[str, int]]] = defaultdict(list)
    for row in session.scalars(query.order_by(Reservation.reference, Reservation.line_no)):
        wanted[row.place_id, row.sku_id, row.lot_id].append((numbers[row.reference], row.quantity))
    return sorted(_fetches(session, wanted), key=_order)


def _fetches(
    session: Session, wanted: dict[tuple[UUID, UUID, UUID], list[tuple[str, int]]]
) -> Iterator[Fetch]:
    skus = _skus(session, {sku for _place, sku, _lot in wanted})
    lots = {
        lot.id: lot
        for lot in session.scalars(select(Lot).where(Lot.id.in_({key[2] for key in wanted})))
    }
    places = {
        place.id: place
        for place in session.scalars(select(Place).where(Place.id.in_({key[0] for key in wanted})))
    }
    stands = {place_id: bins.of(session, place_id, skus) for place_id in places}
    for (place_id, sku_id, lot_id), orders in wanted.items():
        shelf = stands[place_id].get(sku_id)
        yield Fetch(places[place_id], skus[sku_id], lots[lot_id], shelf, orders)


def _skus(session: Session, ids: set[UUID]) -> dict[UUID, Sku]:
    query = select(Sku).where(Sku.id.in_(ids)).options(joinedload(Sku.product))
    return {sku.id: sku for sku in session.scalars(query)}


def _order(fetch: Fetch) -> tuple[str, bool, str, str, str]:
    # Articles whose shelf nobody has named come last.
    shelf, name = fetch.bin or "", fetch.sku.product.name_vi
    return fetch.place.name, not shelf, fold(shelf), fold(name), fetch.lot.code


def orders_named(session: Session, ids: Sequence[UUID]) -> list[Order]:
    """The orders with these keys, oldest first; unknown keys are left out."""
    query = select(Order).where(Order.id.in_(ids)).options(joinedload(Order.place))
    return list(session.scalars(query.order_by(Order.placed_at, Order.number)))


def lots_of(session: Session, order: Order) -> dict[UUID, Lot]:
    """The lots that were picked for an order, by key."""
    ids = {pick.lot_id for line in order.lines for pick in line.picks}
    return {lot.id: lot for lot in session.scalars(select(Lot).where(Lot.id.in_(ids)))}

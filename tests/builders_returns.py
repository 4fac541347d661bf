"""Stamped packs that were sold, made through the verbs."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from builders import (
    BY_NOBODY,
    STAMP_KEYS,
    TODAY,
    activate,
    make_batch,
    make_depot,
    make_offered,
    make_order,
    recognise,
    serial_of,
    stock_up,
)
from pos.sales import fulfilment, orders, packing
from pos.sales.models import Order
from pos.stock.models import Place
from traceability.models import Lot


@dataclass(frozen=True)
class Shelf:
    """A depot with stamped packs of one lot; the serials of the first five."""

    place: Place
    lot: Lot
    serials: list[str]


def make_shelf(session: Session, units: int = 9) -> Shelf:
    sku, depot = make_offered(session, 100_000), make_depot(session)
    recognise(session, sku.product)
    lot = stock_up(session, depot, sku, units)
    batch = make_batch(session, lot, units)
    activate(session, batch)
    return Shelf(depot, lot, [serial_of(batch, number) for number in range(5)])


def pack_by_scan(session: Session, shelf: Shelf, *numbers: int) -> Order:
    """A web order of as many packs, each read by its stamp."""
    order = make_order(session, shelf.lot.sku, len(numbers), source=shelf.place)
    orders.accept(session, order, **BY_NOBODY)
    codes = [shelf.serials[number] for number in numbers]
    box = packing.fill(session, order, codes, day=TODAY, keys=STAMP_KEYS)
    fulfilment.pack(session, order, box=box, keys=STAMP_KEYS, **BY_NOBODY)
    return order


def hand_over(session: Session, order: Order) -> None:
    """All the way to the buyer's door, and the money."""
    fulfilment.ship(session, order, **BY_NOBODY)
    fulfilment.deliver(session, order, **BY_NOBODY)
    fulfilment.complete(session, order, **BY_NOBODY)

"""Goods ordered ahead: orders wait for them, and get them in the order in which they were placed."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, literal, select
from sqlalchemy.orm import Session, aliased

from app.core.errors import Conflict
from app.core.text import N_
from catalog import preorders
from pos.sales.models import Order, OrderLine
from pos.sales.status import OrderStatus
from pos.stock import candidates, reservations
from pos.stock.ledger import OutOfStock
from pos.stock.models import Reservation, ReservationStatus
from pos.stock.reservations import Wanted

OPEN = (OrderStatus.PLACED, OrderStatus.ACCEPTED, OrderStatus.PAID)


class StillWaiting(Conflict):
    """The harvest has not come, or went to older orders."""

    code = "still_waiting"
    message = N_(
        "Goods ordered ahead have not come yet. They are set aside as soon as they are there."
    )


def _missing(line: type[OrderLine]) -> ColumnElement[bool]:
    """Condition: a line ordered ahead for which not everything is set aside."""
    held = (
        select(func.coalesce(func.sum(Reservation.quantity), 0))
        .where(Reservation.reference == literal("order:") + Order.number)
        .where(Reservation.line_no == line.line_no, Reservation.status == ReservationStatus.HELD)
        .correlate(Order, line)
        .scalar_subquery()
    )
    return line.pre_order_id.is_not(None) & (held < line.quantity)


def waiting() -> ColumnElement[bool]:
    """Condition: the order waits for goods that were ordered ahead."""
    line = aliased(OrderLine)
    return (
        select(line.id).where(line.order_id == Order.id, _missing(line)).correlate(Order).exists()
    )


def take(session: Session, lines: Sequence[OrderLine], day: date) -> None:
    """Take the units of a new order, always in one order of pre-orders. Raises `PreOrderFull`."""
    for key, units in _units(lines):
        preorders.take(session, key, units, day)


def give_back(session: Session, lines: Sequence[OrderLine]) -> None:
    """Return the units of an order that ended."""
    for key, units in _units(lines):
        preorders.give_back(session, key, units)


def _units(lines: Sequence[OrderLine]) -> list[tuple[UUID, int]]:
    totals: dict[UUID, int] = defaultdict(int)
    for line in lines:
        if line.pre_order_id is not None:
            totals[line.pre_order_id] += line.quantity
    return sorted(totals.items())


def reserve_waiting(session: Session, *, day: date, now: datetime) -> int:
    """Set goods aside for lines that wait for them, the oldest order first; returns for how many.

    An order that somebody is changing at this moment is left to the next time.
    """
    query = (
        select(Order)
        .where(Order.status.in_(OPEN), waiting())
        .order_by(Order.placed_at, Order.number)
        .with_for_update(of=Order, skip_locked=True)
    )
    orders = session.scalars(query).all()
    by_place: dict[UUID, list[Order]] = defaultdict(list)
    for order in orders:
        by_place[order.place_id].append(order)
    return sum(
        _reserve_at(session, place_id, by_place[place_id], day, now)
        for place_id in sorted(by_place)
    )


def _reserve_at(
    session: Session, place_id: UUID, orders: Sequence[Order], day: date, now: datetime
) -> int:
    lines = [(order, line) for order in orders for line in _waiting_lines(session, order)]
    # All at once: two orders of the same goods must not lock them in different orders.
    candidates.lock(session, place_id, {line.sku_id for _order, line in lines})
    return sum(_reserve(session, order, line, day, now) for order, line in lines)


def _waiting_lines(session: Session, order: Order) -> Sequence[OrderLine]:
    query = select(OrderLine).join(Order).where(Order.id == order.id, _missing(OrderLine))
    return session.scalars(query.order_by(OrderLine.line_no)).all()


def _reserve(session: Session, order: Order, line: OrderLine, day: date, now: datetime) -> bool:
    reference = f"order:{order.number}"
    have = sum(
        r.quantity for r in reservations.held(session, reference) if r.line_no == line.line_no
    )
    wanted = [Wanted(line.line_no, line.sku_id, line.quantity - have)]
    try:
        reservations.hold(session, reference, order.place_id, wanted, day=day, now=now)
    except OutOfStock:
        return False
    return True

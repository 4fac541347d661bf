"""Goods promised online that a till has sold: found again at the same place, at another, or told.

The customer at the counter already holds the jar, so the till wins (`taking.take_fact` breaks the
promise). Here the order gets other goods: first where it is served from, else the whole order moves
to another place that has everything, since one parcel leaves from one place. Where neither helps,
the order desk hears of it once for each broken promise.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, literal, select
from sqlalchemy.orm import Session, selectinload

from app.accounts import audit
from app.core import operations
from app.core.outbox import enqueue
from pos.sales.models import Order, OrderLine
from pos.sales.orders import reference_of
from pos.sales.status import Delivery, OrderStatus
from pos.stock import availability, candidates, places, reservations
from pos.stock.ledger import OutOfStock
from pos.stock.models import Reservation, ReservationStatus
from pos.stock.reservations import Wanted

OPEN = (OrderStatus.PLACED, OrderStatus.ACCEPTED, OrderStatus.PAID)
TELL = "promise_broken"


def broken() -> ColumnElement[bool]:
    """Condition: a line of the order that was set aside lacks goods that a till has sold."""
    mine = Reservation.reference == literal("order:") + Order.number
    lost = select(Reservation.id).where(
        mine,
        Reservation.line_no == OrderLine.line_no,
        Reservation.status == ReservationStatus.BROKEN,
    )
    held = (
        select(func.coalesce(func.sum(Reservation.quantity), 0))
        .where(mine, Reservation.line_no == OrderLine.line_no)
        .where(Reservation.status == ReservationStatus.HELD)
        .correlate(Order, OrderLine)
        .scalar_subquery()
    )
    short = OrderLine.quantity > held
    line = select(OrderLine.id).where(
        OrderLine.order_id == Order.id, lost.correlate(Order, OrderLine).exists(), short
    )
    return line.correlate(Order).exists()


def mend(session: Session, *, day: date, now: datetime) -> int:
    """Find goods for orders whose promise was broken, the oldest first; returns for how many.

    An order that somebody is changing at this moment is left to the next time.
    """
    query = (
        select(Order)
        .where(Order.status.in_(OPEN), broken())
        .order_by(Order.placed_at, Order.number)
        .options(selectinload(Order.lines), selectinload(Order.place))
        .with_for_update(of=Order, skip_locked=True)
    )
    return sum(_mend(session, order, day, now) for order in session.scalars(query).all())


def _mend(session: Session, order: Order, day: date, now: datetime) -> bool:
    found = _here(session, order, day, now) or _elsewhere(session, order, day, now)
    if not found:
        _tell(session, order, now)
    return found


def missing(session: Session, order: Order) -> list[Wanted]:
    """What is not set aside for the order any more, by line."""
    held: dict[int, int] = defaultdict(int)
    for row in reservations.held(session, reference_of(order)):
        held[row.line_no] += row.quantity
    return [
        Wanted(line.line_no, line.sku_id, line.quantity - held[line.line_no])
        for line in _counted(session, order)
        if line.quantity > held[line.line_no]
    ]


def _counted(session: Session, order: Order) -> list[OrderLine]:
    always = availability.uncounted(session, [line.sku_id for line in order.lines])
    return [x for x in order.lines if x.sku_id not in always and x.pre_order_id is None]


def _here(session: Session, order: Order, day: date, now: datetime) -> bool:
    return _hold(session, order, order.place_id, missing(session, order), day, now)


def _hold(
    session: Session,
    order: Order,
    place_id: UUID,
    wanted: Sequence[Wanted],
    day: date,
    now: datetime,
) -> bool:
    # A savepoint: what was written before the goods ran out is undone.
    try:
        with session.begin_nested():
            until = None if order.paid_at else order.pay_until
            reference = reference_of(order)
            # The goods were promised: what is kept back for the counter may serve them, too.
            reservations.hold(
                session, reference, place_id, wanted, day=day, now=now, expires_at=until
            )
    except OutOfStock:
        return False
    return True


def _elsewhere(session: Session, order: Order, day: date, now: datetime) -> bool:
    """Serve the whole order from another place that sends parcels. Pick-up stays where it is."""
    if order.delivery is not Delivery.SHIP or any(line.pre_order_id for line in order.lines):
        return False
    lines = _counted(session, order)
    wanted = [Wanted(line.line_no, line.sku_id, line.quantity) for line in lines]
    others = [place for place in places.web_sources(session) if place.id != order.place_id]
    # Both places are locked in one order, here and by everyone who holds goods.
    for place in others:
        free = availability.available(session, place.id, [w.sku_id for w in wanted], day)
        if not _enough(wanted, free):
            continue
        for place_id in sorted((place.id, order.place_id)):
            candidates.lock(session, place_id, {w.sku_id for w in wanted})
        if _move(session, order, place.id, wanted, day, now):
            return True
    return False


def _enough(wanted: Sequence[Wanted], free: Mapping[UUID, int]) -> bool:
    total: dict[UUID, int] = defaultdict(int)
    for line in wanted:
        total[line.sku_id] += line.quantity
    return all(free.get(sku_id, 0) >= units for sku_id, units in total.items())


def _move(
    session: Session,
    order: Order,
    place_id: UUID,
    wanted: Sequence[Wanted],
    day: date,
    now: datetime,
) -> bool:
    if not _hold(session, order, place_id, wanted, day, now):
        return False
    before = order.place_id
    for row in reservations.held(session, reference_of(order)):
        if row.place_id == before:
            reservations.release_one(session, row, now=now)
    order.place_id = place_id
    session.flush()
    session.expire(order, ["place"])
    detail = {"before": str(before), "after": str(place_id)}
    obj = ("order", order.id)
    audit.record(session, "order.reallocate", obj, actor_id=None, now=now, detail=detail)
    return True


def _tell(session: Session, order: Order, now: datetime) -> None:
    """Tell the order desk, once for every promise that was broken."""
    lost = select(func.count(Reservation.id)).where(
        Reservation.reference == reference_of(order), Reservation.status == ReservationStatus.BROKEN
    )
    key = f"{order.id}:{session.scalar(lost)}"

    def effect(_operation_id: UUID) -> dict[str, object]:
        enqueue(session, TELL, {"order_id": str(order.id)}, now=now)
        return {}

    operations.once(session, kind=TELL, key=key, body=None, now=now, effect=effect)

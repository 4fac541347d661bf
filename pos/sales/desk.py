"""What the order desk shows: queues by what must be done next."""

from collections import Counter
from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import ColumnElement, case, false, func, or_, select
from sqlalchemy.orm import Session, joinedload

from app.core.enums import LabelledEnum
from app.core.paging import Page
from app.core.text import N_
from pos.sales import preorders
from pos.sales.models import Order
from pos.sales.orders import reference_of
from pos.sales.status import Channel, OrderStatus
from pos.stock.models import Reservation, ReservationStatus
from traceability.models import Lot

PAGE_SIZE = 30


class Queue(LabelledEnum):
    """Where an order waits."""

    TO_ACCEPT = "to_accept", N_("To accept")
    WAITING = "waiting", N_("Waiting for the harvest")
    TO_PACK = "to_pack", N_("To pack")
    TO_HAND_OVER = "to_hand_over", N_("To hand over")
    ON_THE_WAY = "on_the_way", N_("On the way")
    DONE = "done", N_("Online, ended")
    COUNTER = "counter", N_("Sold at the counter")


_STATUS = {
    Queue.TO_ACCEPT: [OrderStatus.PLACED],
    Queue.WAITING: [OrderStatus.ACCEPTED],
    Queue.TO_PACK: [OrderStatus.ACCEPTED],
    Queue.TO_HAND_OVER: [OrderStatus.PACKED],
    Queue.ON_THE_WAY: [OrderStatus.SHIPPED],
    Queue.DONE: [OrderStatus.COMPLETED, OrderStatus.REFUSED, OrderStatus.CANCELLED],
}


def queue_named(text: str | None) -> Queue:
    """The queue of this name; the first one for anything else."""
    return next((queue for queue in Queue if queue.value == text), Queue.TO_ACCEPT)


def _in(queue: Queue) -> list[ColumnElement[bool]]:
    if queue is Queue.COUNTER:
        return [Order.channel == Channel.TILL]
    conditions = [Order.channel == Channel.WEB, Order.status.in_(_STATUS[queue])]
    if queue is Queue.WAITING:
        conditions.append(preorders.waiting())
    if queue is Queue.TO_PACK:
        conditions.append(~preorders.waiting())
    return conditions


def _at(places: frozenset[UUID] | None) -> list[ColumnElement[bool]]:
    return [] if places is None else [Order.place_id.in_(places)]


def listing(
    session: Session, queue: Queue, text: str, places: frozenset[UUID] | None, number: int
) -> Page[Order]:
    """Orders of one queue at these places (None: everywhere), newest first. `text` is a part of the
    number, the name or the phone number, and then looks through all queues."""
    conditions = _at(places)
    if text:
        fields = (Order.number, Order.contact_name, Order.contact_phone)
        conditions.append(or_(*(field.icontains(text, autoescape=True) for field in fields)))
    else:
        conditions += _in(queue)
    total = session.scalar(select(func.count(Order.id)).where(*conditions)) or 0
    query = (
        select(Order)
        .where(*conditions)
        .options(joinedload(Order.place))
        .order_by(Order.placed_at.desc(), Order.number)
        .limit(PAGE_SIZE)
        .offset((number - 1) * PAGE_SIZE)
    )
    return Page(session.scalars(query).all(), number, PAGE_SIZE, total)


def counts(session: Session, places: frozenset[UUID] | None) -> Mapping[str, int]:
    """How many web orders wait in each open queue."""
    late = case((Order.status == OrderStatus.ACCEPTED, preorders.waiting()), else_=false())
    rows = session.execute(
        select(Order.status, late.label("late"), func.count())
        .where(Order.channel == Channel.WEB, *_at(places))
        .group_by(Order.status, late)
    )
    found: Counter[tuple[OrderStatus, bool]] = Counter()
    for status, is_late, number in rows:
        found[status, bool(is_late)] += int(number)
    return {
        queue.value: sum(found[status, queue is Queue.WAITING] for status in _STATUS[queue])
        for queue in _OPEN
    }


_OPEN = (Queue.TO_ACCEPT, Queue.WAITING, Queue.TO_PACK, Queue.TO_HAND_OVER, Queue.ON_THE_WAY)


def lots_of(session: Session, order: Order) -> Mapping[UUID, Lot]:
    """The lots that were picked for the order or are set aside for it."""
    picked = {pick.lot_id for line in order.lines for pick in line.picks}
    held = {row.lot_id for row in promised(session, order)}
    return {lot.id: lot for lot in session.scalars(select(Lot).where(Lot.id.in_(picked | held)))}


def promised(session: Session, order: Order) -> list[Reservation]:
    """What is set aside for the order, and what was taken away again by a till."""
    shown = (ReservationStatus.HELD, ReservationStatus.BROKEN)
    query = select(Reservation).where(
        Reservation.reference == reference_of(order), Reservation.status.in_(shown)
    )
    return list(session.scalars(query.order_by(Reservation.line_no)))

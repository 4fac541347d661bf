"""What the order desk shows: queues by what must be done next."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import ColumnElement, case, func, or_, select
from sqlalchemy.orm import Session, joinedload

from app.core.enums import LabelledEnum
from app.core.paging import Page
from app.core.text import N_
from pos.sales import preorders, reallocation
from pos.sales.models import Order
from pos.sales.orders import reference_of
from pos.sales.status import Channel, OrderStatus
from pos.stock.models import Reservation, ReservationStatus
from traceability.models import Lot

PAGE_SIZE = 30


class Queue(LabelledEnum):
    """Where an order waits."""

    TO_ACCEPT = "to_accept", N_("To accept")
    TO_PAY = "to_pay", N_("Waiting for money")
    BROKEN = "broken", N_("Promise broken")
    WAITING = "waiting", N_("Waiting for the harvest")
    TO_PACK = "to_pack", N_("To pack")
    TO_HAND_OVER = "to_hand_over", N_("To hand over")
    ON_THE_WAY = "on_the_way", N_("On the way")
    FAILED = "failed", N_("Not delivered")
    TO_CLOSE = "to_close", N_("Delivered, to close")
    DONE = "done", N_("Online, ended")
    COUNTER = "counter", N_("Sold at the counter")


_S = OrderStatus
_ENDED = (_S.COMPLETED, _S.RETURNED, _S.REFUSED, _S.CANCELLED, _S.EXPIRED)


def _conditions() -> dict[Queue, ColumnElement[bool]]:
    """What puts a web order into each queue; every order that has not ended is in exactly
    one, and also in `BROKEN` while goods promised to it are missing."""
    unpaid = Order.pay_until.is_not(None) & Order.paid_at.is_(None)
    agreed = (Order.status == _S.PAID) | ((Order.status == _S.ACCEPTED) & ~unpaid)
    return {
        Queue.TO_ACCEPT: (Order.status == _S.PLACED) & ~unpaid,
        Queue.TO_PAY: Order.status.in_((_S.PLACED, _S.ACCEPTED)) & unpaid,
        Queue.BROKEN: Order.status.in_(reallocation.OPEN) & reallocation.broken(),
        Queue.WAITING: agreed & preorders.waiting(),
        Queue.TO_PACK: agreed & ~preorders.waiting(),
        Queue.TO_HAND_OVER: Order.status == _S.PACKED,
        Queue.ON_THE_WAY: Order.status == _S.SHIPPED,
        Queue.FAILED: Order.status == _S.FAILED,
        Queue.TO_CLOSE: Order.status == _S.DELIVERED,
        Queue.DONE: Order.status.in_(_ENDED),
    }


def queue_named(text: str | None) -> Queue:
    """The queue of this name; the first one for anything else."""
    return next((queue for queue in Queue if queue.value == text), Queue.TO_ACCEPT)


def _in(queue: Queue) -> list[ColumnElement[bool]]:
    if queue is Queue.COUNTER:
        return [Order.channel == Channel.TILL]
    return [Order.channel == Channel.WEB, _conditions()[queue]]


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
    open_ones = {q: c for q, c in _conditions().items() if q is not Queue.DONE}
    sums = [func.coalesce(func.sum(case((c, 1), else_=0)), 0) for c in open_ones.values()]
    query = select(*sums).where(Order.channel == Channel.WEB, Order.status.not_in(_ENDED))
    row = session.execute(query.where(*_at(places))).one()
    return {queue.value: int(number) for queue, number in zip(open_ones, row, strict=True)}


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

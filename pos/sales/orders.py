"""The order book: finding orders, and moving them along their table of states."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from app.accounts import audit
from app.core.clock import local_day
from app.core.errors import Conflict, NotFound
from app.core.outbox import enqueue
from app.core.text import N_
from pos.promotions import vouchers
from pos.sales import payments, preorders
from pos.sales.models import Order, OrderLine
from pos.sales.status import ORDER_MOVES, Channel, OrderStatus
from pos.stock import reservations


class UnknownOrder(NotFound):
    """No such order, or not for this person."""

    code = "unknown_order"
    message = N_("No order with this number and phone number was found. Check both and try again.")


def reference_of(order: Order) -> str:
    """How the stock ledger names this order."""
    return f"order:{order.number}"


def accept(session: Session, order: Order, *, now: datetime, actor_id: UUID | None) -> None:
    """The shop agrees; from now on it is a contract. Raises `ForbiddenMove`."""
    move(session, order, OrderStatus.ACCEPTED, now=now, actor_id=actor_id)
    order.accepted_at = now


def refuse(
    session: Session, order: Order, reason: str, *, now: datetime, actor_id: UUID | None
) -> None:
    """The shop cannot serve it; the goods are free again. Raises `ForbiddenMove`."""
    _end(session, order, OrderStatus.REFUSED, reason, now, actor_id)


def cancel(
    session: Session, order: Order, reason: str, *, now: datetime, actor_id: UUID | None
) -> None:
    """Buyer or shop calls it off before it is packed. Raises `ForbiddenMove`."""
    _end(session, order, OrderStatus.CANCELLED, reason, now, actor_id)


class TooLateToCancel(Conflict):
    """The shop has accepted the order; only the shop can end it now."""

    code = "too_late_to_cancel"
    message = N_("The shop has already accepted this order. Call the shop to change it.")


def expire(session: Session, order: Order, *, now: datetime) -> None:
    """The money that had to come first has not come in time. Raises `ForbiddenMove`."""
    _end(session, order, OrderStatus.EXPIRED, N_("Not paid in time"), now, None)


def expire_unpaid(session: Session, *, now: datetime) -> int:
    """End the orders whose time to pay is over; returns how many.

    An order that somebody is changing at this moment, such as a payment that comes in, is left to
    the next time.
    """
    query = (
        select(Order)
        .where(Order.status.in_(UNPAID), Order.paid_at.is_(None), Order.pay_until <= now)
        .order_by(Order.placed_at, Order.number)
        .limit(AT_ONCE)
        .with_for_update(of=Order, skip_locked=True)
    )
    late = session.scalars(query).all()
    for order in late:
        expire(session, order, now=now)
    return len(late)


# Moves that the buyer hears of by e-mail.
TOLD = frozenset(OrderStatus) - {OrderStatus.PLACED, OrderStatus.COMPLETED}
UNPAID = (OrderStatus.PLACED, OrderStatus.ACCEPTED)
AT_ONCE = 100


def cancel_by_buyer(
    session: Session, order: Order, *, now: datetime, actor_id: UUID | None
) -> None:
    """The buyer calls it off; possible until the shop accepts. Raises `TooLateToCancel`."""
    if order.status is not OrderStatus.PLACED:
        raise TooLateToCancel
    cancel(session, order, N_("Cancelled by the buyer"), now=now, actor_id=actor_id)


def _end(
    session: Session,
    order: Order,
    to: OrderStatus,
    reason: str,
    now: datetime,
    actor_id: UUID | None,
) -> None:
    move(session, order, to, now=now, actor_id=actor_id, reason=reason)
    order.ended_reason = reason
    # In the order in which `place` locks: pre-orders, then stock.
    preorders.give_back(session, order.lines)
    reservations.release(session, reference_of(order), now=now)
    vouchers.give_back(session, reference_of(order), now)
    payments.end(session, order, now=now, actor_id=actor_id)


def move(
    session: Session,
    order: Order,
    to: OrderStatus,
    *,
    now: datetime,
    actor_id: UUID | None,
    reason: str | None = None,
) -> None:
    """Change the state along the table of moves, audited. Raises `ForbiddenMove`."""
    before = order.status
    order.status = ORDER_MOVES.to(before, to)
    session.flush()
    detail = {"before": before.value, "after": to.value, "reason": reason}
    obj = ("order", order.id)
    audit.record(session, "order.move", obj, actor_id=actor_id, now=now, detail=detail)
    told = {"order_id": str(order.id), "to": to.value, "at": now.isoformat()}
    enqueue(session, "order_event", told, now=now)
    if order.channel is Channel.WEB and order.contact_email and to in TOLD:
        enqueue(session, "order_moved", {"order_id": str(order.id), "to": to.value}, now=now)


def get(session: Session, order_id: UUID, *, lock: bool = False) -> Order:
    """The order with lines and payments, locked when it is about to change. Raises `UnknownOrder`."""
    query = select(Order).where(Order.id == order_id).options(*_PARTS)
    if lock:
        query = query.with_for_update(of=Order).execution_options(populate_existing=True)
    return _found(session.scalar(query))


def by_number(session: Session, number: str) -> Order:
    """The order with this number. Raises `UnknownOrder`."""
    return _found(session.scalar(select(Order).filter_by(number=number).options(*_PARTS)))


def by_number_and_phone(session: Session, number: str, phone: str) -> Order:
    """The web order with this number if the phone number fits; the two together are the key.

    Raises `UnknownOrder` in either case, so that numbers cannot be tried out.
    """
    query = select(Order).filter_by(number=number, contact_phone=phone, channel=Channel.WEB)
    return _found(session.scalar(query.options(*_PARTS)))


def _found(order: Order | None) -> Order:
    if order is None:
        raise UnknownOrder
    return order


_PARTS = (
    selectinload(Order.lines).selectinload(OrderLine.picks),
    selectinload(Order.payments),
    selectinload(Order.place),
)


def day_of(order: Order) -> date:
    """Calendar day of the sale in Vietnam."""
    return local_day(order.placed_at)

"""One order book with two doors.

`place` is a request from the web and may be refused. `record` is a fact from a counter and may not:
the customer already has the goods.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from app.accounts import audit
from app.core.clock import local_day
from app.core.codes import Randomness, check_character, random_code
from app.core.errors import Conflict, NotFound
from app.core.outbox import enqueue
from app.core.text import N_
from catalog.models import PriceChannel
from pos.sales import payments, preorders
from pos.sales.lines import Item, quote
from pos.sales.models import Order, OrderLine
from pos.sales.status import ORDER_MOVES, Channel, Delivery, OrderStatus, Tender
from pos.stock import availability, reservations
from pos.stock.models import Place
from pos.stock.reservations import Wanted


class UnknownOrder(NotFound):
    """No such order, or not for this person."""

    code = "unknown_order"
    message = N_("No order with this number and phone number was found. Check both and try again.")


@dataclass(frozen=True)
class Contact:
    """Whom to call and where to bring it. `phone` in international form."""

    name: str
    phone: str
    email: str | None = None
    address: str | None = None
    area_id: UUID | None = None
    area_text: str | None = None
    note: str | None = None


@dataclass(frozen=True)
class Terms:
    """How it is delivered and paid. `fee` in đồng."""

    delivery: Delivery
    source: Place
    tender: Tender
    fee: int = 0


def place(
    session: Session,
    items: Sequence[Item],
    contact: Contact,
    terms: Terms,
    *,
    now: datetime,
    randomness: Randomness,
    customer_id: UUID | None = None,
    language: str = "vi",
) -> Order:
    """Take an online order: price it, set the goods aside, expect the money, queue the messages.

    Goods of a harvest to come are taken from their pre-order instead of from stock.
    Raises `OutOfStock` with every short line, `PreOrderFull`, and what `quote` raises; nothing is
    kept then.
    """
    day = local_day(now)
    lines = quote(session, items, PriceChannel.WEB, day, offered_only=True)
    number = _web_number(now, randomness)
    subtotal = sum(line.line_total for line in lines)
    order = Order(
        number=number,
        channel=Channel.WEB,
        status=OrderStatus.PLACED,
        place=terms.source,
        customer_id=customer_id,
        contact_name=contact.name,
        contact_phone=contact.phone,
        contact_email=contact.email,
        delivery=terms.delivery,
        address=contact.address,
        area_id=contact.area_id,
        area_text=contact.area_text,
        note=contact.note,
        language=language,
        subtotal=subtotal,
        delivery_fee=terms.fee,
        rounding=0,
        total=subtotal + terms.fee,
        placed_at=now,
        recorded_at=now,
        lines=lines,
    )
    session.add(order)
    session.flush()
    preorders.take(session, lines, day)
    wanted = _wanted(session, lines)
    reservations.hold(session, reference_of(order), terms.source.id, wanted, day=day, now=now)
    payments.expect(session, order, terms.tender, order.total, now=now)
    enqueue(session, "order_placed", {"order_id": str(order.id)}, now=now)
    return order


def _wanted(session: Session, lines: Sequence[OrderLine]) -> list[Wanted]:
    """What must be there now: goods that are counted and were not ordered ahead."""
    always = availability.uncounted(session, [line.sku_id for line in lines])
    there = [x for x in lines if x.sku_id not in always and x.pre_order_id is None]
    return [Wanted(line.line_no, line.sku_id, line.quantity) for line in there]


@dataclass(frozen=True)
class CounterSale:
    """What a till reports besides the lines: its receipt number, its session and its cashier."""

    number: str
    place: Place
    session_ref: str
    cashier_id: UUID
    sold_at: datetime
    rounding: int


def record(
    session: Session, sale: CounterSale, lines: Sequence[OrderLine], *, now: datetime
) -> Order:
    """Enter a sale that has happened at a counter."""
    subtotal = sum(line.line_total for line in lines)
    order = Order(
        number=sale.number,
        channel=Channel.TILL,
        status=OrderStatus.COMPLETED,
        place=sale.place,
        delivery=Delivery.HANDED,
        subtotal=subtotal,
        delivery_fee=0,
        rounding=sale.rounding,
        total=subtotal + sale.rounding,
        session_ref=sale.session_ref,
        cashier_id=sale.cashier_id,
        placed_at=sale.sold_at,
        recorded_at=now,
        completed_at=sale.sold_at,
        lines=list(lines),
    )
    session.add(order)
    session.flush()
    return order


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
    payments.cancel_expected(session, order)


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


def _web_number(now: datetime, randomness: Randomness) -> str:
    """`PH-26-` and eight characters, the last one a check: short enough to say on the phone, too
    many to guess."""
    code = random_code(7, randomness)
    return f"PH-{local_day(now):%y}-{code}{check_character(code)}"


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

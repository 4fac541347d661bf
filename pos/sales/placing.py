"""The two doors of the order book.

`place` is a request from the web and may be refused. `record` is a fact from a counter and may not:
the customer already has the goods.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from app.core.clock import local_day
from app.core.codes import Randomness, check_character, random_code, uuid7
from app.core.outbox import enqueue
from app.core.types import Json
from pos.promotions import codes, vouchers
from pos.promotions.persons import Person
from pos.sales import discounts, payments, preorders
from pos.sales.confirmation import confirmed
from pos.sales.lines import Item
from pos.sales.models import Order, OrderLine
from pos.sales.orders import reference_of
from pos.sales.reckoning import Reckoned, reckon
from pos.sales.status import Channel, Delivery, OrderStatus, Tender
from pos.stock import reservations
from pos.stock.models import Place


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
    """How it is delivered and paid. Fees in đồng, `weight` in grams.

    `option` names the service of a carrier, `province` the province of today by its code.
    Goods are kept for `pay_within` when the money must come first.
    """

    delivery: Delivery
    source: Place
    tender: Tender
    fee: int = 0
    cod_fee: int = 0
    option: str | None = None
    province: str | None = None
    arrives_from: date | None = None
    arrives_until: date | None = None
    weight: int | None = None
    pay_within: timedelta | None = None


@dataclass(frozen=True)
class Wishes:
    """What the buyer asked for besides; `terms_version` is what was agreed to."""

    voucher_code: str | None = None
    invoice_to: Json | None = None
    terms_version: str | None = None


NOTHING_MORE = Wishes()


def place(
    session: Session,
    items: Sequence[Item],
    contact: Contact,
    terms: Terms,
    *,
    now: datetime,
    randomness: Randomness,
    wishes: Wishes = NOTHING_MORE,
    customer_id: UUID | None = None,
    language: str = "vi",
    reckoned: Reckoned | None = None,
    order_id: UUID | None = None,
) -> Order:
    """Take an online order: price it, set the goods aside, expect the money, queue the messages.

    Goods of a harvest to come are taken from their pre-order instead of from stock. `reckoned` is
    what was reckoned in this transaction already for these items, terms and wishes; `order_id` is the
    key of the order where it was drawn before.
    Raises `OutOfStock` with every short line, `PreOrderFull`, and what `reckon` raises; nothing is
    kept then.
    """
    person = Person(customer_id, contact.phone)
    if reckoned is None:
        code = wishes.voucher_code
        reckoned = reckon(session, items, terms.fee, terms.source, code, person, now=now)
    order = _new(reckoned.lines, contact, terms, wishes, now, randomness)
    order.id = order_id or uuid7(now, randomness)
    order.customer_id, order.language = customer_id, language
    discounts.apply(order, reckoned.deal)
    order.confirmed = confirmed(order, terms.tender)
    session.add(order)
    _tell(session, order, now)
    # Written before stock is touched, and all at once: others wait for rows of stock.
    payments.expect(session, order, terms.tender, order.total, now=now)
    _take(session, order, reckoned, terms.source, now)
    vouchers.redeem(session, reckoned.deal, reference_of(order), person, now)
    return order


def _tell(session: Session, order: Order, now: datetime) -> None:
    enqueue(session, "order_placed", {"order_id": str(order.id)}, now=now)
    told = {"order_id": str(order.id), "to": order.status.value, "at": now.isoformat()}
    enqueue(session, "order_event", told, now=now)


def _take(session: Session, order: Order, reckoned: Reckoned, source: Place, now: datetime) -> None:
    day = local_day(now)
    preorders.take(session, reckoned.lines, day)
    reservations.hold(
        session,
        reference_of(order),
        source.id,
        reckoned.wanted,
        day=day,
        now=now,
        expires_at=order.pay_until,
        keep=source.kept_back,
    )


def _new(
    lines: list[OrderLine],
    contact: Contact,
    terms: Terms,
    wishes: Wishes,
    now: datetime,
    randomness: Randomness,
) -> Order:
    subtotal = sum(line.line_total for line in lines)
    first = terms.tender.before_goods and terms.pay_within is not None
    return Order(
        number=_web_number(now, randomness),
        channel=Channel.WEB,
        status=OrderStatus.PLACED,
        place=terms.source,
        contact_name=contact.name,
        contact_phone=contact.phone,
        contact_email=contact.email,
        delivery=terms.delivery,
        address=contact.address,
        area_id=contact.area_id,
        area_text=contact.area_text,
        note=contact.note,
        province=terms.province,
        delivery_option=terms.option,
        arrives_from=terms.arrives_from,
        arrives_until=terms.arrives_until,
        weight=terms.weight,
        subtotal=subtotal,
        discount=0,
        delivery_fee=terms.fee,
        delivery_discount=0,
        cod_fee=terms.cod_fee,
        rounding=0,
        total=subtotal + terms.fee + terms.cod_fee,
        voucher_code=codes.folded(wishes.voucher_code or "") or None,
        invoice_to=wishes.invoice_to,
        terms_version=wishes.terms_version,
        pay_until=now + terms.pay_within if first and terms.pay_within else None,
        placed_at=now,
        recorded_at=now,
        lines=lines,
        payments=[],
        discounts=[],
    )


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


def _web_number(now: datetime, randomness: Randomness) -> str:
    """`PH-26-` and eight characters, the last one a check: short enough to say on the phone, too
    many to guess."""
    code = random_code(7, randomness)
    return f"PH-{local_day(now):%y}-{code}{check_character(code)}"

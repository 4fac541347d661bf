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
from app.core.codes import Randomness, check_character, random_code
from app.core.outbox import enqueue
from app.core.types import Json
from catalog.models import PriceChannel
from pos.promotions import codes, vouchers
from pos.promotions.persons import Person
from pos.sales import discounts, payments, preorders
from pos.sales.confirmation import confirmed
from pos.sales.lines import Item, quote
from pos.sales.models import Order, OrderLine
from pos.sales.orders import reference_of
from pos.sales.status import Channel, Delivery, OrderStatus, Tender
from pos.stock import availability, reservations
from pos.stock.models import Place
from pos.stock.reservations import Wanted


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
) -> Order:
    """Take an online order: price it, set the goods aside, expect the money, queue the messages.

    Goods of a harvest to come are taken from their pre-order instead of from stock.
    Raises `OutOfStock` with every short line, `PreOrderFull`, and what `quote` and
    `vouchers.quote` raise; nothing is kept then.
    """
    day = local_day(now)
    person = Person(customer_id, contact.phone)
    lines = quote(session, items, PriceChannel.WEB, day, offered_only=True)
    code = wishes.voucher_code
    deal = discounts.deal(session, lines, terms.fee, terms.source, code, person, now=now)
    order = _new(lines, contact, terms, wishes, now, randomness)
    order.customer_id, order.language = customer_id, language
    discounts.apply(order, deal)
    order.confirmed = confirmed(order, terms.tender)
    session.add(order)
    session.flush()
    preorders.take(session, lines, day)
    wanted = _wanted(session, lines)
    reservations.hold(
        session,
        reference_of(order),
        terms.source.id,
        wanted,
        day=day,
        now=now,
        expires_at=order.pay_until,
        keep=terms.source.kept_back,
    )
    vouchers.redeem(session, deal, reference_of(order), person, now)
    payments.expect(session, order, terms.tender, order.total, now=now)
    enqueue(session, "order_placed", {"order_id": str(order.id)}, now=now)
    told = {"order_id": str(order.id), "to": order.status.value, "at": now.isoformat()}
    enqueue(session, "order_event", told, now=now)
    return order


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

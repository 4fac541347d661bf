"""The same goods again: a new order at the old prices, all of it taken off at the shop's expense."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.core.clock import local_day
from app.core.codes import Randomness, check_character, random_code
from app.core.errors import Conflict
from app.core.money import line_total
from app.core.text import N_
from pos.aftersales import money
from pos.aftersales.models import Case, CaseLine
from pos.aftersales.moves import By
from pos.promotions.bearers import Bearer
from pos.sales import orders
from pos.sales.models import Discount, Order, OrderLine
from pos.sales.orders import reference_of
from pos.sales.status import Channel, Delivery, OrderStatus
from pos.stock import availability, reservations
from pos.stock.reservations import Wanted

NAME = "Đổi hàng"


class NobodyToSendTo(Conflict):
    """A new order needs a name and a telephone number."""

    code = "nobody_to_send_to"
    message = N_("Without name and telephone number of the buyer nothing can be sent.")


def make(session: Session, case: Case, by: By, *, randomness: Randomness) -> Order:
    """Place and accept the order that replaces the settled units; its goods are set aside.

    Raises `OutOfStock`, `NobodyToSendTo`.
    """
    if not (case.contact_name and case.contact_phone):
        raise NobodyToSendTo
    rows = [(row, units) for row in case.lines if (units := money.units_of(case, row))]
    order = _order(case, rows, by, randomness)
    session.add(order)
    session.flush()
    for line, (row, _units) in zip(order.lines, rows, strict=True):
        row.new_line_id = line.id
        if line.line_total:
            order.discounts.append(_gift(case, line))
    session.flush()
    _set_aside(session, order, by)
    orders.accept(session, order, now=by.now, actor_id=by.actor_id)
    return order


def _set_aside(session: Session, order: Order, by: By) -> None:
    always = availability.uncounted(session, [line.sku_id for line in order.lines])
    wanted = [
        Wanted(line.line_no, line.sku_id, line.quantity)
        for line in order.lines
        if line.sku_id not in always
    ]
    reference, day = reference_of(order), local_day(by.now)
    reservations.hold(session, reference, order.place_id, wanted, day=day, now=by.now)


def _gift(case: Case, line: OrderLine) -> Discount:
    return Discount(
        line_id=line.id,
        amount=line.line_total,
        bearer=Bearer.SHOP,
        source=f"exchange:{case.number}",
        name=NAME,
    )


def _order(
    case: Case, rows: Sequence[tuple[CaseLine, int]], by: By, randomness: Randomness
) -> Order:
    old, code = case.order, random_code(7, randomness)
    lines = [_line(number, row.line, units) for number, (row, units) in enumerate(rows, 1)]
    subtotal = sum(line.line_total for line in lines)
    sent = old.delivery is Delivery.SHIP
    return Order(
        number=f"PH-{local_day(by.now):%y}-{code}{check_character(code)}",
        channel=Channel.WEB,
        status=OrderStatus.PLACED,
        place=old.place,
        customer_id=old.customer_id,
        contact_name=case.contact_name,
        contact_phone=case.contact_phone,
        contact_email=case.contact_email,
        # What was handed over a counter is fetched there.
        delivery=Delivery.SHIP if sent else Delivery.PICKUP,
        address=old.address,
        area_id=old.area_id,
        area_text=old.area_text,
        note=f"{NAME}: {case.number}",
        language=case.language,
        province=old.province,
        delivery_option=old.delivery_option,
        subtotal=subtotal,
        discount=subtotal,
        delivery_fee=0,
        delivery_discount=0,
        cod_fee=0,
        rounding=0,
        total=0,
        placed_at=by.now,
        recorded_at=by.now,
        lines=lines,
    )


def _line(number: int, old: OrderLine, units: int) -> OrderLine:
    total = line_total(old.unit_price, old.per_quantity, units)
    return OrderLine(
        line_no=number,
        sku_id=old.sku_id,
        producer_id=old.producer_id,
        name=old.name,
        sku_code=old.sku_code,
        unit=old.unit,
        stars=old.stars,
        quantity=units,
        unit_price=old.unit_price,
        per_quantity=old.per_quantity,
        line_total=total,
        discount=total,
        vat_kind=old.vat_kind,
        vat_permille=old.vat_permille,
        vat_amount=None if old.vat_amount is None else 0,
    )

"""A sale made at a till becomes order, money, stock and stamps in one transaction.

The customer already has the goods, so a well-formed sale is never refused: whatever it contradicts
becomes a discrepancy. A sale that is sent again gets the answer of the first time.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from app.core import operations
from app.core.clock import local_day
from app.core.errors import Rejected
from app.core.money import cash_rounding, vat_inside
from app.core.text import N_
from app.core.types import Json
from catalog import pricing
from catalog.models import PriceChannel
from pos.counter import registers, sessions, stamped
from pos.counter.models import Register, SessionStatus, TillSession
from pos.counter.notes import Notes
from pos.sales import orders, payments, placing
from pos.sales.lines import Item, quote
from pos.sales.models import Order, OrderLine, Pick
from pos.sales.payments import TooLittle
from pos.sales.status import Tender
from pos.stock.ledger import Posting
from pos.stock.models import MovementKind
from pos.stock.taking import FactResult, Take, take_fact
from traceability.models import Lot

# How far the till's clock may be off before its time of sale is not believed.
CLOCK_SLACK = timedelta(minutes=2)


class BadSale(Rejected):
    """The till sent something that cannot be a sale."""

    code = "bad_sale"
    message = N_("The sale is not complete: %(what)s.")


@dataclass(frozen=True)
class SaleLine:
    """`quantity` base units at `unit_price` đồng as the till showed it; `serials` were scanned."""

    sku_id: UUID
    quantity: int
    unit_price: int
    lot_id: UUID | None = None
    serials: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sale:
    """One sale as the till reports it. `key` is made by the till before payment."""

    key: str
    lines: tuple[SaleLine, ...]
    tendered: int
    sold_at: datetime


@dataclass(frozen=True)
class Till:
    """What the server knows about the till that reports."""

    register: Register
    session: TillSession
    cashier_id: UUID
    cash_step: int
    stamp_keys: Mapping[int, bytes]


def accept(session: Session, till: Till, sale: Sale, *, now: datetime) -> operations.Outcome:
    """Post a sale. The answer holds number, total, change and what a manager will look at.

    Raises `SessionClosed`, `BadSale`, `TooLittle`, `KeyReused` and what `quote` raises for articles
    that do not exist.
    """

    def effect(operation_id: UUID) -> Json:
        return _post(session, till, sale, operation_id, now)

    return operations.once(
        session, kind="till.sale", key=sale.key, body=_body(till, sale), now=now, effect=effect
    )


def _body(till: Till, sale: Sale) -> Json:
    return {
        "session": str(till.session.id),
        "lines": [
            [line.sku_id, line.quantity, line.unit_price, line.lot_id, line.serials]
            for line in sale.lines
        ],
        "tendered": sale.tendered,
        "sold_at": sale.sold_at.isoformat(),
    }


def _post(session: Session, till: Till, sale: Sale, operation_id: UUID, now: datetime) -> Json:
    if till.session.status is not SessionStatus.OPEN:
        raise sessions.SessionClosed
    _check(sale)
    sold_at = _believed(till, sale.sold_at, now)
    listed, lines = _lines(session, sale, sold_at)
    order = _order(session, till, lines, sale, sold_at, now)
    notes = Notes(session, order, now=now)
    if sold_at != sale.sold_at:
        notes.clock(sale.sold_at)
    notes.prices(listed, lines)
    takes = _takes(session, notes, sale)
    posting = _posting(order, operation_id, till, now)
    day = local_day(sold_at)
    stock = take_fact(session, posting, order.place_id, takes, day=day, now=now)
    notes.stock(stock)
    _picks(lines, sale, stock, now)
    _stamps(session, notes, till, sale, now)
    session.flush()
    return {
        "order_id": str(order.id),
        "number": order.number,
        "total": order.total,
        "change": sale.tendered - order.total,
        "discrepancies": notes.kinds,
    }


def _check(sale: Sale) -> None:
    for line in sale.lines:
        if len(line.serials) > line.quantity:
            raise BadSale(what=N_("more stamps than goods"))
        if line.unit_price < 0:
            raise BadSale(what=N_("a price below zero"))
    serials = [serial for line in sale.lines for serial in line.serials]
    if len(set(serials)) != len(serials):
        raise BadSale(what=N_("the same stamp twice"))


def _believed(till: Till, claimed: datetime, now: datetime) -> datetime:
    """No sale is made before its session opens or in the future."""
    possible = till.session.opened_at - CLOCK_SLACK <= claimed <= now + CLOCK_SLACK
    return claimed if possible else now


def _lines(session: Session, sale: Sale, at: datetime) -> tuple[dict[UUID, int], list[OrderLine]]:
    """The price list's amounts by SKU, and lines at the prices that the till showed.

    Prices and VAT are those of the day of the sale, however late it is reported.
    """
    items = [Item(line.sku_id, line.quantity) for line in sale.lines]
    lines = quote(session, items, PriceChannel.TILL, local_day(at), offered_only=False)
    listed = {line.sku_id: line.unit_price for line in lines}
    for line, sold in zip(lines, sale.lines, strict=True):
        # The customer paid what the till showed.
        shown = pricing.PriceView(sold.unit_price, line.per_quantity)
        line.unit_price, line.line_total = shown.amount, shown.for_quantity(line.quantity)
        if line.vat_permille is not None:
            line.vat_amount = vat_inside(line.line_total, line.vat_permille)
    return listed, lines


def _order(
    session: Session,
    till: Till,
    lines: Sequence[OrderLine],
    sale: Sale,
    sold_at: datetime,
    now: datetime,
) -> Order:
    subtotal = sum(line.line_total for line in lines)
    rounding = cash_rounding(subtotal, till.cash_step)
    if sale.tendered < subtotal + rounding:
        raise TooLittle
    counter_sale = placing.CounterSale(
        number=registers.next_receipt_number(session, till.register),
        place=till.register.place,
        session_ref=sessions.reference_of(till.session),
        cashier_id=till.cashier_id,
        sold_at=sold_at,
        rounding=rounding,
    )
    order = placing.record(session, counter_sale, lines, now=now)
    payment = payments.expect(session, order, Tender.CASH, order.total, now=now)
    payments.settle(session, payment, now=now, actor_id=till.cashier_id, tendered=sale.tendered)
    sessions.take_cash(
        session, till.session, order.number, order.total, now=now, actor_id=till.cashier_id
    )
    return order


def _takes(session: Session, notes: Notes, sale: Sale) -> list[Take]:
    """What leaves the stock; a lot that cannot be the line's is noted and left to the books."""
    takes = []
    for line in sale.lines:
        lot_id = line.lot_id
        if lot_id is not None:
            lot = session.get(Lot, lot_id)
            if lot is None or lot.sku_id != line.sku_id:
                notes.wrong_lot(line.sku_id, lot_id)
                lot_id = None
        takes.append(Take(line.sku_id, line.quantity, lot_id))
    return takes


def _posting(order: Order, operation_id: UUID, till: Till, now: datetime) -> Posting:
    return Posting(
        operation_id=operation_id,
        kind=MovementKind.SALE,
        reference=orders.reference_of(order),
        occurred_at=order.placed_at,
        recorded_at=now,
        actor_id=till.cashier_id,
    )


def _picks(lines: Sequence[OrderLine], sale: Sale, stock: FactResult, now: datetime) -> None:
    """One pick per scanned stamp, the rest of each lot in one."""
    for line, sold, picks in zip(lines, sale.lines, stock.picks, strict=True):
        serials = list(sold.serials)
        for pick in picks:
            stamped_units = serials[: pick.quantity]
            serials = serials[pick.quantity :]
            line.picks += [
                Pick(lot_id=pick.lot_id, quantity=1, serial=serial, at=now)
                for serial in stamped_units
            ]
            rest = pick.quantity - len(stamped_units)
            if rest:
                line.picks.append(Pick(lot_id=pick.lot_id, quantity=rest, serial=None, at=now))


def _stamps(session: Session, notes: Notes, till: Till, sale: Sale, now: datetime) -> None:
    for line in sale.lines:
        for serial in line.serials:
            stamped.note_sold(
                session,
                notes,
                serial,
                line.sku_id,
                line.lot_id,
                now=now,
                keys=till.stamp_keys,
            )

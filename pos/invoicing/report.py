"""Whether every sale of a period has the invoice it should have; read only.

A sale belongs to the day in Vietnam on which it was completed, an invoice to its sale.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, load_only

from app.core.clock import local_day, local_midnight
from app.core.enums import LabelledEnum
from app.core.text import N_
from catalog import vat
from catalog.models import Product, Sku
from catalog.vat import VatClass, VatKind
from pos.invoicing import corrections, tax_codes
from pos.invoicing.models import EInvoice
from pos.invoicing.status import ISSUED, OPEN, InvoiceKind, InvoiceStatus
from pos.sales.models import Order, OrderLine
from pos.sales.payment_models import Refund
from pos.sales.status import OrderStatus

OVERDUE = timedelta(hours=1)
IN_ONE_QUERY = 500  # names in one statement


class Fault(LabelledEnum):
    """What is not as it should be."""

    MISSING = "missing", N_("No invoice")
    FAILED = "failed", N_("Invoice refused")
    WAITING = "waiting", N_("Waits for more than an hour")
    DIFFERS = "differs", N_("Amounts differ")
    GAP = "gap", N_("Gap in the numbers")
    UNDECIDED = "undecided", N_("VAT class not decided")
    RATE_CHANGED = "rate_changed", N_("The rate changed between order and delivery")
    BUYER_CLASS = "buyer_class", N_("Raw farm goods sold to a company")


@dataclass(frozen=True)
class Finding:
    """One fault of a sale. `sold` is what the buyer paid and did not get back, `invoiced` what the
    invoices say, both in đồng; `text` holds names or numbers."""

    fault: Fault
    order_id: UUID | None = None
    number: str = ""
    day: date | None = None
    sold: int | None = None
    invoiced: int | None = None
    invoice_id: UUID | None = None
    text: str | None = None


@dataclass(frozen=True)
class Report:
    """`sales` and `sold` count completed orders and their đồng, less what went back."""

    findings: Sequence[Finding]
    sales: int
    sold: int
    invoices: int
    invoiced: int


@dataclass(frozen=True)
class _Sale:
    order: Order
    back: int
    invoices: Sequence[EInvoice]

    @property
    def sold(self) -> int:
        return self.order.total - self.back

    @property
    def main(self) -> EInvoice | None:
        """The invoice that stands: the last one that was not replaced."""
        whole = [one for one in self.invoices if one.kind is not InvoiceKind.ADJUSTMENT]
        valid = [one for one in whole if one.status is not InvoiceStatus.REPLACED]
        return next((one for one in valid if one.status in ISSUED), valid[-1] if valid else None)

    @property
    def invoiced(self) -> int:
        """Đồng of what is issued and stands, cash rounding included as the buyer paid it."""
        standing = [
            one
            for one in self.invoices
            if one.status in ISSUED and one.status is not InvoiceStatus.REPLACED
        ]
        return sum(int(one.document["totals"]["payable"]) for one in standing)


def report(
    session: Session, first: date, last: date, places: frozenset[UUID] | None, *, now: datetime
) -> Report:
    """The sales from the first to the last day, of these places (None: all), and their faults."""
    sales = _sales(session, first, last, places)
    lines = _lines(session, [sale.order.id for sale in sales])
    found = [x for sale in sales for x in _faults(sale, lines[sale.order.id], now)]
    if places is None:
        found += _gaps(session, first, last)
    issued = [one for sale in sales for one in sale.invoices if one.status in ISSUED]
    return Report(
        findings=found,
        sales=len(sales),
        sold=sum(sale.sold for sale in sales),
        invoices=len(issued),
        invoiced=sum(sale.invoiced for sale in sales),
    )


def _sales(
    session: Session, first: date, last: date, places: frozenset[UUID] | None
) -> list[_Sale]:
    since, until = local_midnight(first), local_midnight(last + timedelta(days=1))
    wanted = [
        Order.status == OrderStatus.COMPLETED,
        Order.completed_at >= since,
        Order.completed_at < until,
    ]
    if places is not None:
        wanted.append(Order.place_id.in_(places))
    chosen = select(Order.id).where(*wanted)
    columns = load_only(
        Order.number, Order.total, Order.placed_at, Order.completed_at, Order.invoice_to
    )
    orders = session.scalars(
        select(Order).where(*wanted).options(columns).order_by(Order.completed_at, Order.number)
    ).all()
    made, back = defaultdict(list), _back(session, chosen)
    query = select(EInvoice).where(EInvoice.order_id.in_(chosen))
    for one in session.scalars(query.order_by(EInvoice.made_at, EInvoice.id)):
        made[one.order_id].append(one)
    return [_Sale(order, back.get(order.id, 0), made[order.id]) for order in orders]


def _back(session: Session, chosen: Select[Any]) -> Mapping[UUID, int]:
    """Đồng that went back, by order."""
    query = (
        select(Refund.order_id, func.sum(Refund.amount))
        .where(Refund.order_id.in_(chosen))
        .where(Refund.status.in_(corrections.GONE_BACK), Refund.kind.in_(corrections.OF_SALES))
        .group_by(Refund.order_id)
    )
    return {order_id: int(total) for order_id, total in session.execute(query)}


@dataclass(frozen=True)
class _Line:
    name: str
    kind: VatKind | None
    vat_class: VatClass | None
    fixed: int | None


def _lines(session: Session, order_ids: Sequence[UUID]) -> Mapping[UUID, list[_Line]]:
    found: dict[UUID, list[_Line]] = defaultdict(list)
    query = (
        select(
            OrderLine.order_id,
            OrderLine.name,
            OrderLine.vat_kind,
            Product.vat_class,
            Product.vat_permille,
        )
        .join(Sku, Sku.id == OrderLine.sku_id)
        .join(Product, Product.id == Sku.product_id)
        .order_by(OrderLine.order_id, OrderLine.line_no)
    )
    for start in range(0, len(order_ids), IN_ONE_QUERY):
        some = order_ids[start : start + IN_ONE_QUERY]
        rows = session.execute(query.where(OrderLine.order_id.in_(some)))
        for order_id, name, kind, vat_class, fixed in rows:
            found[order_id].append(_Line(name, kind, vat_class, fixed))
    return found


def _faults(sale: _Sale, lines: Sequence[_Line], now: datetime) -> Iterator[Finding]:
    main = sale.main
    if main is None:
        yield _found(sale, Fault.MISSING)
    for one in sale.invoices:
        if one.status is InvoiceStatus.FAILED:
            yield _found(sale, Fault.FAILED, one, one.last_error)
        if one.status in OPEN and one.made_at < now - OVERDUE:
            yield _found(sale, Fault.WAITING, one, one.last_error)
    if main is not None and main.status in ISSUED and sale.sold != sale.invoiced:
        yield _found(sale, Fault.DIFFERS, main)
    yield from _of_lines(sale, lines, main)


def _of_lines(sale: _Sale, lines: Sequence[_Line], main: EInvoice | None) -> Iterator[Finding]:
    undecided = [line.name for line in lines if line.kind is None]
    if undecided:
        yield _found(sale, Fault.UNDECIDED, main, ", ".join(undecided))
    days = (
        local_day(sale.order.placed_at),
        local_day(sale.order.completed_at or sale.order.placed_at),
    )
    changed = [
        line.name
        for line in lines
        if line.fixed is None and vat.changes_within(line.vat_class, *days)
    ]
    if changed:
        yield _found(sale, Fault.RATE_CHANGED, main, ", ".join(changed))
    company = tax_codes.is_company((sale.order.invoice_to or {}).get("tax_code"))
    raw = [line.name for line in lines if line.vat_class is VatClass.RAW_FARM]
    if company and raw:
        yield _found(sale, Fault.BUYER_CLASS, main, ", ".join(raw))


def _found(
    sale: _Sale, fault: Fault, invoice: EInvoice | None = None, text: str | None = None
) -> Finding:
    order = sale.order
    day = local_day(order.completed_at) if order.completed_at else None
    key = invoice.id if invoice else None
    return Finding(fault, order.id, order.number, day, sale.sold, sale.invoiced, key, text)


def _gaps(session: Session, first: date, last: date) -> Iterator[Finding]:
    """Numbers that are missing below the highest of each symbol that was used in the period."""
    since, until = local_midnight(first), local_midnight(last + timedelta(days=1))
    used = select(EInvoice.symbol).where(
        EInvoice.number.is_not(None), EInvoice.made_at >= since, EInvoice.made_at < until
    )
    query = (
        select(EInvoice.symbol, func.min(EInvoice.number), func.max(EInvoice.number), func.count())
        .where(EInvoice.symbol.in_(used), EInvoice.number.is_not(None))
        .group_by(EInvoice.symbol)
        .order_by(EInvoice.symbol)
    )
    for symbol, low, high, count in session.execute(query).all():
        if count != (high or 0) - (low or 0) + 1:
            numbers = session.scalars(
                select(EInvoice.number).filter_by(symbol=symbol).order_by(EInvoice.number)
            )
            text = f"{symbol}: {', '.join(holes([n for n in numbers if n is not None]))}"
            yield Finding(Fault.GAP, text=text)


def holes(numbers: Sequence[int]) -> list[str]:
    """The runs that are missing between rising numbers, such as «4–6» or «9»."""
    runs = []
    for before, after in pairwise(numbers):
        if after > before + 1:
            runs.append(str(before + 1) if after == before + 2 else f"{before + 1}–{after - 1}")
    return runs

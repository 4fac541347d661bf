"""Invoices of sales: made once for each order, found, sent again after a refusal."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, joinedload

from app.accounts import audit
from app.core.clock import local_day
from app.core.db import insert_if_new
from app.core.errors import Conflict, NotFound, Rejected
from app.core.outbox import enqueue
from app.core.paging import Page
from app.core.text import N_
from app.core.types import Json
from catalog import vat
from catalog.models import Product, Sku
from pos.invoicing import document
from pos.invoicing.document import Buyer, Sale, Seller
from pos.invoicing.models import EInvoice
from pos.invoicing.status import MOVES, InvoiceKind, InvoiceStatus
from pos.sales.models import Order
from pos.sales.status import OrderStatus

SEND = "send_invoice"
PAGE_SIZE = 50


class UnknownInvoice(NotFound):
    """No such invoice."""

    code = "unknown_invoice"
    message = N_("There is no such invoice.")


class NotSold(Conflict):
    """Goods and money have not changed hands."""

    code = "not_sold"
    message = N_("An invoice is made when the order is completed.")


class NoReason(Rejected):
    """Staff must say why."""

    code = "no_reason"
    message = N_("Say why.")


def key_of(order: Order) -> str:
    """The key of the one invoice of an order."""
    return f"order:{order.id}"


def sale_of(session: Session, order: Order, *, fresh: bool = False) -> Sale:
    """The order with its VAT: as it was frozen, or where that is not decided as the classes say now.

    `fresh` takes every line from the classes. Rates are those of the day of the sale.
    """
    day = local_day(order.placed_at)
    query = select(Sku.id, Product.vat_class, Product.vat_permille).join(Product)
    ids = {line.sku_id for line in order.lines}
    known = {row.id: row for row in session.execute(query.where(Sku.id.in_(ids)))}
    treatments = {
        line.line_no: (None if fresh else document.frozen(line))
        or vat.of(known[line.sku_id].vat_class, known[line.sku_id].vat_permille, day)
        for line in order.lines
    }
    rows = [vat.row_on(row.vat_class, day) for row in known.values()]
    cuts = sorted({row.reduction for row in rows if row and row.reduction})
    return Sale(order, treatments, document.delivery_on(day), cuts)


def make(
    session: Session, order: Order, seller: Seller, *, now: datetime, actor_id: UUID | None = None
) -> EInvoice:
    """Make the invoice of a completed order and queue it; done already, give the one that is there.

    An invoice with something missing is kept as refused, with the reason. Raises `NotSold`.
    """
    if order.status is not OrderStatus.COMPLETED:
        raise NotSold
    key, day = key_of(order), local_day(now)
    buyer = document.buyer_of(order.invoice_to)
    made = document.build(key, sale_of(session, order), seller, buyer, day)
    return keep(session, order.id, made, key=key, now=now, actor_id=actor_id)


def keep(
    session: Session,
    order_id: UUID,
    made: Json,
    *,
    key: str,
    now: datetime,
    actor_id: UUID | None,
    corrects: EInvoice | None = None,
    waived: str | None = None,
) -> EInvoice:
    """Keep a document under its key, once; the first one stays."""
    missing = [] if waived else document.problems(made)
    sums = made["totals"]
    values = {
        "id": uuid4(),
        "key": key,
        "order_id": order_id,
        "kind": InvoiceKind.parse(made["kind"]),
        "status": _first(missing, waived),
        "corrects_id": corrects.id if corrects else None,
        "document": made,
        **{name: sums[name] for name in ("net", "vat", "total")},
        "reason": waived or made["reason"],
        "last_error": "; ".join(missing) or None,
        "attempts": 0,
        "actor_id": actor_id,
        "made_at": now,
    }
    new = insert_if_new(session, EInvoice, values)
    invoice = session.scalars(select(EInvoice).filter_by(key=key)).one()
    if new:
        note(session, invoice, f"invoice.{invoice.status.value}", now=now, actor_id=actor_id)
        if invoice.status is InvoiceStatus.QUEUED:
            send(session, invoice, now=now)
    return invoice


def _first(missing: list[str], waived: str | None) -> InvoiceStatus:
    if waived:
        return InvoiceStatus.NOT_REQUIRED
    return InvoiceStatus.FAILED if missing else InvoiceStatus.QUEUED


def send(session: Session, invoice: EInvoice, *, now: datetime) -> None:
    """Let the worker ask the provider; asking twice issues once."""
    invoice.queued_at = now
    enqueue(session, SEND, {"invoice_id": str(invoice.id)}, now=now)


def waive(
    session: Session,
    order: Order,
    seller: Seller,
    reason: str,
    *,
    now: datetime,
    actor_id: UUID | None,
) -> EInvoice:
    """Staff decide that an order needs no invoice from here. Raises `NotSold`, `NoReason`."""
    if order.status is not OrderStatus.COMPLETED:
        raise NotSold
    if not reason:
        raise NoReason
    key = key_of(order)
    made = document.build(key, sale_of(session, order), seller, None, local_day(now))
    return keep(session, order.id, made, key=key, now=now, actor_id=actor_id, waived=reason)


def retry(
    session: Session,
    invoice: EInvoice,
    seller: Seller,
    buyer: Buyer | None,
    *,
    now: datetime,
    actor_id: UUID | None,
) -> None:
    """Put a refused invoice, or one that was not required, together anew and queue it again.

    A correction keeps its document but for the buyer. Raises `ForbiddenMove`; what is still missing
    leaves it refused.
    """
    target = MOVES.to(invoice.status, InvoiceStatus.QUEUED)
    if invoice.kind is InvoiceKind.INVOICE:
        # A number once given keeps the day, and with it the year of its symbol.
        dated = date.fromisoformat(invoice.document["made_on"])
        day = local_day(now) if invoice.number is None else dated
        order = invoice.order
        made = document.build(invoice.key, sale_of(session, order), seller, buyer, day)
    else:
        made = invoice.document | {"buyer": buyer.__dict__ if buyer else None}
    missing = document.problems(made)
    invoice.document = made
    for name in ("net", "vat", "total"):
        setattr(invoice, name, made["totals"][name])
    invoice.last_error, invoice.reason = "; ".join(missing) or None, made["reason"]
    session.flush()
    if missing and invoice.status is not InvoiceStatus.FAILED:
        move(session, invoice, InvoiceStatus.FAILED, now=now, actor_id=actor_id)
    if missing:
        return
    move(session, invoice, target, now=now, actor_id=actor_id)
    send(session, invoice, now=now)


def move(
    session: Session,
    invoice: EInvoice,
    to: InvoiceStatus,
    *,
    now: datetime,
    actor_id: UUID | None = None,
) -> None:
    """Change the state along the table of moves, audited. Raises `ForbiddenMove`."""
    invoice.status = MOVES.to(invoice.status, to)
    session.flush()
    note(session, invoice, f"invoice.{to.value}", now=now, actor_id=actor_id)


def note(
    session: Session, invoice: EInvoice, action: str, *, now: datetime, actor_id: UUID | None
) -> None:
    """Write an act into the audit trail of the order."""
    detail = {"invoice": str(invoice.id), "kind": invoice.kind.value, "total": invoice.total}
    detail |= {"number": invoice.name, "reason": invoice.reason, "error": invoice.last_error}
    obj = ("order", invoice.order_id)
    audit.record(session, action, obj, actor_id=actor_id, now=now, detail=detail)


_PARTS = (
    joinedload(EInvoice.order).joinedload(Order.place),
    joinedload(EInvoice.order).selectinload(Order.lines),
    joinedload(EInvoice.order).selectinload(Order.payments),
)


def get(session: Session, invoice_id: UUID, *, lock: bool = False) -> EInvoice:
    """The invoice with its order. Raises `UnknownInvoice`."""
    query = select(EInvoice).where(EInvoice.id == invoice_id).options(*_PARTS)
    if lock:
        query = query.with_for_update(of=EInvoice).execution_options(populate_existing=True)
    found = session.scalar(query)
    if found is None:
        raise UnknownInvoice
    return found


def of_order(session: Session, order_id: UUID) -> Sequence[EInvoice]:
    """Every invoice of an order, the oldest first."""
    query = select(EInvoice).filter_by(order_id=order_id)
    return session.scalars(query.order_by(EInvoice.made_at, EInvoice.id)).all()


def listing(
    session: Session,
    statuses: Sequence[InvoiceStatus],
    places: frozenset[UUID] | None,
    text: str,
    number: int,
) -> Page[EInvoice]:
    """Invoices in these states of orders from these places (None: all), the newest first.

    `text` is part of the number of the order.
    """
    wanted: list[ColumnElement[bool]] = [EInvoice.status.in_(statuses)]
    if places is not None:
        wanted.append(Order.place_id.in_(places))
    if text:
        wanted.append(Order.number.contains(text.upper(), autoescape=True))
    base = select(EInvoice).join(Order, Order.id == EInvoice.order_id).where(*wanted)
    total = session.scalar(select(func.count()).select_from(base.subquery())) or 0
    query = base.options(joinedload(EInvoice.order).joinedload(Order.place))
    query = query.order_by(EInvoice.made_at.desc(), EInvoice.id.desc())
    rows = session.scalars(query.limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE)).all()
    return Page(rows, number, PAGE_SIZE, total)

"""What comes round by itself: sales without an invoice, and invoices of which nothing was heard."""

from datetime import datetime, timedelta

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, selectinload

from app.core.clock import local_midnight
from pos.invoicing import invoices
from pos.invoicing.models import EInvoice
from pos.invoicing.providers.registry import Setup
from pos.invoicing.status import OPEN, InvoiceKind
from pos.sales.models import Order
from pos.sales.status import OrderStatus

# Older sales without an invoice are a matter for people: the report shows them.
LOOK_BACK = timedelta(days=60)
ASK_AGAIN = timedelta(hours=6)
AT_ONCE = 200


def make_missing(session: Session, setup: Setup, *, now: datetime) -> int:
    """Make the invoices of completed sales that have none; returns how many. Repeatable."""
    if not setup.on:
        return 0
    found = _without(session, _since(setup, now))
    for order in found:
        invoices.make(session, order, setup.seller, now=now)
    return len(found)


def _since(setup: Setup, now: datetime) -> datetime:
    """From which moment on sales are taken up."""
    back = now - LOOK_BACK
    return max(back, local_midnight(setup.first)) if setup.first else back


def _without(session: Session, since: datetime) -> list[Order]:
    has_one = exists().where(EInvoice.order_id == Order.id, EInvoice.kind == InvoiceKind.INVOICE)
    query = (
        select(Order)
        .where(Order.status == OrderStatus.COMPLETED, Order.placed_at >= since, ~has_one)
        .order_by(Order.placed_at, Order.number)
        .options(selectinload(Order.lines), selectinload(Order.payments))
        .options(selectinload(Order.place))
        .limit(AT_ONCE)
    )
    return list(session.scalars(query))


def ask_again(session: Session, setup: Setup, *, now: datetime) -> int:
    """Queue invoices anew that the worker has given up or that were never answered."""
    if not setup.on:
        return 0
    query = (
        select(EInvoice)
        .where(EInvoice.status.in_(OPEN), EInvoice.queued_at <= now - ASK_AGAIN)
        .order_by(EInvoice.queued_at)
        .limit(AT_ONCE)
        .with_for_update(of=EInvoice, skip_locked=True)
    )
    found = session.scalars(query).all()
    for invoice in found:
        invoices.send(session, invoice, now=now)
    return len(found)

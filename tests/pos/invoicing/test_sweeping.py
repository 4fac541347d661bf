"""Completed sales get an invoice by themselves, once."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.outbox import OutboxJob
from builders import NOW, TODAY, make_offered, make_order
from builders_invoicing import SELLER, Fake, invoices_of, make_invoice, make_sold
from pos.counter.posting import SaleLine
from pos.invoicing import invoices, sweeping
from pos.invoicing.models import EInvoice
from pos.invoicing.providers.registry import Setup
from pos.invoicing.status import InvoiceStatus
from support.counter import make_counter

ON = Setup(SELLER, Fake(), on=True, first=None)


def queued(session: Session) -> int:
    return len(session.scalars(select(OutboxJob).filter_by(name=invoices.SEND)).all())


def test_a_completed_sale_gets_one_invoice_and_one_errand(session: Session) -> None:
    order = make_sold(session)
    assert sweeping.make_missing(session, ON, now=NOW) == 1
    assert sweeping.make_missing(session, ON, now=NOW) == 0
    (invoice,) = invoices_of(session, order)
    assert (invoice.status, invoice.total, queued(session)) == (
        InvoiceStatus.QUEUED,
        138_000,
        1,
    )


def test_an_order_under_way_waits(session: Session) -> None:
    make_order(session, make_offered(session))
    assert sweeping.make_missing(session, ON, now=NOW) == 0


def test_nothing_is_made_while_invoices_are_off(session: Session) -> None:
    order = make_sold(session)
    assert sweeping.make_missing(session, replace(ON, on=False), now=NOW) == 0
    assert invoices_of(session, order) == []


def test_sales_before_the_first_day_are_left_alone(session: Session) -> None:
    make_sold(session)
    tomorrow = replace(ON, first=TODAY + timedelta(days=1))
    assert sweeping.make_missing(session, tomorrow, now=NOW) == 0
    assert sweeping.make_missing(session, replace(ON, first=TODAY), now=NOW) == 1


def test_what_was_not_answered_for_hours_is_asked_again(session: Session) -> None:
    invoice = make_invoice(session)
    assert sweeping.ask_again(session, ON, now=NOW + timedelta(hours=5)) == 0
    later = NOW + timedelta(hours=6)
    assert sweeping.ask_again(session, ON, now=later) == 1
    assert (invoice.queued_at, queued(session)) == (later, 2)
    assert sweeping.ask_again(session, ON, now=later) == 0


def test_a_till_sale_gets_its_invoice_like_an_order_of_the_web(session: Session) -> None:
    counter, sku = make_counter(session), make_offered(session, 45_300)
    counter.sell(session, SaleLine(sku.id, 1, 45_300))
    assert sweeping.make_missing(session, ON, now=NOW) == 1
    (invoice,) = session.scalars(select(EInvoice)).all()
    sums = invoice.document["totals"]
    assert (sums["total"], sums["rounding"], sums["payable"]) == (45_300, -300, 45_000)
    assert invoice.document["tenders"] == ["cash"]

"""Sales of a period against their invoices."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from builders import BY_NOBODY, NOW, TODAY
from builders_invoicing import (
    COMPANY,
    SELLER,
    Fake,
    issue,
    make_invoice,
    make_issued,
    make_sold,
    make_taxed,
    refund,
)
from catalog.vat import VatClass
from pos.invoicing import corrections, invoices, report, sending
from pos.invoicing.report import Fault, Report
from pos.invoicing.sending import Answer
from pos.sales.models import Order


def reported(session: Session, first: date = TODAY, last: date = TODAY) -> Report:
    session.flush()
    return report.report(session, first, last, None, now=NOW)


def faults(session: Session) -> list[Fault]:
    return [one.fault for one in reported(session).findings]


def test_a_sale_with_its_invoice_is_in_order(session: Session) -> None:
    make_issued(session)
    found = reported(session)
    assert (found.findings, found.sales, found.invoices) == ([], 1, 1)
    assert found.sold == found.invoiced == 138_000


def test_a_sale_without_an_invoice_is_missing_one(session: Session) -> None:
    order = make_sold(session)
    (finding,) = reported(session).findings
    assert (finding.fault, finding.number, finding.sold, finding.invoiced) == (
        Fault.MISSING,
        order.number,
        138_000,
        0,
    )


def test_a_sale_that_needs_none_is_not_missing_one(session: Session) -> None:
    invoices.waive(session, make_sold(session), SELLER, "Phần mềm khác", **BY_NOBODY)
    assert faults(session) == []


def test_only_completed_sales_of_the_days_and_places_count(session: Session) -> None:
    order = make_sold(session)
    day = timedelta(days=1)
    assert reported(session, TODAY - day, TODAY - day).sales == 0
    assert reported(session, TODAY - day, TODAY + day).sales == 1
    here, there = frozenset({order.place_id}), frozenset[object]()
    assert report.report(session, TODAY, TODAY, here, now=NOW).sales == 1
    assert report.report(session, TODAY, TODAY, there, now=NOW).sales == 0  # type: ignore[arg-type]
    order.status = order.status.DELIVERED
    assert reported(session).sales == 0


def test_a_day_ends_at_midnight_in_vietnam(session: Session) -> None:
    order = make_sold(session)
    order.completed_at = datetime(2026, 11, 24, 17, tzinfo=UTC)
    assert reported(session).sales == 0
    order.completed_at -= timedelta(seconds=1)
    assert reported(session).sales == 1


def test_refused_and_waiting_invoices_are_told(session: Session) -> None:
    refused, waiting = make_invoice(session), make_invoice(session)
    sending.begin(session, refused.id, Fake(), now=NOW)
    sending.refused(session, refused.id, "MST sai", now=NOW)
    assert faults(session) == [Fault.FAILED]
    waiting.made_at = NOW - timedelta(hours=2)
    assert sorted(faults(session)) == [Fault.FAILED, Fault.WAITING]


def test_a_refund_makes_the_amounts_differ_until_it_is_adjusted(session: Session) -> None:
    issued = make_issued(session)
    back = refund(session, issued.order, 20_000)
    (finding,) = reported(session).findings
    assert (finding.fault, finding.sold, finding.invoiced) == (Fault.DIFFERS, 118_000, 138_000)
    made = corrections.adjust_for(session, back.id, **BY_NOBODY)
    issue(session, made, Fake(numbers=1))
    found = reported(session)
    assert (found.findings, found.sold, found.invoiced) == ([], 118_000, 118_000)


def test_a_replaced_invoice_counts_once(session: Session) -> None:
    old = make_issued(session)
    values = {"fresh": False, "key": "k"}
    made = corrections.replace(session, old.id, SELLER, None, "Sai", **values, **BY_NOBODY)
    issue(session, made, Fake(numbers=1))
    assert (faults(session), reported(session).invoiced) == ([], 138_000)


def test_an_undecided_class_is_told_even_when_the_invoice_is_not_required(
    session: Session,
) -> None:
    order = make_sold(session, make_taxed(session, None))
    invoices.waive(session, order, SELLER, "Phần mềm khác", **BY_NOBODY)
    (finding,) = reported(session).findings
    assert (finding.fault, finding.text) == (Fault.UNDECIDED, order.lines[0].name)


def test_a_rate_that_changed_on_the_way_is_told(session: Session) -> None:
    issued = make_issued(session)
    order = issued.order
    order.placed_at = datetime(2026, 12, 31, 5, tzinfo=UTC)
    order.completed_at = datetime(2026, 12, 31, 18, tzinfo=UTC)
    found = reported(session, date(2027, 1, 1), date(2027, 1, 1))
    assert [one.fault for one in found.findings] == [Fault.RATE_CHANGED]


@pytest.mark.parametrize(
    ("buyer", "vat_class", "told"),
    [
        (COMPANY, VatClass.RAW_FARM, True),
        (COMPANY, VatClass.PROCESSED, False),
        (None, VatClass.RAW_FARM, False),
        (COMPANY | {"tax_code": "033090001234"}, VatClass.RAW_FARM, False),
    ],
)
def test_raw_goods_sold_to_a_company_are_told(
    session: Session, buyer: dict[str, str] | None, vat_class: VatClass, told: bool
) -> None:
    order = make_sold(session, make_taxed(session, vat_class), invoice_to=buyer)
    make_issued(session, order)
    assert faults(session) == ([Fault.BUYER_CLASS] if told else [])


def test_a_gap_in_the_numbers_is_told(session: Session) -> None:
    for number in (1, 2, 5, 7):
        invoice = make_invoice(session)
        sending.begin(session, invoice.id, Fake(), now=NOW)
        sending.finish(session, invoice.id, Answer("1C26MXX", number), now=NOW)
    (finding,) = reported(session).findings
    assert (finding.fault, finding.text) == (Fault.GAP, "1C26MXX: 3–4, 6")


def test_holes_are_named_as_runs() -> None:
    assert report.holes([1, 2, 5, 7]) == ["3–4", "6"]
    assert report.holes([4, 5]) == report.holes([]) == []


def test_an_old_order_does_not_move_into_the_period(session: Session) -> None:
    order = make_sold(session)
    before = NOW - timedelta(days=40)
    session.execute(
        update(Order).where(Order.id == order.id).values(placed_at=before, completed_at=before)
    )
    session.expire_all()
    assert faults(session) == []

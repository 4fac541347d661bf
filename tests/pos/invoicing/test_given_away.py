"""What is given away has an invoice of nothing to pay (docs/decisions/0018)."""

from sqlalchemy.orm import Session

from builders import BY_NOBODY, NOW, TODAY
from builders_aftersales import grant, make_bought, make_case, settle
from builders_invoicing import SELLER, Fake, invoices_of, issue, make_taxed
from pos.aftersales.status import Wish
from pos.invoicing import invoices, report
from pos.invoicing.report import Fault
from pos.invoicing.status import InvoiceStatus
from pos.sales import fulfilment
from pos.sales.models import Order


def given(session: Session) -> Order:
    """An exchange that has reached its buyer; the first sale has its invoice."""
    bought = make_bought(session, make_taxed(session))
    issue(session, invoices.make(session, bought, SELLER, now=NOW), Fake(series="1C26MXX"))
    case = make_case(session, bought, 1, wish=Wish.EXCHANGE)
    grant(session, case)
    settle(session, case)
    order = session.get_one(Order, case.exchange_id)
    fulfilment.pack(session, order, **BY_NOBODY)
    fulfilment.ship(session, order, **BY_NOBODY)
    fulfilment.deliver(session, order, **BY_NOBODY)
    fulfilment.complete(session, order, **BY_NOBODY)
    return order


def faults(session: Session) -> list[tuple[Fault, str]]:
    session.flush()
    found = report.report(session, TODAY, TODAY, None, now=NOW).findings
    return [(one.fault, one.number) for one in found]


def test_without_one_the_report_misses_it(session: Session) -> None:
    order = given(session)
    assert order.total == 0
    assert faults(session) == [(Fault.MISSING, order.number)]


def test_its_invoice_shows_goods_discount_and_nothing_to_pay(session: Session) -> None:
    order = given(session)
    issue(session, invoices.make(session, order, SELLER, now=NOW), Fake(series="1C26MYY"))
    (invoice,) = invoices_of(session, order)
    assert invoice.status is InvoiceStatus.ISSUED
    assert invoice.document["totals"]["payable"] == 0
    line = invoice.document["lines"][0]
    assert line["discount"] == order.lines[0].line_total > 0
    assert faults(session) == []


def test_the_accountant_may_say_that_none_is_needed(session: Session) -> None:
    order = given(session)
    invoices.waive(session, order, SELLER, "Đổi hàng lỗi của đơn trước", **BY_NOBODY)
    assert faults(session) == []
    assert [one.reason for one in invoices_of(session, order)] == ["Đổi hàng lỗi của đơn trước"]

"""From the queue to a number and back: lost answers, refusals, repetitions."""

import pytest
from sqlalchemy.orm import Session

from app.core.states import ForbiddenMove
from builders import BY_NOBODY, NOW
from builders_invoicing import (
    SELLER,
    Fake,
    issue,
    make_invoice,
    make_issued,
    make_sold,
    make_taxed,
)
from catalog.vat import VatClass
from pos.invoicing import invoices, sending
from pos.invoicing.document import Buyer
from pos.invoicing.providers.base import Answer, InvoicesDown
from pos.invoicing.providers.null import Null
from pos.invoicing.sending import AnotherNumber
from pos.invoicing.status import InvoiceStatus

S = InvoiceStatus


def test_an_invoice_is_queued_sent_and_issued(session: Session) -> None:
    invoice = make_invoice(session)
    assert invoice.status is S.QUEUED
    started = sending.begin(session, invoice.id, Fake(), now=NOW)
    assert started is not None
    assert invoice.status is S.SENT
    answer = Answer("1C26MAB", 7, "M1-26-ABCDE-00000000007", "https://tra-cuu.example/7")
    sending.finish(session, invoice.id, answer, now=NOW)
    assert (invoice.status, invoice.name, invoice.issued_at) == (S.ISSUED, "1C26MAB 00000007", NOW)
    assert (invoice.tax_code, invoice.lookup_url) == (answer.tax_code, answer.lookup_url)


def test_an_order_has_one_invoice_however_often_it_is_made(session: Session) -> None:
    order = make_sold(session)
    assert make_invoice(session, order).id == make_invoice(session, order).id


def test_an_order_under_way_has_no_invoice(session: Session) -> None:
    order = make_sold(session)
    order.status = order.status.DELIVERED
    with pytest.raises(invoices.NotSold):
        make_invoice(session, order)


def test_the_same_answer_twice_is_noted_once_and_another_number_is_not(session: Session) -> None:
    invoice, provider = make_invoice(session), Fake()
    issue(session, invoice, provider)
    again = provider.issued[invoice.key]
    sending.finish(session, invoice.id, again, now=NOW)
    with pytest.raises(AnotherNumber):
        sending.finish(session, invoice.id, Answer("1C26MXX", 99), now=NOW)
    assert invoice.number == again.number


def test_what_is_issued_is_not_sent_again(session: Session) -> None:
    invoice = make_issued(session)
    assert sending.begin(session, invoice.id, Fake(), now=NOW) is None


def test_a_number_of_ours_is_given_once_and_stays_after_a_refusal(session: Session) -> None:
    first, second, provider = make_invoice(session), make_invoice(session), Fake(letters="PH")
    sending.begin(session, first.id, provider, now=NOW)
    sending.refused(session, first.id, "MST sai", now=NOW)
    issue(session, second, provider)
    assert first.status is S.FAILED
    invoices.retry(session, first, SELLER, None, **BY_NOBODY)
    issue(session, first, provider)
    assert (first.name, second.name) == ("1C26MPH 00000001", "1C26MPH 00000002")


def test_only_a_refused_invoice_is_put_together_anew(session: Session) -> None:
    with pytest.raises(ForbiddenMove):
        invoices.retry(session, make_issued(session), SELLER, None, **BY_NOBODY)


def test_an_undecided_class_is_refused_until_somebody_decides(session: Session) -> None:
    sku = make_taxed(session, None)
    invoice = make_invoice(session, make_sold(session, sku))
    assert (invoice.status, invoice.number) == (S.FAILED, None)
    assert invoice.last_error == "the VAT class of a product is not decided"
    invoices.retry(session, invoice, SELLER, None, **BY_NOBODY)
    assert invoice.status is S.FAILED
    sku.product.vat_class = VatClass.RAW_FARM
    session.flush()
    invoices.retry(session, invoice, SELLER, None, **BY_NOBODY)
    assert (invoice.status, invoice.document["lines"][0]["vat_permille"]) == (S.QUEUED, 50)


def test_a_wrong_tax_code_is_found_before_anything_is_sent_and_can_be_mended(
    session: Session,
) -> None:
    order = make_sold(session, invoice_to={"name": "Công ty Sen", "tax_code": "0100109107"})
    invoice = make_invoice(session, order)
    assert invoice.last_error == "the buyer's tax code is not a valid one"
    buyer = Buyer("Công ty Sen", "0100109106")
    invoices.retry(session, invoice, SELLER, buyer, **BY_NOBODY)
    assert (invoice.status, invoice.document["buyer"]["tax_code"]) == (S.QUEUED, "0100109106")


def test_an_order_can_be_left_without_an_invoice_and_get_one_after_all(session: Session) -> None:
    order = make_sold(session)
    invoice = invoices.waive(session, order, SELLER, "Đã lập ở phần mềm khác", **BY_NOBODY)
    assert (invoice.status, make_invoice(session, order).id) == (S.NOT_REQUIRED, invoice.id)
    invoices.retry(session, invoice, SELLER, None, **BY_NOBODY)
    assert (invoice.status, invoice.reason) == (S.QUEUED, None)


def test_without_a_provider_it_waits(session: Session) -> None:
    invoice = make_invoice(session)
    session.commit()
    with pytest.raises(InvoicesDown):
        sending.run(Null(), {"invoice_id": str(invoice.id)})
    assert invoice.status is S.QUEUED

"""The pages about invoices: who sees which, and the way through them."""

import csv
import io
import json
from collections.abc import Iterator
from xml.etree import ElementTree as Xml

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.accounts.access import place_scope
from app.accounts.models import Role
from builders import make_user
from builders_invoicing import (
    COMPANY,
    Fake,
    invoices_of,
    make_invoice,
    make_issued,
    make_sold,
    make_taxed,
    refund,
    with_invoices,
)
from catalog.vat import VatClass
from pos.invoicing import sending
from pos.invoicing.models import EInvoice
from pos.invoicing.status import InvoiceKind, InvoiceStatus
from support.browser import Browser

DESK = "/quan-ly/hoa-don"
S = InvoiceStatus


@pytest.fixture(autouse=True)
def _on(app: Flask) -> Iterator[None]:
    before = app.extensions["phohien_settings"]
    app.extensions["phohien_settings"] = with_invoices(before)
    yield
    app.extensions["phohien_settings"] = before


@pytest.fixture
def issued(session: Session) -> EInvoice:
    made = make_issued(session)
    session.commit()
    return made


@pytest.fixture
def officer(session: Session, visitor: Browser) -> Browser:
    user = make_user(session, Role.OFFICER)
    session.commit()
    return visitor.sign_in(user)


def page(browser: Browser, path: str) -> str:
    answer = browser.get(f"{DESK}{path}")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_a_manager_sees_the_invoices_of_the_own_place_alone(
    session: Session, visitor: Browser, issued: EInvoice
) -> None:
    other = make_invoice(session)
    scope = place_scope(issued.order.place_id)
    user = make_user(session, Role.POINT_MANAGER, scope)
    session.commit()
    visitor.sign_in(user)
    assert issued.order.number in page(visitor, "/?tab=issued")
    assert other.order.number not in page(visitor, "/")
    assert visitor.get(f"{DESK}/{issued.id}").status_code == 200
    assert visitor.get(f"{DESK}/{other.id}").status_code == 403
    assert visitor.post(f"{DESK}/{other.id}/gui-lai").status_code == 403


@pytest.mark.parametrize("role", [Role.CASHIER, Role.STOCK_KEEPER, Role.PRODUCER, Role.CUSTOMER])
def test_others_see_none(session: Session, visitor: Browser, role: Role) -> None:
    user = make_user(session, role)
    session.commit()
    assert visitor.sign_in(user).get(f"{DESK}/").status_code == 403


def test_one_invoice_shows_what_it_says(officer: Browser, issued: EInvoice) -> None:
    shown = page(officer, f"/{issued.id}")
    for text in ("Tinh bột nghệ", "108.000", "8.000", "Phí giao hàng", issued.tax_code or "?"):
        assert text in shown


def test_the_document_can_be_taken_home(officer: Browser, issued: EInvoice) -> None:
    said = json.loads(officer.get(f"{DESK}/{issued.id}/tep.json").data)
    root = Xml.fromstring(officer.get(f"{DESK}/{issued.id}/tep.xml").data)
    assert said["number"] == issued.number
    assert root.findtext(".//SHDon") == str(issued.number)
    assert officer.get(f"{DESK}/{issued.id}/tep.exe").status_code == 404


def test_a_refused_invoice_is_mended_and_sent_again(session: Session, officer: Browser) -> None:
    wish = COMPANY | {"tax_code": "0100109107"}
    invoice = make_invoice(session, make_sold(session, invoice_to=wish))
    session.commit()
    assert "0100109107" in page(officer, f"/{invoice.id}")
    path = f"{DESK}/{invoice.id}/gui-lai"
    assert officer.post(path, wish).status_code == 422
    officer.follow(officer.post(path, COMPANY))
    session.refresh(invoice)
    assert (invoice.status, invoice.document["buyer"]) == (S.QUEUED, COMPANY)
    assert officer.post(path, COMPANY).status_code == 409


def test_an_issued_invoice_is_adjusted_once_for_each_form(
    session: Session, officer: Browser, issued: EInvoice
) -> None:
    path, form = f"{DESK}/{issued.id}/dieu-chinh", {"key": "1", "reason": "Trả hàng"}
    assert "138.000" in page(officer, f"/{issued.id}/dieu-chinh")
    assert officer.post(path, form | {"amount": "200.000"}).status_code == 422
    for _ in range(2):
        officer.follow(officer.post(path, form | {"amount": "20.000"}))
    made = [one for one in invoices_of(session, issued.order) if one.id != issued.id]
    assert [(one.kind, one.total) for one in made] == [(InvoiceKind.ADJUSTMENT, -20_000)]
    assert officer.post(path, form | {"key": "2", "amount": "1"}).status_code == 409


def test_an_issued_invoice_is_replaced_with_a_reason(
    session: Session, officer: Browser, issued: EInvoice
) -> None:
    path, form = f"{DESK}/{issued.id}/thay-the", COMPANY | {"key": "1"}
    assert officer.get(path).status_code == 200
    assert officer.post(path, form).status_code == 422
    officer.follow(officer.post(path, form | {"reason": "Thiếu người mua"}))
    made = next(one for one in invoices_of(session, issued.order) if one.id != issued.id)
    assert (made.kind, made.reason) == (InvoiceKind.REPLACEMENT, "Thiếu người mua")
    assert made.document["buyer"] == COMPANY


def test_money_that_went_back_is_offered_for_adjustment(
    session: Session, officer: Browser, issued: EInvoice
) -> None:
    back = refund(session, issued.order, 20_000)
    session.commit()
    assert "20.000" in page(officer, "/")
    officer.follow(officer.post(f"{DESK}/hoan-tien/{back.id}"))
    assert f"/hoan-tien/{back.id}" not in page(officer, "/")


def test_the_report_leads_to_the_missing_invoice(session: Session, officer: Browser) -> None:
    order = make_sold(session)
    session.commit()
    assert order.number in page(officer, "/doi-soat?from=2026-11-01&to=2026-11-30&fault=missing")
    assert order.number not in page(officer, "/doi-soat?fault=gap")
    assert order.number not in page(officer, "/doi-soat?from=2026-10-01&to=2026-10-31")
    officer.follow(officer.post(f"{DESK}/don/{order.id}"))
    assert [one.status for one in invoices_of(session, order)] == [S.QUEUED]


def test_a_sale_can_be_noted_as_needing_none(session: Session, officer: Browser) -> None:
    order = make_sold(session)
    session.commit()
    path = f"{DESK}/don/{order.id}/khong-can"
    assert officer.get(path).status_code == 200
    assert officer.post(path).status_code == 422
    officer.follow(officer.post(path, {"reason": "Đã lập ở phần mềm khác"}))
    assert [one.status for one in invoices_of(session, order)] == [S.NOT_REQUIRED]


def test_the_report_is_a_table_too(session: Session, officer: Browser) -> None:
    order = make_sold(session, make_taxed(session, None))
    session.commit()
    answer = officer.get(f"{DESK}/doi-soat.csv")
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert [row[1:4] for row in rows[1:]] == [[order.number, "2026-11-24", "138000"]] * 2
    assert officer.get(f"{DESK}/doi-soat.xlsx").data[:2] == b"PK"
    assert officer.get(f"{DESK}/doi-soat.pdf").status_code == 404


@pytest.mark.parametrize(
    "query", ["from=x&to=y", "from=2026-11-30&to=2026-11-01", "from=0001-01-01"]
)
def test_senseless_days_show_this_month(officer: Browser, query: str) -> None:
    assert "01/11/2026" in page(officer, f"/doi-soat?{query}")


def test_a_class_is_chosen_on_the_product(session: Session, officer: Browser) -> None:
    product = make_taxed(session, None).product
    session.commit()
    path = f"/quan-ly/san-pham/{product.id}/thue-gtgt"
    assert officer.get(path).status_code == 200
    assert officer.post(path, {"vat_class": "delivery"}).status_code == 422
    officer.follow(officer.post(path, {"vat_class": "raw_farm"}))
    session.refresh(product)
    assert product.vat_class is VatClass.RAW_FARM
    officer.follow(officer.post(path, {"vat_class": ""}))
    session.refresh(product)
    assert product.vat_class is None


def test_the_rates_say_what_is_not_checked(officer: Browser) -> None:
    shown = officer.get("/quan-ly/thue-gtgt?lang=en").get_data(as_text=True)
    assert "not checked" in shown
    assert "31/12/2026" in shown


def test_while_it_is_off_the_pages_say_so(
    session: Session, app: Flask, officer: Browser, issued: EInvoice
) -> None:
    app.extensions["phohien_settings"] = with_invoices(
        app.extensions["phohien_settings"], einvoice="off"
    )
    shown = officer.get(f"{DESK}/?lang=en").get_data(as_text=True)
    assert "Nobody issues invoices yet" in shown
    assert sending.begin(session, issued.id, Fake(), now=issued.made_at) is None

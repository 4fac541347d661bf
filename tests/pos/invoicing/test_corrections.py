"""Issued invoices are corrected by others, and the database refuses anything else."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from builders import BY_NOBODY, NOW
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
from pos.invoicing import corrections, invoices, sending
from pos.invoicing.corrections import CorrectionOpen, NotCorrectable, TooMuchOff
from pos.invoicing.document import Buyer
from pos.invoicing.models import EInvoice
from pos.invoicing.status import InvoiceKind, InvoiceStatus
from pos.sales.payment_status import RefundKind

S = InvoiceStatus
BUYER = Buyer(**COMPANY)


@pytest.fixture
def issued(session: Session) -> EInvoice:
    return make_issued(session)


def adjust(session: Session, old: EInvoice, amount: int, key: str = "k") -> EInvoice:
    return corrections.adjust(session, old.id, amount, "Khách trả hàng", key=key, **BY_NOBODY)


def replace(session: Session, old: EInvoice, key: str = "k", fresh: bool = False) -> EInvoice:
    return corrections.replace(
        session, old.id, SELLER, BUYER, "Sai tên người mua", fresh=fresh, key=key, **BY_NOBODY
    )


def test_an_adjustment_is_an_invoice_below_zero_that_names_the_first(
    session: Session, issued: EInvoice
) -> None:
    made = adjust(session, issued, 13_800)
    assert (made.kind, made.total, made.corrects_id) == (
        InvoiceKind.ADJUSTMENT,
        -13_800,
        issued.id,
    )
    assert made.document["corrects"]["number"] == issued.number
    assert issued.status is S.ISSUED
    issue(session, made, Fake(numbers=50))
    assert (made.status, issued.status) == (S.ISSUED, S.ADJUSTED)


def test_the_same_form_twice_adjusts_once(session: Session, issued: EInvoice) -> None:
    assert adjust(session, issued, 1_000).id == adjust(session, issued, 1_000).id


@pytest.mark.parametrize("amount", [0, -1, 138_001])
def test_no_more_than_the_invoice_holds_is_taken_off(
    session: Session, issued: EInvoice, amount: int
) -> None:
    with pytest.raises(TooMuchOff):
        adjust(session, issued, amount)


def test_what_was_taken_off_is_not_taken_off_again(session: Session, issued: EInvoice) -> None:
    issue(session, adjust(session, issued, 138_000), Fake(numbers=50))
    with pytest.raises(TooMuchOff):
        adjust(session, issued, 1, "other")


def test_one_correction_at_a_time(session: Session, issued: EInvoice) -> None:
    adjust(session, issued, 1_000)
    with pytest.raises(CorrectionOpen):
        adjust(session, issued, 1_000, "other")
    with pytest.raises(CorrectionOpen):
        replace(session, issued, "third")


def test_a_replacement_says_everything_anew(session: Session, issued: EInvoice) -> None:
    made = replace(session, issued)
    assert (made.total, made.document["buyer"]["tax_code"]) == (issued.total, BUYER.tax_code)
    issue(session, made, Fake(numbers=50))
    assert (issued.status, issued.document["buyer"]) == (S.REPLACED, None)
    again = replace(session, made, "second")
    assert again.document["corrects"]["number"] == made.number


def test_a_replacement_may_take_vat_from_the_classes_as_they_are_now(session: Session) -> None:
    sku = make_taxed(session)
    old = make_issued(session, make_sold(session, sku))
    sku.product.vat_class = VatClass.RAW_FARM
    session.flush()
    kept, fresh = old.document["lines"][0], replace(session, old, fresh=True).document["lines"][0]
    assert (kept["vat_permille"], fresh["vat_permille"], fresh["vat"]) == (80, 50, 5_143)


def test_the_way_of_correcting_is_kept(session: Session, issued: EInvoice) -> None:
    issue(session, adjust(session, issued, 1_000), Fake(numbers=50))
    with pytest.raises(NotCorrectable):
        replace(session, issued, "other")
    adjust(session, issued, 1_000, "second")


def test_what_is_not_issued_or_is_itself_an_adjustment_is_not_corrected(session: Session) -> None:
    with pytest.raises(NotCorrectable):
        adjust(session, make_invoice(session), 1_000)
    issued = make_issued(session, make_sold(session))
    made = adjust(session, issued, 1_000, "a")
    issue(session, made, Fake(numbers=50))
    with pytest.raises(NotCorrectable):
        replace(session, made, "b")


def test_a_correction_has_a_reason(session: Session, issued: EInvoice) -> None:
    with pytest.raises(invoices.NoReason):
        corrections.adjust(session, issued.id, 1, "", key="k", **BY_NOBODY)


def test_money_that_went_back_proposes_an_adjustment_once(session: Session) -> None:
    issued = make_issued(session)
    assert corrections.proposals(session, None) == []
    back = refund(session, issued.order, 20_000)
    (proposed,) = corrections.proposals(session, None)
    assert (proposed.refund.id, proposed.invoice.id) == (back.id, issued.id)
    assert corrections.proposals(session, frozenset()) == []
    made = corrections.adjust_for(session, back.id, **BY_NOBODY)
    session.flush()
    assert (made.total, made.refund_id, made.reason) == (-20_000, back.id, "Hàng hỏng")
    assert corrections.proposals(session, None) == []
    assert corrections.adjust_for(session, back.id, **BY_NOBODY).id == made.id


def test_what_came_too_much_is_no_part_of_the_sale(session: Session) -> None:
    issued = make_issued(session)
    back = refund(session, issued.order, 20_000, kind=RefundKind.EXCESS)
    assert corrections.proposals(session, None) == []
    with pytest.raises(NotCorrectable):
        corrections.adjust_for(session, back.id, **BY_NOBODY)


CHANGES: list[dict[str, Any]] = [
    {"document": {"lines": []}},
    {"total": 1, "net": 1, "vat": 0},
    {"number": 99},
    {"symbol": "1C26MZZ"},
    {"tax_code": "M1-26-ABCDE-00000000099"},
    {"issued_at": NOW + timedelta(days=1)},
    {"kind": InvoiceKind.REPLACEMENT},
    {"reason": "khác"},
    {"status": S.QUEUED},
    {"status": S.FAILED},
    {"key": "other"},
]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: next(iter(change)))
def test_the_database_refuses_to_change_what_is_issued(
    session: Session, issued: EInvoice, change: dict[str, Any]
) -> None:
    statement = update(EInvoice).where(EInvoice.id == issued.id).values(**change)
    with pytest.raises(DBAPIError, match="never changed"):
        session.execute(statement)
    session.rollback()


def test_the_database_refuses_to_delete_what_has_a_number(
    session: Session, issued: EInvoice
) -> None:
    with pytest.raises(DBAPIError, match="never changed"):
        session.execute(delete(EInvoice).where(EInvoice.id == issued.id))
    session.rollback()


def test_a_number_stays_even_before_it_is_issued(session: Session) -> None:
    invoice = make_invoice(session)
    sending.begin(session, invoice.id, Fake(letters="PH"), now=NOW)
    with pytest.raises(DBAPIError, match="never changed"):
        session.execute(update(EInvoice).where(EInvoice.id == invoice.id).values(number=None))
    session.rollback()

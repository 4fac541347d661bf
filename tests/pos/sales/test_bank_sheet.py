"""A bank statement as a table."""

from datetime import date

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from builders import NOW
from builders_payments import TOTAL, make_prepaid, payment_of
from catalog import tables
from catalog.sheet import ColumnsMissing
from pos.sales import bank_sheet
from pos.sales.models import Order
from pos.sales.payment_models import BankEntry

HEAD = ("Ngày giao dịch", "Ghi có", "Nội dung", "Mã giao dịch")


@pytest.fixture
def order(session: Session) -> Order:
    return make_prepaid(session)


def verdicts(session: Session, content: bytes) -> list[str]:
    judged = bank_sheet.take(session, bank_sheet.read(content), now=NOW)
    return [row.verdict for row in judged]


def statement(order: Order) -> bytes:
    code = payment_of(order).code
    rows = [
        ("24/11/2026 09:12", "200.000", f"{code} mua nhan", "FT1"),
        ("24/11/2026", "1,500,000.00", "lai tien gui", "FT2"),
        ("24/11/2026", "", "phi chuyen tien", "FT3"),
        ("hôm qua", "5.000", "x", "FT4"),
        ("24/11/2026", "nhiều", "x", "FT5"),
    ]
    return tables.to_csv(HEAD, rows)


def test_each_row_is_judged_by_itself(session: Session, order: Order) -> None:
    expected = ["matched", "open", "out", "refused", "refused"]
    assert verdicts(session, statement(order)) == expected
    assert payment_of(order).received == TOTAL


def test_the_same_statement_again_changes_nothing(session: Session, order: Order) -> None:
    verdicts(session, statement(order))
    assert verdicts(session, statement(order))[:2] == ["known", "known"]
    assert payment_of(order).received == TOTAL


def test_rows_without_a_number_are_told_apart(session: Session, order: Order) -> None:
    row = ("24/11/2026", "50.000", str(payment_of(order).code))
    content = tables.to_csv(("ngay", "so_tien", "noi_dung"), [row, row])
    assert verdicts(session, content) == ["mismatched", "mismatched"]
    assert verdicts(session, content) == ["known", "known"]
    assert payment_of(order).received == 100_000


def test_a_workbook_is_read_too(session: Session, order: Order) -> None:
    row = (date(2026, 11, 24), 200_000, str(payment_of(order).code), "FT1")
    assert verdicts(session, tables.to_xlsx("SaoKe", HEAD, [row])) == ["matched"]
    assert session.scalar(select(func.count(BankEntry.id))) == 1


def test_a_table_of_something_else_is_refused() -> None:
    with pytest.raises(ColumnsMissing) as refused:
        bank_sheet.read(tables.to_csv(("ten", "gia"), [("Nhãn", 5)]))
    assert refused.value.detail == ["ngay", "so_tien", "noi_dung"]


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1.500.000", 1_500_000),
        ("1,500,000.00", 1_500_000),
        ("+200000", 200_000),
        ("-5.000", -5_000),
        ("200.000 VND", 200_000),
        ("", 0),
        ("12.5", None),
        ("1e9", None),
        ("٣٤٥", None),
    ],
)
def test_amounts_are_read_as_banks_write_them(text: str, amount: int | None) -> None:
    assert bank_sheet._amount(text) == amount

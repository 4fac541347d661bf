"""Money of carriers, parcel by parcel."""

import io
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from builders import BY_NOBODY, NOW, TODAY
from builders_shipping import make_delivered, make_parcel
from catalog.sheet import ColumnsMissing
from pos.sales.status import OrderStatus, PaymentStatus
from pos.shipping import remittances
from pos.shipping.models import LineVerdict, Remittance
from pos.shipping.remittances import Entry, Head

LIST = Head("post", "BK-01", TODAY)
V = LineVerdict


def verdicts(session: Session, *entries: Entry) -> list[LineVerdict]:
    return [row.verdict for row in remittances.judge(session, "post", entries)]


def test_each_line_is_compared_with_its_parcel(session: Session) -> None:
    parcel, other = make_delivered(session, number="VN1"), make_delivered(session, number="VN2")
    waiting = make_parcel(session, number="VN3")
    found = verdicts(
        session,
        Entry("vn1", parcel.cod_amount),
        Entry("VN1", parcel.cod_amount),
        Entry(other.order.number.lower(), other.cod_amount - 1),
        Entry("VN3", waiting.cod_amount),
        Entry("VN9", 1),
    )
    assert found == [V.SETTLED, V.AGAIN, V.OTHER_AMOUNT, V.NOT_DUE, V.UNKNOWN]


def test_a_parcel_of_another_carrier_is_not_known(session: Session) -> None:
    parcel = make_delivered(session, service="express.fast", number="VN1")
    assert verdicts(session, Entry("VN1", parcel.cod_amount)) == [V.UNKNOWN]


def test_looking_through_changes_nothing(session: Session) -> None:
    parcel = make_delivered(session, number="VN1")
    verdicts(session, Entry("VN1", parcel.cod_amount))
    assert parcel.order.payments[0].status is PaymentStatus.COLLECTED
    assert session.scalar(select(Remittance.id)) is None


def test_what_fits_is_settled_and_the_order_completed(session: Session) -> None:
    parcel = make_delivered(session, number="VN1")
    entries = [Entry("VN1", parcel.cod_amount), Entry("VN1", parcel.cod_amount)]
    booked = remittances.book(session, LIST, entries, **BY_NOBODY)
    assert [line.verdict for line in booked.lines] == [V.SETTLED, V.AGAIN]
    assert parcel.order.payments[0].status is PaymentStatus.SETTLED
    assert parcel.order.status is OrderStatus.COMPLETED
    assert remittances.owed(session, NOW) == []


def test_a_list_is_booked_once(session: Session) -> None:
    parcel = make_delivered(session, number="VN1")
    entries = [Entry("VN1", parcel.cod_amount)]
    remittances.book(session, LIST, entries, **BY_NOBODY)
    with pytest.raises(remittances.ReferenceTaken):
        remittances.book(session, LIST, entries, **BY_NOBODY)


def test_differences_stay_open_with_their_age_until_someone_settles_them(
    session: Session,
) -> None:
    parcel = make_delivered(session, number="VN1")
    entries = [Entry("VN1", parcel.cod_amount - 5_000), Entry("nobody", 9)]
    remittances.book(session, LIST, entries, **BY_NOBODY)
    later = NOW + timedelta(days=8, hours=1)
    assert [(row.parcel.id, row.days) for row in remittances.owed(session, later)] == [
        (parcel.id, 8)
    ]
    first, second = remittances.differences(session)
    remittances.clear(session, second.id, "Không phải của ta", settle=False, **BY_NOBODY)
    remittances.clear(session, first.id, "Đã chuyển thêm", settle=True, **BY_NOBODY)
    assert remittances.differences(session) == []
    assert remittances.owed(session, later) == []
    assert parcel.order.payments[0].status is PaymentStatus.SETTLED
    with pytest.raises(remittances.UnknownLine):
        remittances.clear(session, first.id, "Lần nữa", settle=True, **BY_NOBODY)


@pytest.mark.parametrize(
    ("text", "entries"),
    [
        ("VN1 250.000", [Entry("VN1", 250_000)]),
        ("VN1;250000\n\nPH-26-A, 1,000 ₫", [Entry("VN1", 250_000), Entry("PH-26-A", 1_000)]),
        ("VN1\t7", [Entry("VN1", 7)]),
    ],
)
def test_lines_written_by_hand_are_read(text: str, entries: list[Entry]) -> None:
    assert remittances.read_text(text) == entries


@pytest.mark.parametrize("text", ["VN1", "VN1 năm nghìn", "VN1 -5", "VN1 99999999999"])
def test_a_line_that_is_not_clear_is_named(text: str) -> None:
    with pytest.raises(remittances.BadLine) as refused:
        remittances.read_text(f"VN0 1\n{text}")
    assert refused.value.params["line"] == 2


def test_an_empty_list_is_refused() -> None:
    with pytest.raises(remittances.NoLines):
        remittances.read_text(" \n")


@given(st.text(max_size=200))
def test_whatever_is_written_is_read_or_refused_in_words(text: str) -> None:
    try:
        entries = remittances.read_text(text)
    except (remittances.BadLine, remittances.NoLines):
        return
    assert all(entry.number and entry.amount >= 0 for entry in entries)


def test_tables_are_read() -> None:
    book = Workbook()
    for row in (("Number", "Amount", "Ngày"), ("VN1", 250_000, "x"), ("VN2", "1.500", "")):
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    wanted = [Entry("VN1", 250_000), Entry("VN2", 1_500)]
    assert remittances.read_table(out.getvalue()) == wanted
    assert remittances.read_table(b"number,amount\nVN1,250000\nVN2,1500\n") == wanted
    with pytest.raises(ColumnsMissing):
        remittances.read_table(b"ma,tien\nVN1,250000\n")

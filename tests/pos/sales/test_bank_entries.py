"""Lines of the bank account: matched by their reference, counted once whoever tells of them."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from builders import BY_NOBODY, NOW, make_user
from builders_payments import TOTAL, make_prepaid, payment_of
from pos.sales import bank_entries, orders, paying, refunds
from pos.sales.bank_entries import Fit, judge
from pos.sales.bank_lines import Line
from pos.sales.models import Order, Payment
from pos.sales.payment_models import BankEntry
from pos.sales.payment_status import EntryStatus
from pos.sales.status import OrderStatus


@pytest.fixture
def order(session: Session) -> Order:
    return make_prepaid(session)


def line(order: Order, amount: int = TOTAL, number: str = "1", **over: Any) -> Line:
    code = payment_of(order).code or ""
    text = f"mbvcb.3278 {code[:4].lower()}-{code[4:]} chuyen tien tu NGUYEN A"
    return Line(number, amount, over.pop("text", text), over.pop("at", NOW), **over)


def take(session: Session, told: Line, source: str = "sepay") -> BankEntry:
    entry = bank_entries.take(session, source, told, now=NOW)
    assert entry is not None
    return entry


@given(st.integers(0, 10**9), st.integers(1, 10**9))
def test_amounts_fit_or_are_too_little_or_too_much(missing: int, amount: int) -> None:
    fit = judge(missing, amount)
    assert (fit is Fit.EXACT) == (missing - amount == 0)
    assert (fit is Fit.OVER) == (amount > missing)


def test_a_line_with_the_reference_pays_the_order(session: Session, order: Order) -> None:
    entry = take(session, line(order))
    assert (entry.status, entry.payment_id) == (EntryStatus.MATCHED, payment_of(order).id)
    assert order.status is OrderStatus.PAID


def test_a_line_told_twice_counts_once(session: Session, order: Order) -> None:
    take(session, line(order))
    assert bank_entries.take(session, "sepay", line(order), now=NOW) is None
    assert payment_of(order).received == TOTAL


@pytest.mark.parametrize("amount", [TOTAL - 1, TOTAL + 1])
def test_another_amount_is_noted_and_counts(session: Session, order: Order, amount: int) -> None:
    entry = take(session, line(order, amount))
    assert entry.status is EntryStatus.MISMATCHED
    assert payment_of(order).received == amount


def test_what_names_no_payment_waits_for_staff(session: Session, order: Order) -> None:
    entry = take(session, line(order, text="chuyen tien mua nhan"))
    assert (entry.status, entry.payment_id) == (EntryStatus.NEW, None)


def test_what_names_two_payments_waits_for_staff(session: Session, order: Order) -> None:
    other = payment_of(make_prepaid(session))
    entry = take(session, line(order, text=f"{payment_of(order).code} {other.code}"))
    assert (entry.status, entry.reason) == (EntryStatus.NEW, bank_entries.SEVERAL)
    assert payment_of(order).received == other.received == 0


def test_money_that_goes_out_is_left_out(session: Session, order: Order) -> None:
    assert bank_entries.take(session, "sepay", line(order, -TOTAL), now=NOW) is None


def test_two_sources_that_name_the_same_transfer_count_it_once(
    session: Session, order: Order
) -> None:
    take(session, line(order, ref="FT1"))
    entry = take(session, line(order, ref="FT1", number="77"), "statement")
    assert (entry.status, entry.reason) == (EntryStatus.IGNORED, bank_entries.SAME)
    assert payment_of(order).received == TOTAL


def test_what_may_be_the_same_transfer_is_left_to_staff(session: Session, order: Order) -> None:
    take(session, line(order))
    later = NOW + timedelta(days=1)
    entry = take(session, line(order, number="77", at=later), "statement")
    assert (entry.status, entry.reason) == (EntryStatus.NEW, bank_entries.TWICE)
    assert payment_of(order).received == TOTAL


def test_the_buyer_who_pays_twice_gets_it_back(session: Session, order: Order) -> None:
    take(session, line(order))
    take(session, line(order, number="2"))
    assert [r.amount for r in refunds.of_order(session, order.id)] == [TOTAL]


def test_what_staff_confirmed_is_not_counted_again(session: Session, order: Order) -> None:
    paying.confirm(session, payment_of(order), TOTAL, "Sao kê", "k", **BY_NOBODY)
    first = take(session, line(order))
    assert (first.status, first.counted) == (EntryStatus.MATCHED, False)
    assert payment_of(order).received == TOTAL
    second = take(session, line(order, number="2"))
    assert second.counted
    assert payment_of(order).received == 2 * TOTAL


def test_money_for_an_order_that_ended_goes_back(session: Session, order: Order) -> None:
    orders.cancel(session, order, "Đổi ý", **BY_NOBODY)
    take(session, line(order))
    assert [r.amount for r in refunds.of_order(session, order.id)] == [TOTAL]


def test_staff_match_by_hand_with_a_reason(session: Session, order: Order) -> None:
    user, entry = make_user(session), take(session, line(order, text="tien nhan"))
    by = {"now": NOW, "actor_id": user.id}
    with pytest.raises(paying.NoReason):
        bank_entries.match_by_hand(session, entry, payment_of(order), "", **by)
    bank_entries.match_by_hand(session, entry, payment_of(order), "Người mua gọi", **by)
    assert (entry.status, entry.actor_id) == (EntryStatus.MATCHED, user.id)
    assert order.status is OrderStatus.PAID
    with pytest.raises(bank_entries.EntryDone):
        bank_entries.match_by_hand(session, entry, payment_of(order), "Lại", **by)


def test_staff_put_aside_what_is_for_no_order(session: Session, order: Order) -> None:
    entry = take(session, line(order, text="lai tien gui"))
    bank_entries.ignore(session, entry, "Lãi tiền gửi", **BY_NOBODY)
    assert entry.status is EntryStatus.IGNORED
    payment: Payment = payment_of(order)
    bank_entries.match_by_hand(session, entry, payment, "Nhầm", **BY_NOBODY)
    assert payment.received == TOTAL


def test_what_was_matched_is_not_put_aside(session: Session, order: Order) -> None:
    with pytest.raises(bank_entries.EntryDone):
        bank_entries.ignore(session, take(session, line(order)), "Nhầm", **BY_NOBODY)

"""What money does to its order: in full, in parts, too much, too late."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.core.outbox import OutboxJob
from builders import BY_NOBODY, NOW, make_offered, make_order
from builders_payments import TOTAL, make_prepaid, payment_of
from pos.sales import orders, paying, payments, refunds
from pos.sales.models import Order
from pos.sales.payment_models import MoneyIn, Refund
from pos.sales.payment_status import RefundKind, RefundStatus
from pos.sales.status import OrderStatus, PaymentStatus, Tender


@pytest.fixture
def order(session: Session) -> Order:
    """Two hundred thousand đồng are to be transferred."""
    return make_prepaid(session)


def comes(session: Session, order: Order, amount: int, key: str = "1", **over: Any) -> bool:
    payment = order.payments[over.pop("number", 0)]
    return paying.money_came(session, payment, amount, source="bank", key=key, now=NOW, **over)


def going_back(session: Session) -> list[tuple[int, RefundKind]]:
    rows = session.scalars(select(Refund).order_by(Refund.requested_at, Refund.amount))
    return [(row.amount, row.kind) for row in rows]


def state(order: Order) -> tuple[OrderStatus, PaymentStatus]:
    return order.status, payment_of(order).status


def test_a_transfer_has_its_own_reference(session: Session, order: Order) -> None:
    code = payment_of(order).code
    assert code is not None
    assert payments.by_code(session, code) is payment_of(order)
    assert payment_of(make_order(session, make_offered(session))).code is None


def test_money_in_full_accepts_and_pays_the_order(session: Session, order: Order) -> None:
    assert comes(session, order, TOTAL)
    assert state(order) == (OrderStatus.PAID, PaymentStatus.SETTLED)
    assert (order.accepted_at, order.paid_at, payment_of(order).settled_at) == (NOW, NOW, NOW)


def test_an_accepted_order_is_paid(session: Session, order: Order) -> None:
    orders.accept(session, order, **BY_NOBODY)
    comes(session, order, TOTAL)
    assert order.status is OrderStatus.PAID


def test_the_same_money_counts_once(session: Session, order: Order) -> None:
    assert [comes(session, order, TOTAL) for _ in range(3)] == [True, False, False]
    assert payment_of(order).received == TOTAL
    assert going_back(session) == []


def test_too_little_waits_and_a_second_transfer_completes_it(
    session: Session, order: Order
) -> None:
    comes(session, order, 150_000)
    assert state(order) == (OrderStatus.PLACED, PaymentStatus.MISMATCHED)
    assert paying.missing(payment_of(order)) == 50_000
    comes(session, order, 50_000, "2")
    assert state(order) == (OrderStatus.PAID, PaymentStatus.SETTLED)


def test_what_is_too_much_goes_back(session: Session, order: Order) -> None:
    comes(session, order, TOTAL + 5_000)
    assert order.status is OrderStatus.PAID
    assert going_back(session) == [(5_000, RefundKind.EXCESS)]


def test_money_that_comes_twice_goes_back_once(session: Session, order: Order) -> None:
    comes(session, order, TOTAL)
    comes(session, order, TOTAL, "again")
    assert going_back(session) == [(TOTAL, RefundKind.EXCESS)]
    assert paying.held(order) == TOTAL


@pytest.mark.parametrize("end", [orders.cancel, orders.refuse])
def test_money_for_an_order_that_has_ended_is_kept_and_goes_back(
    session: Session, order: Order, end: Any
) -> None:
    end(session, order, "Hết hàng", **BY_NOBODY)
    comes(session, order, TOTAL)
    assert payment_of(order).received == TOTAL
    assert payment_of(order).status is PaymentStatus.SETTLED
    assert going_back(session) == [(TOTAL, RefundKind.ENDED)]


def test_a_part_for_an_order_that_has_ended_goes_back_too(session: Session, order: Order) -> None:
    orders.expire(session, order, now=NOW)
    payments.end(session, order, **BY_NOBODY)
    comes(session, order, 30_000)
    assert going_back(session) == [(30_000, RefundKind.ENDED)]


def test_what_came_before_the_end_goes_back(session: Session, order: Order) -> None:
    comes(session, order, 150_000)
    orders.cancel(session, order, "Đổi ý", **BY_NOBODY)
    payments.end(session, order, **BY_NOBODY)
    payments.end(session, order, **BY_NOBODY)
    assert going_back(session) == [(150_000, RefundKind.ENDED)]
    assert payment_of(order).status is PaymentStatus.CANCELLED


def test_money_of_ended_orders_is_found_by_the_sweep(session: Session, order: Order) -> None:
    comes(session, order, TOTAL)
    order.status = OrderStatus.CANCELLED
    assert [paying.return_for_ended(session, now=NOW) for _ in range(2)] == [1, 0]
    assert going_back(session) == [(TOTAL, RefundKind.ENDED)]


@pytest.mark.parametrize(
    ("status", "left"),
    [
        (OrderStatus.EXPIRED, PaymentStatus.EXPIRED),
        (OrderStatus.CANCELLED, PaymentStatus.CANCELLED),
    ],
)
def test_the_end_of_an_order_closes_its_payment_and_the_page_of_the_provider(
    session: Session, status: OrderStatus, left: PaymentStatus
) -> None:
    order = make_prepaid(session, Tender.CARD)
    payment = payment_of(order)
    payment.session_ref, payment.pay_url, order.status = "cs_1", "https://pay.example/1", status
    for _ in range(2):
        payments.end(session, order, **BY_NOBODY)
    jobs = session.scalars(select(OutboxJob).filter_by(name=payments.CLOSE_PAGE)).all()
    assert payment.status is left
    assert [job.payload for job in jobs] == [{"session": "cs_1"}]


def test_payment_on_delivery_accepts_nothing(session: Session) -> None:
    order = make_order(session, make_offered(session))
    comes(session, order, order.total)
    assert state(order) == (OrderStatus.PLACED, PaymentStatus.SETTLED)


def test_two_payments_of_one_order_both_come_and_one_goes_back(
    session: Session, order: Order
) -> None:
    payments.expect(session, order, Tender.TRANSFER, TOTAL, now=NOW)
    comes(session, order, TOTAL)
    comes(session, order, TOTAL, "2", number=1)
    assert paying.held(order) == TOTAL
    assert going_back(session) == [(TOTAL, RefundKind.EXCESS)]


def test_what_staff_gave_back_is_not_due_again(session: Session, order: Order) -> None:
    comes(session, order, TOTAL)
    refunds.request(
        session,
        payment_of(order),
        40_000,
        kind=RefundKind.DECIDED,
        reason="Vỡ một lọ",
        key="form",
        **BY_NOBODY,
    )
    comes(session, order, 40_000, "2")
    assert (40_000, RefundKind.EXCESS) in going_back(session)


def test_staff_confirm_with_a_reason(session: Session, order: Order) -> None:
    payment = payment_of(order)
    with pytest.raises(paying.NoReason):
        paying.confirm(session, payment, TOTAL, "", "k", **BY_NOBODY)
    assert paying.confirm(session, payment, TOTAL, "Sao kê 24/11", "k", **BY_NOBODY)
    assert session.scalars(select(MoneyIn.reason)).all() == ["Sao kê 24/11"]


@pytest.mark.parametrize("amount", [0, -1])
def test_no_money_is_refused(session: Session, order: Order, amount: int) -> None:
    with pytest.raises(paying.NoMoney):
        comes(session, order, amount)


def test_a_claim_is_noted_and_changes_nothing_else(session: Session, order: Order) -> None:
    for _ in range(2):
        payments.claim(session, payment_of(order), **BY_NOBODY)
    assert state(order) == (OrderStatus.PLACED, PaymentStatus.CLAIMED)
    comes(session, order, TOTAL)
    payments.claim(session, payment_of(order), **BY_NOBODY)
    assert state(order) == (OrderStatus.PAID, PaymentStatus.SETTLED)


def test_only_transfers_are_claimed(session: Session) -> None:
    with pytest.raises(payments.NoTransfer):
        payments.claim(session, payment_of(make_prepaid(session, Tender.CARD)), **BY_NOBODY)


def test_what_came_is_never_changed(session: Session, order: Order) -> None:
    comes(session, order, TOTAL)
    with pytest.raises(DBAPIError, match="append-only"):
        session.execute(delete(MoneyIn))


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(1, 150_000)), max_size=12), st.booleans())
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_every_dong_is_accounted_for(
    session: Session, sent: list[tuple[int, int]], ends: bool
) -> None:
    order, counted = make_prepaid(session), {}
    for step, (key, amount) in enumerate(sent):
        name = f"{order.number}:{key}"
        counted.setdefault(name, amount)
        comes(session, order, amount, name)
        if ends and step == 3 and order.status is OrderStatus.PLACED:
            orders.cancel(session, order, "Đổi ý", **BY_NOBODY)
            payments.end(session, order, **BY_NOBODY)
    payment, total = payment_of(order), sum(counted.values())
    back = session.scalar(select(func.sum(Refund.amount)).filter_by(order_id=order.id)) or 0
    assert payment.received == total
    assert payment.refunded == back <= total
    ended = order.status is OrderStatus.CANCELLED
    assert total - back == (0 if ended else min(total, TOTAL))
    assert (order.status is OrderStatus.PAID) == (not ended and total >= TOTAL)


def test_a_failed_refund_leaves_the_money_with_the_shop(session: Session, order: Order) -> None:
    comes(session, order, TOTAL + 5_000)
    (refund,) = refunds.of_order(session, order.id)
    for _ in range(2):
        refunds.fail(session, refund, "Tài khoản đã đóng", now=NOW)
    assert refund.status is RefundStatus.FAILED
    assert (payment_of(order).refunded, paying.held(order)) == (0, TOTAL + 5_000)
    another = refunds.again(session, refund, **BY_NOBODY)
    assert refunds.again(session, refund, **BY_NOBODY) is another
    assert payment_of(order).refunded == 5_000

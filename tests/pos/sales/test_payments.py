"""Money expected and money come."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.models import AuditEntry
from builders import BY_NOBODY, NOW, make_offered, make_order
from pos.sales import payments
from pos.sales.models import Order
from pos.sales.status import PaymentStatus, Tender


@pytest.fixture
def order(session: Session) -> Order:
    """An order of 130,000 đồng."""
    return make_order(session, make_offered(session, 100_000))


def test_settled_money_counts_as_paid(session: Session, order: Order) -> None:
    assert payments.paid(order) == 0
    payments.settle(session, order.payments[0], **BY_NOBODY)
    assert payments.paid(order) == 130_000
    assert order.payments[0].settled_at == NOW


def test_settling_twice_counts_once(session: Session, order: Order) -> None:
    for _ in range(2):
        payments.settle(session, order.payments[0], **BY_NOBODY)
    assert payments.paid(order) == 130_000
    trail = select(func.count()).select_from(AuditEntry).filter_by(action="payment.settle")
    assert session.scalar(trail) == 1


def test_cash_given_must_cover_the_amount(session: Session, order: Order) -> None:
    (payment,) = order.payments
    with pytest.raises(payments.TooLittle):
        payments.settle(session, payment, tendered=129_999, **BY_NOBODY)
    payments.settle(session, payment, tendered=200_000, **BY_NOBODY)
    assert payment.tendered == 200_000


def test_money_that_comes_after_all_is_noted(session: Session, order: Order) -> None:
    payments.cancel_expected(session, order)
    payments.settle(session, order.payments[0], **BY_NOBODY)
    assert payments.paid(order) == order.total


def test_money_that_has_come_stays_when_the_rest_is_cancelled(
    session: Session, order: Order
) -> None:
    payments.settle(session, order.payments[0], **BY_NOBODY)
    more = payments.expect(session, order, Tender.CASH, 5_000, now=NOW)
    payments.cancel_expected(session, order)
    assert (payments.paid(order), more.status) == (130_000, PaymentStatus.CANCELLED)


def test_each_payment_of_an_order_has_its_own_reference(session: Session, order: Order) -> None:
    more = payments.expect(session, order, Tender.ON_DELIVERY, 5_000, now=NOW)
    assert [p.reference for p in order.payments] == [f"{order.number}/1", f"{order.number}/2"]
    assert more.amount == 5_000

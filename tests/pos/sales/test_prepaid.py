"""Orders whose money must come first: kept for a while, then let go."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.outbox import OutboxJob
from builders import BY_NOBODY, NOW, TODAY, make_depot, make_offered, make_order, stock_up
from builders_sales import make_prepaid
from catalog.models import Sku
from pos.sales import desk, fulfilment, orders
from pos.sales.desk import Queue
from pos.sales.status import OrderStatus, PaymentStatus
from pos.stock import availability
from pos.stock.models import Place
from pos.stock.verify import problems

LATER = NOW + timedelta(hours=24)


@pytest.fixture
def sku(session: Session) -> Sku:
    return make_offered(session, 100_000)


@pytest.fixture
def depot(session: Session, sku: Sku) -> Place:
    place = make_depot(session)
    stock_up(session, place, sku, 5)
    return place


def free(session: Session, depot: Place, sku: Sku) -> int:
    return availability.available(session, depot.id, [sku.id], TODAY)[sku.id]


def test_goods_are_kept_until_the_time_to_pay_is_over(
    session: Session, sku: Sku, depot: Place
) -> None:
    order = make_prepaid(session, sku, 2, source=depot)
    assert order.pay_until == LATER
    assert orders.expire_unpaid(session, now=LATER - timedelta(seconds=1)) == 0
    assert free(session, depot, sku) == 3
    assert orders.expire_unpaid(session, now=LATER) == 1
    assert (order.status, free(session, depot, sku)) == (OrderStatus.EXPIRED, 5)
    assert problems(session) == []


def test_an_order_ends_for_want_of_money_only_once(
    session: Session, sku: Sku, depot: Place
) -> None:
    make_prepaid(session, sku, source=depot)
    assert [orders.expire_unpaid(session, now=LATER) for _ in range(2)] == [1, 0]


def test_what_is_paid_on_delivery_never_expires(session: Session, sku: Sku, depot: Place) -> None:
    order = make_order(session, sku, source=depot)
    assert order.pay_until is None
    assert orders.expire_unpaid(session, now=LATER) == 0


def test_an_accepted_order_expires_too(session: Session, sku: Sku, depot: Place) -> None:
    order = make_prepaid(session, sku, source=depot)
    orders.accept(session, order, **BY_NOBODY)
    orders.expire_unpaid(session, now=LATER)
    assert order.status is OrderStatus.EXPIRED


def test_goods_do_not_leave_before_the_money_has_come(
    session: Session, sku: Sku, depot: Place
) -> None:
    order = make_prepaid(session, sku, source=depot)
    orders.accept(session, order, **BY_NOBODY)
    assert fulfilment.next_steps(order) == ["cancel"]
    with pytest.raises(fulfilment.NotPaidYet):
        fulfilment.pack(session, order, **BY_NOBODY)
    assert order.status is OrderStatus.ACCEPTED


def test_it_waits_in_a_queue_of_its_own(session: Session, sku: Sku, depot: Place) -> None:
    order = make_prepaid(session, sku, source=depot)
    counts = desk.counts(session, None)
    assert (counts[Queue.TO_PAY.value], counts[Queue.TO_ACCEPT.value]) == (1, 0)
    assert desk.listing(session, Queue.TO_PAY, "", None, 1).items == [order]
    orders.expire_unpaid(session, now=LATER)
    assert set(desk.counts(session, None).values()) == {0}


def test_the_buyer_hears_of_every_move_but_the_last(
    session: Session, sku: Sku, depot: Place
) -> None:
    order = make_order(session, sku, source=depot)
    order.contact_email = "lan@example.vn"
    orders.accept(session, order, **BY_NOBODY)
    for step in (fulfilment.pack, fulfilment.ship, fulfilment.deliver, fulfilment.complete):
        step(session, order, **BY_NOBODY)
    told = session.scalars(select(OutboxJob).filter_by(name="order_moved")).all()
    assert [job.payload["to"] for job in told] == ["accepted", "packed", "shipped", "delivered"]


def test_the_order_is_kept_as_it_was_confirmed(session: Session, sku: Sku, depot: Place) -> None:
    order = make_prepaid(session, sku, 2, source=depot)
    sku.product.name_vi = "Tên khác"
    copy = order.confirmed
    assert copy is not None
    assert copy["lines"][0]["name"] == order.lines[0].name
    assert copy["amounts"]["total"] == order.total == 230_000
    assert (copy["tender"], copy["pay_until"]) == ("transfer", LATER.isoformat())


def test_no_payment_is_expected_of_an_order_that_expired(
    session: Session, sku: Sku, depot: Place
) -> None:
    order = make_prepaid(session, sku, source=depot)
    orders.expire_unpaid(session, now=LATER)
    assert {payment.status for payment in order.payments} == {PaymentStatus.EXPIRED}

"""Orders: placing, accepting, ending, finding again."""

import os
import re

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import AuditEntry
from app.core.codes import has_check
from app.core.outbox import OutboxJob
from app.core.states import ForbiddenMove
from builders import BY_NOBODY, NOW, make_depot, make_offered, make_order, stock_up
from catalog.models import Sku
from pos.sales import orders
from pos.sales.lines import Item
from pos.sales.models import Order
from pos.sales.status import OrderStatus, PaymentStatus, Tender
from pos.stock.availability import available
from pos.stock.ledger import OutOfStock
from pos.stock.models import Place
from pos.stock.verify import problems


@pytest.fixture
def sku(session: Session) -> Sku:
    return make_offered(session, 100_000)


@pytest.fixture
def depot(session: Session, sku: Sku) -> Place:
    place = make_depot(session)
    stock_up(session, place, sku, 10)
    return place


def free(session: Session, place: Place, sku: Sku) -> int:
    return available(session, place.id, [sku.id], NOW.date()).get(sku.id, 0)


def test_an_order_sets_goods_aside_and_expects_money(
    session: Session, sku: Sku, depot: Place
) -> None:
    order = make_order(session, sku, 3, source=depot)
    assert (order.subtotal, order.delivery_fee, order.total) == (300_000, 30_000, 330_000)
    assert free(session, depot, sku) == 7
    (payment,) = order.payments
    assert (payment.status, payment.amount) == (PaymentStatus.EXPECTED, 330_000)
    assert payment.tender is Tender.ON_DELIVERY
    assert problems(session) == []


def test_a_confirmation_is_queued_with_the_order(session: Session, sku: Sku, depot: Place) -> None:
    order = make_order(session, sku, source=depot)
    job = session.scalars(select(OutboxJob).filter_by(name="order_placed")).one()
    assert job.payload == {"order_id": str(order.id)}


def test_a_number_can_be_read_out_and_checks_itself(
    session: Session, sku: Sku, depot: Place
) -> None:
    number = make_order(session, sku, source=depot).number
    assert re.fullmatch(r"PH-26-[0-9A-HJKMNP-TV-Z]{8}", number)
    assert has_check(number.rpartition("-")[2])


def test_too_little_stock_refuses_the_order_and_names_every_short_line(
    session: Session, sku: Sku, depot: Place
) -> None:
    missing = make_offered(session)
    with pytest.raises(OutOfStock) as refused, session.begin_nested():
        make_order(session, sku, source=depot, items=[Item(sku.id, 11), Item(missing.id, 1)])
    assert [(line["wanted"], line["available"]) for line in refused.value.detail] == [
        (11, 10),
        (1, 0),
    ]
    assert session.scalar(select(Order.id)) is None
    assert free(session, depot, sku) == 10


def test_two_lines_of_one_article_share_its_stock(session: Session, sku: Sku, depot: Place) -> None:
    with pytest.raises(OutOfStock), session.begin_nested():
        make_order(session, sku, source=depot, items=[Item(sku.id, 6), Item(sku.id, 5)])


def test_accepting_is_noted_with_time_and_person(session: Session, sku: Sku, depot: Place) -> None:
    order = make_order(session, sku, source=depot)
    orders.accept(session, order, **BY_NOBODY)
    assert (order.status, order.accepted_at) == (OrderStatus.ACCEPTED, NOW)
    entry = session.scalars(select(AuditEntry).filter_by(action="order.move")).one()
    assert entry.detail == {"before": "placed", "after": "accepted", "reason": None}


@pytest.mark.parametrize("end", ["refuse", "cancel", "cancel_by_buyer"])
def test_an_ended_order_frees_goods_and_needs_no_money(
    session: Session, sku: Sku, depot: Place, end: str
) -> None:
    order = make_order(session, sku, 4, source=depot)
    reason = () if end == "cancel_by_buyer" else ("hết hàng",)
    getattr(orders, end)(session, order, *reason, **BY_NOBODY)
    assert order.status in {OrderStatus.REFUSED, OrderStatus.CANCELLED}
    assert order.ended_reason
    assert free(session, depot, sku) == 10
    assert order.payments[0].status is PaymentStatus.CANCELLED
    assert problems(session) == []


def test_an_accepted_order_is_ended_by_the_shop_only(
    session: Session, sku: Sku, depot: Place
) -> None:
    order = make_order(session, sku, source=depot)
    orders.accept(session, order, **BY_NOBODY)
    with pytest.raises(orders.TooLateToCancel):
        orders.cancel_by_buyer(session, order, **BY_NOBODY)
    orders.cancel(session, order, "khách gọi", **BY_NOBODY)
    assert order.status is OrderStatus.CANCELLED


def test_an_ended_order_stays_ended(session: Session, sku: Sku, depot: Place) -> None:
    order = make_order(session, sku, source=depot)
    orders.refuse(session, order, "hết hàng", **BY_NOBODY)
    for again in (orders.accept, orders.cancel_by_buyer):
        with pytest.raises((ForbiddenMove, orders.TooLateToCancel)):
            again(session, order, **BY_NOBODY)


def test_number_and_phone_together_find_an_order(session: Session, sku: Sku, depot: Place) -> None:
    order = make_order(session, sku, source=depot)
    assert orders.by_number_and_phone(session, order.number, "+84912345678") is order
    for number, phone in ((order.number, "+84912345679"), ("PH-26-AAAAAAAA", "+84912345678")):
        with pytest.raises(orders.UnknownOrder):
            orders.by_number_and_phone(session, number, phone)


def test_the_randomness_given_makes_the_number(session: Session, sku: Sku, depot: Place) -> None:
    order = make_order(session, sku, source=depot, randomness=bytes)
    assert order.number == "PH-26-00000000"
    assert make_order(session, sku, source=depot, randomness=os.urandom).number != order.number

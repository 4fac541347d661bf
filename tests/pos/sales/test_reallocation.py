"""Goods promised online and sold at a counter: other goods are found, or the desk is told."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import AuditEntry
from app.core.outbox import OutboxJob
from builders import (
    BY_NOBODY,
    NOW,
    TODAY,
    make_offered,
    make_order,
    make_place,
    stock_up,
    take_at_counter,
)
from catalog.models import Sku
from pos.sales import desk, fulfilment, orders, reallocation
from pos.sales.desk import Queue
from pos.sales.models import Order
from pos.stock import reservations
from pos.stock.models import Place
from pos.stock.verify import problems


@pytest.fixture
def sku(session: Session) -> Sku:
    return make_offered(session)


@pytest.fixture
def shop(session: Session, sku: Sku) -> Place:
    """A sales point that sends parcels, with five units."""
    place = make_place(session, serves_web=True)
    stock_up(session, place, sku, 5)
    return place


def mend(session: Session) -> int:
    return reallocation.mend(session, day=TODAY, now=NOW)


def promised(session: Session, order: Order) -> dict[str, int]:
    rows = reservations.held(session, orders.reference_of(order))
    return {str(row.place_id): row.quantity for row in rows}


@pytest.fixture
def order(session: Session, sku: Sku, shop: Place) -> Order:
    order = make_order(session, sku, 3, source=shop)
    take_at_counter(session, shop, sku, 4)
    assert promised(session, order) == {str(shop.id): 1}
    return order


def test_new_goods_at_the_same_place_are_set_aside(
    session: Session, sku: Sku, shop: Place, order: Order
) -> None:
    stock_up(session, shop, sku, 10)
    assert mend(session) == 1
    assert sum(r.quantity for r in reservations.held(session, orders.reference_of(order))) == 3
    assert (mend(session), problems(session)) == (0, [])


def test_another_place_takes_the_whole_order_over(
    session: Session, sku: Sku, shop: Place, order: Order
) -> None:
    other = make_place(session, serves_web=True)
    stock_up(session, other, sku, 3)
    assert mend(session) == 1
    assert order.place_id == other.id
    assert promised(session, order) == {str(other.id): 3}
    trail = session.scalars(select(AuditEntry).filter_by(action="order.reallocate")).one()
    assert trail.detail["after"] == str(other.id)
    assert problems(session) == []
    orders.accept(session, order, **BY_NOBODY)
    fulfilment.pack(session, order, **BY_NOBODY)
    assert problems(session) == []


def test_what_is_fetched_stays_where_it_was_ordered(
    session: Session, sku: Sku, shop: Place, order: Order
) -> None:
    order.delivery = order.delivery.PICKUP
    stock_up(session, make_place(session, serves_web=True), sku, 3)
    assert mend(session) == 0
    assert order.place_id == shop.id


def test_a_place_that_has_some_only_is_no_help(session: Session, sku: Sku, order: Order) -> None:
    other = make_place(session, serves_web=True)
    stock_up(session, other, sku, 2)
    assert mend(session) == 0
    assert problems(session) == []


def test_the_desk_is_told_once_for_each_broken_promise(
    session: Session, sku: Sku, shop: Place, order: Order
) -> None:
    for _ in range(3):
        mend(session)
    jobs = select(OutboxJob).filter_by(name=reallocation.TELL)
    assert len(session.scalars(jobs).all()) == 1
    take_at_counter(session, shop, sku, 1)
    mend(session)
    assert len(session.scalars(jobs).all()) == 2


def test_it_stands_in_its_queue_until_goods_are_found(
    session: Session, sku: Sku, shop: Place, order: Order
) -> None:
    assert desk.counts(session, None)[Queue.BROKEN.value] == 1
    stock_up(session, shop, sku, 10)
    mend(session)
    assert desk.counts(session, None)[Queue.BROKEN.value] == 0


def test_an_order_that_has_ended_gets_nothing(
    session: Session, sku: Sku, shop: Place, order: Order
) -> None:
    orders.cancel(session, order, "x", **BY_NOBODY)
    stock_up(session, shop, sku, 10)
    assert mend(session) == 0
    assert promised(session, order) == {}

"""Goods ordered before the harvest: nothing is set aside until they come, oldest order first."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from app.core.states import ForbiddenMove
from app.storefront import cart as carts
from builders import (
    BY_NOBODY,
    NOW,
    TODAY,
    make_depot,
    make_offered,
    make_order,
    make_pre_order,
    make_set,
    stock_up,
)
from catalog import preorders
from catalog.models import Sku
from catalog.offer_models import PreOrder
from catalog.preorders import BadPreOrder, PreOrderFull
from pos.sales import desk, fulfilment, orders
from pos.sales import preorders as waiting
from pos.sales.desk import Queue
from pos.sales.lines import Item
from pos.sales.models import Order
from pos.stock.models import Place
from pos.stock.verify import problems


@pytest.fixture
def sku(session: Session) -> Sku:
    return make_offered(session)


@pytest.fixture
def pre(session: Session, sku: Sku) -> PreOrder:
    return make_pre_order(session, sku, 10)


@pytest.fixture
def depot(session: Session) -> Place:
    return make_depot(session)


def ahead(session: Session, pre: PreOrder, depot: Place, quantity: int, minute: int = 0) -> Order:
    items = [Item(pre.sku_id, quantity, pre.id)]
    now = NOW + timedelta(minutes=minute)
    return make_order(session, session.get_one(Sku, pre.sku_id), source=depot, items=items, now=now)


def taken(session: Session, pre: PreOrder) -> int:
    session.refresh(pre)
    return pre.taken


def queues(session: Session) -> tuple[int, int]:
    counts = desk.counts(session, None)
    listed = tuple(
        desk.listing(session, q, "", None, 1).total for q in (Queue.WAITING, Queue.TO_PACK)
    )
    assert listed == (counts["waiting"], counts["to_pack"])
    return counts["waiting"], counts["to_pack"]


def test_no_more_is_ordered_than_the_harvest_gives(
    session: Session, pre: PreOrder, depot: Place
) -> None:
    ahead(session, pre, depot, 7)
    with pytest.raises(PreOrderFull):
        preorders.take(session, pre.id, 4, TODAY)
    preorders.take(session, pre.id, 3, TODAY)
    assert taken(session, pre) == 10
    assert preorders.open_for(session, [pre.sku_id], TODAY) == {}


@pytest.mark.parametrize("days", [-1, 11])
def test_outside_its_days_nothing_is_taken(session: Session, pre: PreOrder, days: int) -> None:
    day = TODAY + timedelta(days=days)
    assert preorders.open_for(session, [pre.sku_id], day) == {}
    with pytest.raises(PreOrderFull):
        preorders.take(session, pre.id, 1, day)


def test_once_closed_nothing_is_taken(session: Session, pre: PreOrder) -> None:
    preorders.close(session, pre, **BY_NOBODY)
    with pytest.raises(PreOrderFull):
        preorders.take(session, pre.id, 1, TODAY)


def test_days_that_make_no_sense_are_refused(session: Session, sku: Sku) -> None:
    early = TODAY - timedelta(days=1)
    for over in ({"closes_on": early}, {"ships_from": early}, {"ships_until": TODAY}, {"units": 0}):
        with pytest.raises(BadPreOrder):
            make_pre_order(session, sku, **over)
    with pytest.raises(BadPreOrder):
        make_pre_order(session, make_set(session, {sku: 2}))
    make_pre_order(session, sku)
    with pytest.raises(BadPreOrder):
        make_pre_order(session, sku)


def test_an_order_waits_until_its_goods_come_and_is_packed_then(
    session: Session, pre: PreOrder, depot: Place
) -> None:
    order = ahead(session, pre, depot, 4)
    orders.accept(session, order, **BY_NOBODY)
    assert queues(session) == (1, 0)
    with session.begin_nested() as saved:
        with pytest.raises(waiting.StillWaiting):
            fulfilment.pack(session, order, **BY_NOBODY)
        saved.rollback()
    assert waiting.reserve_waiting(session, day=TODAY, now=NOW) == 0
    stock_up(session, depot, session.get_one(Sku, pre.sku_id), 4)
    assert waiting.reserve_waiting(session, day=TODAY, now=NOW) == 1
    assert waiting.reserve_waiting(session, day=TODAY, now=NOW) == 0
    assert queues(session) == (0, 1)
    session.refresh(order)
    fulfilment.pack(session, order, **BY_NOBODY)
    assert [pick.quantity for pick in order.lines[0].picks] == [4]
    assert problems(session) == []


def test_the_oldest_order_is_served_first(session: Session, pre: PreOrder, depot: Place) -> None:
    later = ahead(session, pre, depot, 3, minute=5)
    first = ahead(session, pre, depot, 4)
    stock_up(session, depot, session.get_one(Sku, pre.sku_id), 5)
    assert waiting.reserve_waiting(session, day=TODAY, now=NOW) == 1
    assert [row.quantity for row in desk.promised(session, first)] == [4]
    assert desk.promised(session, later) == []


def test_an_order_that_ends_gives_its_units_back_once(
    session: Session, pre: PreOrder, depot: Place
) -> None:
    order, other = ahead(session, pre, depot, 4), ahead(session, pre, depot, 2)
    assert taken(session, pre) == 6
    orders.cancel(session, order, "đổi ý", **BY_NOBODY)
    assert taken(session, pre) == 2
    with pytest.raises(ForbiddenMove):
        orders.cancel(session, order, "đổi ý", **BY_NOBODY)
    orders.refuse(session, other, "mất mùa", **BY_NOBODY)
    assert taken(session, pre) == 0


def test_a_cart_orders_ahead_only_what_is_not_there(
    session: Session, pre: PreOrder, depot: Place
) -> None:
    cart = carts.find_or_open(session, "a token", user_id=None, now=NOW)
    carts.add(session, cart, pre.sku_id, 11, now=NOW)
    assert carts.view(session, cart, TODAY).rows[0].problem is not None
    carts.change(session, cart, pre.sku_id, 10, now=NOW)
    view = carts.view(session, cart, TODAY)
    assert view.orderable
    assert view.items == [Item(pre.sku_id, 10, pre.id)]
    assert depot.id in {s.place.id for s in view.rows[0].places}
    stock_up(session, depot, session.get_one(Sku, pre.sku_id), 20)
    assert carts.view(session, cart, TODAY).items == [Item(pre.sku_id, 10)]

"""From cart to order, once."""

import os
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.areas import loading as areas
from app.areas.models import AreaUnit
from app.core.operations import KeyReused
from app.storefront import cart as carts
from app.storefront import checkout, delivery
from app.storefront.checkout import Buyer, Details
from app.storefront.delivery import Rates
from app.storefront.models import Cart
from builders import NOW, TODAY, make_depot, make_offered, make_place, make_user, stock_up
from catalog.models import Sku
from pos.sales.lines import EmptyOrder
from pos.sales.models import Order
from pos.sales.orders import Contact
from pos.sales.status import Delivery, Tender
from pos.stock.ledger import OutOfStock
from pos.stock.models import Place
from pos.stock.verify import problems

LAN = Contact(name="Nguyễn Thị Lan", phone="+84912345678", address="12 Phố Hiến")
SHIP = Details(LAN, Delivery.SHIP, None)
GUEST = Buyer(None, "vi", Rates(fee=30_000, free_from=500_000))


@pytest.fixture
def sku(session: Session) -> Sku:
    return make_offered(session, 100_000)


@pytest.fixture
def depot(session: Session, sku: Sku) -> Place:
    place = make_depot(session)
    stock_up(session, place, sku, 10)
    return place


@pytest.fixture
def cart(session: Session, sku: Sku) -> Cart:
    """Two of the article."""
    opened = carts.find_or_open(session, "a token", user_id=None, now=NOW)
    carts.add(session, opened, sku.id, 2, now=NOW)
    return opened


def place(session: Session, cart: Cart | None, details: Details = SHIP, **over: Any) -> Order:
    values = {"key": "one", "now": NOW, "randomness": os.urandom} | over
    buyer = values.pop("buyer", GUEST)
    return checkout.place(session, cart, details, buyer, **values)


def test_a_cart_becomes_an_order_and_is_empty_then(
    session: Session, cart: Cart, depot: Place
) -> None:
    order = place(session, cart)
    assert (order.subtotal, order.delivery_fee, order.total) == (200_000, 30_000, 230_000)
    assert (order.place, order.payments[0].tender) == (depot, Tender.ON_DELIVERY)
    assert carts.view(session, cart, TODAY).rows == []
    assert problems(session) == []


def test_the_same_key_gives_the_same_order_once(session: Session, cart: Cart, depot: Place) -> None:
    first, again = place(session, cart), place(session, cart)
    assert first is again
    assert session.scalar(select(func.count(Order.id))) == 1


def test_the_same_key_with_another_address_is_refused(
    session: Session, cart: Cart, depot: Place
) -> None:
    place(session, cart)
    moved = Details(Contact("Lan", "+84912345678", address="9 Lê Lợi"), Delivery.SHIP, None)
    with pytest.raises(KeyReused):
        place(session, cart, moved)


def test_too_little_stock_keeps_the_cart(
    session: Session, cart: Cart, sku: Sku, depot: Place
) -> None:
    carts.change(session, cart, sku.id, 11, now=NOW)
    with pytest.raises(OutOfStock), session.begin_nested():
        place(session, cart)
    session.expire_all()
    assert [row.quantity for row in carts.view(session, cart, TODAY).rows] == [11]
    assert session.scalar(select(Order.id)) is None


def test_after_a_refusal_the_same_form_may_be_sent_again(
    session: Session, cart: Cart, sku: Sku, depot: Place
) -> None:
    carts.change(session, cart, sku.id, 11, now=NOW)
    with pytest.raises(OutOfStock), session.begin_nested():
        place(session, cart)
    stock_up(session, depot, sku, 5)
    assert place(session, cart).lines[0].quantity == 11


def test_an_order_to_be_fetched_costs_nothing_to_deliver_and_comes_from_the_point(
    session: Session, cart: Cart, sku: Sku, depot: Place
) -> None:
    shop = make_place(session)
    stock_up(session, shop, sku, 2)
    order = place(session, cart, Details(LAN, Delivery.PICKUP, shop.id))
    assert (order.place, order.delivery_fee) == (shop, 0)
    assert order.payments[0].tender is Tender.AT_POINT


def test_a_point_must_have_everything_itself(
    session: Session, cart: Cart, sku: Sku, depot: Place
) -> None:
    shop = make_place(session)
    stock_up(session, shop, sku, 1)
    with pytest.raises(OutOfStock):
        place(session, cart, Details(LAN, Delivery.PICKUP, shop.id))


def test_a_depot_is_no_point_for_pick_up(session: Session, cart: Cart, depot: Place) -> None:
    with pytest.raises(delivery.NoSuchPoint):
        place(session, cart, Details(LAN, Delivery.PICKUP, depot.id))


def test_a_large_order_is_sent_free(session: Session, cart: Cart, sku: Sku, depot: Place) -> None:
    carts.change(session, cart, sku.id, 5, now=NOW)
    assert place(session, cart).delivery_fee == 0


def test_an_empty_cart_is_no_order(session: Session, sku: Sku, depot: Place) -> None:
    empty = carts.find_or_open(session, "empty", user_id=None, now=NOW)
    for nothing in (None, empty):
        with pytest.raises(EmptyOrder), session.begin_nested():
            place(session, nothing)


def test_an_order_of_a_member_belongs_to_the_member(
    session: Session, cart: Cart, depot: Place
) -> None:
    member = make_user(session)
    buyer = Buyer(member.id, "en", GUEST.rates)
    order = place(session, cart, buyer=buyer)
    assert (order.customer_id, order.language) == (member.id, "en")


@pytest.mark.parametrize(("days", "taken"), [(None, True), (3, False), (4, False), (5, True)])
def test_fresh_goods_go_outside_the_province_only_if_they_bear_the_longest_way(
    session: Session, cart: Cart, sku: Sku, depot: Place, days: int | None, taken: bool
) -> None:
    sku.product.max_transit_days = days
    if taken:
        assert place(session, cart).lines
        return
    with pytest.raises(delivery.TooFar) as refused:
        place(session, cart)
    assert refused.value.detail == [sku.product.name_vi]
    assert cart.lines


def test_fresh_goods_are_sent_within_the_province_and_handed_out_at_points(
    session: Session, cart: Cart, sku: Sku, depot: Place
) -> None:
    sku.product.max_transit_days = 1
    areas.load(session)
    commune = session.scalars(select(AreaUnit).filter_by(snapshot="2025-07").limit(1)).one()
    near = replace(LAN, area_id=commune.id, area_text=commune.full_name)
    assert place(session, cart, Details(near, Delivery.SHIP, None)).lines

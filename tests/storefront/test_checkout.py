"""From cart to order, once."""

import os
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.db import Database
from app.core.operations import KeyReused
from app.storefront import cart as carts
from app.storefront import checkout, delivery
from app.storefront.checkout import Buyer, Changed, Details, NotOffered, Pay, Rules
from app.storefront.models import Cart
from builders import (
    NOW,
    TODAY,
    make_depot,
    make_offered,
    make_place,
    make_set,
    make_user,
    set_price,
    stock_up,
)
from builders_promotions import make_voucher
from catalog.models import Sku, Unit
from pos.promotions.refusals import UnknownVoucher
from pos.sales.lines import EmptyOrder
from pos.sales.models import Order
from pos.sales.placing import Contact
from pos.sales.status import Delivery, Tender
from pos.stock.models import Place
from pos.stock.verify import problems
from support.statements import counted

LAN = Contact(name="Nguyễn Thị Lan", phone="+84912345678", address="12 Phố Hiến")
SHIP = Details(LAN, Delivery.SHIP, None, province="hung-yen")
STATEMENTS = 15  # of SQLite, which queues jobs one by one; PostgreSQL needs 14
RULES = Rules(free_from=500_000)
GUEST = Buyer(None, "vi", RULES)


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


def test_an_order_takes_as_many_statements_whatever_is_in_it(
    session: Session, cart: Cart, depot: Place, database: Database
) -> None:
    for _more in range(3):
        sku = make_offered(session, 10_000)
        stock_up(session, depot, sku, 1)
        carts.add(session, cart, sku.id, 1, now=NOW)
    session.expunge_all()  # as in a transaction of its own
    found = carts.find(session, "a token")
    with counted(database) as seen:
        order = place(session, found)
    assert len(order.lines) == 4
    assert len(seen) <= STATEMENTS, "\n".join(seen)


def test_the_same_key_gives_the_same_order_once(session: Session, cart: Cart, depot: Place) -> None:
    first, again = place(session, cart), place(session, cart)
    assert first is again
    assert session.scalar(select(func.count(Order.id))) == 1


def test_the_same_key_with_another_address_is_refused(
    session: Session, cart: Cart, depot: Place
) -> None:
    place(session, cart)
    moved = replace(SHIP, contact=replace(LAN, address="9 Lê Lợi"))
    with pytest.raises(KeyReused):
        place(session, cart, moved)


def test_too_little_stock_keeps_the_cart(
    session: Session, cart: Cart, sku: Sku, depot: Place
) -> None:
    carts.change(session, cart, sku.id, 11, now=NOW)
    with pytest.raises(delivery.NotTogether), session.begin_nested():
        place(session, cart)
    session.expire_all()
    assert [row.quantity for row in carts.view(session, cart, TODAY).rows] == [11]
    assert session.scalar(select(Order.id)) is None


def test_after_a_refusal_the_same_form_may_be_sent_again(
    session: Session, cart: Cart, sku: Sku, depot: Place
) -> None:
    carts.change(session, cart, sku.id, 11, now=NOW)
    with pytest.raises(delivery.NotTogether), session.begin_nested():
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
    with pytest.raises(delivery.NotTogether):
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
    buyer = Buyer(member.id, "en", GUEST.rules)
    order = place(session, cart, buyer=buyer)
    assert (order.customer_id, order.language) == (member.id, "en")


@pytest.mark.parametrize(("days", "taken"), [(None, True), (2, False), (3, True), (5, True)])
def test_fresh_goods_go_only_as_far_as_they_bear(
    session: Session, cart: Cart, sku: Sku, depot: Place, days: int | None, taken: bool
) -> None:
    sku.product.max_transit_days = days
    far = replace(SHIP, province="ca-mau")
    if taken:
        assert place(session, cart, far).lines
        return
    with pytest.raises(delivery.TooFar) as refused:
        place(session, cart, far)
    assert refused.value.detail == [sku.product.name_vi]
    assert cart.lines


def test_a_gift_set_goes_only_as_far_as_its_frailest_part(
    session: Session, sku: Sku, depot: Place
) -> None:
    frail = make_offered(session, 50_000)
    frail.product.max_transit_days = 1
    stock_up(session, depot, frail, 10)
    bundle = make_set(session, {sku: 1, frail: 1})
    cart = carts.find_or_open(session, "a token", user_id=None, now=NOW)
    carts.add(session, cart, bundle.id, 1, now=NOW)
    with pytest.raises(delivery.TooFar), session.begin_nested():
        place(session, cart, replace(SHIP, province="ca-mau"))
    assert place(session, cart).lines


def test_the_order_keeps_the_way_its_days_and_its_weight(
    session: Session, cart: Cart, depot: Place
) -> None:
    order = place(session, cart, replace(SHIP, province="ha-noi", option="express.fast"))
    assert (order.delivery_option, order.province, order.weight) == (
        "express.fast",
        "ha-noi",
        1_000,
    )
    assert (order.delivery_fee, order.cod_fee, order.total) == (55_000, 15_000, 270_000)
    assert order.arrives_until == TODAY + timedelta(days=1)


def test_an_option_that_does_not_exist_gives_way_to_the_cheapest(
    session: Session, cart: Cart, depot: Place
) -> None:
    assert place(session, cart, replace(SHIP, option="drone")).delivery_option == "own.day"


def test_unknown_weight_is_charged_but_not_written_down(
    session: Session, cart: Cart, sku: Sku, depot: Place
) -> None:
    sku.net_content, sku.net_unit = 10, Unit.PIECE
    order = place(session, cart, replace(SHIP, province="ha-noi"))
    assert (order.weight, order.delivery_fee) == (None, 40_000)  # the band up to 3 kg


def test_goods_are_kept_as_long_as_money_may_take(
    session: Session, cart: Cart, depot: Place
) -> None:
    holds = {Tender.TRANSFER: timedelta(hours=24)}
    rules = Rules(500_000, frozenset({Pay.LATER, Pay.TRANSFER}), holds)
    buyer = Buyer(None, "vi", rules)
    order = place(session, cart, replace(SHIP, pay=Pay.TRANSFER), buyer=buyer)
    assert order.pay_until == NOW + timedelta(hours=24)
    assert (order.payments[0].tender, order.cod_fee) == (Tender.TRANSFER, 0)


def test_a_way_to_pay_that_is_not_open_is_refused(
    session: Session, cart: Cart, depot: Place
) -> None:
    with pytest.raises(NotOffered):
        place(session, cart, replace(SHIP, pay=Pay.CARD))


def test_what_was_looked_at_must_still_hold(
    session: Session, cart: Cart, sku: Sku, depot: Place
) -> None:
    view = carts.view(session, cart, TODAY)
    seen = checkout.draft(session, view, SHIP, GUEST, now=NOW).seen
    set_price(session, sku, 110_000, valid_from=TODAY)
    with pytest.raises(Changed) as refused, session.begin_nested():
        place(session, cart, seen=seen)
    told = [(c.what, c.before, c.now) for c in refused.value.changes]
    assert told == [("price", 200_000, 220_000), ("total", 230_000, 250_000)]
    view = carts.view(session, cart, TODAY)
    seen = checkout.draft(session, view, SHIP, GUEST, now=NOW).seen
    assert place(session, cart, seen=seen).total == 250_000


def test_the_versions_of_the_policies_are_kept(session: Session, cart: Cart, depot: Place) -> None:
    assert place(session, cart).terms_version == (
        "terms:sample delivery:sample returns:sample payment:sample privacy:sample"
    )


def test_a_voucher_is_shown_before_and_taken_off_after(
    session: Session, cart: Cart, depot: Place
) -> None:
    make_voucher(session, "NHAN2026")
    wanted = replace(SHIP, voucher="nhan 2026")
    made = checkout.draft(session, carts.view(session, cart, TODAY), wanted, GUEST, now=NOW)
    assert sum(made.cuts.values()) > 0
    order = place(session, cart, wanted, seen=made.seen)
    assert (order.total, order.discount) == (made.total, made.deal.total)


def test_a_voucher_that_nobody_knows_is_refused(session: Session, cart: Cart, depot: Place) -> None:
    with pytest.raises(UnknownVoucher):
        place(session, cart, replace(SHIP, voucher="KHONGCO"))

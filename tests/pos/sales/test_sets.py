"""Gift sets in orders: lines are real goods, and the stock is that of the parts."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.storefront import cart as carts
from app.storefront.cards import cards_where
from builders import (
    BY_NOBODY,
    NOW,
    TODAY,
    make_depot,
    make_offered,
    make_order,
    make_place,
    make_set,
    recognise,
    set_price,
    stock_up,
)
from catalog import products
from catalog.models import PriceChannel, Product
from catalog.pricing import PriceView
from pos.counter import scanning
from pos.sales import fulfilment, orders
from pos.sales.lines import Item, NotOffered, SetAtTill, quote
from pos.stock import availability
from pos.stock.ledger import OutOfStock
from pos.stock.models import Balance
from pos.stock.verify import problems


def test_a_set_becomes_lines_of_its_parts_that_share_its_price(session: Session) -> None:
    tea, honey = make_offered(session, 100_000), make_offered(session, 200_000)
    recognise(session, tea.product, 4)
    honey.product.vat_permille = 80
    bundle = make_set(session, {tea: 2, honey: 1}, price=350_001)
    items = [Item(tea.id, 1), Item(bundle.id, 3)]
    lines = quote(session, items, PriceChannel.WEB, TODAY, offered_only=True)
    single, *parts = lines
    assert [line.line_no for line in lines] == [1, 2, 3]
    assert (single.bundle_no, single.line_total) == (None, 100_000)
    assert sum(line.line_total for line in parts) == 3 * 350_001
    by_sku = {line.sku_id: line for line in parts}
    assert (by_sku[tea.id].quantity, by_sku[tea.id].stars) == (6, 4)
    assert by_sku[honey.id].vat_amount
    assert by_sku[tea.id].vat_amount is None
    for line in parts:
        assert (line.bundle_no, line.bundle_sku_id, line.bundle_quantity) == (1, bundle.id, 3)
        assert "Bộ quà Phố Hiến" in (line.bundle_name or "")
        view = PriceView(line.unit_price, line.per_quantity)
        assert view.for_quantity(line.quantity) == line.line_total


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.integers(1, 9), st.integers(1, 5), st.integers(1, 999_999))
def test_every_line_follows_from_its_unit_price(
    session: Session, sets: int, per: int, price: int
) -> None:
    with session.begin_nested() as saved:
        bundle = make_set(session, {make_offered(session, 70_000): 2, make_offered(session): 3})
        set_price(session, bundle, price, per_quantity=per)
        items = [Item(bundle.id, sets)]
        lines = quote(session, items, PriceChannel.WEB, TODAY, offered_only=True)
        assert sum(x.line_total for x in lines) == PriceView(price, per).for_quantity(sets)
        for line in lines:
            view = PriceView(line.unit_price, line.per_quantity)
            assert view.for_quantity(line.quantity) == line.line_total
        saved.rollback()


def test_an_order_of_a_set_takes_its_parts_out_of_stock(session: Session) -> None:
    tea, honey, depot = make_offered(session), make_offered(session), make_depot(session)
    for sku in (tea, honey):
        stock_up(session, depot, sku, 10)
    bundle = make_set(session, {tea: 2, honey: 1})
    order = make_order(session, bundle, 3, source=depot)
    orders.accept(session, order, **BY_NOBODY)
    fulfilment.pack(session, order, **BY_NOBODY)
    session.expire_all()
    left = {
        b.sku_id: b.on_hand for b in session.scalars(select(Balance).filter_by(place_id=depot.id))
    }
    assert left == {tea.id: 4, honey.id: 7}
    assert problems(session) == []


def test_a_set_is_where_all_its_parts_are(session: Session) -> None:
    tea, honey = make_offered(session), make_offered(session)
    depot, shop = make_depot(session), make_place(session)
    stock_up(session, depot, tea, 5)
    stock_up(session, depot, honey, 9)
    stock_up(session, shop, tea, 50)
    bundle = make_set(session, {tea: 2, honey: 1})
    found = availability.by_place(session, [bundle.id, tea.id], TODAY)
    assert [(s.place.id, s.available) for s in found[bundle.id]] == [(depot.id, 2)]
    assert sum(s.available for s in found[tea.id]) == 55
    assert availability.available(session, depot.id, [bundle.id], TODAY) == {bundle.id: 2}
    (card,) = cards_where(session, Product.id == bundle.product_id, TODAY, limit=1)
    assert card.available == 2
    rows = session.execute(availability.sets_in_stock(TODAY)).all()
    assert [(row.product_id, row.place_id, bool(row.point)) for row in rows] == [
        (bundle.product_id, depot.id, False)
    ]


def test_a_part_that_is_withdrawn_ends_the_set(session: Session) -> None:
    tea, honey, depot = make_offered(session), make_offered(session), make_depot(session)
    for sku in (tea, honey):
        stock_up(session, depot, sku, 10)
    bundle = make_set(session, {tea: 1, honey: 1})
    products.withdraw(session, tea.product, reason="hết mùa", **BY_NOBODY)
    assert availability.by_place(session, [bundle.id], TODAY) == {bundle.id: []}
    (card,) = cards_where(session, Product.id == bundle.product_id, TODAY, limit=1)
    assert card.available == 0
    with pytest.raises(NotOffered):
        make_order(session, bundle, source=depot)


def test_a_cart_knows_that_a_set_and_its_part_share_the_stock(session: Session) -> None:
    tea, honey, depot = make_offered(session), make_offered(session), make_depot(session)
    for sku in (tea, honey):
        stock_up(session, depot, sku, 5)
    bundle = make_set(session, {tea: 2, honey: 1})
    cart = carts.find_or_open(session, "a token", user_id=None, now=NOW)
    carts.add(session, cart, bundle.id, 2, now=NOW)
    carts.add(session, cart, tea.id, 1, now=NOW)
    assert carts.view(session, cart, TODAY).orderable
    carts.add(session, cart, tea.id, 1, now=NOW)
    view = carts.view(session, cart, TODAY)
    assert [row.available for row in view.rows] == [2, 1]
    assert not view.orderable
    with pytest.raises(OutOfStock):
        make_order(session, tea, source=depot, items=view.items)


def test_the_till_says_that_it_sells_no_sets(session: Session) -> None:
    shop, tea = make_place(session), make_offered(session)
    stock_up(session, shop, tea, 9)
    bundle = make_set(session, {tea: 2})
    with pytest.raises(SetAtTill):
        scanning.scan(session, bundle.code, shop.id, day=TODAY, keys={})
    found = scanning.search(session, "Bộ quà", shop.id, day=TODAY)
    assert bundle.id not in {item.sku.id for item in found}
    with pytest.raises(SetAtTill):
        quote(session, [Item(bundle.id, 1)], PriceChannel.TILL, TODAY, offered_only=False)

"""The cart: it keeps what is wanted and says what stands in the way, but takes no stock."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.storefront import cart as carts
from app.storefront.models import Cart, CartLine
from builders import BY_NOBODY, NOW, TODAY, make_offered, make_place, make_sku, stock_up
from catalog import products
from catalog.models import Sku
from pos.sales.lines import MAX_QUANTITY, BadOrderQuantity


@pytest.fixture
def cart(session: Session) -> Cart:
    return carts.find_or_open(session, "a token", user_id=None, now=NOW)


@pytest.fixture
def sku(session: Session) -> Sku:
    """Five of it are in stock, at 125,000 đồng."""
    made = make_offered(session)
    stock_up(session, make_place(session), made, 5)
    return made


def add(session: Session, cart: Cart, sku: Sku, quantity: int = 1) -> None:
    carts.add(session, cart, sku.id, quantity, now=NOW)


def test_a_browser_finds_its_cart_by_its_token_only(session: Session, cart: Cart) -> None:
    assert carts.find(session, "a token") is cart
    assert carts.find_or_open(session, "a token", user_id=None, now=NOW) is cart
    assert carts.find(session, "another") is None
    assert carts.find(session, None) is None
    assert "a token" not in cart.token_hash


def test_the_same_article_again_adds_up(session: Session, cart: Cart, sku: Sku) -> None:
    add(session, cart, sku, 2)
    add(session, cart, sku, 3)
    view = carts.view(session, cart, TODAY)
    assert [(row.quantity, row.total) for row in view.rows] == [(5, 625_000)]
    assert (view.subtotal, view.orderable) == (625_000, True)


def test_what_is_not_offered_does_not_go_in(session: Session, cart: Cart) -> None:
    for sku_id in (make_sku(session).id, uuid4()):
        with pytest.raises(carts.NotInShop):
            carts.add(session, cart, sku_id, 1, now=NOW)


@pytest.mark.parametrize("quantity", [-1, 0, MAX_QUANTITY + 1])
def test_an_impossible_quantity_does_not_go_in(
    session: Session, cart: Cart, sku: Sku, quantity: int
) -> None:
    with pytest.raises(BadOrderQuantity):
        add(session, cart, sku, quantity)


def test_adding_up_stops_at_the_largest_quantity(session: Session, cart: Cart, sku: Sku) -> None:
    add(session, cart, sku, MAX_QUANTITY)
    with pytest.raises(BadOrderQuantity):
        add(session, cart, sku)
    assert cart.lines[0].quantity == MAX_QUANTITY


def test_a_cart_holds_only_so_many_articles(session: Session, cart: Cart, sku: Sku) -> None:
    for _ in range(carts.MAX_LINES):
        line = CartLine(sku_id=make_sku(session, sku.product).id, quantity=1, added_at=NOW)
        cart.lines.append(line)
    with pytest.raises(carts.CartFull):
        add(session, cart, sku)


def test_a_line_is_changed_and_removed(session: Session, cart: Cart, sku: Sku) -> None:
    add(session, cart, sku, 2)
    carts.change(session, cart, sku.id, 4, now=NOW)
    assert cart.lines[0].quantity == 4
    carts.change(session, cart, sku.id, 0, now=NOW)
    assert carts.view(session, cart, TODAY).rows == []
    with pytest.raises(carts.NotInShop):
        carts.change(session, cart, sku.id, 1, now=NOW)


def test_each_line_says_what_keeps_it_from_being_ordered(
    session: Session, cart: Cart, sku: Sku
) -> None:
    sold_out, gone, inactive = (make_offered(session) for _ in range(3))
    for article, quantity in ((sku, 6), (sold_out, 1), (gone, 1), (inactive, 1)):
        add(session, cart, article, quantity)
    products.withdraw(session, gone.product, reason="hết mùa", **BY_NOBODY)
    inactive.active = False
    session.flush()
    view = carts.view(session, cart, TODAY)
    assert [row.problem and row.problem.partition(".")[0] for row in view.rows] == [
        "Fewer are left than you chose",
        "Sold out for now",
        "No longer offered",
        "No longer offered",
    ]
    assert not view.orderable


def test_without_a_price_a_line_cannot_be_ordered(session: Session, cart: Cart, sku: Sku) -> None:
    add(session, cart, sku)
    before_any_price = TODAY - timedelta(days=400)
    (row,) = carts.view(session, cart, before_any_price).rows
    assert (row.total, row.problem) == (None, "Has no price now. Remove it to go on.")


def test_an_empty_cart_cannot_be_ordered(session: Session, cart: Cart) -> None:
    for nothing in (None, cart):
        view = carts.view(session, nothing, TODAY)
        assert (view.rows, view.subtotal, view.orderable) == ([], 0, False)


def test_carts_that_nobody_touches_are_forgotten(session: Session, cart: Cart, sku: Sku) -> None:
    add(session, cart, sku)
    later = carts.find_or_open(session, "later", user_id=None, now=NOW + timedelta(hours=1))
    add(session, later, sku)
    later.updated_at = NOW + timedelta(hours=1)
    session.flush()
    session.expire_all()
    carts.forget_old(session, lifetime=timedelta(hours=1), now=NOW + timedelta(hours=1, seconds=1))
    assert session.scalars(select(Cart.token_hash)).all() == [carts.token_hash("later")]
    assert session.scalar(select(func.count()).select_from(CartLine)) == 1

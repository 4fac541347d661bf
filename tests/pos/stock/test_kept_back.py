"""A few units stay for whoever comes to the counter; the shop online does not see them."""

import pytest
from sqlalchemy.orm import Session

from app.storefront.cards import cards_where
from app.storefront.index_rows import build
from builders import (
    NOW,
    TODAY,
    make_depot,
    make_offered,
    make_order,
    make_place,
    make_set,
    stock_up,
    take_at_counter,
)
from catalog.models import Product, Sku
from pos.stock import availability
from pos.stock.ledger import OutOfStock
from pos.stock.models import Place
from pos.stock.reservations import Wanted, hold


@pytest.fixture
def sku(session: Session) -> Sku:
    return make_offered(session)


@pytest.fixture
def shop(session: Session, sku: Sku) -> Place:
    """Five units in two lots, of which two stay for the counter."""
    place = make_place(session, serves_web=True)
    place.kept_back = 2
    stock_up(session, place, sku, 3)
    stock_up(session, place, sku, 2)
    return place


def shown(session: Session, sku: Sku) -> list[int]:
    """What product page, cart, card, and filters say, in units."""
    pages = [stock.available for stock in availability.by_place(session, [sku.id], TODAY)[sku.id]]
    (card,) = cards_where(session, Product.id == sku.product_id, TODAY, limit=1)
    mask = build(session, TODAY).columns["in_stock"].mask("1")
    assert mask is not None
    return [sum(pages), card.available, int(mask.sum() > 0)]


def test_the_shop_online_sells_what_is_above(session: Session, sku: Sku, shop: Place) -> None:
    assert shown(session, sku) == [3, 3, 1]
    make_order(session, sku, 3, source=shop)
    assert shown(session, sku) == [0, 0, 0]
    with pytest.raises(OutOfStock) as refused:
        make_order(session, sku, 1, source=shop)
    assert refused.value.detail == [{"sku_id": str(sku.id), "wanted": 1, "available": 0}]


def test_the_counter_sells_everything(session: Session, sku: Sku, shop: Place) -> None:
    assert take_at_counter(session, shop, sku, 5).short == []
    assert shown(session, sku) == [0, 0, 0]


def test_each_place_keeps_its_own(session: Session, sku: Sku, shop: Place) -> None:
    stock_up(session, make_depot(session), sku, 1)
    assert shown(session, sku) == [4, 4, 1]


def test_each_line_takes_from_what_the_one_before_left(
    session: Session, sku: Sku, shop: Place
) -> None:
    wanted = [Wanted(1, sku.id, 2), Wanted(2, sku.id, 2)]
    with pytest.raises(OutOfStock) as refused, session.begin_nested():
        hold(session, "order:x", shop.id, wanted, day=TODAY, now=NOW, keep=2)
    assert [short["available"] for short in refused.value.detail] == [1]


def test_sets_leave_it_alone_too(session: Session, sku: Sku, shop: Place) -> None:
    bundle = make_set(session, {sku: 2})
    assert shown(session, bundle) == [1, 1, 1]

"""How an order reaches its buyer, and what that costs."""

from uuid import uuid4

import pytest

from app.storefront import delivery
from app.storefront.cart import Row, View
from app.storefront.delivery import Rates
from pos.stock.availability import PlaceStock
from pos.stock.models import Place

DEPOT, SHOP = Place(id=uuid4(), name="Kho"), Place(id=uuid4(), name="Điểm bán")
RATES = Rates(fee=30_000, free_from=500_000)


def a_cart(*lines: tuple[int, int, int]) -> View:
    """Lines of (quantity, units at the depot, units at the shop)."""
    return View(
        [
            Row(None, wanted, None, [PlaceStock(DEPOT, depot), PlaceStock(SHOP, shop)])  # type: ignore[arg-type]
            for wanted, depot, shop in lines
        ]
    )


@pytest.mark.parametrize(("goods", "fee"), [(0, 30_000), (499_999, 30_000), (500_000, 0)])
def test_a_large_order_is_delivered_free(goods: int, fee: int) -> None:
    assert delivery.fee(goods, RATES) == fee


def test_a_place_serves_when_it_has_enough_of_everything() -> None:
    cart = a_cart((2, 2, 9), (3, 2, 3))
    assert not delivery.can_serve(cart, DEPOT.id)
    assert delivery.can_serve(cart, SHOP.id)
    assert not delivery.can_serve(cart, uuid4())


def test_a_parcel_leaves_from_the_first_place_that_has_everything() -> None:
    assert delivery.parcel_source(a_cart((1, 1, 1)), [DEPOT, SHOP]) is DEPOT
    assert delivery.parcel_source(a_cart((2, 1, 2)), [DEPOT, SHOP]) is SHOP
    assert delivery.parcel_source(a_cart((9, 1, 2)), [DEPOT, SHOP]) is DEPOT


def test_without_a_sending_place_nothing_is_delivered() -> None:
    with pytest.raises(delivery.NoSource):
        delivery.parcel_source(a_cart((1, 1, 1)), [])


def test_only_a_point_that_offers_it_is_for_pick_up() -> None:
    assert delivery.pickup_point([SHOP], SHOP.id) is SHOP
    for other in (None, DEPOT.id):
        with pytest.raises(delivery.NoSuchPoint):
            delivery.pickup_point([SHOP], other)

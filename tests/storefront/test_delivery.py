"""How an order reaches its buyer, and what that costs."""

from uuid import uuid4

import pytest

from app.storefront import delivery
from app.storefront.cart import Row, View
from app.storefront.delivery import Rates
from builders import TODAY
from pos.shipping import tariff_files
from pos.shipping.tariffs import Ask
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


def test_figures_for_programs_promise_no_less_than_what_is_charged() -> None:
    rates = delivery.rates(500_000, TODAY)
    asked = (Ask(code, 1_000, 0, TODAY) for code in ("hung-yen", "ha-noi", "ca-mau"))
    cheapest = [tariff_files.current().offers(ask)[0].fee for ask in asked]
    assert rates.fee == max(cheapest)
    assert delivery.least_fee(TODAY) == min(cheapest)


def test_regions_hold_every_province_once() -> None:
    regions = delivery.by_region(Ask("", 1_000, 0, TODAY))
    codes = [one.code for some, _ways in regions for one in some]
    assert len(codes) == len(set(codes)) == 34
    assert codes[0] == "hung-yen"

"""What parcels cost and when they come, as the tables say."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import TODAY
from builders_shipping import EARLY, a_service, a_tariff
from pos.shipping.tariff_files import current
from pos.shipping.tariffs import Ask, Rate

THERE = Ask("an-giang", 1_000, 100_000, TODAY)


@pytest.mark.parametrize(
    ("weight", "fee"), [(1, 20_000), (1_000, 20_000), (1_001, 50_000), (5_000, 50_000)]
)
def test_a_weight_falls_into_the_first_band_that_holds_it(weight: int, fee: int) -> None:
    [offer] = a_tariff().offers(replace(THERE, weight=weight))
    assert offer.fee == fee


def test_nobody_takes_what_is_too_heavy_or_too_far() -> None:
    assert a_tariff().offers(replace(THERE, weight=5_001)) == []
    assert a_tariff().offers(replace(THERE, province="bac-ninh")) == []
    assert a_tariff().offers(replace(THERE, province="atlantis")) == []


def test_days_are_counted_from_the_day_after_the_order() -> None:
    [offer] = a_tariff().offers(THERE)
    assert offer.arrives_from == TODAY + timedelta(days=1)
    assert offer.arrives_until == TODAY + timedelta(days=2)


def test_fresh_goods_go_only_where_the_slowest_day_is_in_time() -> None:
    assert a_tariff().offers(replace(THERE, max_transit_days=2))
    assert a_tariff().offers(replace(THERE, max_transit_days=1)) == []


def test_the_newest_table_that_has_begun_counts() -> None:
    later = Rate(1_000, 30_000, 1, 1, TODAY + timedelta(days=1))
    tariff = a_tariff(Rate(1_000, 20_000, 1, 2, EARLY), later)
    assert tariff.offers(THERE)[0].fee == 20_000
    assert tariff.offers(replace(THERE, day=TODAY + timedelta(days=1)))[0].fee == 30_000
    assert tariff.offers(replace(THERE, day=date(2025, 1, 1))) == []


def test_a_large_order_goes_free_but_collecting_money_is_paid() -> None:
    [offer] = a_tariff().offers(replace(THERE, subtotal=500_000, free_from=500_000, cod=True))
    assert (offer.fee, offer.cod_fee, offer.cost) == (0, 10_000, 10_000)
    dear = a_tariff(service=a_service(free_over=False))
    assert dear.offers(replace(THERE, subtotal=500_000, free_from=500_000))[0].fee == 20_000


def test_who_does_not_collect_money_is_not_asked_to() -> None:
    tariff = a_tariff(service=a_service(takes_cod=False))
    assert tariff.offers(THERE)
    assert tariff.offers(replace(THERE, cod=True)) == []


def test_a_parcel_is_followed_where_the_carrier_shows_it() -> None:
    shown = a_service(tracking_url="https://example.vn/?q={number}")
    assert shown.tracking("AB1") == "https://example.vn/?q=AB1"
    assert shown.tracking(None) is None
    assert a_service().tracking("AB1") is None


@given(
    st.sampled_from([p.code for p in current().provinces]),
    st.integers(1, 40_000),
    st.integers(0, 2_000_000),
    st.booleans(),
    st.none() | st.integers(1, 6),
)
def test_offers_are_sorted_in_time_and_never_dearer_for_less(
    province: str, weight: int, subtotal: int, cod: bool, limit: int | None
) -> None:
    ask = Ask(province, weight, subtotal, TODAY, cod, limit, 500_000)
    offers = current().offers(ask)
    costs = [offer.cost for offer in offers]
    assert costs == sorted(costs)
    assert all(limit is None or offer.days_to <= limit for offer in offers)
    assert all(offer.fee >= 0 and offer.days_from <= offer.days_to for offer in offers)
    lighter = {o.code: o.fee for o in current().offers(replace(ask, weight=max(1, weight // 2)))}
    assert all(lighter[offer.code] <= offer.fee for offer in offers)

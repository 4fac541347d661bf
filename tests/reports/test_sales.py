"""Sales of a period: what counts, on which day, for which place."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy.orm import Session

from app.reports import sales
from app.reports.sales import Period
from builders import (
    BY_NOBODY,
    NOW,
    TODAY,
    make_depot,
    make_offered,
    make_order,
    make_producer,
    recognise,
    stock_up,
)
from catalog.models import Sku
from pos.sales import orders
from pos.sales.models import Order
from pos.stock.models import Place

THIS_DAY = Period(TODAY, TODAY)


@pytest.fixture
def sku(session: Session) -> Sku:
    return make_offered(session, 100_000, name_vi="Trà sen")


@pytest.fixture
def depot(session: Session, sku: Sku) -> Place:
    place = make_depot(session)
    stock_up(session, place, sku, 100)
    return place


def order(session: Session, sku: Sku, depot: Place, quantity: int = 1, at: datetime = NOW) -> Order:
    return make_order(session, sku, quantity, source=depot, now=at)


def test_goods_count_without_the_delivery_fee(session: Session, sku: Sku, depot: Place) -> None:
    order(session, sku, depot, 2)
    order(session, sku, depot, 1)
    report = sales.report(session, THIS_DAY, None)
    assert (report.orders, report.amount) == (2, 300_000)
    assert report.by_day == [(TODAY, 300_000)]


def test_orders_that_came_to_nothing_do_not_count(session: Session, sku: Sku, depot: Place) -> None:
    orders.refuse(session, order(session, sku, depot), "hết", **BY_NOBODY)
    orders.cancel(session, order(session, sku, depot), "thôi", **BY_NOBODY)
    report = sales.report(session, THIS_DAY, None)
    assert (report.orders, report.amount, report.star_share) == (0, 0, None)
    assert (report.by_place, report.by_product, report.by_producer) == ([], [], [])


@pytest.mark.parametrize(
    ("at", "day"),
    [
        (datetime(2026, 11, 22, 16, 59, 59, tzinfo=UTC), date(2026, 11, 22)),
        (datetime(2026, 11, 22, 17, 0, tzinfo=UTC), date(2026, 11, 23)),
        (datetime(2026, 11, 23, 16, 59, 59, tzinfo=UTC), date(2026, 11, 23)),
        (datetime(2026, 11, 23, 17, 0, tzinfo=UTC), date(2026, 11, 24)),
    ],
)
def test_a_day_is_a_day_in_vietnam(
    session: Session, sku: Sku, depot: Place, at: datetime, day: date
) -> None:
    order(session, sku, depot, at=at)
    whole = sales.report(session, Period(date(2026, 11, 22), date(2026, 11, 24)), None)
    assert dict(whole.by_day)[day] == 100_000
    assert sales.report(session, Period(day, day), None).orders == 1
    others = {date(2026, 11, n) for n in (22, 23, 24)} - {day}
    assert [sales.report(session, Period(d, d), None).orders for d in others] == [0, 0]


def test_days_without_sales_are_shown_as_nothing(session: Session) -> None:
    report = sales.report(session, Period(date(2026, 2, 27), date(2026, 3, 1)), None)
    assert report.by_day == [(date(2026, 2, 27), 0), (date(2026, 2, 28), 0), (date(2026, 3, 1), 0)]


def test_each_sees_the_own_places(session: Session, sku: Sku, depot: Place) -> None:
    other = make_depot(session)
    stock_up(session, other, sku, 9)
    order(session, sku, depot, 3)
    order(session, sku, other, 1)
    assert sales.report(session, THIS_DAY, frozenset([other.id])).amount == 100_000
    assert sales.report(session, THIS_DAY, frozenset()).amount == 0
    by_place = sales.report(session, THIS_DAY, None).by_place
    assert [(line.name, line.amount, line.count) for line in by_place] == [
        (depot.name, 300_000, 1),
        (other.name, 100_000, 1),
    ]


def test_products_and_makers_come_best_first(session: Session, sku: Sku, depot: Place) -> None:
    maker = make_producer(session, name="HTX Sen")
    dear = make_offered(session, 900_000, name_vi="Yến", producer=maker)
    stock_up(session, depot, dear, 5)
    order(session, sku, depot, 4)
    order(session, dear, depot, 1)
    report = sales.report(session, THIS_DAY, None)
    assert [(line.name, line.count) for line in report.by_product] == [("Yến", 1), ("Trà sen", 4)]
    assert report.by_producer[0].name == "HTX Sen"


def test_the_share_of_starred_goods_counts_stars_at_the_time_of_sale(
    session: Session, sku: Sku, depot: Place
) -> None:
    starred = make_offered(session, 100_000)
    recognise(session, starred.product, 3)
    stock_up(session, depot, starred, 5)
    order(session, sku, depot, 2)
    order(session, starred, depot, 1)
    assert sales.report(session, THIS_DAY, None).star_share == 33
    recognise(session, sku.product, 4)
    assert sales.report(session, THIS_DAY, None).star_share == 33

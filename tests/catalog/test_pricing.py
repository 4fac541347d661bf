"""Which price is in force."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import AuditEntry
from builders import TODAY, make_sku, set_price
from catalog import pricing
from catalog.models import Price, PriceChannel, Sku

YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)


@pytest.fixture
def sku(session: Session) -> Sku:
    return make_sku(session, price=None)


def amount(session: Session, sku: Sku, channel: PriceChannel, day: date = TODAY) -> int:
    return pricing.price(session, sku, channel, day).amount


def test_the_newest_price_that_has_begun_is_in_force(session: Session, sku: Sku) -> None:
    for day, dong in ((TODAY, 300), (date(2026, 1, 1), 100), (YESTERDAY, 200)):
        set_price(session, sku, dong, valid_from=day)
    assert amount(session, sku, PriceChannel.WEB, YESTERDAY) == 200
    assert amount(session, sku, PriceChannel.WEB) == 300


def test_a_future_price_is_not_in_force_yet(session: Session, sku: Sku) -> None:
    set_price(session, sku, 100)
    set_price(session, sku, 999, valid_from=TOMORROW)
    assert amount(session, sku, PriceChannel.WEB) == 100
    assert amount(session, sku, PriceChannel.WEB, TOMORROW) == 999


def test_the_price_of_the_channel_comes_before_a_newer_general_one(
    session: Session, sku: Sku
) -> None:
    set_price(session, sku, 110, channel=PriceChannel.TILL)
    set_price(session, sku, 200, valid_from=TODAY)
    assert amount(session, sku, PriceChannel.TILL) == 110
    assert amount(session, sku, PriceChannel.WEB) == 200


def test_without_a_price_nothing_can_be_sold(session: Session, sku: Sku) -> None:
    set_price(session, sku, 100, valid_from=TOMORROW)
    assert pricing.prices(session, [sku.id], PriceChannel.WEB, TODAY) == {}
    with pytest.raises(pricing.NoPrice):
        pricing.price(session, sku, PriceChannel.WEB, TODAY)


def test_a_second_price_for_the_same_day_replaces_the_first(session: Session, sku: Sku) -> None:
    set_price(session, sku, 100)
    set_price(session, sku, 120)
    assert session.scalars(select(Price.amount).filter_by(sku_id=sku.id)).all() == [120]
    changes = session.scalars(select(AuditEntry).filter_by(action="price.set"))
    assert {entry.detail["before"] for entry in changes if entry.detail} == {None, 100}


@pytest.mark.parametrize("dong", [0, -1, pricing.MAX_PRICE + 1])
def test_an_impossible_price_is_refused(session: Session, sku: Sku, dong: int) -> None:
    with pytest.raises(pricing.BadPrice):
        set_price(session, sku, dong)


def test_a_price_may_be_for_many_base_units(session: Session, sku: Sku) -> None:
    set_price(session, sku, 45_000, per_quantity=1000)
    price = pricing.price(session, sku, PriceChannel.WEB, TODAY)
    assert price.for_quantity(350) == 15_750

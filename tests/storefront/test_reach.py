"""Which provinces a parcel reaches in time."""

from app.storefront.reach import provinces
from builders import TODAY


def test_there_are_34_provinces_and_home_is_the_nearest() -> None:
    found = provinces(TODAY)
    assert len({reach.code for reach in found}) == 34
    assert found[0].code == "hung-yen"
    assert all(1 <= reach.days_from <= reach.days_to for reach in found)


def test_goods_that_bear_one_day_stay_near() -> None:
    known = {reach.code: reach for reach in provinces(TODAY)}
    assert known["hung-yen"].bears(1)
    assert not known["ca-mau"].bears(1)
    assert known["ca-mau"].bears(None)

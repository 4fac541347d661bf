"""Which provinces a parcel reaches in time."""

from app.storefront.reach import province, provinces


def test_there_are_34_provinces_and_home_is_the_nearest() -> None:
    found = provinces()
    assert len({reach.code for reach in found}) == 34
    assert found[0].code == "hung-yen"
    assert all(1 <= reach.days_from <= reach.days_to for reach in found)


def test_goods_that_bear_one_day_stay_near() -> None:
    home, far = province("hung-yen"), province("ca-mau")
    assert home is not None
    assert far is not None
    assert home.bears(1)
    assert not far.bears(1)
    assert far.bears(None)
    assert province("x") is None
    assert province(None) is None

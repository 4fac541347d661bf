"""What each kind of rule takes off."""

import pytest

from builders_promotions import DRINKS, FRUIT, HONEY, LONGAN, MAKER, OTHER_MAKER, basket, line, rule
from pos.promotions.engine import BasketLine, evaluate
from pos.promotions.rules import Kind, Reach, Rule

HONEY_ONLY = Reach(skus=frozenset({HONEY}))


def off(one: Rule, *lines: BasketLine) -> dict[int | None, int]:
    """Đồng taken off by line."""
    return {cut.line_no: cut.amount for cut in evaluate([one], basket(*lines))}


def test_a_part_of_the_price_is_rounded_once_and_shared_fairly() -> None:
    assert off(rule(permille=150), line(99_999), line(33_333)) == {1: 15_000, 2: 5_000}


def test_a_part_of_the_price_stops_at_its_cap() -> None:
    assert off(rule(permille=500, cap=30_000), line(100_000), line(200_000)) == {
        1: 10_000,
        2: 20_000,
    }


def test_an_amount_is_shared_by_worth_and_never_more_than_the_goods() -> None:
    fifty = rule(Kind.AMOUNT, amount=50_000)
    assert off(fifty, line(100_000), line(300_000)) == {1: 12_500, 2: 37_500}
    assert off(fifty, line(20_000)) == {1: 20_000}


def test_delivery_is_free_up_to_the_cap() -> None:
    assert off(rule(Kind.DELIVERY), line(1)) == {None: 30_000}
    assert off(rule(Kind.DELIVERY, cap=20_000), line(1)) == {None: 20_000}


@pytest.mark.parametrize(
    ("units", "free"), [(1, 0), (2, 0), (3, 1), (5, 1), (6, 2), (7, 2), (9, 3)]
)
def test_of_buy_two_get_one_every_third_is_free(units: int, free: int) -> None:
    cuts = off(rule(Kind.GIFT, buy=2, get=1), line(units * 10_000, units))
    assert cuts.get(1, 0) == free * 10_000


def test_the_cheapest_units_are_the_free_ones() -> None:
    gift = rule(Kind.GIFT, buy=2, get=1)
    assert off(gift, line(200_000, 2), line(30_000, 1, HONEY)) == {2: 30_000}
    assert off(gift, line(300_000, 3), line(60_000, 3, HONEY)) == {2: 40_000}


def test_a_gift_can_be_at_a_lower_price_instead_of_free() -> None:
    assert off(rule(Kind.GIFT, buy=1, get=1, permille=500), line(40_000, 2)) == {1: 10_000}


def test_another_article_can_be_the_gift_and_does_not_earn_itself() -> None:
    gift = rule(Kind.GIFT, buy=2, get=1, gift=HONEY_ONLY)
    assert off(gift, line(20_000, 2), line(90_000, 3, HONEY)) == {2: 30_000}
    assert off(gift, line(90_000, 3, HONEY)) == {}


def test_gifts_are_capped() -> None:
    gift = rule(Kind.GIFT, buy=1, get=1, cap=15_000)
    assert off(gift, line(80_000, 4)) == {1: 15_000}


@pytest.mark.parametrize(
    ("reach", "lines"),
    [
        (Reach(skus=frozenset({LONGAN})), {1}),
        (Reach(producers=frozenset({OTHER_MAKER})), {2}),
        (Reach(categories=frozenset({DRINKS})), {3}),
        (Reach(skus=frozenset({LONGAN}), categories=frozenset({DRINKS})), {1, 3}),
        (Reach(), {1, 2, 3}),
    ],
)
def test_a_rule_reaches_what_any_of_its_sets_names(reach: Reach, lines: set[int]) -> None:
    goods = (
        line(10_000, category_id=FRUIT),
        line(10_000, 1, HONEY, producer_id=OTHER_MAKER, category_id=None),
        line(10_000, 1, HONEY, producer_id=MAKER, category_id=DRINKS),
    )
    assert off(rule(reach=reach), *goods).keys() == lines

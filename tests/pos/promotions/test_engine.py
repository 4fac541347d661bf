"""Which rules apply, how they meet, who bears them; and what always holds."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import NOW
from builders_promotions import (
    ELSEWHERE,
    HERE,
    HONEY,
    LONGAN,
    MAKER,
    OTHER_MAKER,
    TEA,
    basket,
    line,
    rule,
)
from catalog.models import PriceChannel
from pos.promotions.bearers import Bearer
from pos.promotions.engine import Basket, BasketLine, evaluate
from pos.promotions.rules import Kind, Reach, Rule

HONEY_ONLY = Reach(skus=frozenset({HONEY}))
TEN, TWENTY = rule(id=UUID(int=1)), rule(id=UUID(int=2), permille=200)
CODE = rule(id=UUID(int=3), voucher=True, source="voucher:x")


def total(rules: list[Rule], basket: Basket) -> int:
    return sum(cut.amount for cut in evaluate(rules, basket))


def test_nothing_is_taken_off_without_rules() -> None:
    assert evaluate([], basket(line(100_000))) == []


def test_each_line_gets_the_promotion_that_is_best_for_the_buyer() -> None:
    honey = rule(Kind.AMOUNT, amount=15_000, reach=HONEY_ONLY)
    cuts = evaluate([TEN, honey], basket(line(100_000), line(100_000, 1, HONEY)))
    assert [(c.line_no, c.amount, c.source) for c in cuts] == [
        (1, 10_000, TEN.source),
        (2, 15_000, honey.source),
    ]


def test_the_voucher_counts_from_what_promotions_left() -> None:
    cuts = evaluate([CODE, TEN], basket(line(100_000)))
    assert [(c.amount, c.source) for c in cuts] == [(10_000, TEN.source), (9_000, "voucher:x")]


def test_only_the_best_of_several_vouchers_counts() -> None:
    other = replace(CODE, id=UUID(int=4), permille=300, source="voucher:y")
    cuts = evaluate([CODE, other], basket(line(100_000)))
    assert [(c.amount, c.source) for c in cuts] == [(30_000, "voucher:y")]


def test_a_lonely_voucher_gives_way_to_promotions_that_are_worth_as_much() -> None:
    lonely = replace(CODE, permille=200, alone=True)
    assert [c.source for c in evaluate([TWENTY, lonely], basket(line(100_000)))] == [TWENTY.source]
    better = replace(lonely, permille=201)
    assert [c.source for c in evaluate([TWENTY, better], basket(line(100_000)))] == ["voucher:x"]


def test_a_lonely_promotion_stands_against_all_others_together() -> None:
    lonely = rule(permille=150, alone=True)
    both = [lonely, TEN, CODE]
    assert {c.source for c in evaluate(both, basket(line(100_000)))} == {TEN.source, "voucher:x"}
    assert {c.source for c in evaluate([lonely, TEN], basket(line(100_000)))} == {lonely.source}


def test_delivery_is_cut_once_by_the_best_and_then_by_the_voucher() -> None:
    some, more = rule(Kind.DELIVERY, cap=10_000), rule(Kind.DELIVERY, cap=20_000)
    code = rule(Kind.DELIVERY, voucher=True, source="voucher:x")
    cuts = evaluate([some, more, code], basket(line(1_000)))
    assert [(c.line_no, c.amount) for c in cuts] == [(None, 20_000), (None, 10_000)]


@pytest.mark.parametrize(
    ("moment", "holds"),
    [
        (datetime(2026, 11, 23, 16, 59, 59, tzinfo=UTC), False),  # 23:59:59 in Vietnam
        (datetime(2026, 11, 23, 17, 0, tzinfo=UTC), True),
        (datetime(2026, 11, 24, 16, 59, 59, tzinfo=UTC), True),
        (datetime(2026, 11, 24, 17, 0, tzinfo=UTC), False),
    ],
)
def test_a_rule_of_one_day_holds_from_midnight_to_midnight(moment: datetime, holds: bool) -> None:
    day = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
    one = rule(starts_at=day, ends_at=day + timedelta(days=1))
    assert (total([one], basket(line(100_000), moment=moment)) > 0) is holds


def test_place_channel_and_minimum_are_looked_at() -> None:
    goods = basket(line(100_000))
    assert total([rule(places=frozenset({ELSEWHERE}))], goods) == 0
    assert total([rule(places=frozenset({HERE, ELSEWHERE}))], goods) == 10_000
    assert total([rule(places=frozenset({HERE}))], replace(goods, place_id=None)) == 0
    assert total([rule(channel=PriceChannel.TILL)], goods) == 0
    assert total([rule(channel=PriceChannel.WEB)], goods) == 10_000
    assert total([rule(minimum=100_001)], goods) == 0
    assert total([rule(minimum=100_000)], goods) == 10_000


def test_only_goods_that_the_rule_reaches_count_for_its_minimum() -> None:
    free = rule(Kind.DELIVERY, reach=HONEY_ONLY, minimum=50_000)
    assert total([free], basket(line(100_000), line(49_999, 1, HONEY))) == 0
    assert total([free], basket(line(1), line(50_000, 1, HONEY))) == 30_000
    assert total([rule(Kind.DELIVERY, reach=HONEY_ONLY)], basket(line(100_000))) == 0


def test_bearers_share_what_is_taken_off_to_the_last_dong() -> None:
    shared = rule(
        permille=1000,
        bearers=((Bearer.SHOP, 333), (Bearer.PRODUCER, 333), (Bearer.PROGRAMME, 334)),
    )
    cuts = evaluate([shared], basket(line(10)))
    assert [(c.bearer, c.amount) for c in cuts] == [
        (Bearer.SHOP, 3),
        (Bearer.PRODUCER, 3),
        (Bearer.PROGRAMME, 4),
    ]


def test_goods_of_an_unknown_producer_are_not_cut_at_a_producers_cost() -> None:
    its_own = rule(bearers=((Bearer.PRODUCER, 1000),))
    cuts = evaluate([its_own], basket(line(100_000), line(100_000, producer_id=None)))
    assert [c.line_no for c in cuts] == [1]


reaches = st.builds(
    Reach,
    skus=st.frozensets(st.sampled_from([LONGAN, HONEY, TEA]), max_size=2),
    producers=st.frozensets(st.sampled_from([MAKER, OTHER_MAKER]), max_size=1),
)
money = st.integers(1, 500_000)
parts = st.tuples(st.integers(0, 1000), st.integers(0, 1000)).map(
    lambda cut: (
        (Bearer.SHOP, min(cut)),
        (Bearer.PRODUCER, max(cut) - min(cut)),
        (Bearer.PROGRAMME, 1000 - max(cut)),
    )
)
some_rules = st.lists(
    st.builds(
        rule,
        kind=st.sampled_from(Kind),
        id=st.uuids(),
        permille=st.integers(1, 1000),
        amount=money,
        cap=st.none() | money,
        buy=st.integers(1, 4),
        get=st.integers(1, 4),
        reach=reaches,
        gift=st.none() | reaches,
        minimum=st.integers(0, 200_000),
        alone=st.booleans(),
        voucher=st.booleans(),
        bearers=parts,
    ),
    max_size=6,
    unique_by=lambda one: one.id,
)
some_baskets = st.builds(
    lambda lines, fee: basket(*lines, delivery_fee=fee, moment=NOW),
    st.lists(
        st.builds(
            lambda total, quantity, sku, maker: line(total, quantity, sku, producer_id=maker),
            st.integers(0, 300_000),
            st.integers(1, 12),
            st.sampled_from([LONGAN, HONEY, TEA]),
            st.sampled_from([MAKER, OTHER_MAKER, None]),
        ),
        min_size=1,
        max_size=5,
    ),
    st.integers(0, 60_000),
)


def of_line(cuts: list[int], one: BasketLine) -> bool:
    return 0 <= sum(cuts) <= one.line_total


@given(some_rules, some_baskets)
def test_no_line_and_no_fee_is_cut_below_zero(rules: list[Rule], goods: Basket) -> None:
    cuts = evaluate(rules, goods)
    assert all(cut.amount > 0 for cut in cuts)
    for one in goods.lines:
        assert of_line([c.amount for c in cuts if c.line_no == one.line_no], one)
    assert sum(c.amount for c in cuts if c.line_no is None) <= goods.delivery_fee


@given(some_rules, some_baskets, st.randoms())
def test_the_order_of_the_rules_does_not_matter(
    rules: list[Rule], goods: Basket, chance: Random
) -> None:
    mixed = list(rules)
    chance.shuffle(mixed)
    assert evaluate(mixed, goods) == evaluate(rules, goods)


@given(some_rules, some_baskets)
def test_at_most_one_voucher_counts_and_a_lonely_rule_stands_alone(
    rules: list[Rule], goods: Basket
) -> None:
    used = {cut.source for cut in evaluate(rules, goods)}
    known = [one for one in rules if one.source in used]
    assert sum(one.voucher for one in known) <= 1
    assert not any(one.alone for one in known) or len(known) == 1


@given(some_rules, some_baskets)
def test_caps_and_amounts_are_kept(rules: list[Rule], goods: Basket) -> None:
    cuts = evaluate(rules, goods)
    for one in rules:
        given_away = sum(cut.amount for cut in cuts if cut.source == one.source)
        assert one.cap is None or given_away <= one.cap
        assert one.kind is not Kind.AMOUNT or given_away <= one.amount


@given(some_rules, some_baskets)
def test_nobody_gets_less_because_there_are_more_rules(rules: list[Rule], goods: Basket) -> None:
    best = total(rules, goods)
    # Which units are the cheapest may change after other cuts, and with them a last đồng of rounding.
    steady = [one for one in rules if not (one.voucher and one.kind is Kind.GIFT)]
    assert all(total([one], goods) <= best for one in steady)


@given(some_rules, some_baskets)
def test_a_rule_costs_its_bearers_what_the_line_gets(rules: list[Rule], goods: Basket) -> None:
    for one in rules:
        borne = evaluate([one], goods)
        alone = evaluate([replace(one, bearers=((Bearer.PROGRAMME, 1000),))], goods)
        if not one.needs_producer:
            assert sum(c.amount for c in borne) == sum(c.amount for c in alone)

"""Whole đồng: rounding, VAT and fair division."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.money import cash_rounding, format_vnd, line_total, round_div, split, vat_inside

AMOUNTS = st.integers(-(10**12), 10**12)
WEIGHTS = st.lists(st.integers(0, 10**9), min_size=1, max_size=20)


@given(AMOUNTS, st.integers(1, 10**6))
def test_rounding_misses_by_half_at_most_and_halves_go_away_from_zero(a: int, b: int) -> None:
    missed = abs(round_div(a, b)) - abs(Fraction(a, b))
    assert -Fraction(1, 2) < missed <= Fraction(1, 2)


@given(AMOUNTS, st.integers(1, 10**6))
def test_rounding_is_the_same_on_both_sides_of_zero(a: int, b: int) -> None:
    assert round_div(-a, b) == -round_div(a, b)


@pytest.mark.parametrize(
    ("amount", "per", "quantity", "total"),
    [
        (125_000, 1, 3, 375_000),
        (600_000, 1000, 250, 150_000),
        (45_000, 1000, 333, 14_985),
        (1, 2, 1, 1),
    ],
)
def test_a_line_is_rounded_once(amount: int, per: int, quantity: int, total: int) -> None:
    assert line_total(amount, per, quantity) == total


@pytest.mark.parametrize(
    ("gross", "rate", "vat"),
    [(108_000, 80, 8_000), (110_000, 100, 10_000), (105_000, 50, 5_000), (100_000, 0, 0)],
)
def test_vat_is_inside_the_price(gross: int, rate: int, vat: int) -> None:
    assert vat_inside(gross, rate) == vat


@given(st.integers(0, 10**12), st.integers(0, 1000))
def test_net_and_vat_make_the_price_and_agree_with_the_rate(gross: int, rate: int) -> None:
    vat = vat_inside(gross, rate)
    assert 0 <= vat <= gross
    assert abs(vat - Fraction((gross - vat) * rate, 1000)) <= 1


@given(AMOUNTS, WEIGHTS)
def test_the_parts_of_a_division_add_up(amount: int, weights: list[int]) -> None:
    assert sum(split(amount, weights)) == (amount if any(weights) else 0)


@given(AMOUNTS, WEIGHTS)
def test_no_part_is_off_by_a_whole_dong(amount: int, weights: list[int]) -> None:
    total = sum(weights) or 1
    for part, weight in zip(split(amount, weights), weights, strict=True):
        assert abs(part - Fraction(amount * weight, total)) < 1


def test_a_line_without_weight_gets_nothing() -> None:
    assert split(10_001, [0, 1, 1]) == [0, 5_001, 5_000]
    assert split(10_000, []) == []


@given(st.integers(0, 10**12), st.sampled_from([1, 500, 1_000, 5_000]))
def test_what_is_left_to_pay_in_cash_is_a_multiple_of_the_smallest_note(
    total: int, step: int
) -> None:
    added = cash_rounding(total, step)
    assert (total + added) % step == 0
    assert abs(added) * 2 <= step


def test_money_is_written_as_in_vietnam() -> None:
    assert format_vnd(125_000) == "125.000\u00a0₫"
    assert format_vnd(0) == "0\u00a0₫"
    assert format_vnd(-1_234_567) == "−1.234.567\u00a0₫"

"""Star bands at each of their limits."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.scores import BadScore, band


@pytest.mark.parametrize(
    ("score", "stars"),
    [
        ("100", 5), ("90", 5), ("89.99", 4), ("89.5", 4), ("70", 4), ("69.99", 3),
        ("50", 3), ("49.99", 2), ("30", 2), ("29.99", 1), ("0", 1),
    ],
)  # fmt: skip
def test_a_limit_belongs_to_the_band_above_it(score: str, stars: int) -> None:
    assert band(Decimal(score)) == stars


@given(st.decimals(0, 100, places=2))
def test_every_mark_has_a_band(score: Decimal) -> None:
    assert 1 <= band(score) <= 5


@pytest.mark.parametrize("score", ["-0.01", "100.01"])
def test_marks_outside_the_scale_are_refused(score: str) -> None:
    with pytest.raises(BadScore):
        band(Decimal(score))

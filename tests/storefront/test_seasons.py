"""Seasons from day to day of every year."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.storefront.seasons import in_season, months


@pytest.mark.parametrize(
    ("begins", "ends", "day", "inside"),
    [
        (601, 831, date(2026, 6, 1), True),
        (601, 831, date(2026, 8, 31), True),
        (601, 831, date(2026, 9, 1), False),
        (1101, 215, date(2026, 12, 31), True),
        (1101, 215, date(2026, 2, 15), True),
        (1101, 215, date(2026, 2, 16), False),
        (None, 215, date(2026, 2, 1), False),
        (601, None, date(2026, 6, 1), False),
    ],
)
def test_the_last_day_counts_and_new_year_is_no_border(
    begins: int | None, ends: int | None, day: date, inside: bool
) -> None:
    assert in_season(begins, ends, day) is inside


DAYS = st.dates(date(2026, 1, 1), date(2026, 12, 31))


@given(DAYS, DAYS, DAYS)
def test_a_day_in_season_lies_in_one_of_its_months(first: date, last: date, day: date) -> None:
    begins, ends = (d.month * 100 + d.day for d in (first, last))
    assert not in_season(begins, ends, day) or day.month in months(begins, ends)
    assert {first.month, last.month} <= months(begins, ends)


def test_an_unknown_season_has_no_months() -> None:
    assert months(None, 101) == frozenset()

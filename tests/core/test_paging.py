"""Pages of lists and the numbers people ask for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.paging import MAX_PAGE, Page, page_number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("3", 3),
        (None, 1),
        ("", 1),
        ("0", 1),
        ("-2", 1),
        ("2.5", 1),
        ("x", 1),
        ("٣", 1),
        ("²", 1),
        ("999999999", MAX_PAGE),
        ("9" * 5000, 1),
    ],
)
def test_what_is_no_number_means_the_first_page(text: str | None, number: int) -> None:
    assert page_number(text) == number


@given(st.text(max_size=12))
def test_any_text_gives_a_possible_page(text: str) -> None:
    assert 1 <= page_number(text) <= MAX_PAGE


@pytest.mark.parametrize(
    ("number", "total", "pages", "has_prev", "has_next"),
    [
        (1, 0, 1, False, False),
        (1, 10, 1, False, False),
        (1, 11, 2, False, True),
        (2, 11, 2, True, False),
        (9, 11, 2, True, False),
    ],
)
def test_a_page_knows_its_neighbours(
    number: int, total: int, pages: int, has_prev: bool, has_next: bool
) -> None:
    page = Page([], number, 10, total)
    assert (page.pages, page.has_prev, page.has_next) == (pages, has_prev, has_next)

"""Words of a query: what they find, and which slips of the fingers are forgiven."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import DamerauLevenshtein
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.text import fold
from builders import make_offered, make_producer, make_product
from catalog import search
from catalog.models import Product
from catalog.search import MAX_LETTERS, MAX_TERMS

WORDS = st.text("abcdeghiklmnopqrstuvxy", min_size=4, max_size=12)


def found(session: Session, text: str) -> list[str]:
    words = search.corrected(session, search.terms(text))
    condition = search.matching(words)
    assert condition is not None
    return list(session.scalars(select(Product.name_vi).where(condition)))


@given(st.text())
def test_terms_are_few_short_and_hold_no_blanks(text: str) -> None:
    words = search.terms(text)
    assert len(words) <= MAX_TERMS
    assert all(0 < len(word) <= MAX_LETTERS and not word.split()[1:] for word in words)


@given(st.lists(WORDS, max_size=5))
def test_terms_of_plain_words_are_those_words(words: list[str]) -> None:
    assert search.terms(" ".join(words)) == words


@given(WORDS)
def test_marks_make_no_difference(word: str) -> None:
    marked = "".join(letter + "\u0323" if letter in "aeiouy" else letter for letter in word)
    assert search.terms(marked) == search.terms(word) == [fold(word)]


@given(WORDS, st.data())
def test_a_swap_of_neighbours_is_near(word: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(word) - 2))
    typed = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    assert typed == word or search.nearest(typed, [word]) == [word]


@given(st.lists(WORDS), WORDS)
def test_the_nearest_come_first_and_none_is_too_far(words: list[str], typed: str) -> None:
    near = search.nearest(typed, words)
    slips = [DamerauLevenshtein.distance(typed, word) for word in near]
    assert slips == sorted(slips)
    assert all(0 < n <= search.allowed_slips(typed) for n in slips)


KNOWN = ["long", "nhan", "mat", "nghe", "chuong", "hungyen", "1234568"]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("nhna", "nhan"),
        ("mta", None),  # too short to guess
        ("nnna", None),  # two slips in a short word
        ("nghaej", None),
        ("chuogn", "chuong"),
        ("hungyne", "hungyen"),
        ("hugnyne", "hungyen"),
        ("1234567", None),
    ],
)
def test_longer_words_forgive_more(typed: str, meant: str | None) -> None:
    assert search.nearest(typed, KNOWN) == ([meant] if meant else [])


@pytest.mark.parametrize(("word", "times"), [("nhãn", 4), ("đặc", 3), ("longan", 6)])
def test_every_beginning_of_a_word_stays_as_it_is(session: Session, word: str, times: int) -> None:
    make_offered(session, name_vi="Long nhãn đặc sản longan")
    for letters in range(1, times + 1):
        start = search.terms(word[:letters])
        assert search.corrected(session, start) == start


def test_the_commoner_of_two_near_words_is_meant(session: Session) -> None:
    for name in ("Bach", "Bani ha", "Bani"):
        make_offered(session, name_vi=name)
    assert search.corrected(session, ["banh"]) == ["bani"]


@pytest.mark.parametrize("text", ["long nhna", "lòng nhãn", "LONG NHÃ", "nhan long", "(nhãn)"])
def test_beginnings_and_slips_find_the_product(session: Session, text: str) -> None:
    make_offered(session, name_vi="Long nhãn", producer=make_producer(session, name="HTX A"))
    make_offered(session, name_vi="Trà sen", producer=make_producer(session, name="HTX B"))
    assert found(session, text) == ["Long nhãn"]


def test_the_middle_of_a_word_is_not_its_beginning(session: Session) -> None:
    make_offered(session, name_vi="Mật ong")
    assert found(session, "ng") == []
    assert found(session, "on") == ["Mật ong"]


def test_a_name_in_brackets_is_found(session: Session) -> None:
    make_offered(session, name_vi="Quả (cam) Văn Giang")
    assert found(session, "cam") == ["Quả (cam) Văn Giang"]


def test_only_words_of_what_is_offered_are_proposed(session: Session) -> None:
    make_product(session, name_vi="Bánh gai")
    make_offered(session, name_vi="Trà sen")
    assert search.corrected(session, ["bahn"]) == ["bahn"]


def test_a_new_product_is_known_at_once(session: Session) -> None:
    make_offered(session, name_vi="Trà sen")
    assert search.corrected(session, ["gaohoa"]) == ["gaohoa"]
    make_offered(session, name_vi="Gạohao")
    assert search.corrected(session, ["gaohoa"]) == ["gaohao"]

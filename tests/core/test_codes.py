"""Codes that survive handwriting, and keys that sort by time."""

from datetime import UTC, datetime, timedelta

from hypothesis import assume, given
from hypothesis import strategies as st

from app.core.codes import ALPHABET, check_character, has_check, random_code, typed, uuid7

CODES = st.text(ALPHABET, min_size=1, max_size=20)
MOMENT = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


@given(CODES)
def test_a_code_with_its_check_character_is_accepted(code: str) -> None:
    assert has_check(code + check_character(code))


@given(CODES, st.data())
def test_every_wrong_character_is_noticed(code: str, data: st.DataObject) -> None:
    full = code + check_character(code)
    at = data.draw(st.integers(0, len(full) - 1))
    wrong = data.draw(st.sampled_from(ALPHABET.replace(full[at], "")))
    assert not has_check(full[:at] + wrong + full[at + 1 :])


@given(CODES, st.data())
def test_every_swap_of_neighbours_but_0_with_z_is_noticed(code: str, data: st.DataObject) -> None:
    full = code + check_character(code)
    at = data.draw(st.integers(0, len(full) - 2))
    one, other = full[at], full[at + 1]
    assume(one != other and {one, other} != {"0", "Z"})
    assert not has_check(full[:at] + other + one + full[at + 2 :])


def test_texts_that_are_no_codes_have_no_check() -> None:
    assert not any(has_check(text) for text in ("", "7", "ILOU", "đ0", "0-0"))


def test_a_code_is_read_as_people_type_it() -> None:
    assert typed(" ab-c1 oO il ") == "ABC10011"


@given(st.text(ALPHABET, max_size=20))
def test_reading_leaves_a_clean_code_alone(code: str) -> None:
    assert typed(code) == code


def test_a_random_code_takes_five_bits_of_each_byte() -> None:
    assert random_code(4, lambda _n: bytes([0, 31, 32, 255])) == "0Z0Z"


@given(st.binary(min_size=10, max_size=10))
def test_a_key_has_version_7_and_holds_its_moment(noise: bytes) -> None:
    key = uuid7(MOMENT, lambda _n: noise)
    assert (key.version, key.variant) == (7, "specified in RFC 4122")
    assert key.int >> 80 == int(MOMENT.timestamp() * 1000)


@given(st.binary(min_size=10, max_size=10), st.binary(min_size=10, max_size=10))
def test_a_later_key_sorts_later(one: bytes, other: bytes) -> None:
    early = uuid7(MOMENT, lambda _n: one)
    late = uuid7(MOMENT + timedelta(milliseconds=1), lambda _n: other)
    assert str(early) < str(late)

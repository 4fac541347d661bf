"""The reference in a transfer, through everything that banks do to it."""

from uuid import UUID

from hypothesis import assume, given
from hypothesis import strategies as st

from pos.sales import payment_codes
from pos.sales.payment_codes import ALPHABET, code_of, is_code, references

SEEN = st.uuids().map(code_of)
NOISE = st.text("ABCDEFGHIJKLMNOQRSTUVWXYZ abc.,-/0123456789đềấ", max_size=40)
SIGNS = st.sampled_from(["", " ", "-", ".", " . "])


def test_a_reference_is_ten_characters_that_nobody_mixes_up() -> None:
    code = code_of(UUID(int=1))
    assert len(code) == 10
    assert not set(code[2:]) & set("01IO")


@given(st.uuids(), st.integers(0, 3))
def test_every_reference_is_valid_and_another_try_gives_another(key: UUID, attempt: int) -> None:
    assert is_code(code_of(key, attempt))
    assert code_of(key, attempt) != code_of(key, attempt + 1)


@given(SEEN, st.integers(2, 9), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_noticed(code: str, place: int, other: str) -> None:
    assume(code[place] != other)
    assert not is_code(code[:place] + other + code[place + 1 :])


@given(SEEN, NOISE, NOISE, SIGNS, st.booleans())
def test_a_reference_is_found_in_any_text_of_a_bank(
    code: str, before: str, after: str, sign: str, lower: bool
) -> None:
    written = sign.join(code)
    text = f"{before} {written.lower() if lower else written} {after}"
    assert code in references(text)


@given(st.text(max_size=200))
def test_whatever_is_found_has_its_check_character(text: str) -> None:
    found = references(text)
    assert all(map(is_code, found))
    assert len(set(found)) == len(found)


@given(SEEN)
def test_the_number_of_an_order_is_no_reference(code: str) -> None:
    assert references(f"PH-26-{code[2:6]}") == ()
    assert payment_codes.references("chuyen tien mua nhan") == ()

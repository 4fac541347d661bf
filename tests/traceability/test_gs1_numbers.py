import biip.checksums
import pytest
from biip.gln import Gln
from hypothesis import given
from hypothesis import strategies as st
from stdnum import ean

from traceability import gs1_numbers as gs1

GTIN = "09520000000011"


@given(st.text("0123456789", min_size=1, max_size=20))
def test_the_check_digit_agrees_with_a_second_opinion(digits: str) -> None:
    assert gs1.check_digit(digits) == ean.calc_check_digit(digits)


@given(st.sampled_from([7, 11, 12, 13]), st.data())
def test_gtins_agree_with_a_second_opinion(length: int, data: st.DataObject) -> None:
    text = data.draw(st.text("0123456789", min_size=length + 1, max_size=length + 1))
    assert gs1.is_gtin(text) == ean.is_valid(text)
    right = text[:-1] + gs1.check_digit(text[:-1])
    assert gs1.is_gtin(right)
    assert ean.is_valid(right)


@given(st.integers(0, 10**12 - 1), st.integers(0, 12), st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(number: int, place: int, shift: int) -> None:
    digits = f"{number:012d}"
    gtin = digits + gs1.check_digit(digits)
    wrong = str((int(gtin[place]) + shift) % 10)
    assert not gs1.is_gtin(gtin[:place] + wrong + gtin[place + 1 :])


@pytest.mark.parametrize(
    "text", ["", "9520000000012", "952000000001", "9520000000011 ", "٩٥٢٠٠٠٠٠٠٠٠١١"]
)
def test_what_is_no_gtin_is_told_so(text: str) -> None:
    assert not gs1.is_gtin(text)


@pytest.mark.parametrize(
    ("text", "full"),
    [
        ("9520000000011", GTIN),
        ("952 0000 00001-1", GTIN),
        (GTIN, GTIN),
        ("036000291452", "00036000291452"),
        ("96385074", "00000096385074"),
        ("19520000000018", "19520000000018"),
    ],
)
def test_every_length_becomes_fourteen_digits(text: str, full: str) -> None:
    assert gs1.gtin14(text) == full


@pytest.mark.parametrize("text", ["", "abc", "9520000000010", "95200000000110"])
def test_normalising_refuses_what_is_no_gtin(text: str) -> None:
    with pytest.raises(gs1.InvalidGtin):
        gs1.gtin14(text)


def test_a_check_digit_needs_digits() -> None:
    with pytest.raises(gs1.InvalidGtin):
        gs1.check_digit("12a")


def test_a_barcode_has_the_last_thirteen_digits() -> None:
    assert gs1.ean13(GTIN) == "9520000000011"
    assert gs1.ean13("036000291452") == "0036000291452"


def test_a_carton_has_no_ean13() -> None:
    with pytest.raises(gs1.InvalidGtin):
        gs1.ean13("19520000000018")


@given(st.integers(0, 10**9 - 1))
def test_demonstration_numbers_are_valid_and_told_by_their_prefix(number: int) -> None:
    gtin = gs1.demo_gtin(number)
    assert ean.is_valid(gtin)
    assert gtin.startswith("952")
    assert len(gtin) == 13


@pytest.mark.parametrize("number", [-1, 10**9])
def test_demonstration_numbers_have_an_end(number: int) -> None:
    with pytest.raises(gs1.InvalidGtin):
        gs1.demo_gtin(number)


def test_a_small_pack_has_eight_digits() -> None:
    assert gs1.ean8("96385074") == "96385074"
    assert gs1.ean8("00000096385074") == "96385074"
    with pytest.raises(gs1.InvalidGtin):
        gs1.ean8(GTIN)


@given(st.text("0123456789", min_size=12, max_size=12))
def test_glns_agree_with_a_second_opinion(digits: str) -> None:
    right = digits + gs1.check_digit(digits)
    assert gs1.is_gln(right)
    assert ean.is_valid(right)
    assert gs1.gln(f"{right[:3]} {right[3:]}") == right


@pytest.mark.parametrize(
    "text", ["", "9520000000012", "96385074", "952000000001A", "09520000000011"]
)
def test_normalising_refuses_what_is_no_gln(text: str) -> None:
    assert not gs1.is_gln(text)
    with pytest.raises(gs1.InvalidGln):
        gs1.gln(text)


@given(st.text("0123456789", min_size=12, max_size=12))
def test_biip_agrees_on_gtins_and_glns(digits: str) -> None:
    right = digits + gs1.check_digit(digits)
    assert Gln.parse(right).value == right
    # biip takes a number of an in-store range for a restricted one and not for a GTIN, and strips
    # zeros before the check; both are questions of meaning, not of digits.
    assert biip.checksums.gs1_standard_check_digit(digits) == int(right[-1])

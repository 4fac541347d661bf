from contextlib import suppress
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import ean

from traceability import gs1

GTIN = "09520000000011"
CSET82 = "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"
qualifiers = st.text(CSET82, min_size=1, max_size=20)


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


@pytest.mark.parametrize("base", ["https://id.example.vn", "https://id.example.vn/"])
def test_the_printed_address_has_gtin_and_serial_only(base: str) -> None:
    address = gs1.digital_link(base, "9520000000011", "7F3K0AB1CD0EF1GH")
    assert address == "https://id.example.vn/01/09520000000011/21/7F3K0AB1CD0EF1GH"


def test_a_lot_is_printed_when_asked_for() -> None:
    address = gs1.digital_link("https://id.example.vn", GTIN, "S1", lot="L/26")
    assert address == "https://id.example.vn/01/09520000000011/10/L%2F26/21/S1"


@pytest.mark.parametrize("base", ["HTTPS://ID.EXAMPLE.VN", "id.example.vn", "ftp://id.example.vn"])
def test_only_a_lower_case_web_scheme_is_printed(base: str) -> None:
    with pytest.raises(gs1.MalformedLink):
        gs1.digital_link(base, GTIN, "S1")


@pytest.mark.parametrize(
    ("serial", "lot"), [("", None), ("S" * 21, None), ("S 1", None), ("S1", "nhãn")]
)
def test_nothing_outside_the_standard_is_printed(serial: str, lot: str | None) -> None:
    with pytest.raises(gs1.MalformedLink):
        gs1.digital_link("https://id.example.vn", GTIN, serial, lot)


@given(lot=st.none() | qualifiers, serial=st.none() | qualifiers)
def test_a_path_reads_back_to_what_it_was_built_from(lot: str | None, serial: str | None) -> None:
    link = gs1.DigitalLink(GTIN, lot, serial)
    assert gs1.parse_path(link.path) == link
    assert gs1.parse_path(link.path + "/") == link
    assert link.canonical == "https://id.gs1.org" + link.path


@given(qualifiers)
def test_a_printed_address_reads_back(serial: str) -> None:
    address = gs1.digital_link("https://id.example.vn", GTIN, serial)
    path = address.removeprefix("https://id.example.vn")
    assert gs1.parse_path(path) == gs1.DigitalLink(GTIN, None, serial)


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("", "path"),
        ("/", "path"),
        ("/01", "path"),
        ("01/09520000000011", "path"),
        ("/gtin/09520000000011", "path"),
        ("/414/9520000000011", "path"),
        ("/01/09520000000011/21", "path"),
        ("/01/09520000000011/21/", "path"),
        ("/01/09520000000011//", "path"),
        ("//01/09520000000011", "path"),
        ("/01/9520000000011", "gtin-length"),
        ("/01/0952000000001A", "gtin-length"),
        ("/01/0952000000001%31", "gtin-length"),
        ("/01/09520000000012", "check-digit"),
        ("/01/09520000000011/21/S1/10/L1", "order"),
        ("/01/09520000000011/21/S1/21/S2", "order"),
        ("/01/09520000000011/10/L1/10/L2", "order"),
        ("/01/09520000000011/22/A", "unsupported"),
        ("/01/09520000000011/lot/L1", "unsupported"),
        ("/01/09520000000011/10//21/S1", "empty"),
        ("/01/09520000000011/21/" + "S" * 21, "too-long"),
        ("/01/09520000000011/10/" + "L" * 21, "too-long"),
        ("/01/09520000000011/21/a%20b", "characters"),
        ("/01/09520000000011/21/a%00", "characters"),
        ("/01/09520000000011/21/S1%0A", "characters"),
        ("/01/09520000000011/21/" + quote("nhãn"), "characters"),
        ("/01/09520000000011/21/nhãn", "characters"),
        ("/01/09520000000011/21/a%23b", "characters"),
        ("/01/09520000000011/21/a%zzb", "encoding"),
        ("/01/09520000000011/21/a%2", "encoding"),
    ],
)
def test_a_malformed_path_is_refused_with_its_reason(path: str, reason: str) -> None:
    with pytest.raises(gs1.MalformedLink) as refused:
        gs1.parse_path(path)
    assert refused.value.reason == reason


@pytest.mark.parametrize("length", [1, 20])
def test_the_shortest_and_the_longest_value_are_read(length: int) -> None:
    assert gs1.parse_path(f"/01/{GTIN}/21/{'S' * length}").serial == "S" * length


def test_an_encoded_slash_belongs_to_the_value() -> None:
    assert gs1.parse_path(f"/01/{GTIN}/10/A%2fB/21/C%2FD") == gs1.DigitalLink(GTIN, "A/B", "C/D")


def test_a_value_is_decoded_once() -> None:
    assert gs1.parse_path(f"/01/{GTIN}/21/%2541").serial == "%41"


@given(st.text(max_size=80))
def test_any_path_is_read_or_refused(text: str) -> None:
    with suppress(gs1.MalformedLink):
        link = gs1.parse_path(text)
        assert gs1.parse_path(link.path) == link

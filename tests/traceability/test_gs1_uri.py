from contextlib import suppress
from urllib.parse import quote

import pytest
from biip import ParseError
from biip.gs1_digital_link_uris import GS1DigitalLinkURI
from hypothesis import given
from hypothesis import strategies as st

from traceability import gs1_uri as gs1
from traceability.gs1_reasons import REASONS

GTIN, GLN = "09520000000011", "9520000000011"
CSET82 = "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"
values = st.none() | st.text(CSET82, min_size=1, max_size=20)


def link(**parts: str | None) -> gs1.DigitalLink:
    numbers = {"variant": "22", "lot": "10", "serial": "21"}
    pairs = tuple((numbers[name], text) for name, text in parts.items() if text is not None)
    return gs1.build("01", GTIN, pairs)


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


@given(variant=values, lot=values, serial=values)
def test_a_path_reads_back_to_what_it_was_built_from(
    variant: str | None, lot: str | None, serial: str | None
) -> None:
    made = link(variant=variant, lot=lot, serial=serial)
    assert gs1.parse_path(made.path) == made
    assert gs1.parse_path(made.path + "/") == made
    assert gs1.parse_uri(f"https://id.example.vn/our/stem{made.path}") == made
    assert made.canonical == "https://id.gs1.org" + made.path


@given(variant=values, lot=values, serial=values)
def test_biip_reads_what_is_built_here(
    variant: str | None, lot: str | None, serial: str | None
) -> None:
    made = link(variant=variant, lot=lot, serial=serial)
    theirs = GS1DigitalLinkURI.parse(f"https://id.example.vn{made.path}")
    found = {element.ai.ai: element.value for element in theirs.element_strings}
    assert found == {"01": GTIN, **dict(made.qualifiers)}


@pytest.mark.parametrize(
    ("path", "key"),
    [
        (f"/01/{GTIN}", "01"),
        (f"/01/{GTIN}/235/TPX-1", "01"),
        (f"/414/{GLN}", "414"),
        (f"/414/{GLN}/254/A1", "414"),
        (f"/417/{GLN}", "417"),
    ],
)
def test_all_keys_and_qualifiers_that_are_served_are_read(path: str, key: str) -> None:
    read = gs1.parse_path(path)
    assert (read.key, read.path) == (key, path)


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("", "path"),
        ("/", "path"),
        ("/01", "path"),
        (f"01/{GTIN}", "path"),
        (f"/x/{GTIN}", "path"),
        (f"/01/{GTIN}/21", "path"),
        (f"/01/{GTIN}/21/", "path"),
        (f"/01/{GTIN}//", "path"),
        (f"//01/{GTIN}", "path"),
        (f"/gtin/{GTIN}", "alpha"),
        (f"/01/{GTIN}/lot/L1", "alpha"),
        (f"/01/{GTIN}/ser/S1", "alpha"),
        ("/00/195200000000000017", "other-key"),
        ("/8004/9520000ABC", "other-key"),
        ("/01/9520000000011", "gtin-13"),
        ("/01/96385074", "key-length"),
        ("/01/036000291452", "key-length"),
        ("/01/0952000000001A", "key-length"),
        ("/01/0952000000001%31", "key-length"),
        (f"/414/0{GLN}", "key-length"),
        ("/01/09520000000012", "check-digit"),
        ("/417/9520000000012", "check-digit"),
        (f"/01/{GTIN}/21/S1/10/L1", "order"),
        (f"/01/{GTIN}/10/L1/22/V", "order"),
        (f"/01/{GTIN}/21/S1/21/S2", "repeated"),
        (f"/01/{GTIN}/10/L1/10/L2", "repeated"),
        (f"/01/{GTIN}/235/X/21/S1", "qualifier"),
        (f"/01/{GTIN}/10/L1/235/X", "qualifier"),
        (f"/01/{GTIN}/17/261231", "qualifier"),
        (f"/01/{GTIN}/99/A", "qualifier"),
        (f"/414/{GLN}/10/L1", "qualifier"),
        (f"/417/{GLN}/254/L1", "qualifier"),
        (f"/01/{GTIN}/10//21/S1", "empty"),
        (f"/01/{GTIN}/21/" + "S" * 21, "too-long"),
        (f"/01/{GTIN}/10/" + "L" * 21, "too-long"),
        (f"/01/{GTIN}/22/" + "V" * 21, "too-long"),
        (f"/01/{GTIN}/235/" + "T" * 29, "too-long"),
        (f"/414/{GLN}/254/" + "E" * 21, "too-long"),
        (f"/01/{GTIN}/21/a%20b", "characters"),
        (f"/01/{GTIN}/21/a%00", "characters"),
        (f"/01/{GTIN}/21/S1%0A", "characters"),
        (f"/01/{GTIN}/21/" + quote("nhãn"), "characters"),
        (f"/01/{GTIN}/21/nhãn", "characters"),
        (f"/01/{GTIN}/21/a%23b", "characters"),
        (f"/01/{GTIN}/21/a%zzb", "encoding"),
        (f"/01/{GTIN}/21/a%2", "encoding"),
    ],
)
def test_a_malformed_path_is_refused_with_its_reason(path: str, reason: str) -> None:
    with pytest.raises(gs1.MalformedLink) as refused:
        gs1.parse_path(path)
    assert refused.value.reason == reason
    assert REASONS[reason]


@pytest.mark.parametrize(
    ("query", "attributes"),
    [
        ("", ()),
        ("linkType=pip&context=VN&utm=x&_=1", ()),
        ("17=261231&utm=x", (("17", "261231"),)),
        ("15=260200", (("15", "260200"),)),
        ("17=280229", (("17", "280229"),)),
        ("3103=000500", (("3103", "000500"),)),
        ("8030=AZ09-_", (("8030", "AZ09-_"),)),
        ("7003=2612312359", (("7003", "2612312359"),)),
        ("91=%2F", (("91", "/"),)),
    ],
)
def test_attributes_are_read_from_the_query_string(
    query: str, attributes: tuple[tuple[str, str], ...]
) -> None:
    assert gs1.parse_path(f"/01/{GTIN}/21/S1", query).attributes == attributes


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("17=261331", "date"),
        ("17=260230", "date"),
        ("15=260001", "date"),
        ("7003=2612312460", "date"),
        ("17=26123", "attribute"),
        ("17=2612311", "attribute"),
        ("17=", "attribute"),
        ("3103=00050", "attribute"),
        ("3103=0005a0", "attribute"),
        ("8030=a%2Bb", "attribute"),
        ("8030=" + "a" * 91, "attribute"),
        ("414=9520000000012", "check-digit"),
        ("77=1", "unknown-ai"),
        ("3109=000500", "unknown-ai"),
        ("17=261231&17=261231", "repeated"),
        ("10=L1", "in-path"),
        ("21=S1", "in-path"),
        (f"01={GTIN}", "in-path"),
        ("91=%zz", "encoding"),
    ],
)
def test_a_wrong_attribute_is_refused_with_its_reason(query: str, reason: str) -> None:
    with pytest.raises(gs1.MalformedLink) as refused:
        gs1.parse_path(f"/01/{GTIN}/21/S1", query)
    assert refused.value.reason == reason
    assert REASONS[reason]


def test_a_signature_belongs_to_one_piece() -> None:
    with pytest.raises(gs1.MalformedLink, match="needs-serial"):
        gs1.parse_path(f"/01/{GTIN}/10/L1", "8030=abc")


@pytest.mark.parametrize("scheme", ["http", "https", "HTTP", "HTTPS"])
def test_a_scheme_is_small_or_in_capitals(scheme: str) -> None:
    assert gs1.parse_uri(f"{scheme}://Id.Example.VN/01/{GTIN}?17=261231").gtin == GTIN


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        (f"HtTp://id.example.vn/01/{GTIN}", "scheme-case"),
        (f"Https://id.example.vn/01/{GTIN}", "scheme-case"),
        (f"ftp://id.example.vn/01/{GTIN}", "scheme"),
        (f"id.example.vn/01/{GTIN}", "scheme"),
        (f"https:///01/{GTIN}", "host"),
        (f"https://a@id.example.vn/01/{GTIN}", "host"),
        ("https://id.example.vn", "host"),
        ("https://id.example.vn/", "path"),
        (f"https://id.example.vn/a/gtin/{GTIN}", "path"),
    ],
)
def test_a_wrong_address_is_refused_with_its_reason(address: str, reason: str) -> None:
    with pytest.raises(gs1.MalformedLink) as refused:
        gs1.parse_uri(address)
    assert refused.value.reason == reason
    assert REASONS[reason]


def test_equal_addresses_have_one_canonical_form() -> None:
    one = gs1.parse_uri(f"https://a.vn/x/01/{GTIN}/21/S1/?3103=000500&17=261231&linkType=pip")
    other = gs1.parse_uri(f"HTTP://b.vn/01/{GTIN}/21/S1?17=261231&3103=000500#part")
    assert one.canonical == other.canonical
    assert one.canonical == f"https://id.gs1.org/01/{GTIN}/21/S1?17=261231&3103=000500"


@pytest.mark.parametrize("length", [1, 20])
def test_the_shortest_and_the_longest_value_are_read(length: int) -> None:
    assert gs1.parse_path(f"/01/{GTIN}/21/{'S' * length}").serial == "S" * length


def test_an_encoded_slash_belongs_to_the_value() -> None:
    read = gs1.parse_path(f"/01/{GTIN}/10/A%2fB/21/C%2FD")
    assert (read.lot, read.serial) == ("A/B", "C/D")


def test_a_value_is_decoded_once() -> None:
    assert gs1.parse_path(f"/01/{GTIN}/21/%2541").serial == "%41"


@pytest.mark.parametrize(
    "rest",
    [
        "01/9520000000011",  # a GTIN of 13 digits
        "01/09520000000012",  # a wrong check digit
        f"01/{GTIN}/21/S?10=L",  # a qualifier behind the question mark
        f"01/{GTIN}/21/%zz",  # a broken escape
    ],
)
def test_biip_lets_pass_what_is_refused_here(rest: str) -> None:
    # biip reads for those who scan, and mends what it can; a resolver must say 400.
    assert GS1DigitalLinkURI.parse(f"https://id.example.vn/{rest}")
    with pytest.raises(gs1.MalformedLink):
        gs1.parse_uri(f"https://id.example.vn/{rest}")


@pytest.mark.parametrize(
    "rest",
    [
        f"gtin/{GTIN}",
        f"01/{GTIN}/21/S1/10/L1",
        f"01/{GTIN}/10/L1/10/L2",
        f"01/{GTIN}/235/X/21/S1",
        f"01/{GTIN}/21/" + "S" * 21,
        f"01/{GTIN}/21/a%20b",
        f"01/{GTIN}?17=261340",
    ],
)
def test_biip_refuses_with_us(rest: str) -> None:
    with pytest.raises(ParseError):
        GS1DigitalLinkURI.parse(f"https://id.example.vn/{rest}")
    with pytest.raises(gs1.MalformedLink):
        gs1.parse_uri(f"https://id.example.vn/{rest}")


@given(st.text(max_size=80), st.text(max_size=40))
def test_any_path_is_read_or_refused(text: str, query: str) -> None:
    with suppress(gs1.MalformedLink):
        read = gs1.parse_path(text, query)
        assert gs1.parse_path(read.path).qualifiers == read.qualifiers

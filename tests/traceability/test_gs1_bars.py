from xml.etree import ElementTree

import numpy as np
import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st

from traceability import gs1_bars as bars
from traceability.gs1_elements import MalformedElements, build
from traceability.gs1_numbers import InvalidGtin, check_digit

GTIN = "09520000000011"
CSET82 = "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"


def read(modules: str, margin: int) -> zxingcpp.Barcode:
    """What an independent reader finds in the bars."""
    row = "0" * margin + modules + "0" * margin
    line = np.repeat(np.array([0 if m == "1" else 255 for m in row], dtype=np.uint8), 3)
    [found] = zxingcpp.read_barcodes(np.ascontiguousarray(np.tile(line, (120, 1))))
    return found


@given(st.text("0123456789", min_size=7, max_size=7))
@settings(max_examples=25, deadline=None)
def test_the_bars_of_a_small_pack_are_read_back(digits: str) -> None:
    gtin = digits + check_digit(digits)
    found = read(bars.ean8_modules(gtin), bars.EAN8_MARGIN)
    assert (found.format, found.text) == (zxingcpp.BarcodeFormat.EAN8, gtin)


@given(st.text(CSET82, min_size=1, max_size=12))
@settings(max_examples=40, deadline=None)
def test_the_bars_of_a_lot_are_read_back(lot: str) -> None:
    pairs = [("01", GTIN), ("10", lot), ("21", "7F3K0")]
    found = read(bars.gs1_128_modules(pairs), bars.CODE128_MARGIN)
    assert found.symbology_identifier == "]C1"
    assert found.bytes.decode() == build(pairs)


@pytest.mark.parametrize(
    "pairs",
    [
        [("10", "1")],
        [("10", "123"), ("21", "4567")],
        [("10", "A1234B")],
        [("01", GTIN), ("17", "261231"), ("3103", "000500"), ("10", "L26-01")],
    ],
)
def test_odd_and_even_runs_of_digits_are_read_back(pairs: list[tuple[str, str]]) -> None:
    found = read(bars.gs1_128_modules(pairs), bars.CODE128_MARGIN)
    assert found.bytes.decode() == build(pairs)


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(bars.TooLong):
        bars.gs1_128_modules([("01", GTIN), ("10", "L" * 20), ("21", "S" * 20)])
    with pytest.raises(MalformedElements):
        bars.gs1_128_modules([("01", "1")])
    with pytest.raises(InvalidGtin):
        bars.ean8_modules(GTIN)


@pytest.mark.parametrize(
    ("svg", "line"),
    [
        (bars.ean8_svg("96385074"), "96385074"),
        (bars.gs1_128_svg([("10", 'A<&">1'), ("21", "2")]), '(10)A<&">1(21)2'),
    ],
)
def test_the_picture_is_well_formed_and_says_what_it_holds(svg: str, line: str) -> None:
    root = ElementTree.fromstring(svg)
    assert line in (root.get("aria-label") or "")
    assert [node.text for node in root if node.tag.endswith("text")] == [line]

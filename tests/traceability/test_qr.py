import re
import xml.etree.ElementTree as ET
from io import BytesIO

import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from traceability import serials
from traceability.printing import qr

GTIN, REF = "09520000000011", "7F3K"
HEAD = f"https://id.ocop.vn/01/{GTIN}/21/"
KEY = serials.batch_key(bytes(32), GTIN, REF)
URL = HEAD + serials.serial_for(KEY, GTIN, REF, 0)


def read(image: Image.Image) -> zxingcpp.Barcode:
    (found,) = zxingcpp.read_barcodes(image.convert("L"))
    return found


def picture(modules: list[list[bool]], box: int = 6) -> Image.Image:
    size = len(modules)
    image = Image.new("L", (size + 8, size + 8), 255)
    for y, row in enumerate(modules):
        for x, dark in enumerate(row):
            image.putpixel((x + 4, y + 4), 0 if dark else 255)
    return image.resize((image.width * box, image.height * box), Image.Resampling.NEAREST)


@pytest.mark.parametrize("level", ["L", "M", "Q", "H"])
def test_the_symbol_reads_back_at_the_level_asked_for(level: str) -> None:
    found = read(picture(qr.qr_modules(URL, level)))
    assert found.text == URL
    assert found.ec_level == level


@settings(max_examples=40, deadline=None)
@given(
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=60)
)
def test_any_text_survives_its_segments(text: str) -> None:
    assert "".join(part.text for part in qr.segments(text)) == text
    decoded = read(picture(qr.qr_modules(text, "L")))
    assert decoded.bytes.decode() == text


def test_a_stamp_address_takes_the_three_segments_of_fewest_bits() -> None:
    parts = [(part.mode, part.text) for part in qr.segments(URL)]
    assert parts == [
        (qr.BYTE_MODE, "https://id.ocop.vn/01/"),
        (qr.NUMERIC_MODE, GTIN),
        (qr.PAIR_MODE, "/21/" + URL[-16:]),
    ]


def test_a_stamp_address_fits_version_4_at_level_q() -> None:
    assert len(qr.qr_modules(URL, "Q")) == 33


def test_text_beyond_the_largest_symbol_is_refused() -> None:
    with pytest.raises(qr.TooLong):
        qr.qr_modules("a" * 3000, "Q")


def test_the_png_has_the_size_asked_for_and_reads_back() -> None:
    image = Image.open(BytesIO(qr.qr_png(URL, box=5, border=6)))
    assert image.size == ((33 + 12) * 5,) * 2
    assert set(image.convert("L").tobytes()) == {0, 255}
    assert read(image).text == URL


def test_the_svg_draws_the_same_modules() -> None:
    svg = ET.fromstring(qr.qr_svg(URL, label="Mã <tem>"))
    _, dark = svg.iter("{http://www.w3.org/2000/svg}path")
    runs = [
        tuple(map(int, run)) for run in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", dark.attrib["d"])
    ]
    drawn = {(x + step, y) for x, y, width in runs for step in range(width)}
    modules = qr.qr_modules(URL)
    assert drawn == {
        (x + 4, y + 4) for y, row in enumerate(modules) for x, dot in enumerate(row) if dot
    }
    assert svg.attrib["viewBox"] == "0 0 41 41"
    assert svg.attrib["aria-label"] == "Mã <tem>"


def test_the_svg_needs_no_inline_style() -> None:
    svg = qr.qr_svg(URL)
    assert "style" not in svg
    assert 'aria-hidden="true"' in svg

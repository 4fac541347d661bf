import re
import xml.etree.ElementTree as ET
from io import BytesIO

import pytest
import zxingcpp
from PIL import Image, ImageDraw

from traceability import gs1
from traceability.printing import labels

# One for each first digit, since that decides which digit sets the left half uses.
EVERY_PARITY = [
    f"{first}93123456789"[:12] + gs1.check_digit(f"{first}93123456789"[:12]) for first in range(10)
]
SVG = "{http://www.w3.org/2000/svg}"


def read(image: Image.Image) -> zxingcpp.Barcode:
    (found,) = zxingcpp.read_barcodes(image.convert("L"))
    return found


@pytest.mark.parametrize("gtin", [*EVERY_PARITY, gs1.demo_gtin(7)])
def test_the_png_reads_back(gtin: str) -> None:
    found = read(Image.open(BytesIO(labels.ean13_png(gtin))))
    assert found.format == zxingcpp.BarcodeFormat.EAN13
    assert found.text == gtin


@pytest.mark.parametrize("gtin", EVERY_PARITY)
def test_the_svg_reads_back(gtin: str) -> None:
    svg = ET.fromstring(labels.ean13_svg(gtin))
    _, bars = svg.iter(f"{SVG}path")
    image = Image.new("L", (labels.WIDTH * 3, labels.HEIGHT * 3), 255)
    for x, width, tall in re.findall(r"M(\d+) 0h(\d+)v(\d+)h-\d+z", bars.attrib["d"]):
        box = (int(x) * 3, 0, (int(x) + int(width)) * 3 - 1, int(tall) * 3 - 1)
        ImageDraw.Draw(image).rectangle(box, fill=0)
    assert read(image).text == gtin


def test_the_svg_shows_the_digits_and_needs_no_inline_style() -> None:
    text = labels.ean13_svg("9520000000011")
    svg = ET.fromstring(text)
    assert "".join(digit.text or "" for digit in svg.iter(f"{SVG}text")) == "9520000000011"
    assert "style" not in text


def test_guard_bars_are_longer_and_the_margins_are_white() -> None:
    image = Image.open(BytesIO(labels.ean13_png("9520000000011", box=1))).convert("L")
    below = image.crop((0, labels.BAR_HEIGHT, labels.WIDTH, labels.BAR_HEIGHT + 1))
    dark = [x - labels.LEFT for x in range(labels.WIDTH) if below.getpixel((x, 0)) == 0]
    assert dark == [0, 2, 46, 48, 92, 94]
    bars = image.crop((0, 0, labels.WIDTH, labels.BAR_HEIGHT))
    assert bars.point(lambda shade: 255 - shade).getbbox() == (11, 0, 106, labels.BAR_HEIGHT)


def test_a_longer_gtin_with_leading_zero_is_the_same_barcode() -> None:
    assert labels.ean13_svg("09520000000011") == labels.ean13_svg("9520000000011")


@pytest.mark.parametrize("text", ["9520000000012", "952", "19520000000018"])
def test_what_has_no_ean13_is_refused(text: str) -> None:
    with pytest.raises(gs1.InvalidGtin):
        labels.ean13_svg(text)
    with pytest.raises(gs1.InvalidGtin):
        labels.ean13_png(text)

import xml.etree.ElementTree as ET
from io import BytesIO

import pytest
import zxingcpp
from PIL import Image

from builders_prints import HEAD
from traceability.printing import singles

TEXT = HEAD + "7F3KJ328HN3TPCDY"


@pytest.mark.parametrize(
    "text", [TEXT, HEAD[:-4], HEAD[:-4] + "/10/L26A07", "https://a.vn/t/" + "A" * 16]
)
@pytest.mark.parametrize("mark", [True, False])
@pytest.mark.parametrize("box", [4, 12])
def test_a_picture_reads_back_with_our_mark_or_without(text: str, mark: bool, box: int) -> None:
    picture = Image.open(BytesIO(singles.png(text, mark=mark, box=box)))
    (found,) = zxingcpp.read_barcodes(picture.convert("L"))
    assert (found.text, found.ec_level) == (text, "H")


def test_the_mark_lies_in_the_middle_on_white() -> None:
    plain, marked = (
        Image.open(BytesIO(singles.png(TEXT, mark=mark))).convert("RGB") for mark in (False, True)
    )
    assert plain.size == marked.size
    middle = marked.width // 2
    assert marked.getpixel((middle, middle)) != plain.getpixel((middle, middle))
    changed = [
        x
        for x in range(marked.width)
        if marked.getpixel((x, middle)) != plain.getpixel((x, middle))
    ]
    assert abs((min(changed) + max(changed)) / 2 - middle) < 12
    assert (max(changed) - min(changed)) / marked.width < singles.SHARE


def test_the_vector_picture_carries_the_mark_and_its_name() -> None:
    svg = ET.fromstring(singles.svg(TEXT, mark=True, label="Mã <tem>"))
    assert svg.attrib["aria-label"] == "Mã <tem>"
    (image,) = svg.iter("{http://www.w3.org/2000/svg}image")
    assert image.attrib["href"].startswith("data:image/png;base64,")
    assert "<image" not in singles.svg(TEXT, mark=False)

from collections.abc import Iterator
from datetime import date
from io import BytesIO
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from PIL import Image

from traceability import gs1, serials
from traceability.printing import sheets
from traceability.printing.sheets import PER_PAGE, EmptySheet, FontMissing, SheetTitle, Stamp

ROOT = Path(__file__).parents[2]
FONTS = ROOT / "node_modules" / "@expo-google-fonts" / "be-vietnam-pro"
GTIN, REF = "09520000000011", "7F3K"
KEY = serials.batch_key(bytes(32), GTIN, REF)
DPI = 300
TITLE = SheetTitle(
    product="Long nhãn sấy dẻo Hưng Yên 500 g",
    batch_ref=REF,
    first=1001,
    last=1150,
    printed_on=date(2026, 11, 24),
    lot="L26A07",
)


def stamps(
    count: int, name: str = "Long nhãn sấy dẻo", stars: str = "OCOP 4 sao"
) -> Iterator[Stamp]:
    for serial in serials.serials(KEY, GTIN, REF, 1000, count):
        url = gs1.digital_link("https://id.example.vn", GTIN, serial)
        yield Stamp(url, serial, name, stars)


def written(items: Iterator[Stamp], title: SheetTitle = TITLE) -> pypdfium2.PdfDocument:
    out = BytesIO()
    sheets.write_sheet(out, items, title=title, font_dir=FONTS)
    return pypdfium2.PdfDocument(out.getvalue())


def symbol(page: Image.Image, position: int) -> Image.Image:
    x, y, side = sheets.symbol_box(position)
    scale = DPI / 72
    top = page.height - (y + side) * scale
    return page.crop(
        (round(x * scale), round(top), round((x + side) * scale), round(top + side * scale))
    )


def texts(document: pypdfium2.PdfDocument) -> list[str]:
    return [page.get_textpage().get_text_bounded() for page in document]


def test_every_stamp_of_every_page_reads_back_as_printed() -> None:
    items = list(stamps(2 * PER_PAGE + 3))
    document = written(iter(items))
    assert len(document) == 3
    read = []
    for number, page in enumerate(document):
        image = page.render(scale=DPI / 72).to_pil().convert("L")
        for position in range(min(PER_PAGE, len(items) - number * PER_PAGE)):
            read += [found.text for found in zxingcpp.read_barcodes(symbol(image, position))]
    assert read == [stamp.url for stamp in items]


def test_four_modules_around_each_symbol_stay_white() -> None:
    (page,) = written(stamps(PER_PAGE, "Tên sản phẩm rất dài " * 4, "OCOP 4 sao, hiệu lực " * 4))
    image = page.render(scale=DPI / 72).to_pil().convert("L")
    for position in range(PER_PAGE):
        stamp = symbol(image, position)
        quiet = stamp.width * 4 // 45 - 1  # this address gives 37 modules and 8 of white
        dark = stamp.point(lambda shade: 255 if shade < 128 else 0).getbbox()
        assert dark is not None
        assert min(dark[0], dark[1], stamp.width - dark[2], stamp.height - dark[3]) >= quiet


def test_the_page_is_a4_and_the_grid_lies_inside_the_printable_part() -> None:
    (page,) = written(stamps(1))
    width, height = page.get_size()
    assert (round(width / 72 * 25.4), round(height / 72 * 25.4)) == (210, 297)
    x, y, side = sheets.symbol_box(PER_PAGE - 1)
    assert x + side < width - 14
    assert y > 14


def test_each_stamp_says_its_serial_in_groups_its_name_and_its_stars() -> None:
    (text,) = texts(written(stamps(2)))
    for serial in serials.serials(KEY, GTIN, REF, 1000, 2):
        groups = serials.grouped(serial)
        assert groups[:9] in text
        assert groups[10:] in text
    assert text.count("Long nhãn sấy dẻo") == 3  # the header and two stamps
    assert text.count("OCOP 4 sao") == 2


def test_no_stars_are_printed_where_none_are_given() -> None:
    (text,) = texts(written(stamps(2, stars="")))
    assert "OCOP" not in text


def test_the_header_says_what_the_sheet_holds() -> None:
    first, second = texts(written(stamps(PER_PAGE + 5)))
    for text in (first, second):
        assert "Long nhãn sấy dẻo Hưng Yên 500 g" in text
        assert "Lot L26A07" in text
        assert "Stamp batch 7F3K" in text
        assert "Stamps 1001–1150" in text
        assert "Printed on 24/11/2026" in text
    assert "Sheet 1 · 1001–1064" in first
    assert "Sheet 2 · 1065–1069" in second


def test_the_words_of_the_header_are_the_callers() -> None:
    words = sheets.SheetWords("Lô", "Đợt tem", "Tem", "Tờ", "In ngày")
    title = SheetTitle("Mật ong", REF, 1, 2, date(2026, 11, 24), words=words)
    (text,) = texts(written(stamps(2), title))
    assert "Đợt tem 7F3K" in text
    assert "Tờ 1 · 1–2" in text
    assert "Lô" not in text  # bound to no lot yet


@pytest.mark.parametrize(
    "name",
    ["Rượu nếp cái hoa vàng ủ chum sành Phố Hiến loại đặc biệt, hộp quà Tết, 750 ml", "W" * 80],
)
def test_a_long_name_is_cut_and_stays_inside_its_stamp(name: str) -> None:
    (page,) = written(stamps(1, name))
    text = page.get_textpage().get_text_bounded()
    assert name not in text.replace("\r\n", " ")
    assert "…" in text
    image = page.render(scale=DPI / 72).to_pil().convert("L")
    x, y, side = sheets.symbol_box(0)
    beside = x + side + (sheets.CELL_WIDTH - side) / 2 + 4
    below = image.crop(
        (
            round(beside * DPI / 72),
            round(image.height - y * DPI / 72),
            image.width,
            image.height - 1,
        )
    )
    marks_end = sheets.CELL_HEIGHT * DPI / 72
    inked = below.crop((0, 0, below.width, round(marks_end / 4))).getextrema()
    assert inked == (255, 255)


def test_the_same_stamps_give_the_same_bytes() -> None:
    one, other = BytesIO(), BytesIO()
    assert sheets.write_sheet(one, stamps(5), title=TITLE, font_dir=FONTS) == 5
    assert sheets.write_sheet(other, stamps(5), title=TITLE, font_dir=FONTS) == 5
    assert one.getvalue() == other.getvalue()


def test_stamps_are_taken_a_page_at_a_time() -> None:
    taken = 0

    def counted() -> Iterator[Stamp]:
        nonlocal taken
        for stamp in stamps(PER_PAGE + 1):
            taken += 1
            if taken > PER_PAGE:
                raise InterruptedError
            yield stamp

    out = BytesIO()
    with pytest.raises(InterruptedError):
        sheets.write_sheet(out, counted(), title=TITLE, font_dir=FONTS)
    assert out.getvalue() == b""


def test_a_sheet_without_stamps_is_refused_and_nothing_is_written() -> None:
    out = BytesIO()
    with pytest.raises(EmptySheet):
        sheets.write_sheet(out, iter([]), title=TITLE, font_dir=FONTS)
    assert out.getvalue() == b""


def test_a_missing_typeface_is_named(tmp_path: Path) -> None:
    with pytest.raises(FontMissing, match="BeVietnamPro"):
        sheets.write_sheet(BytesIO(), stamps(1), title=TITLE, font_dir=tmp_path)

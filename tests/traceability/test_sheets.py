import re
import zlib
from io import BytesIO
from pathlib import Path
from random import Random

import numpy as np
import pypdfium2
import pytest

from builders_prints import (
    CIPHER,
    FONTS,
    HEAD,
    WORDS,
    a_print,
    image,
    layout,
    opened,
    read,
    serials_of,
    symbol,
    written,
)
from traceability import serials
from traceability.printing import layouts, sheets
from traceability.printing.fitting import ModulesTooSmall
from traceability.printing.fonts import FontMissing
from traceability.printing.furniture import Note, Words
from traceability.printing.sheets import EmptySheet, Stopped

SEED = Random(20261124)


def texts(document: pypdfium2.PdfDocument) -> list[str]:
    return [page.get_textpage().get_text_bounded() for page in document]


@pytest.mark.parametrize("dpi", [203, 300, 600])
@pytest.mark.parametrize("name", list(layouts.built_in()))
def test_stamps_of_every_layout_read_back_at_the_resolution_of_printers(
    name: str, dpi: int
) -> None:
    per_page = layout(name).per_page
    job = a_print(name, count=2 * per_page + -(-per_page // 3))
    document, cover = opened(job), int(job.layout.cover)
    assert len(document) == cover + 3
    expected, sampled = serials_of(job), SEED.sample(range(job.count), min(12, job.count))
    pages = {at // per_page: image(document[cover + at // per_page], dpi) for at in sampled}
    for at in sampled:
        found = symbol(pages[at // per_page], job, at % per_page, dpi)
        assert read(found) == job.head + expected[at]


@pytest.mark.parametrize("dpi", [203, 300, 600])
def test_stamps_drawn_as_paths_read_back_too(dpi: int) -> None:
    job = a_print(count=100, paths=True)
    page = image(opened(job)[2], dpi)
    for position, serial in enumerate(serials_of(job)[90:]):
        assert read(symbol(page, job, position, dpi)) == job.head + serial


def test_paths_and_masks_show_the_same_modules() -> None:
    masks, paths = (opened(a_print(count=1, paths=paths))[1] for paths in (False, True))
    one, other = (np.asarray(image(page, 600)) < 128 for page in (masks, paths))
    assert (one != other).mean() < 0.0005


def test_four_modules_around_each_symbol_stay_white() -> None:
    words = Words("x", note=Note("Tên sản phẩm rất dài " * 4, "OCOP 4 sao, hiệu lực " * 4))
    job = a_print("a4-20-note", count=64, words=words)
    page = image(opened(job)[0])
    for position in range(64):
        stamp = symbol(page, job, position)
        quiet = stamp.width * 4 // 41 - 1  # this address gives 33 modules and 8 of white
        dark = stamp.point(lambda shade: 255 if shade < 128 else 0).getbbox()
        assert dark is not None
        assert min(dark[0], dark[1], stamp.width - dark[2], stamp.height - dark[3]) >= quiet


@pytest.mark.parametrize("name", list(layouts.built_in()))
def test_pages_have_the_size_of_the_paper(name: str) -> None:
    for page in opened(a_print(name, count=2)):
        assert [round(side / 72 * 25.4, 1) for side in page.get_size()] == list(layout(name).paper)


def test_each_stamp_says_its_serial_in_groups_its_name_and_its_stars() -> None:
    job = a_print("a4-20-note", count=2)
    _cover, text = texts(opened(job))
    for serial in serials_of(job):
        groups = serials.grouped(serial)
        assert groups[:9] in text
        assert groups[10:] in text
    assert text.replace("\r\n", " ").count("Long nhãn sấy dẻo") == 3  # the header and two stamps
    assert text.count("OCOP 4 sao") == 2


def test_a_stamp_with_a_code_to_scratch_free_says_it_in_its_frame() -> None:
    pins = np.frombuffer(b"K7M2QXABCDEF", dtype=np.uint8).reshape(2, 6)
    job = a_print("a4-20-pin", count=2, pins=lambda first, count: pins[first - 1000 :][:count])
    _cover, text = texts(opened(job))
    assert "K7M2QX" in text
    assert "ABCDEF" in text
    assert text.count("Cào nhẹ") == 2


def test_the_header_says_what_the_sheet_holds() -> None:
    _cover, first, second = texts(opened(a_print(count=95)))
    for text in (first, second):
        assert "Long nhãn sấy dẻo Hưng Yên 500 g" in text
        assert "Lô L26A07 · Đợt tem 7F3K" in text
    assert "Tờ 1 · 1001–1090" in first
    assert "Tờ 2 · 1091–1095" in second


def test_the_cover_says_what_the_packet_holds_and_what_to_do() -> None:
    cover = texts(opened(a_print()))[0].replace("\r\n", " ")
    for words in (
        "Tem truy xuất",
        "Long nhãn sấy dẻo",
        "9c5ced91" * 4,
        "Kích hoạt dải tem đã dán.",
    ):
        assert words in cover


@pytest.mark.parametrize(
    "name",
    [
        "Rượu nếp cái hoa vàng ủ chum sành Phố Hiến loại đặc biệt, hộp quà Tết có nơ đỏ, 750 ml",
        "W" * 80,
    ],
)
def test_a_long_name_is_cut_and_stays_inside_its_stamp(name: str) -> None:
    words = Words("x", note=Note(name, "OCOP 4 sao · đến 31/12/2028"))
    noted = layout("roll-20x4", paper=[100, 36], cell=[24, 36], note=True)
    (page,) = opened(a_print("roll-20x4", count=1, words=words, layout=noted))
    text = page.get_textpage().get_text_bounded()
    assert name not in text.replace("\r\n", " ")
    assert "…" in text
    drawn = np.asarray(image(page))
    beside = round((noted.left + noted.cell[0]) * 300 / 25.4) + 1
    assert drawn[:, beside:].min() == 255


def test_the_same_stamps_give_the_same_bytes_with_helpers_or_without() -> None:
    one = written(a_print(count=500))
    assert written(a_print(count=500)) == one
    assert written(a_print(count=500), threads=2) == one


@pytest.mark.parametrize("name", ["a4-20", "roll-20"])
def test_a_print_that_was_cut_off_goes_on_and_ends_in_the_same_bytes(name: str) -> None:
    job = a_print(name, count=layout(name).per_page * 5 + 1 if name == "a4-20" else 600)
    whole = written(job)
    for cut in (0, 5, 400, len(whole) // 3, len(whole) // 2, len(whole) - 1, len(whole)):
        again = BytesIO(whole[:cut])
        seen: list[int] = []
        sheets.write(
            again, job, font_dir=FONTS, resume=True, watch=lambda done, s=seen: not s.append(done)
        )
        assert again.getvalue() == whole
        if cut > len(whole) - 2:
            assert seen == [job.count]  # only the last page was made again


def test_the_beginning_of_another_print_is_not_gone_on_with() -> None:
    job = a_print(count=200)
    other = written(a_print(count=200, words=Words("other")))
    again = BytesIO(other)
    sheets.write(again, job, font_dir=FONTS, resume=True)
    assert again.getvalue() == written(job)


def test_a_print_stops_when_the_watch_says_so() -> None:
    seen: list[int] = []

    def watch(done: int) -> bool:
        seen.append(done)
        return done < 180

    with pytest.raises(Stopped):
        written(a_print(count=500), watch=watch)
    assert seen == [90, 180]


def test_stamps_are_computed_a_few_pages_at_a_time() -> None:
    asked: list[int] = []

    def bodies(first: int, count: int) -> np.ndarray:
        asked.append(count)
        return CIPHER.bodies(first, count)

    written(a_print(count=20_000, bodies=bodies))
    assert sum(asked) == 20_000
    assert max(asked) <= 4_096


def test_a_million_stamps_would_take_no_more_bytes_than_promised() -> None:
    size = len(written(a_print(count=9_000))) - len(written(a_print(count=90)))
    assert size / (9_000 - 90) <= 120


def test_every_stream_is_sound_and_every_object_stands_where_the_table_says() -> None:
    file = written(a_print(count=200))
    for head in re.finditer(rb"/Length (\d+)/Filter/FlateDecode>>\nstream\n", file):
        assert zlib.decompress(file[head.end() : head.end() + int(head[1])])
    start = int(file.rpartition(b"startxref\n")[2].split()[0])
    rows = file[start:].split(b"\n")[3:]
    offsets = [int(row[:10]) for row in rows[: rows.index(b"trailer")]]
    for number, offset in enumerate(offsets, start=1):
        assert file[offset:].startswith(b"%d 0 obj\n" % number)


def test_a_print_without_stamps_is_refused_and_nothing_is_written() -> None:
    out = BytesIO()
    with pytest.raises(EmptySheet):
        sheets.write(out, a_print(count=0), font_dir=FONTS)
    assert out.getvalue() == b""


def test_an_address_too_long_for_the_symbol_is_refused_with_the_size_it_needs() -> None:
    job = a_print("a4-15", head=HEAD.replace("id.ocop.vn", "truyxuat.ocop.gov.vn"))
    with pytest.raises(ModulesTooSmall) as caught:
        written(job)
    assert round(caught.value.side, 1) == 16.2


def test_a_missing_typeface_is_named(tmp_path: Path) -> None:
    with pytest.raises(FontMissing, match="BeVietnamPro"):
        sheets.write(BytesIO(), a_print(), font_dir=tmp_path)


def test_words_in_every_vietnamese_letter_come_back_from_the_page() -> None:
    name = "Ắc quy Ỡm ờ ợ ẵ ằ ữ ỹ ỷ đ Đ"
    words = Words("x", header=WORDS.header, note=Note(name))
    noted = layout("roll-20", paper=[60, 40], cell=[60, 40], note=True)
    (page,) = opened(a_print("roll-20", count=1, words=words, layout=noted))
    assert name in page.get_textpage().get_text_bounded()

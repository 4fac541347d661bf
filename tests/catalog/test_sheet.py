"""Tables that people send: read when they can be read for certain, refused in words otherwise."""

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from app.core.errors import DomainError
from catalog import sheet, tables
from catalog.sheet import ColumnsMissing, NoRows, NotATable, TooMuch, WrongEncoding

NEEDED = ("ma", "ten")


def xlsx(*lines: list[object]) -> bytes:
    book, out = Workbook(), io.BytesIO()
    for line in lines:
        book.active.append(line)
    book.save(out)
    return out.getvalue()


def repacked(part: str, content: bytes) -> bytes:
    """A workbook in which one part is exchanged."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(xlsx(["ma", "ten"], ["A1", "Trà"]))) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(name, content if name == part else old.read(name))
    return out.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        "ma,ten\nA1,Trà sen\n".encode(),
        "\ufeffma;ten\r\nA1;Trà sen\r\n;\r\n".encode(),
        "MA\tTEN\nA1\t Trà sen \n".encode(),
        xlsx(["ma", "ten"], ["A1", "Trà sen"], [None, None]),
    ],
)
def test_the_usual_ways_of_writing_are_read(content: bytes) -> None:
    assert sheet.read(content, NEEDED) == [{"ma": "A1", "ten": "Trà sen"}]


def test_numbers_of_a_workbook_are_whole_and_what_we_exported_comes_back() -> None:
    assert sheet.read(xlsx(["ma", "ten"], [12.0, "=1+1"]), ("ma",))[0]["ma"] == "12"
    ours = tables.to_csv(["ma", "ten"], [["A1", "=x"], ["-B", "Trà"]])
    assert [r["ten"] for r in sheet.read(ours, NEEDED)] == ["=x", "Trà"]


@pytest.mark.parametrize(
    ("content", "error"),
    [
        ("ma,ten\nA1,Trà sen\n".encode("utf-16"), WrongEncoding),
        ("ma,ten\nA1,Trà sen\n".encode("latin-1"), WrongEncoding),
        ("ma,ten\nA1,Đặng\n".encode("cp1258", "replace").replace(b"?", b"\xd0"), WrongEncoding),
        (b"", ColumnsMissing),
        (b"ma,ten\n", NoRows),
        (b"ma,ten\n,\n", NoRows),
        (b"code,name\n1,2\n", ColumnsMissing),
        (b"ma,ten\n" + b"A,B\n" * (sheet.MAX_ROWS + 1), TooMuch),
        (b"\x89PNG\r\n\x1a\n\0\0\0", NotATable),
        (b"PK\x03\x04 no archive", NotATable),
        (b'ma,ten\n"' + b"x" * 200_000, NotATable),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(content: bytes, error: type[DomainError]) -> None:
    with pytest.raises(error):
        sheet.read(content, NEEDED)


def test_a_zip_bomb_is_not_unpacked() -> None:
    bomb = repacked("xl/worksheets/sheet1.xml", b"<a>" + b" " * 60_000_000)
    assert len(bomb) < 200_000
    with pytest.raises(TooMuch):
        sheet.read(bomb, NEEDED)


def test_a_bomb_that_lies_about_its_size_is_cut_off() -> None:
    big = b"<a>" + b" " * 60_000_000
    bomb = bytearray(repacked("xl/worksheets/sheet1.xml", big))
    bomb = bytearray(
        bytes(bomb).replace(len(big).to_bytes(4, "little"), (900).to_bytes(4, "little"))
    )
    with pytest.raises((TooMuch, NotATable)):
        sheet.read(bytes(bomb), NEEDED)


@pytest.mark.parametrize("mark", [b"\x01\x00\x08\x00", b"\x00\x00\x63\x00"])
def test_what_is_locked_or_packed_in_an_unknown_way_is_refused(mark: bytes) -> None:
    plain = repacked("none", b"").replace(b"\x00\x00\x08\x00", mark)
    with pytest.raises(NotATable):
        sheet.read(plain, NEEDED)


LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>
<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>
<row r="1"><c r="A1" t="inlineStr"><is><t>&b;</t></is></c></row></sheetData></worksheet>"""


def test_entities_are_refused() -> None:
    with pytest.raises(NotATable):
        sheet.read(repacked("xl/worksheets/sheet1.xml", LAUGHS), NEEDED)


def outcome(content: bytes) -> str:
    try:
        sheet.read(content, NEEDED)
    except DomainError as error:
        return error.code
    return "read"


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    codes = {"not_a_table", "wrong_encoding", "columns_missing", "no_rows", "too_much"}
    assert outcome(content) in {*codes, "read"}

"""Serials and addresses as lists for a printing house: CSV, and workbooks of Excel."""

from collections.abc import Iterable, Iterator
from typing import BinaryIO

import xlsxwriter

ROWS_OF_A_SHEET = 1_000_000  # Excel takes 1,048,576
# Number as people count, serial, address, and the code to scratch free where there is one.
Row = tuple[int, str, str] | tuple[int, str, str, str]

_HEAD = ("number", "serial", "url", "pin")


def csv_lines(rows: Iterable[Row], *, pins: bool) -> Iterator[str]:
    """A line for each stamp, after one of names."""
    yield ",".join(_HEAD[: 3 + pins]) + "\r\n"
    for row in rows:
        # No value holds a comma, a quote or a line break.
        yield ",".join(map(str, row)) + "\r\n"


def write_xlsx(out: BinaryIO, rows: Iterable[Row], *, pins: bool) -> None:
    """A workbook, written row by row; a new sheet begins after a million stamps."""
    with xlsxwriter.Workbook(out, {"constant_memory": True}) as book:
        sheet = None
        for at, row in enumerate(rows):
            line = at % ROWS_OF_A_SHEET
            if sheet is None or line == 0:
                sheet = _sheet(book, pins)
            sheet.write_number(line + 1, 0, row[0])
            for column, text in enumerate(row[1:], start=1):
                sheet.write_string(line + 1, column, str(text))


def _sheet(book: xlsxwriter.Workbook, pins: bool) -> xlsxwriter.worksheet.Worksheet:
    sheet = book.add_worksheet()
    sheet.set_column(0, 0, 10)
    sheet.set_column(1, 1, 20)
    sheet.set_column(2, 2, 70)
    for column, name in enumerate(_HEAD[: 3 + pins]):
        sheet.write_string(0, column, name)
    return sheet

"""Lists as files: CSV for any spreadsheet and XLSX. Nothing in them is run as a formula."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime

import xlsxwriter

Cell = str | int | date | None

BOM = "﻿"
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def to_csv(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """UTF-8 with byte order mark, so that spreadsheets read the letters right."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([[_harmless(cell) for cell in row] for row in rows])
    return (BOM + out.getvalue()).encode()


def _harmless(cell: Cell) -> str | int:
    """A text that a spreadsheet would run as a formula is marked as text by an apostrophe."""
    if isinstance(cell, int):
        return cell
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) else text


def to_xlsx(title: str, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """A workbook of one sheet; texts stay texts."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        sheet = book.add_worksheet(title[:31])
        bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "dd/mm/yyyy"})
        sheet.write_row(0, 0, header, bold)
        for number, row in enumerate(rows, 1):
            for column, cell in enumerate(row):
                _write(sheet, number, column, cell, day)
        sheet.freeze_panes(1, 0)
        sheet.autofit()
    return out.getvalue()


def _write(sheet: object, row: int, column: int, cell: Cell, day: object) -> None:
    if isinstance(cell, date):
        noon = datetime(cell.year, cell.month, cell.day)  # noqa: DTZ001  (a cell has no zone)
        sheet.write_datetime(row, column, noon, day)  # type: ignore[attr-defined]
    elif isinstance(cell, int):
        sheet.write_number(row, column, cell)  # type: ignore[attr-defined]
    elif cell is not None:
        sheet.write_string(row, column, cell)  # type: ignore[attr-defined]

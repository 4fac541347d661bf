"""Reading a table that somebody sends, CSV or XLSX, with distrust: size, packing, letters, columns."""

import csv
import io
import zipfile
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

from defusedxml.common import DefusedXmlException
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from app.core.errors import Rejected
from app.core.text import N_

MAX_ROWS = 5_000
MAX_COLUMNS = 40
MAX_CELL = 4_000
MAX_UNPACKED = 100 * 1024 * 1024
MAX_RATIO = 200  # a workbook packs to a tenth, a bomb to a thousandth

Row = dict[str, str]


class NotATable(Rejected):
    """Neither CSV nor XLSX."""

    code = "not_a_table"
    message = N_(
        "This is neither a CSV nor an XLSX table. Save it as one of these and send it again."
    )


class WrongEncoding(Rejected):
    """A CSV whose letters cannot be read for certain."""

    code = "wrong_encoding"
    message = N_(
        "The letters of this file cannot be read for certain. Save it as “CSV UTF-8” or as XLSX."
    )


class TooMuch(Rejected):
    """More than a person fills in, or a trap."""

    code = "too_much"
    message = N_("The table is too large: at most %(rows)s rows. Send it in parts.")


class NoRows(Rejected):
    """A table without rows."""

    code = "no_rows"
    message = N_("The table has no rows below its heading.")


class ColumnsMissing(Rejected):
    """The heading lacks what every row must have."""

    code = "columns_missing"
    message = N_("The heading lacks these columns: %(missing)s.")


def read(content: bytes, needed: Sequence[str]) -> list[Row]:
    """The rows by the names in the heading, blanks trimmed; rows without any text are left out.

    Raises `NotATable`, `WrongEncoding`, `TooMuch`, `NoRows`, `ColumnsMissing`.
    """
    lines = _xlsx(content) if content.startswith(b"PK") else _csv(content)
    heading, *body = [[_text(cell) for cell in line] for line in lines] or [[]]
    names = [name.casefold() for name in heading]
    missing = [name for name in needed if name not in names]
    if missing:
        raise ColumnsMissing(missing=", ".join(missing), detail=missing)
    rows = [_named(names, line) for line in body if any(line)]
    if not rows:
        raise NoRows
    if len(rows) > MAX_ROWS:
        raise TooMuch(rows=MAX_ROWS)
    return rows


def _named(names: Sequence[str], line: Sequence[str]) -> Row:
    return {name: cell for name, cell in zip(names, line, strict=False) if name}


def _text(cell: Any) -> str:
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    text = "" if cell is None else str(cell)
    # An export marks texts that look like formulas by an apostrophe; it is not part of them.
    text = text.removeprefix("'") if text[1:2] in ("=", "+", "-", "@") else text
    return text.replace("\0", "").strip()[:MAX_CELL]


def _csv(content: bytes) -> Iterable[Sequence[Any]]:
    if b"\0" in content[:4096]:
        # Letters of two bytes: UTF-16, or no text at all.
        raise WrongEncoding if content[:2] in (b"\xff\xfe", b"\xfe\xff") else NotATable
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise WrongEncoding from error
    first = text.partition("\n")[0]
    mark = max(",;\t", key=first.count)
    try:
        lines = list(islice(csv.reader(io.StringIO(text), delimiter=mark), MAX_ROWS + 2))
    except csv.Error as error:
        raise NotATable from error
    return [line[:MAX_COLUMNS] for line in lines]


def _xlsx(content: bytes) -> Iterable[Sequence[Any]]:
    # openpyxl parses through defusedxml, which refuses entities and outside files.
    try:
        _weigh(content)
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        found = sheet.iter_rows(max_row=MAX_ROWS + 2, max_col=MAX_COLUMNS, values_only=True)
        return [list(line) for line in found]
    except (
        zipfile.BadZipFile,
        InvalidFileException,
        DefusedXmlException,
        SyntaxError,  # what XML parsers raise
        KeyError,
        ValueError,
        IndexError,
        EOFError,
        OSError,
        RuntimeError,  # locked by a password, or packed in a way that is not known
    ) as error:
        raise NotATable from error


def _weigh(content: bytes) -> None:
    """Refuse what would grow beyond bounds, by what the directory of the archive says and by fact."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = archive.infolist()
        claimed = sum(part.file_size for part in parts)
        if claimed > min(MAX_UNPACKED, MAX_RATIO * len(content)) or len(parts) > 1_000:
            raise TooMuch(rows=MAX_ROWS)
        left = MAX_UNPACKED
        for part in parts:
            # zipfile stops at the claimed size, so a part that lies is cut there and fails its check.
            with archive.open(part) as file:
                while chunk := file.read(1024 * 1024):
                    left -= len(chunk)
                    if left < 0:
                        raise TooMuch(rows=MAX_ROWS)

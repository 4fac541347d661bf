"""Sheets of stamps: A4 PDF, 20 mm QR symbols on a grid, marks to cut along.

A stamp is read by a camera and, when that fails, typed by a person: the serial stands under the
symbol in groups of four. What is written is handed in ready: this module translates nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from traceability.printing.qr import QUIET_ZONE, Bitmap, SymbolPress
from traceability.serials import grouped

COLUMNS, ROWS = 8, 8
PER_PAGE = COLUMNS * ROWS
CELL_WIDTH, CELL_HEIGHT = 24 * mm, 34 * mm
SYMBOL = 20 * mm  # quiet zone included

_PAGE_WIDTH, _PAGE_HEIGHT = A4
_LEFT = (_PAGE_WIDTH - COLUMNS * CELL_WIDTH) / 2
_TOP = _PAGE_HEIGHT - 18 * mm  # upper edge of the grid; the header stands above it
_SYMBOL_DROP = 0.2 * mm
_TEXT_WIDTH = CELL_WIDTH - 2 * mm
_LONGEST_NOTE = 4  # lines of name and stars together

_REGULAR, _BOLD = "BeVietnamPro-Regular", "BeVietnamPro-SemiBold"
_FILES = {
    _REGULAR: "BeVietnamPro_400Regular.ttf",
    _BOLD: "BeVietnamPro_600SemiBold.ttf",
}
_SERIAL_SIZE, _SERIAL_STEP = 7.0, 2.5 * mm
_NOTE_SIZE, _NOTE_STEP = 5.2, 1.95 * mm
_MARK = 1 * mm  # half the length of a cutting mark
_MARK_GREY = 0.55


class EmptySheet(ValueError):
    """There was no stamp to print."""

    code = "empty_sheet"


class FontMissing(FileNotFoundError):
    """A typeface of the sheets is not in the given folder."""

    code = "font_missing"


@dataclass(frozen=True, slots=True)
class Stamp:
    """One stamp: the address in the symbol, and what is written under it."""

    url: str
    serial: str
    name: str
    stars_text: str = ""


@dataclass(frozen=True, slots=True)
class SheetWords:
    """The words of the page header, in the language of the sheet."""

    lot: str = "Lot"
    batch: str = "Stamp batch"
    stamps: str = "Stamps"
    sheet: str = "Sheet"
    printed: str = "Printed on"


@dataclass(frozen=True, slots=True)
class SheetTitle:
    """What the page header says. `first` and `last` are running numbers as people count them."""

    product: str
    batch_ref: str
    first: int
    last: int
    printed_on: date
    lot: str = ""  # empty while the stamps are not bound to a lot
    words: SheetWords = field(default_factory=SheetWords)
    language: str = "vi"


def write_sheet(
    out: BinaryIO, stamps: Iterable[Stamp], *, title: SheetTitle, font_dir: Path
) -> int:
    """Writes the PDF and returns how many stamps it holds.

    Takes the stamps a page at a time. The same stamps give the same bytes. `font_dir` holds the
    Be Vietnam Pro typefaces, in subfolders or not. Raises EmptySheet (with nothing written),
    FontMissing.
    """
    _register_fonts(font_dir)
    canvas = Canvas(out, pagesize=A4, pageCompression=1, invariant=1, lang=title.language)
    canvas.setTitle(f"{title.product} · {title.batch_ref}")
    press, rest, count = SymbolPress(), iter(stamps), 0
    while page := list(islice(rest, PER_PAGE)):
        _draw_page(canvas, press, page, title, count)
        count += len(page)
    if not count:
        raise EmptySheet("no stamps to print")
    canvas.save()
    return count


def symbol_box(position: int) -> tuple[float, float, float]:
    """(left, bottom, side) in points of the symbol at a position of the page, from 0."""
    x, top = _cell(position)
    return x + (CELL_WIDTH - SYMBOL) / 2, top - _SYMBOL_DROP - SYMBOL, SYMBOL


def _cell(position: int) -> tuple[float, float]:
    """Left and upper edge of a cell; cells run left to right, then down."""
    row, column = divmod(position, COLUMNS)
    return _LEFT + column * CELL_WIDTH, _TOP - row * CELL_HEIGHT


def _draw_page(
    canvas: Canvas, press: SymbolPress, page: list[Stamp], title: SheetTitle, before: int
) -> None:
    _draw_header(canvas, title, before, len(page))
    _draw_marks(canvas, -(-len(page) // COLUMNS))
    for position, stamp in enumerate(page):
        _draw_symbol(canvas, press.bitmap(stamp.url), *symbol_box(position))
        _draw_text(canvas, stamp, *_cell(position))
    canvas.showPage()


def _draw_header(canvas: Canvas, title: SheetTitle, before: int, count: int) -> None:
    words = title.words
    right, upper, lower = _PAGE_WIDTH - _LEFT, _TOP + 8 * mm, _TOP + 3.4 * mm
    first = title.first + before
    canvas.setFillGray(0)
    canvas.setFont(_BOLD, 11)
    canvas.drawString(_LEFT, upper, _cut(title.product, _BOLD, 11, 125 * mm))
    number = before // PER_PAGE + 1
    canvas.drawRightString(right, upper, f"{words.sheet} {number} · {first}–{first + count - 1}")
    canvas.setFont(_REGULAR, 8)
    facts = [
        f"{words.lot} {title.lot}" if title.lot else "",
        f"{words.batch} {title.batch_ref}",
        f"{words.stamps} {title.first}–{title.last}",
    ]
    canvas.drawString(_LEFT, lower, "  ·  ".join(filter(None, facts)))
    canvas.drawRightString(right, lower, f"{words.printed} {title.printed_on:%d/%m/%Y}")


def _draw_marks(canvas: Canvas, rows: int) -> None:
    """A small cross at every corner of a stamp: for a guillotine and for scissors alike."""
    canvas.setStrokeGray(_MARK_GREY)
    canvas.setLineWidth(0.25)
    marks = []
    for row in range(rows + 1):
        for column in range(COLUMNS + 1):
            x, y = _LEFT + column * CELL_WIDTH, _TOP - row * CELL_HEIGHT
            marks += [(x - _MARK, y, x + _MARK, y), (x, y - _MARK, x, y + _MARK)]
    canvas.lines(marks)


def _draw_symbol(canvas: Canvas, symbol: Bitmap, x: float, y: float, side: float) -> None:
    """An inline mask of one bit a module, enlarged by the matrix: sharp at any resolution.

    Rectangles in its place would be ten times the bytes, and leave hairlines in some viewers.
    """
    module = side / (symbol.size + 2 * QUIET_ZONE)
    width, quiet = module * symbol.size, module * QUIET_ZONE
    canvas.addLiteral(
        f"q {width:.4f} 0 0 {width:.4f} {x + quiet:.4f} {y + quiet:.4f} cm "
        f"BI /W {symbol.size} /H {symbol.size} /IM true /BPC 1 /D [1 0] /F /AHx ID "
        f"{symbol.rows.hex()}> EI Q"
    )


def _draw_text(canvas: Canvas, stamp: Stamp, x: float, top: float) -> None:
    middle = x + CELL_WIDTH / 2
    # Capitals of the serial are 1.75 mm high, and nothing may reach into the quiet zone.
    y = top - _SYMBOL_DROP - SYMBOL - 1.9 * mm
    canvas.setFont(_BOLD, _SERIAL_SIZE)
    groups = grouped(stamp.serial).split(" ")
    for at in range(0, len(groups), 2):
        canvas.drawCentredString(middle, y, " ".join(groups[at : at + 2]))
        y -= _SERIAL_STEP
    canvas.setFont(_REGULAR, _NOTE_SIZE)
    for line in _note(stamp.name, stamp.stars_text):
        canvas.drawCentredString(middle, y, line)
        y -= _NOTE_STEP


def _note(name: str, stars: str) -> list[str]:
    """Lines of name and stars; the name gives way, since the stars carry a date."""
    below = _wrap(stars, _REGULAR, _NOTE_SIZE, _TEXT_WIDTH, 2)
    room = _LONGEST_NOTE - len(below)
    return [*_wrap(name, _REGULAR, _NOTE_SIZE, _TEXT_WIDTH, room), *below]


def _wrap(text: str, font: str, size: float, width: float, most: int) -> list[str]:
    """The text in at most `most` lines, cut with an ellipsis if that is too few."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and pdfmetrics.stringWidth(longer, font, size) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    if len(lines) > most:
        lines[most - 1 :] = [" ".join(lines[most - 1 :])]
    return [_cut(line, font, size, width) for line in lines]


def _cut(line: str, font: str, size: float, width: float) -> str:
    """The line, or as many of its whole words as fit and an ellipsis."""
    if pdfmetrics.stringWidth(line, font, size) <= width:
        return line
    kept = line
    while kept and pdfmetrics.stringWidth(kept + "…", font, size) > width:
        kept = kept[:-1]
    words = kept if line[len(kept)] == " " else kept.rpartition(" ")[0]
    return (words or kept).rstrip() + "…"


def _register_fonts(font_dir: Path) -> None:
    known = pdfmetrics.getRegisteredFontNames()
    for name, file in _FILES.items():
        path = next(font_dir.rglob(file), None)
        if path is None:
            raise FontMissing(f"{file} is not under {font_dir}")
        if name not in known:
            pdfmetrics.registerFont(TTFont(name, str(path)))

"""Labels for parcels: PDF, 100 × 150 mm, with the number of the order as a QR symbol.

What is written is handed in ready: this module translates nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from reportlab.lib.units import mm
from reportlab.lib.utils import simpleSplit
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from traceability.printing.qr import dark_runs, qr_modules

WIDTH, HEIGHT = 100 * mm, 150 * mm
EDGE = 5 * mm
SYMBOL = 34 * mm
_REGULAR, _BOLD = "BeVietnamPro-Regular", "BeVietnamPro-SemiBold"
_FILES = {_REGULAR: "BeVietnamPro_400Regular.ttf", _BOLD: "BeVietnamPro_600SemiBold.ttf"}
_MOST_LINES = 4


@dataclass(frozen=True)
class Label:
    """What stands on a label: headings with the lines under them, the longest cut off."""

    number: str
    carrier: str
    tracking: str
    sender: Sequence[str]
    receiver: Sequence[str]
    due: str
    note: str
    words: tuple[str, str, str, str]  # from, to, to collect, note


def pdf(labels: Sequence[Label], font_dir: Path) -> bytes:
    """One page a label; the same labels give the same bytes."""
    _register(font_dir)
    out = BytesIO()
    canvas = Canvas(out, pagesize=(WIDTH, HEIGHT), pageCompression=1, invariant=1, lang="vi")
    canvas.setTitle(", ".join(label.number for label in labels)[:200])
    for label in labels:
        _draw(canvas, label)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _register(font_dir: Path) -> None:
    for name, file in _FILES.items():
        if name not in pdfmetrics.getRegisteredFontNames():
            pdfmetrics.registerFont(TTFont(name, str(next(font_dir.rglob(file)))))


def _draw(canvas: Canvas, label: Label) -> None:
    head, to_collect = HEIGHT - EDGE, EDGE + 30 * mm
    _symbol(canvas, label.number, WIDTH - EDGE - SYMBOL, head - SYMBOL)
    beside = WIDTH - SYMBOL - 3 * EDGE
    top = _text(canvas, [label.number], EDGE, head, beside, _BOLD, 15)
    top = _text(canvas, [label.carrier], EDGE, top, beside, _BOLD, 11)
    _text(canvas, [label.tracking], EDGE, top, beside, _BOLD, 11)
    line = head - SYMBOL - 2 * mm
    canvas.line(EDGE, line, WIDTH - EDGE, line)
    line = _part(canvas, label.words[0], label.sender, line, 8)
    canvas.line(EDGE, line, WIDTH - EDGE, line)
    _part(canvas, label.words[1], label.receiver, line, 12)
    canvas.line(EDGE, to_collect, WIDTH - EDGE, to_collect)
    below = _part(canvas, label.words[2], [label.due], to_collect, 15)
    if label.note:
        _part(canvas, label.words[3], [label.note], below + 2 * mm, 8)


def _part(canvas: Canvas, heading: str, lines: Sequence[str], top: float, size: int) -> float:
    inside = WIDTH - 2 * EDGE
    below = _text(canvas, [heading], EDGE, top - 1 * mm, inside, _REGULAR, 7)
    return _text(canvas, lines, EDGE, below, inside, _BOLD, size) - 2 * mm


def _text(
    canvas: Canvas,
    lines: Sequence[str],
    x: float,
    top: float,
    width: float,
    font: str,
    size: int,
) -> float:
    """Write the lines from `top` down, broken to the width; returns where they end."""
    canvas.setFont(font, size)
    for line in lines:
        for piece in simpleSplit(line, font, size, width)[:_MOST_LINES]:
            top -= size * 1.3
            canvas.drawString(x, top, piece)
    return top


def _symbol(canvas: Canvas, text: str, x: float, y: float) -> None:
    modules = qr_modules(text, "M")
    side = SYMBOL / len(modules)
    for column, row, width in dark_runs(modules):
        canvas.rect(
            x + column * side,
            y + SYMBOL - (row + 1) * side,
            width * side,
            side,
            stroke=0,
            fill=1,
        )

"""Serials and printed stamps per second, beside the obvious way with the same libraries."""

import io
import statistics
import time
from collections.abc import Callable
from datetime import date

import qrcode
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from app.config import DEMO_STAMP_KEY, ROOT
from benchmarks.tables import Table
from traceability.printing.sheets import (
    PER_PAGE,
    SheetTitle,
    Stamp,
    symbol_box,
    write_sheet,
)
from traceability.serials import SerialCipher, batch_key, grouped

ROUNDS, SERIALS, SHEET, NAIVE = 3, 50_000, 2_000, 200
IDENTITY, REF = "02001234567893", "7K3M"
FONTS = ROOT / "node_modules" / "@expo-google-fonts" / "be-vietnam-pro"
TITLE = SheetTitle("Long nhãn · Hộp 500 g", REF, 1, SHEET, date(2026, 11, 24), "L26-01")

HEAD = ("Act", "Per second", "Against the naive way")
NOTE = (
    "Medians of {rounds} rounds on one core. The naive way makes each symbol with qrcode's image and "
    "sets it on the page with reportlab, {naive} stamps; ours is a file of {sheet}, with text and "
    "cutting marks. Serials are {serials} of one batch."
)


def measure() -> Table:
    """Serials, our sheets, and naive sheets."""
    serials = _rate(SERIALS, lambda: _serials(SERIALS))
    ours = _rate(SHEET, lambda: write_sheet(io.BytesIO(), _stamps(), title=TITLE, font_dir=FONTS))
    naive = _rate(NAIVE, _naive)
    rows = [
        ("serials", f"{serials:,.0f}", ""),
        ("stamps on a PDF sheet", f"{ours:,.0f}", f"{ours / naive:.1f} ×"),
        ("stamps on a PDF sheet, naive", f"{naive:,.0f}", "1"),
    ]
    note = NOTE.format(rounds=ROUNDS, naive=NAIVE, sheet=f"{SHEET:,}", serials=f"{SERIALS:,}")
    return Table("Serials and printed stamps", note, HEAD, rows)


def _rate(amount: int, act: Callable[[], object]) -> float:
    seconds = []
    for _round in range(ROUNDS):
        begin = time.perf_counter()
        act()
        seconds.append(time.perf_counter() - begin)
    return amount / statistics.median(seconds)


def _serials(amount: int) -> list[str]:
    key = batch_key(DEMO_STAMP_KEY, IDENTITY, REF)
    return list(SerialCipher(key, IDENTITY, REF).serials(0, amount))


def _address(serial: str) -> str:
    return f"https://ocop.example.vn/01/{IDENTITY}/21/{serial}"


def _stamps() -> list[Stamp]:
    return [Stamp(_address(serial), serial, "Long nhãn Hồng Nam") for serial in _serials(SHEET)]


def _naive() -> None:
    canvas = Canvas(io.BytesIO())
    for position, serial in enumerate(_serials(NAIVE)):
        code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_Q)
        code.add_data(_address(serial))
        picture = ImageReader(code.make_image().get_image())
        left, bottom, side = symbol_box(position % PER_PAGE)
        canvas.drawImage(picture, left, bottom, side, side)
        canvas.drawString(left, bottom - 2 * mm, grouped(serial))
        if position % PER_PAGE == PER_PAGE - 1:
            canvas.showPage()
    canvas.save()

"""Stamps by the million: serials, sheets, the issue of a batch, and whether printed symbols read."""

import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pypdfium2
import qrcode
import zxingcpp
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from app.config import ROOT
from app.core.db import Database, transaction
from app.migrate import upgrade
from benchmarks.databases import used
from benchmarks.stamp_job import CIPHER, HEADS, SHEET, a_print
from benchmarks.tables import Table
from tests.builders import BY_NOBODY, STAMP_KEYS, TODAY, make_lot, make_sku, recognise
from traceability import stamps
from traceability.printing import layouts, sheets
from traceability.serials import grouped

NAIVE, SERIALS, SAMPLE, ROUNDS = 1_000, 1_000_000, 120, 3
SMALL, LARGE, ISSUES = 10, 10_000_000, 20
RESOLUTIONS = (203, 300, 600)
SEED = 20261124

HEAD = ("Act", "Time", "Per second", "Memory", "Bytes each", "Against the naive way")
NOTE = (
    "A million print-ready stamps are a PDF on disk with text, header and cutting marks, each run in a "
    "process of its own: CPU seconds of the whole process, its start included, and its peak memory. "
    "20 mm is version 4-Q, 15 mm version 3-M. The naive way, in the same run: {naive} symbols by "
    "qrcode's own choice set on pages by reportlab. Issues are medians of {issues} on SQLite. Sampled "
    "symbols are cropped from rendered pages and read by zxing-cpp."
)


def measure() -> Table:
    """Everything about stamps in one table."""
    with TemporaryDirectory(prefix="phohien-stamps-") as name:
        folder = Path(name)
        naive = NAIVE / _cpu(lambda: _naive(folder / "naive.pdf"))
        jobs = [_job(folder, layout, threads) for layout, threads in _JOBS]
        rows = [
            *_serial_rows(),
            *(_row(found, naive) for found in jobs),
            (f"{NAIVE:,} stamps, naive", "", f"{naive:,.0f}", "", "", "1"),
            *_issue_rows(folder),
            *(_decoded(folder / f"{layout}.pdf", layout) for layout in HEADS),
        ]
    return Table("Stamps", NOTE.format(naive=f"{NAIVE:,}", issues=ISSUES), HEAD, rows)


_JOBS = (("a4-20", 0), ("a4-15", 0), ("a4-20", 2))
Row = tuple[str, str, str, str, str, str]


def _cpu(act: Callable[[], object]) -> float:
    begin = time.process_time()
    act()
    return time.process_time() - begin


def _serial_rows() -> list[Row]:
    rows = CIPHER.rows(0, SERIALS)
    acts: dict[str, Callable[[], object]] = {
        "serials, enciphered": lambda: CIPHER.rows(0, SERIALS),
        "serials, deciphered and checked": lambda: CIPHER.indexes_of(rows, SERIALS),
    }
    best = {name: min(_cpu(act) for _ in range(ROUNDS)) for name, act in acts.items()}
    return [
        (name, f"{spent:.2f} s", f"{SERIALS / spent:,.0f}", "", "", "")
        for name, spent in best.items()
    ]


def _job(folder: Path, layout: str, threads: int) -> dict[str, float | str]:
    """One print in a process of its own, so that its memory is its own."""
    out = folder / f"{layout}.pdf"
    command = [sys.executable, "-m", "benchmarks.stamp_job", layout, str(threads), str(out)]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    found: dict[str, float | str] = json.loads(done.stdout)
    return found


def _row(found: dict[str, float | str], naive: float) -> Row:
    helpers = int(found["threads"])
    by = f", {helpers} helping threads" if helpers else ", one thread"
    spent = float(found["wall" if helpers else "cpu"])
    took = f"{spent:.1f} s"
    took += f" by the clock, {float(found['cpu']):.1f} s of CPU" if helpers else " of CPU"
    ratio = "" if helpers else f"{SHEET / spent / naive:,.0f} ×"
    memory, each = f"{float(found['memory']):.0f} MB", f"{float(found['bytes']):.0f}"
    return f"{found['name']}{by}", took, f"{SHEET / spent:,.0f}", memory, each, ratio


def _naive(out: Path) -> None:
    layout, canvas = layouts.built_in()["a4-20"], Canvas(str(out))
    for at, serial in enumerate(CIPHER.serials(0, NAIVE)):
        code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_Q)
        code.add_data(HEADS["a4-20"] + serial)
        x, y = layout.symbol_box(at % layout.per_page)
        picture, side = ImageReader(code.make_image().get_image()), layout.symbol * mm
        canvas.drawImage(picture, x * mm, y * mm, side, side)
        canvas.drawString(x * mm, (y - 2) * mm, grouped(serial))
        if at % layout.per_page == layout.per_page - 1:
            canvas.showPage()
    canvas.save()


def _issue_rows(folder: Path) -> list[Row]:
    url = f"sqlite:///{folder / 'issue'}.sqlite3"
    database = Database(url)
    upgrade(database.engine)
    database.dispose()
    with used(url):
        spent = {size: _issue(size) for size in (SMALL, LARGE)}
    return [
        (f"issue of a batch of {size:,}", f"{took * 1000:.1f} ms", f"{1 / took:,.0f}", "", "", "")
        for size, took in spent.items()
    ]


def _issue(size: int) -> float:
    """Median time of one issue, its transaction included."""
    times = []
    for number in range(ISSUES):
        with transaction() as session:
            sku = make_sku(session)
            recognise(session, sku.product)
            lot = make_lot(session, sku, quantity_declared=size)
            how = {"day": TODAY, "epoch": 1, "randomness": Random(size + number).randbytes}
            batch = stamps.request(session, lot, size, **how, **BY_NOBODY)
            stamps.approve(session, batch, **BY_NOBODY)
            batch_id = batch.id
        begin = time.perf_counter()
        with transaction() as session:
            found = stamps.get_batch(session, batch_id)
            stamps.generate(session, found, day=TODAY, keys=STAMP_KEYS, **BY_NOBODY)
        times.append(time.perf_counter() - begin)
    return sorted(times)[ISSUES // 2]


def _decoded(file: Path, layout: str) -> Row:
    """How many symbols of the printed million read back exactly, at three resolutions."""
    job, right = a_print(layout, SHEET), 0
    document = pypdfium2.PdfDocument(file)
    chosen = Random(SEED).sample(range(SHEET), SAMPLE)
    for dpi in RESOLUTIONS:
        right += sum(_reads(document, job, at, dpi) for at in chosen)
    document.close()
    tried = SAMPLE * len(RESOLUTIONS)
    said = f"{right} of {tried} read exactly"
    at = "/".join(map(str, RESOLUTIONS))
    return f"sampled symbols, {job.layout.symbol:g} mm, {at} dpi", said, "", "", "", ""


def _reads(document: pypdfium2.PdfDocument, job: sheets.Print, at: int, dpi: int) -> bool:
    page, position = divmod(at, job.layout.per_page)
    (x, y), side, points = job.layout.symbol_box(position), job.layout.symbol, 72 / 25.4
    width, height = job.layout.paper
    edges = (x, y, width - x - side, height - y - side)
    crop = tuple(edge * points for edge in edges)
    picture = document[page].render(scale=dpi / 72, crop=crop).to_pil().convert("L")
    serial = next(CIPHER.serials(at, 1))
    return [found.text for found in zxingcpp.read_barcodes(picture)] == [job.head + serial]

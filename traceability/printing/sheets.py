"""Stamps on paper: a PDF of any number of them, in the memory that a few pages take.

The same stamps give the same bytes, so a print that was cut off goes on after its last whole page.
Pages are deflated at level 1, by helpers in threads if asked for: it is most of the work, and
higher levels save next to nothing where most bits are random.
"""

import zlib
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from traceability.base32 import Characters, Numbers
from traceability.printing import fonts, furniture
from traceability.printing.cells import Cells, PathCells, number
from traceability.printing.fitting import choose
from traceability.printing.furniture import Faces, Heading, Words
from traceability.printing.layouts import Layout
from traceability.printing.pdf import POINTS, RESOURCES, PdfWriter, text_string
from traceability.printing.plates import Plate

LEVEL = 1
# (first index, how many) → what each stamp has
Bodies = Callable[[int, int], Numbers]
Pins = Callable[[int, int], Characters]
# stamps written so far → whether to go on
Watch = Callable[[int], bool]


class EmptySheet(ValueError):
    """There was no stamp to print."""

    code = "empty_sheet"


class Stopped(Exception):
    """The watch said not to go on; what is written so far can be gone on with."""


@dataclass(frozen=True, slots=True)
class Print:
    """What to print: stamps `first` (from 0) to `first + count - 1` of the batch with `ref`.

    `head` is their address up to the serial. `paths` draws rectangles in place of masks.
    """

    layout: Layout
    head: str
    ref: str
    first: int
    count: int
    bodies: Bodies
    words: Words
    pins: Pins | None = None
    paths: bool = False


def write(
    out: BinaryIO,
    job: Print,
    *,
    font_dir: Path,
    watch: Watch | None = None,
    resume: bool = False,
    threads: int = 0,
) -> None:
    """Write the PDF to `out`.

    With `resume`, `out` is open for reading and writing and may hold the beginning of the same
    print. Raises EmptySheet, FontMissing, ModulesTooSmall, before anything is written; Stopped.
    """
    if job.count < 1:
        raise EmptySheet("no stamps to print")
    press = _Press(job, font_dir)
    writer = press.begin(out, resume=resume)
    covers = 1 if press.cover is not None else 0
    for page in press.pages(max(writer.pages - covers, 0), threads):
        if writer.pages == 0 and press.cover is not None:
            writer.page(press.cover)
        writer.page(page)
        done = min((writer.pages - covers) * job.layout.per_page, job.count)
        if watch is not None and not watch(done):
            raise Stopped
    press.finish(writer)


class _Press:
    """Everything that is set up once for a print."""

    def __init__(self, job: Print, font_dir: Path) -> None:
        layout, words = job.layout, job.words
        self._job = job
        letters = words.letters()
        self._faces = Faces(
            fonts.Face(fonts.find(font_dir, fonts.REGULAR), letters),
            fonts.Face(fonts.find(font_dir, fonts.BOLD), letters),
        )
        plate = Plate(job.head, job.ref, choose(job.head, layout.symbol))
        kind = PathCells if job.paths else Cells
        self._cells = kind(layout, plate, job.ref, note=layout.note or layout.pin)
        self._heading: Heading | None = None
        if layout.header and words.header is not None:
            self._heading = Heading(layout, words.header, self._faces)
        self.cover: bytes | None = None
        if layout.cover and words.cover is not None:
            self.cover = _deflated(_MM + furniture.cover(layout, words.cover, self._faces))

    def begin(self, out: BinaryIO, *, resume: bool) -> PdfWriter:
        """Fonts and forms, and with `resume` the pages that are there already."""
        trial = BytesIO()
        self._prepare(PdfWriter(trial, self._job.layout.paper))
        start = trial.getvalue()
        same = resume and out.read(len(start)) == start
        if resume:
            out.seek(0)
        if resume and not same:
            out.truncate()
        writer = PdfWriter(out, self._job.layout.paper)
        self._prepare(writer)
        if same:
            # The last page is written again, and with it the end of the file.
            covers = 1 if self.cover is not None else 0
            writer.adopt(covers + self._job.layout.pages(self._job.count) - 1)
        return writer

    def _prepare(self, writer: PdfWriter) -> None:
        layout, words = self._job.layout, self._job.words
        serif = writer.put(b"<</Type/Font/Subtype/Type1/BaseFont/Courier-Bold>>")
        faces = [self._faces.regular.put(writer), self._faces.bold.put(writer)]
        used = [serif, *faces]
        forms = [
            _form(writer, layout.cell, furniture.note(layout, words.note, self._faces)),
            _form(writer, layout.paper, furniture.marks(layout, layout.rows)),
        ]
        writer.put(
            b"<</ProcSet[/PDF/Text/ImageB]/Font<</F0 %d 0 R/F1 %d 0 R/F2 %d 0 R>>"
            b"/XObject<</N %d 0 R/M %d 0 R>>>>" % (*used, *forms),
            RESOURCES,
        )

    def pages(self, done: int, threads: int) -> Iterator[bytes]:
        """Deflated pages in order, after the `done` first."""
        contents = self._contents(done)
        if threads < 1:
            yield from map(_deflated, contents)
            return
        with ExitStack() as stack:
            pool = stack.enter_context(ThreadPoolExecutor(threads))
            waiting: deque[Future[bytes]] = deque()
            stack.callback(lambda: [future.cancel() for future in waiting])
            for content in contents:
                waiting.append(pool.submit(_deflated, content))
                if len(waiting) > 4 * threads:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()

    def _contents(self, done: int) -> Iterator[bytes]:
        job, per_page = self._job, self._job.layout.per_page
        step = self._cells.pages_at_once * per_page
        page = done
        for at in range(done * per_page, job.count, step):
            count = min(step, job.count - at)
            bodies = job.bodies(job.first + at, count)
            pins = job.pins(job.first + at, count) if job.pins else None
            for cells in self._cells.pages(bodies, pins):
                yield self._prologue(page) + cells
                page += 1

    def _prologue(self, page: int) -> bytes:
        """What comes before the stamps of a page, which is counted from 0."""
        job, layout = self._job, self._job.layout
        before = page * layout.per_page
        count = min(layout.per_page, job.count - before)
        parts = [_MM]
        if self._heading is not None:
            first = job.first + before + 1
            parts.append(self._heading.page(page + 1, f"{first}–{first + count - 1}"))
        if layout.marks:
            rows = -(-count // layout.columns)
            parts.append(b"/M Do\n" if rows == layout.rows else furniture.marks(layout, rows))
        # Each row begins by going back over a whole row, and each stamp by going on to its place.
        start = (layout.left + (layout.columns - 1) * layout.cell[0], layout.top)
        return b"".join(parts) + b"1 0 0 1 %b %b cm\n" % tuple(map(number, start))

    def finish(self, writer: PdfWriter) -> None:
        words = self._job.words
        writer.finish(text_string(words.title), words.language.encode("ascii"))


_MM = b"%.6f 0 0 %.6f 0 0 cm\n" % (POINTS, POINTS)


def _deflated(content: bytes) -> bytes:
    return zlib.compress(content, LEVEL)


def _form(writer: PdfWriter, size: tuple[float, float], content: bytes) -> int:
    box = b"/Type/XObject/Subtype/Form/BBox[0 0 %b %b]" % tuple(map(number, size))
    fonts_of_page = b"/Resources %d 0 R" % RESOURCES
    return writer.stream(box + fonts_of_page + b"/Filter/FlateDecode", zlib.compress(content, 9))

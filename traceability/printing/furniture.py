"""What stands on a sheet besides its stamps: header, cutting marks, name and stars, cover page."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

from traceability.printing.cells import number
from traceability.printing.fonts import Face
from traceability.printing.layouts import (
    GAP,
    NOTE,
    NOTE_LINES,
    POINT,
    SCRATCH,
    Layout,
)

_MARK = 1.0  # half the length of a cutting mark
_LABEL = 44.0  # width of the labels on a cover
_EDGE = 20.0
_MOST_DIGITS = 88_888


@dataclass(frozen=True, slots=True)
class Header:
    """What every page says: `left` upper and lower, `sheet` the word for a page, `right` below."""

    left: tuple[str, str]
    sheet: str
    right: str


@dataclass(frozen=True, slots=True)
class Cover:
    """The first page: what lies in the packet, and what to do with it."""

    title: str
    facts: Sequence[tuple[str, str]]
    heading: str
    steps: Sequence[str]


@dataclass(frozen=True, slots=True)
class Note:
    """What stands under each stamp of a run; `scratch` on the field that is scratched free."""

    name: str = ""
    stars: str = ""
    scratch: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """All text of a print, in its own language."""

    title: str
    header: Header | None = None
    cover: Cover | None = None
    note: Note = field(default_factory=Note)
    language: str = "vi"

    def letters(self) -> set[str]:
        """Every letter that the typefaces must have."""
        header, cover, note = self.header, self.cover, self.note
        said = [note.name, note.stars, note.scratch, " …·–0123456789"]
        if header is not None:
            said += [*header.left, header.sheet, header.right]
        if cover is not None:
            said += [cover.title, cover.heading, *cover.steps]
            said += [text for pair in cover.facts for text in pair]
        return set("".join(said))


@dataclass(frozen=True, slots=True)
class Faces:
    """Regular and bold; F1 and F2 on the page."""

    regular: Face
    bold: Face

    def line(self, text: str, x: float, y: float, points: float, *, bold: bool = False) -> bytes:
        """One line of text; lengths in mm, the size in points."""
        face = self.bold if bold else self.regular
        at = (number(points * POINT), number(x), number(y))
        return b"BT/F%d %b Tf %b %b Td %bTj ET\n" % (1 + bold, *at, face.encoded(text))

    def width(self, text: str, points: float, *, bold: bool = False) -> float:
        """How wide a line is, in mm."""
        return (self.bold if bold else self.regular).width(text, points * POINT)


class Heading:
    """What stands above the stamps of each page; all but its number is drawn once."""

    def __init__(self, layout: Layout, words: Header, faces: Faces) -> None:
        # Of wide paper the outermost strip is not printed by every machine.
        left = max(layout.left, 5.0)
        self._right, self._y = layout.paper[0] - left, layout.paper[1] - 8
        self._words, self._faces = words, faces
        room = self._right - left - faces.width(self._sheet(_MOST_DIGITS, "8" * 16), 10) - 4
        name = faces.bold.fitted(words.left[0], 10 * POINT, room)
        below = self._right - faces.width(words.right, 7.5)
        self._same = b"".join(
            (
                faces.line(name, left, self._y, 10, bold=True),
                faces.line(words.left[1], left, self._y - 3.6, 7.5),
                faces.line(words.right, below, self._y - 3.6, 7.5),
            )
        )

    def _sheet(self, page: int, numbers: str) -> str:
        return f"{self._words.sheet} {page} · {numbers}"

    def page(self, page: int, numbers: str) -> bytes:
        """The heading of a page, counted from 1, with the numbers of its stamps."""
        sheet = self._sheet(page, numbers)
        x = self._right - self._faces.width(sheet, 10, bold=True)
        return self._same + self._faces.line(sheet, x, self._y, 10, bold=True)


def marks(layout: Layout, rows: int) -> bytes:
    """A small cross at every corner of a stamp: for a guillotine and for scissors alike."""
    lines = []
    for row in range(rows + 1):
        for column in range(layout.columns + 1):
            x = layout.left + column * layout.cell[0]
            y = layout.top - row * layout.cell[1]
            lines += [(x - _MARK, y, x + _MARK, y), (x, y - _MARK, x, y + _MARK)]
    drawn = b"".join(b"%b %b m %b %b l\n" % tuple(map(number, line)) for line in lines)
    return b"q 0.55 G 0.09 w\n" + drawn + b"S Q\n"


def note(layout: Layout, words: Note, faces: Faces) -> bytes:
    """Name and stars, and the field to scratch free, drawn where the stamp begins."""
    drawn = b"".join(_scratch(layout, words, faces)) if layout.pin else b""
    if layout.note:
        y = layout.cell[1] - GAP - layout.symbol - 2 * layout.line - NOTE * POINT
        drawn += b"".join(_centred(layout, _note_lines(layout, words, faces), faces, y))
    return drawn


def _note_lines(layout: Layout, words: Note, faces: Faces) -> list[str]:
    """Lines of name and stars; the name gives way, since the stars carry a date."""
    width, size = layout.cell[0] - 2, NOTE * POINT
    below = faces.regular.wrapped(words.stars, size, width, 2)
    room = NOTE_LINES - len(below)
    return [*faces.regular.wrapped(words.name, size, width, room), *below]


def _centred(layout: Layout, lines: list[str], faces: Faces, y: float) -> Iterator[bytes]:
    for line in lines:
        x = (layout.cell[0] - faces.width(line, NOTE)) / 2
        yield faces.line(line, x, y, NOTE)
        y -= NOTE * 1.07 * POINT


def _scratch(layout: Layout, words: Note, faces: Faces) -> Iterator[bytes]:
    """The frame says where the layer that hides the code goes; the word stays beside it."""
    width = layout.cell[0] - 2
    frame = map(number, (1.0, 0.5, width, SCRATCH - 1))
    yield b"q 0.55 G 0.12 w [0.8 0.6] 0 d %b %b %b %b re S Q\n" % tuple(frame)
    word = faces.regular.fitted(words.scratch, 4 * POINT, width)
    yield faces.line(word, (layout.cell[0] - faces.width(word, 4)) / 2, SCRATCH + 0.1, 4)


def cover(layout: Layout, words: Cover, faces: Faces) -> bytes:
    """The first page."""
    return b"".join(_cover(layout, words, faces))


def _cover(layout: Layout, words: Cover, faces: Faces) -> Iterator[bytes]:
    y, width = layout.paper[1] - 30, layout.paper[0] - 2 * _EDGE
    for line in faces.bold.wrapped(words.title, 20 * POINT, width, 2):
        yield faces.line(line, _EDGE, y, 20, bold=True)
        y -= 9
    y -= 3
    for label, value in words.facts:
        labels = faces.regular.wrapped(label, 10 * POINT, _LABEL - 3, 3)
        values = _broken(value, faces, width - _LABEL)
        for line, shown in zip_longest(labels, values, fillvalue=""):
            yield faces.line(line, _EDGE, y, 10)
            yield faces.line(shown, _EDGE + _LABEL, y, 10, bold=True)
            y -= 5
        y -= 2
    yield faces.line(words.heading, _EDGE, y - 5, 13, bold=True)
    y -= 13
    for at, step in enumerate(words.steps, start=1):
        yield faces.line(f"{at}", _EDGE, y, 10, bold=True)
        for line in faces.regular.wrapped(step, 10 * POINT, width - 8, 6):
            yield faces.line(line, _EDGE + 8, y, 10)
            y -= 5
        y -= 2.5


def _broken(value: str, faces: Faces, width: float) -> list[str]:
    """Lines of a value; a digest has no blanks and is broken in the middle."""
    size = 10 * POINT
    if " " not in value and faces.bold.width(value, size) > width:
        half = -(-len(value) // 2)
        return [value[:half], value[half:]]
    return faces.bold.wrapped(value, size, width, 3)

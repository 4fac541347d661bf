"""The stamps of a page as bytes of its content, thousands at a time.

All stamps of a run are written with the same words; only the bits of the symbol and the letters of
the serial differ, and those always take the same room. So a buffer of a few pages is filled with
the words once, and the differing bytes are laid into it for all its stamps together.
"""

from collections.abc import Iterator
from functools import cache
from itertools import pairwise

import numpy as np

from traceability import base32
from traceability.base32 import Characters, Numbers
from traceability.printing.layouts import GAP, POINT, SCRATCH, Layout
from traceability.printing.plates import Bits, Plate
from traceability.printing.qr import QUIET_ZONE

PIN_LENGTH = 6
_TOGETHER = 4096  # stamps whose buffer stays in the cache of the processor
_ADVANCE = 0.6  # width of a letter of the serial's typeface, in its size
_SYMBOL, _SECOND, _THIRD, _FOURTH, _PIN = "symbol", "second", "third", "fourth", "pin"
_PIN_SIZE = 11 * POINT


class Cells:
    """Writes the stamps of one run as masks of one bit a module; `note` draws form N on each."""

    def __init__(self, layout: Layout, plate: Plate, ref: str, *, note: bool = False) -> None:
        self._layout, self._plate = layout, plate
        pieces = [*_symbol(layout, plate), *_serial(layout, ref), *_pin(layout)]
        pieces += [b"/N Do\n"] if note else []
        self._template, self._slots = _assembled(pieces)
        self._row = _moved(-layout.columns * layout.cell[0], -layout.cell[1])
        self.pages_at_once = max(1, _TOGETHER // layout.per_page)
        self._buffer = self._filled(self.pages_at_once)

    def _filled(self, pages: int) -> Bits:
        whole = self._row + self._template * self._layout.columns
        row = np.frombuffer(whole, dtype=np.uint8)
        return np.tile(row, (pages, self._layout.rows, 1))

    def pages(self, bodies: Numbers, pins: Characters | None = None) -> Iterator[bytes]:
        """The content of one page after the other, the last one may be short.

        At most `pages_at_once` pages; `pins` are six letters for each stamp.
        """
        layout, count = self._layout, len(bodies)
        used = layout.pages(count)
        lacking = used * layout.per_page - count
        self._fill(used, np.pad(bodies, (0, lacking)), _padded(pins, lacking))
        for number in range(used):
            stamps = min(layout.per_page, count - number * layout.per_page)
            yield self._buffer[number].tobytes()[: self._size(stamps)]

    def _fill(self, used: int, bodies: Numbers, pins: Characters | None) -> None:
        layout = self._layout
        grid = (used, layout.rows, layout.columns)
        cells = self._buffer[:used, :, len(self._row) :].reshape(*grid, len(self._template))
        letters = base32.characters(bodies)
        parts = {
            _SYMBOL: self._plate.symbols(bodies),
            _SECOND: letters[:, :4],
            _THIRD: letters[:, 4:8],
            _FOURTH: letters[:, 8:],
        }
        if pins is not None:
            parts[_PIN] = pins
        for name, part in parts.items():
            at = self._slots[name]
            cells[..., at : at + part.shape[1]] = part.reshape(*grid, part.shape[1])

    def _size(self, stamps: int) -> int:
        rows = -(-stamps // self._layout.columns)
        return rows * len(self._row) + stamps * len(self._template)


class PathCells:
    """Writes the stamps of one run as paths of rectangles, for printers that insist on them."""

    def __init__(self, layout: Layout, plate: Plate, ref: str, *, note: bool = False) -> None:
        self._layout, self._plate = layout, plate
        pieces = [*_serial(layout, ref), *_pin(layout), *([b"/N Do\n"] if note else [])]
        self._template, self._slots = _assembled(pieces)
        self._row = _moved(-layout.columns * layout.cell[0], -layout.cell[1])
        self._open = _moved(layout.cell[0], 0) + _placed(layout, plate)
        self.pages_at_once = 1

    def pages(self, bodies: Numbers, pins: Characters | None = None) -> Iterator[bytes]:
        """As `Cells.pages`."""
        layout = self._layout
        symbols, letters = self._plate.symbols(bodies), base32.characters(bodies)
        out = bytearray()
        for at, rectangles in enumerate(_rectangles(symbols, self._plate.size)):
            if at and at % layout.per_page == 0:
                yield bytes(out)
                out.clear()
            if at % layout.columns == 0:
                out += self._row
            out += self._open + rectangles + b"f Q\n"
            out += self._text(letters[at], None if pins is None else pins[at])
        yield bytes(out)

    def _text(self, letters: Characters, pin: Characters | None) -> bytes:
        text = bytearray(self._template)
        parts = {_SECOND: letters[:4], _THIRD: letters[4:8], _FOURTH: letters[8:]}
        if pin is not None:
            parts[_PIN] = pin
        for name, part in parts.items():
            at = self._slots[name]
            text[at : at + len(part)] = part.tobytes()
        return bytes(text)


Piece = bytes | tuple[str, int]


def _assembled(pieces: list[Piece]) -> tuple[bytes, dict[str, int]]:
    """The pieces run together, with blanks in the slots, and where each slot begins."""
    template, slots = bytearray(), {}
    for piece in pieces:
        if isinstance(piece, bytes):
            template += piece
        else:
            slots[piece[0]] = len(template)
            template += b" " * piece[1]
    return bytes(template), slots


def number(value: float) -> bytes:
    """A number as short as a printer needs it."""
    return f"{value:.4f}".rstrip("0").rstrip(".").encode("ascii")


def _moved(x: float, y: float) -> bytes:
    return b"1 0 0 1 %b %b cm\n" % (number(x), number(y))


def _corner(layout: Layout, plate: Plate) -> tuple[float, float]:
    """Left and upper edge of the symbol's modules within its stamp."""
    quiet = plate.fit.module * QUIET_ZONE
    left = (layout.cell[0] - layout.symbol) / 2 + quiet
    return left, layout.cell[1] - GAP - quiet


def _symbol(layout: Layout, plate: Plate) -> list[Piece]:
    """An inline mask, sharp at any resolution. Its rows are the symbol's columns: hence the turn."""
    (x, y), size = _corner(layout, plate), plate.size
    width = plate.fit.module * size
    turned = (number(-width), number(-width), number(x + width), number(y))
    matrix = b"q 0 %b %b 0 %b %b cm\n" % turned
    image = b"BI/W %d/H %d/IM true/BPC 1/D[1 0]ID " % (size, size)
    move = _moved(layout.cell[0], 0)
    return [move + matrix + image, (_SYMBOL, plate.stride), b"\nEI Q\n"]


def _placed(layout: Layout, plate: Plate) -> bytes:
    """Modules as units, counted from the upper left."""
    x, y = _corner(layout, plate)
    module = plate.fit.module
    return b"q %b 0 0 %b %b %b cm\n" % (number(module), number(-module), number(x), number(y))


def _serial(layout: Layout, ref: str) -> list[Piece]:
    """Two lines of two groups each; they have one width, so their place never changes."""
    size = layout.text * POINT
    x = (layout.cell[0] - 9 * _ADVANCE * size) / 2
    y = layout.cell[1] - GAP - layout.symbol - 0.75 * layout.line
    start = b"BT/F0 %b Tf %b %b Td(" % (number(size), number(x), number(y))
    step = b")Tj 0 %b Td(" % number(-layout.line)
    start += ref.encode("ascii") + b" "
    return [start, (_SECOND, 4), step, (_THIRD, 4), b" ", (_FOURTH, 4), b")Tj ET\n"]


def _pin(layout: Layout) -> list[Piece]:
    """In the middle of the field that is scratched free, at the foot of the stamp."""
    if not layout.pin:
        return []
    x = (layout.cell[0] - PIN_LENGTH * _ADVANCE * _PIN_SIZE) / 2
    y = (SCRATCH - 0.62 * _PIN_SIZE) / 2
    start = b"BT/F0 %b Tf %b %b Td(" % (number(_PIN_SIZE), number(x), number(y))
    return [start, (_PIN, PIN_LENGTH), b")Tj ET\n"]


def _padded(pins: Characters | None, lacking: int) -> Characters | None:
    return None if pins is None else np.pad(pins, ((0, lacking), (0, 0)))


def _rectangles(symbols: Bits, size: int) -> Iterator[bytes]:
    """For each symbol its dark runs down the columns, in modules, as one path."""
    columns = symbols.reshape(len(symbols), size, -1)
    modules = np.unpackbits(columns, axis=2, count=size).astype(np.int8)
    edges = np.diff(np.pad(modules, ((0, 0), (0, 0), (1, 1))), axis=2)
    which, x, y = np.nonzero(edges == 1)
    heights = np.nonzero(edges == -1)[2] - y
    words, keys = _words(size), ((x * size + y) * (size + 1) + heights).tolist()
    ends = np.searchsorted(which, np.arange(len(symbols) + 1)).tolist()
    for start, end in pairwise(ends):
        yield b"".join([words[key] for key in keys[start:end]])


@cache
def _words(size: int) -> list[bytes]:
    """A rectangle one module wide at any place and of any height, as it is written."""
    heights = range(size + 1)
    return [
        b"%d %d 1 %d re\n" % (x, y, h) for x in range(size) for y in range(size) for h in heights
    ]

"""QR symbols: one at a time for a page, or by the thousand for a sheet of stamps.

An address is cut into numeric, alphanumeric and byte segments so that it takes the fewest bits.
For `https://…/01/<gtin>/21/<serial>` that is a size smaller than what encoders find by
themselves, and on a 20 mm stamp bigger modules are what old cameras need.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from html import escape
from io import BytesIO
from operator import xor
from typing import Any, Final, Literal

from PIL import Image, ImageOps
from qrcode.constants import ERROR_CORRECT_H, ERROR_CORRECT_L, ERROR_CORRECT_M, ERROR_CORRECT_Q
from qrcode.exceptions import DataOverflowError
from qrcode.main import QRCode
from qrcode.util import QRData

from traceability.serials import LENGTH as SERIAL_LENGTH
from traceability.serials import parse

QUIET_ZONE = 4  # modules of white on each side that ISO/IEC 18004 asks for
LEVELS = {"L": ERROR_CORRECT_L, "M": ERROR_CORRECT_M, "Q": ERROR_CORRECT_Q, "H": ERROR_CORRECT_H}
ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"

# Modes as the standard numbers them.
Mode = Literal[1, 2, 4]
NUMERIC_MODE: Final = 1
PAIR_MODE: Final = 2
BYTE_MODE: Final = 4
Route = tuple[int, list[Mode]]  # cost so far, mode of each character

# Costs in sixths of a bit, so that ten digits in 3⅓ bits each and pairs in 5½ stay whole.
_BIT = 6
_HEADER: dict[Mode, int] = {NUMERIC_MODE: 14 * _BIT, PAIR_MODE: 13 * _BIT, BYTE_MODE: 12 * _BIT}


class TooLong(ValueError):
    """The text does not fit into the largest QR symbol."""

    code = "qr_too_long"


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of characters in one of QR's modes."""

    mode: Mode
    text: str

    def data(self) -> QRData:
        return QRData(self.text.encode(), mode=self.mode, check_data=False)


@dataclass(frozen=True, slots=True)
class Bitmap:
    """A symbol without quiet zone: `size` rows of bits, 1 is dark, rows padded to whole bytes."""

    size: int
    rows: bytes


def segments(text: str) -> list[Segment]:
    """The text in segments of the fewest bits (exact for symbols up to version 9)."""
    routes: dict[Mode, Route] = {}
    for character in text:
        routes = {mode: _extend(routes, mode, cost) for mode, cost in _costs(character).items()}
    modes = min(routes.values())[1] if routes else []
    return _runs(text, modes)


def qr_modules(text: str, level: str = "Q") -> list[list[bool]]:
    """The modules row by row, dark is True, without quiet zone. Raises TooLong."""
    return _encode(segments(text), level)


def qr_png(text: str, *, box: int = 8, border: int = QUIET_ZONE, level: str = "Q") -> bytes:
    """A black and white PNG; `box` pixels a module, `border` modules of white. Raises TooLong."""
    modules = qr_modules(text, level)
    image = Image.new("1", (len(modules), len(modules)), 1)
    image.putdata([not dark for row in modules for dark in row])
    image = ImageOps.expand(image, border, 1)
    out = BytesIO()
    image.resize((image.width * box, image.height * box), Image.Resampling.NEAREST).save(
        out, "PNG", optimize=True
    )
    return out.getvalue()


def qr_svg(text: str, *, border: int = QUIET_ZONE, level: str = "Q", label: str = "") -> str:
    """An SVG of one path, one unit a module; sized by the page's style sheet.

    With a `label` the picture is announced by it, without one it is passed over. Raises TooLong.
    """
    modules = qr_modules(text, level)
    side = len(modules) + 2 * border
    named = f'role="img" aria-label="{escape(label)}"' if label else 'aria-hidden="true"'
    path = "".join(
        f"M{x + border} {y + border}h{width}v1h-{width}z" for x, y, width in dark_runs(modules)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" {named} '
        f'shape-rendering="crispEdges"><path fill="#fff" d="M0 0h{side}v{side}H0z"/>'
        f'<path fill="#000" d="{path}"/></svg>'
    )


def dark_runs(modules: Sequence[Sequence[bool]]) -> list[tuple[int, int, int]]:
    """(x, y, width) of each unbroken dark stretch of a row."""
    runs = []
    for y, row in enumerate(modules):
        start = 0
        for x, dark in enumerate([*row, False]):
            if not dark:
                if x > start:
                    runs.append((start, y, x - start))
                start = x + 1
    return runs


class SymbolPress:
    """Symbols of a print run: fast when many addresses differ in their serial alone."""

    def __init__(self, level: str = "Q") -> None:
        self._level = level
        self._head = ""
        self._plate: _Plate | None = None

    def bitmap(self, text: str) -> Bitmap:
        """The symbol of one address. Raises TooLong."""
        head, serial = text[:-SERIAL_LENGTH], text[-SERIAL_LENGTH:]
        if parse(serial) is None:
            modules = qr_modules(text, self._level)
            return Bitmap(len(modules), _rows(len(modules), _pack(modules)))
        if self._plate is None or head != self._head:
            self._head, self._plate = head, _Plate(head, serial, self._level)
        return self._plate.bitmap(text)


class _Plate:
    """What all symbols of one run share.

    With length, version, mask and segments fixed, padding, error correction and placement are
    linear over GF(2): a symbol is the symbol of the all-zero data, XOR one part for each bit of
    the data that is 1. So about a hundred encodings serve any number of serials.
    """

    def __init__(self, head: str, serial: str, level: str) -> None:
        # Letters in the serial's place, or a run of digits in it would be cut out on its own.
        *self._fixed, last = segments(head + "A" * SERIAL_LENGTH)
        self._start = len(head) + SERIAL_LENGTH - len(last.text)
        self._level = level
        first = self._code((head + serial)[self._start :])
        self._version, self._mask = _version(first), first.best_mask_pattern()
        self.size = self._version * 4 + 17
        zero = "0" * len(last.text)
        self._zero = self._symbol(zero)
        self._parts = [
            _Part(
                self._zero, [self._symbol(zero[:at] + unit + zero[at + width :]) for unit in units]
            )
            for at, width, units in _unit_pairs(len(last.text))
        ]

    def bitmap(self, text: str) -> Bitmap:
        tail = text[self._start :]
        pairs = [tail[at : at + 2] for at in range(0, len(tail), 2)]
        parts = [part[pair] for part, pair in zip(self._parts, pairs, strict=True)]
        return Bitmap(self.size, _rows(self.size, reduce(xor, parts, self._zero)))

    def _code(self, tail: str) -> "QRCode[Any]":
        return _code([*self._fixed, Segment(PAIR_MODE, tail)], self._level)

    def _symbol(self, tail: str) -> int:
        code = self._code(tail)
        code.version = self._version
        code.makeImpl(False, self._mask)
        return _pack(code.modules)


class _Part(dict[str, int]):
    """What one pair of characters flips in the symbol, worked out when first met."""

    def __init__(self, zero: int, symbols: list[int]) -> None:
        self._bits = [zero ^ symbol for symbol in symbols]

    def __missing__(self, pair: str) -> int:
        value = reduce(lambda high, one: high * 45 + ALPHANUMERIC.index(one), pair, 0)
        flips = [bit for place, bit in enumerate(self._bits) if value >> place & 1]
        self[pair] = reduce(xor, flips, 0)
        return self[pair]


def _unit_pairs(length: int) -> list[tuple[int, int, list[str]]]:
    """Place, width and the texts worth 1, 2, 4… of each pair; an odd last one stands alone."""
    double = [ALPHANUMERIC[value // 45] + ALPHANUMERIC[value % 45] for value in _powers(11)]
    single = [ALPHANUMERIC[value] for value in _powers(6)]
    pairs = [(at, 2, double) for at in range(0, length - 1, 2)]
    return [*pairs, (length - 1, 1, single)] if length % 2 else pairs


def _powers(count: int) -> list[int]:
    return [1 << place for place in range(count)]


def _pack(modules: Sequence[Sequence[bool | None]]) -> int:
    pad = "0" * (-len(modules) % 8)
    return int("".join("".join("01"[bool(dark)] for dark in row) + pad for row in modules), 2)


def _rows(size: int, packed: int) -> bytes:
    return packed.to_bytes(size * -(-size // 8), "big")


def _code(parts: Sequence[Segment], level: str) -> "QRCode[Any]":
    code = QRCode(error_correction=LEVELS[level])
    for part in parts:
        code.add_data(part.data())
    return code


def _version(code: "QRCode[Any]") -> int:
    try:
        return int(code.best_fit())
    except (DataOverflowError, ValueError) as error:
        raise TooLong("the text does not fit into a QR symbol") from error


def _encode(parts: Sequence[Segment], level: str) -> list[list[bool]]:
    code = _code(parts, level)
    _version(code)
    code.makeImpl(False, code.best_mask_pattern())
    return [[bool(dark) for dark in row] for row in code.modules]


def _costs(character: str) -> dict[Mode, int]:
    costs: dict[Mode, int] = {BYTE_MODE: 8 * _BIT * len(character.encode())}
    if character in ALPHANUMERIC:
        costs[PAIR_MODE] = 33
    if character in "0123456789":
        costs[NUMERIC_MODE] = 20
    return costs


def _extend(routes: dict[Mode, Route], mode: Mode, cost: int) -> Route:
    """The cheapest way to have the next character in `mode`: stay in it, or change to it."""
    if not routes:
        return _HEADER[mode] + cost, [mode]
    ways = [
        (spent if before == mode else -(-spent // _BIT) * _BIT + _HEADER[mode], route)
        for before, (spent, route) in routes.items()
    ]
    spent, route = min(ways)
    return spent + cost, [*route, mode]


def _runs(text: str, modes: Sequence[Mode]) -> list[Segment]:
    parts: list[Segment] = []
    for character, mode in zip(text, modes, strict=True):
        if parts and parts[-1].mode == mode:
            parts[-1] = Segment(mode, parts[-1].text + character)
        else:
            parts.append(Segment(mode, character))
    return parts

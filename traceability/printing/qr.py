"""QR symbols, one at a time; `plates` makes them by the million for sheets of stamps.

An address is cut into numeric, alphanumeric and byte segments so that it takes the fewest bits.
For `https://…/01/<gtin>/21/<serial>` that is a size smaller than what encoders find by
themselves, and on a 20 mm stamp bigger modules are what old cameras need.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from io import BytesIO
from typing import Any, Final, Literal

from PIL import Image, ImageOps
from qrcode.constants import ERROR_CORRECT_H, ERROR_CORRECT_L, ERROR_CORRECT_M, ERROR_CORRECT_Q
from qrcode.exceptions import DataOverflowError
from qrcode.main import QRCode
from qrcode.util import QRData

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


def new_code(parts: Sequence[Segment], level: str) -> "QRCode[Any]":
    """A symbol of these segments that is still to be made."""
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
    code = new_code(parts, level)
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

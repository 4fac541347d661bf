"""How stamps lie on paper: sheets and rolls, as data that anybody may add to. Lengths in mm."""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

from app.core.errors import Rejected
from app.core.text import N_

DEFAULT = "a4-20"
SHAPES = ("mask", "paths")
HEADER = 12.0  # paper that the header takes above the stamps
GAP = 0.3  # from the upper edge of a stamp to the white of its symbol
LINE = 1.25  # from line to line, as a multiple of the size of the text
NOTE = 5.2  # points
NOTE_LINES = 4
SCRATCH = 7.0  # height of the field that is scratched free
POINT = 25.4 / 72

_FILE = Path(__file__).with_name("data") / "layouts.json"
_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+){0,7}")
_LARGEST_PAPER = 1200
_MOST_ON_A_PAGE = 5_000


class BadLayout(Rejected):
    """A layout that cannot be printed; the message says why."""

    code = "bad_layout"

    def __init__(self, message: str, **params: object) -> None:
        self.message = message
        super().__init__(**params)


@dataclass(frozen=True, slots=True)
class Layout:
    """One way to print: `columns` × `rows` stamps of `cell` on `paper`, in the middle of it.

    `symbol` is the side of the QR symbol with its white margin, `text` the size of the serial in
    points. `note` writes name and stars below, `pin` leaves a field to scratch free.
    """

    name: str
    paper: tuple[float, float]
    columns: int
    rows: int
    cell: tuple[float, float]
    symbol: float
    text: float
    note: bool = False
    pin: bool = False
    header: bool = False
    cover: bool = False
    marks: bool = False

    @property
    def per_page(self) -> int:
        """Stamps on a full page."""
        return self.columns * self.rows

    @property
    def left(self) -> float:
        """White on the left of the stamps."""
        return (self.paper[0] - self.columns * self.cell[0]) / 2

    @property
    def top(self) -> float:
        """The upper edge of the stamps, from the lower edge of the paper."""
        room = self.paper[1] - (HEADER if self.header else 0)
        return room - (room - self.rows * self.cell[1]) / 2

    @property
    def line(self) -> float:
        """From one line of the serial to the next."""
        return self.text * LINE * POINT

    @property
    def needed(self) -> float:
        """Height that symbol and text take in a stamp."""
        note = NOTE_LINES * NOTE * 1.07 * POINT if self.note else 0
        return GAP + self.symbol + 2 * self.line + note + (SCRATCH if self.pin else 0)

    def symbol_box(self, position: int) -> tuple[float, float]:
        """Left and lower edge on the paper of the symbol at a position of the page, from 0."""
        row, column = divmod(position, self.columns)
        x = self.left + column * self.cell[0] + (self.cell[0] - self.symbol) / 2
        return x, self.top - row * self.cell[1] - GAP - self.symbol

    def pages(self, count: int) -> int:
        """Pages of stamps, without the cover."""
        return -(-count // self.per_page)

    def to_data(self) -> dict[str, Any]:
        """What `from_data` reads."""
        return asdict(self) | {"paper": list(self.paper), "cell": list(self.cell)}


@cache
def built_in() -> Mapping[str, Layout]:
    """The layouts that come with the program, by name."""
    found = json.loads(_FILE.read_text(encoding="utf-8"))
    return {name: from_data({"name": name, **data}) for name, data in found.items()}


def from_data(data: Mapping[str, Any]) -> Layout:
    """A layout as it stands in a file. Raises BadLayout."""
    known = Layout.__dataclass_fields__.keys()
    if not isinstance(data, Mapping):
        raise BadLayout(N_("Missing or of the wrong kind: %(what)s."), what="{}")
    if unknown := data.keys() - known:
        raise BadLayout(N_("Unknown: %(names)s."), names=", ".join(sorted(unknown)))
    try:
        values = {**data, "paper": _two(data["paper"]), "cell": _two(data["cell"])}
        layout = Layout(**values)
        _check(layout)
    except (KeyError, TypeError, ValueError) as error:
        raise BadLayout(N_("Missing or of the wrong kind: %(what)s."), what=error) from error
    return layout


def _two(value: Any) -> tuple[float, float]:
    width, height = value
    return float(width), float(height)


def _check(layout: Layout) -> None:
    if not (isinstance(layout.name, str) and _NAME.fullmatch(layout.name)):
        raise BadLayout(N_("A name is of small letters, digits and single dashes."))
    if not all(0 < side <= _LARGEST_PAPER for side in layout.paper):
        raise BadLayout(N_("Paper measures up to %(most)s mm."), most=_LARGEST_PAPER)
    if not (_whole(layout.columns) and _whole(layout.rows)):
        raise BadLayout(N_("Columns and rows are whole numbers above zero."))
    if layout.per_page > _MOST_ON_A_PAGE:
        raise BadLayout(N_("A page holds up to %(most)s stamps."), most=_MOST_ON_A_PAGE)
    if not 4 <= layout.text <= 40:
        raise BadLayout(N_("The serial is 4 to 40 points high."))
    if layout.cover and not (layout.paper[0] >= 180 and layout.paper[1] >= 250):
        raise BadLayout(N_("A cover page needs paper of at least 180 × 250 mm."))
    if layout.header and layout.paper[0] < 120:
        raise BadLayout(N_("A header needs paper at least 120 mm wide."))
    _check_room(layout)


def _whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def _check_room(layout: Layout) -> None:
    width, height = layout.cell
    header = HEADER if layout.header else 0
    if layout.columns * width > layout.paper[0] + 1e-6:
        raise BadLayout(N_("The columns are wider than the paper."))
    if layout.rows * height > layout.paper[1] - header + 1e-6:
        raise BadLayout(N_("The rows are higher than the paper."))
    if not 0 < layout.symbol <= width:
        raise BadLayout(N_("The symbol is wider than its stamp."))
    if layout.text * 9 * 0.6 * POINT > width:
        raise BadLayout(N_("The serial is wider than its stamp."))
    if layout.needed > height + 1e-6:
        raise BadLayout(
            N_("A stamp must be %(height)s mm high for what stands on it."),
            height=f"{layout.needed:.1f}",
        )

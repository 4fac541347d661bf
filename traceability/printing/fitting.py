"""Which QR symbol goes on a stamp of a given size.

Two things make a stamp readable: big modules for old cameras and bad focus, error correction for
scratches. GS1 asks for modules of 0.396 mm and more, with four of white on each side. In trials
version 4 at level Q was the best that 20 mm can carry, and going beyond bought nothing; on 15 mm
only version 3 is left, at whichever level the address still fits.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from qrcode.util import BIT_LIMIT_TABLE, length_in_bits

from traceability.printing.qr import (
    LEVELS,
    NUMERIC_MODE,
    PAIR_MODE,
    QUIET_ZONE,
    Segment,
    segments,
)

SMALLEST_MODULE = 0.396  # mm, GS1 General Specifications for QR at a point of sale
PREFERRED_VERSION = 4
LARGEST_VERSION = 10
_ANY_SERIAL = "A" * 16


class ModulesTooSmall(ValueError):
    """No symbol with modules of 0.396 mm holds the address; `side` is what it would take, in mm."""

    code = "modules_too_small"

    def __init__(self, side: float) -> None:
        self.side = side
        super().__init__(f"the address needs a symbol of {side:.1f} mm, white margins included")


@dataclass(frozen=True, slots=True)
class Fit:
    """A version and level that hold the address, on a square of `side` mm, white included."""

    version: int
    level: str
    side: float

    @property
    def modules(self) -> int:
        """Modules on a side, without white."""
        return self.version * 4 + 17

    @property
    def module(self) -> float:
        """Width of a module in mm."""
        return self.side / (self.modules + 2 * QUIET_ZONE)


def choose(head: str, side: float) -> Fit:
    """The best symbol for `head` and a serial on `side` mm. Raises ModulesTooSmall."""
    parts = segments(head + _ANY_SERIAL)
    for version, level in _candidates(side):
        if holds(parts, version, level):
            return Fit(version, level, side)
    raise ModulesTooSmall(smallest_side(head))


def smallest_side(head: str) -> float:
    """The side in mm that the address needs at least."""
    parts = segments(head + _ANY_SERIAL)
    fitting = (v for v in range(1, 41) if holds(parts, v, "L"))
    modules = next(fitting) * 4 + 17 + 2 * QUIET_ZONE
    return modules * SMALLEST_MODULE


def _candidates(side: float) -> Iterator[tuple[int, str]]:
    """In order of preference."""
    sizes = range(1, LARGEST_VERSION + 1)
    large = [v for v in sizes if Fit(v, "L", side).module >= SMALLEST_MODULE]
    first = min(PREFERRED_VERSION, max(large, default=0))
    allowed = [version for version in large if version >= first]
    yield from ((version, level) for version in allowed for level in "QM")
    yield from ((version, "L") for version in allowed)


def holds(parts: list[Segment], version: int, level: str) -> bool:
    """Whether the segments fit into a symbol of this version and level."""
    bits = sum(_bits(part, version) for part in parts)
    return bits <= int(BIT_LIMIT_TABLE[LEVELS[level]][version])


def _bits(part: Segment, version: int) -> int:
    count = len(part.text.encode())
    head = 4 + int(length_in_bits(part.mode, version))
    if part.mode == NUMERIC_MODE:
        return head + count // 3 * 10 + (0, 4, 7)[count % 3]
    if part.mode == PAIR_MODE:
        return head + count // 2 * 11 + count % 2 * 6
    return head + count * 8

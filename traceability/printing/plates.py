"""QR symbols of a print run, by the million.

With segments, version, level and mask fixed, padding, error correction and placement are linear
over GF(2): a symbol is the symbol of the first serial, XOR one part for each pair of characters
that differs. Each pair has a table of its parts; about seventy encodings fill all tables, and a
symbol is then six look-ups. What comes out is what an encoder makes of the same segments.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from qrcode.main import QRCode
from qrcode.util import lost_point

from traceability.base32 import ALPHABET, LENGTH, Numbers
from traceability.printing.fitting import Fit
from traceability.printing.qr import ALPHANUMERIC, PAIR_MODE, Segment, new_code, segments

MASKS = range(8)
Bits = NDArray[np.uint8]

_WORD = 8  # bytes of the numbers that are XORed
# Bodies that look like any others, to choose the mask by.
_SAMPLE = ("0123456789AB", "ZYXWVTSRQPNM", "7K3MQ09ZD4HX", "H5J2T8VCE6GW")


@dataclass(frozen=True, slots=True)
class Pair:
    """Two neighbouring characters that share 11 bits, or a last one with 6 of its own.

    `at` is where they stand in their segment, `body` how many of them are of the serial's body,
    `shift` where these are in the body's number.
    """

    at: int
    width: int
    body: int
    shift: int


class Plate:
    """Symbols of the addresses that begin alike and end in ref and body of a serial."""

    def __init__(self, head: str, ref: str, fit: Fit) -> None:
        # Letters in the body's place, or a run of digits in it would be cut out on its own.
        *self._fixed, last = segments(head + ref + "A" * LENGTH)
        self._lead = last.text[:-LENGTH]
        self.fit = fit
        self.size = fit.modules
        self.mask = min(MASKS, key=self._penalty)
        self._first = self._symbol(self._lead + ALPHABET[0] * LENGTH)
        self._tables = [self._table(pair) for pair in _pairs(len(self._lead))]

    @property
    def stride(self) -> int:
        """Bytes of a symbol."""
        return self.size * -(-self.size // 8)

    def symbols(self, bodies: Numbers) -> Bits:
        """The symbols, a row of `stride` bytes each: the module columns from left to right.

        A column is `size` bits from top to bottom, 1 is dark, padded to whole bytes. Columns, not
        rows: codewords stand in columns, so what all symbols share lies together and deflates well.
        """
        found = np.broadcast_to(self._first, (len(bodies), len(self._first))).copy()
        for table, shift, size in self._tables:
            index = (bodies >> np.uint64(shift)).astype(np.intp) & (size - 1)
            found ^= table.take(index, axis=0)
        return found.view(np.uint8)[:, : self.stride]

    def matrix(self, symbol: Bits) -> NDArray[np.bool_]:
        """The modules of one of the symbols, row by row, dark is True."""
        columns = symbol.reshape(self.size, -1)
        return np.unpackbits(columns, axis=1, count=self.size).T.astype(bool)

    def _table(self, pair: Pair) -> tuple[NDArray[np.uint64], int, int]:
        parts, values = self._parts(pair), self._values(pair)
        table = np.zeros((len(values), len(self._first)), dtype=np.uint64)
        for place, part in enumerate(parts):
            table[(values >> place & 1).astype(bool)] ^= part
        return table, pair.shift, len(values)

    def _values(self, pair: Pair) -> NDArray[np.int64]:
        """Which bits of the pair differ from those of the first serial, for all it can be."""
        before = self._lead[pair.at : pair.at + pair.width - pair.body]
        signs = [ALPHANUMERIC.index(sign) for sign in ALPHABET]
        values = np.array([sum(ALPHANUMERIC.index(sign) * 45 for sign in before)])
        for _place in range(pair.body):
            values = (values[:, np.newaxis] * (45 if not before else 1) + signs).ravel()
            before = ""
        return np.asarray(values ^ values[0], dtype=np.int64)

    def _parts(self, pair: Pair) -> Iterator[NDArray[np.uint64]]:
        """What each bit of the pair flips in the symbol."""
        text = self._lead + ALPHABET[0] * LENGTH
        zero = self._symbol(_with(text, pair, 0))
        for place in range(11 if pair.width == 2 else 6):
            yield zero ^ self._symbol(_with(text, pair, 1 << place))

    def _code(self, tail: str) -> "QRCode[Any]":
        code = new_code([*self._fixed, Segment(PAIR_MODE, tail)], self.fit.level)
        code.version = self.fit.version
        return code

    def _symbol(self, tail: str) -> NDArray[np.uint64]:
        code = self._code(tail)
        code.makeImpl(False, self.mask)
        columns = np.packbits(np.array(code.modules, dtype=bool).T, axis=1).ravel()
        padded = np.zeros(-(-len(columns) // _WORD) * _WORD, dtype=np.uint8)
        padded[: len(columns)] = columns
        return padded.view(np.uint64)

    def _penalty(self, mask: int) -> int:
        """How ill the symbols look under a mask, by the standard's four rules."""
        return sum(self._lost(self._lead + body, mask) for body in _SAMPLE)

    def _lost(self, tail: str, mask: int) -> int:
        code = self._code(tail)
        code.makeImpl(True, mask)
        points: Callable[[Any], int] = lost_point
        return points(code.modules)


def _with(text: str, pair: Pair, value: int) -> str:
    signs = ALPHANUMERIC[value // 45] + ALPHANUMERIC[value % 45]
    return text[: pair.at] + signs[-pair.width :] + text[pair.at + pair.width :]


def _pairs(lead: int) -> list[Pair]:
    """The pairs of the segment that hold characters of the body."""
    end = lead + LENGTH
    found = []
    for at in range(lead // 2 * 2, end, 2):
        width = min(2, end - at)
        body = min(width, at + width - lead)
        found.append(Pair(at, width, body, 5 * (end - at - width)))
    return found

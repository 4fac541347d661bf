"""Crockford's base 32 on whole arrays: numbers of 60 bits, and the 12 characters they stand for."""

import numpy as np
from numpy.typing import NDArray

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 12  # characters of a number
FOREIGN = 255  # stands for a character outside the alphabet

Numbers = NDArray[np.uint64]
Characters = NDArray[np.uint8]

_SHIFTS = np.arange(50, -1, -10, dtype=np.uint64)
_ASCII = np.frombuffer(ALPHABET.encode("ascii"), dtype=np.uint8)
# Two characters at a time: half the look-ups. The pair is one number of two bytes.
_PAIRS = np.stack([np.repeat(_ASCII, len(_ASCII)), np.tile(_ASCII, len(_ASCII))], axis=1).view(
    np.uint16
)[:, 0]
_VALUES = np.full(256, FOREIGN, dtype=np.uint8)
_VALUES[_ASCII] = np.arange(len(_ASCII), dtype=np.uint8)


def characters(numbers: Numbers) -> Characters:
    """The characters of each number, one row of 12 bytes each."""
    pairs = (numbers[:, np.newaxis] >> _SHIFTS & np.uint64(1023)).astype(np.intp)
    return _PAIRS.take(pairs).view(np.uint8)


def numbers(rows: Characters) -> tuple[Numbers, NDArray[np.bool_]]:
    """The number of each row of 12 bytes, and whether every byte of it is in the alphabet."""
    values = _VALUES[rows]
    sound = (values != FOREIGN).all(axis=1)
    found = np.zeros(len(rows), dtype=np.uint64)
    for column in (values & 31).T:
        found = found << np.uint64(5) | column
    return found, sound

"""FF1 for millions of numbers: what `TwinFF1` does, on arrays of numpy."""

from array import array
from collections.abc import Sequence

import numpy as np
from cryptography.hazmat.primitives.ciphers import CipherContext
from numpy.typing import NDArray

from traceability.ff1 import BLOCK, ROUNDS, TwinFF1

Numbers = NDArray[np.uint64]
Halves = NDArray[np.uint32]

# Numbers enciphered together: their blocks stay in the cache of the processor.
CHUNK = 8192


class BulkFF1(TwinFF1):
    """The same cipher; arrays in, arrays out."""

    def encrypt_array(self, numbers: Numbers) -> Numbers:
        """The enciphered numbers, each of 2·half_bits bits."""
        return self._chunks(numbers, decrypt=False)

    def decrypt_array(self, numbers: Numbers) -> Numbers:
        """The inverse of `encrypt_array`."""
        return self._chunks(numbers, decrypt=True)

    def _chunks(self, numbers: Numbers, *, decrypt: bool) -> Numbers:
        rounds = _Rounds(self._cipher.encryptor(), self._last, min(CHUNK, len(numbers)))
        bits, mask = np.uint64(self.half_bits), np.uint64(self._mask)
        out = np.empty_like(numbers)
        for at in range(0, len(numbers), CHUNK):
            part = numbers[at : at + CHUNK]
            halves = (part >> bits).astype(np.uint32), (part & mask).astype(np.uint32)
            turn = rounds.backward if decrypt else rounds.forward
            high, low = turn(*halves, np.uint32(self._mask))
            out[at : at + CHUNK] = high.astype(np.uint64) << bits | low
        return out


class _Rounds:
    """The rounds of a chunk, in buffers that are used again and again."""

    def __init__(self, aes: CipherContext, last: Sequence["array[int]"], size: int) -> None:
        self._aes = aes
        # Of the last block of the PRF only the final word differs from number to number.
        self._last = [np.array(words, dtype=">u4") for words in last]
        self._blocks = np.empty((size, 4), dtype=">u4")
        self._stream = np.empty(size * BLOCK + BLOCK - 1, dtype=np.uint8)

    def forward(self, a: Halves, b: Halves, mask: np.uint32) -> tuple[Halves, Halves]:
        for i in range(ROUNDS):
            a, b = b, (a + self._y(i, b)) & mask
        return a, b

    def backward(self, a: Halves, b: Halves, mask: np.uint32) -> tuple[Halves, Halves]:
        for i in reversed(range(ROUNDS)):
            a, b = (b - self._y(i, a)) & mask, a
        return a, b

    def _y(self, i: int, half: Halves) -> Halves:
        """Step 6.iv: of d = 8 bytes a modulus of at most 32 bits needs the second word only."""
        blocks, last = self._blocks[: len(half)], self._last[i]
        blocks[:, :3] = last[:3]
        blocks[:, 3] = half ^ np.uint32(last[3])
        size = blocks.nbytes
        self._aes.update_into(blocks.data.cast("B"), self._stream.data)
        return self._stream[:size].view(">u4")[1::4].astype(np.uint32)

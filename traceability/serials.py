"""Serials of stamps: 16 characters that stand for (stamp batch, index) and cannot be guessed.

    BBBB CCCC CCCC CCCC
    BBBB          batch ref, drawn at random, unique per identity
    12 × C        FF1 under the batch's own key of: index (24 bits), then 36 zero bits

Whoever has the batch key deciphers a serial and looks for the zeros: a made-up serial shows
them once in 2^36 tries, so no table of serials is needed and the check works without a
network. The identity, a GTIN-14 or the internal SKU code, goes into key and tweak: the same
ref under another product is another batch.

The alphabet is Crockford's base 32: no I, L, O or U. All of it lies in the character set GS1
allows in AI 21, and in the alphanumeric mode of QR.
"""

import hashlib
import re
from collections.abc import Callable, Iterator

import numpy as np
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from numpy.typing import NDArray

from traceability import base32
from traceability.base32 import ALPHABET
from traceability.ff1_bulk import BulkFF1

RADIX = len(ALPHABET)
REF_LENGTH = 4
BODY_LENGTH = base32.LENGTH
LENGTH = REF_LENGTH + BODY_LENGTH
ZERO_BITS = 36
MAX_SIZE = 2**24  # stamps in one batch
RESERVED = "Z"  # refs of later formats begin with it

_CHUNK = 16_384  # serials computed together
_PURPOSE = b"stamp serials, format 1\0"
_PAIRS = [one + two for one in ALPHABET for two in ALPHABET]
_VALUES = {character: value for value, character in enumerate(ALPHABET)}
_REF = re.compile(f"(?!{RESERVED})[{ALPHABET}]{{{REF_LENGTH}}}")
_SERIAL = re.compile(f"[{ALPHABET}]{{{LENGTH}}}")
_IN_URL = re.compile(
    r"/(?:t|tem|01/[0-9]{14}(?:/10/[^/?#]+)?/21)/([^/?#]+)/?(?:[?#].*)?$", re.IGNORECASE
)
_TYPED = str.maketrans("OIL", "011", " \t-")
_LONGEST_TYPED = 500


class BadRef(ValueError):
    """Not a batch ref: four characters of the alphabet, the first not reserved."""

    code = "bad_batch_ref"


class BadIdentity(ValueError):
    """What identifies the product must be non-empty ASCII."""

    code = "bad_identity"


class BadRange(ValueError):
    """An index or a count outside the batch."""

    code = "bad_stamp_range"


class SerialCipher:
    """Serials of one batch, for whoever needs more than one of them.

    Safe to share between threads. Raises BadRef and BadIdentity.
    """

    def __init__(self, key: bytes, identity: str, ref: str) -> None:
        self._ref = ref
        self._ff1 = BulkFF1(key, _context(identity, ref), RADIX, BODY_LENGTH)

    def serials(self, first: int, count: int) -> Iterator[str]:
        """Serials of the indexes from `first` on, in order. Raises BadRange, before the first."""
        check_range(first, count)
        return self._stream(first, first + count)

    def _stream(self, first: int, end: int) -> Iterator[str]:
        for start in range(first, end, _CHUNK):
            rows = self.rows(start, min(_CHUNK, end - start))
            yield from rows.view(f"S{LENGTH}").ravel().astype(f"U{LENGTH}").tolist()

    def bodies(self, first: int, count: int) -> base32.Numbers:
        """What follows the ref, as numbers of 60 bits, in order of index. Raises BadRange."""
        check_range(first, count)
        if count == 1:  # numpy would take longer to begin
            return np.array(self._ff1.encrypt([first << ZERO_BITS]), dtype=np.uint64)
        indexes = np.arange(first, first + count, dtype=np.uint64)
        return self._ff1.encrypt_array(indexes << np.uint64(ZERO_BITS))

    def rows(self, first: int, count: int) -> base32.Characters:
        """The serials in order of index, one row of 16 bytes each. Raises BadRange."""
        rows = np.empty((count, LENGTH), dtype=np.uint8)
        rows[:, :REF_LENGTH] = np.frombuffer(self._ref.encode("ascii"), dtype=np.uint8)
        rows[:, REF_LENGTH:] = base32.characters(self.bodies(first, count))
        return rows

    def index_of(self, serial: str, size: int) -> int | None:
        """The index of a canonical serial in a batch of `size` stamps; None if not one of it."""
        if parse(serial) is None or serial[:REF_LENGTH] != self._ref:
            return None
        number = self._ff1.decrypt([_body(serial)])[0]
        index, zeros = number >> ZERO_BITS, number & (1 << ZERO_BITS) - 1
        return index if zeros == 0 and index < size else None

    def indexes_of(self, rows: base32.Characters, size: int) -> NDArray[np.int64]:
        """The index of each row of 16 bytes in a batch of `size` stamps; -1 if not one of it."""
        ref = np.frombuffer(self._ref.encode("ascii"), dtype=np.uint8)
        bodies, sound = base32.numbers(rows[:, REF_LENGTH:])
        plain = self._ff1.decrypt_array(bodies)
        indexes = (plain >> np.uint64(ZERO_BITS)).astype(np.int64)
        zeros = plain & np.uint64((1 << ZERO_BITS) - 1)
        sound &= (rows[:, :REF_LENGTH] == ref).all(axis=1) & (zeros == 0) & (indexes < size)
        return np.where(sound, indexes, -1)


def check_range(first: int, count: int) -> None:
    """Raise BadRange unless a batch can have `count` stamps from `first` on."""
    if first < 0 or count < 0 or first + count > MAX_SIZE:
        raise BadRange(f"{count} stamps from {first} do not fit into a batch")


def batch_key(master: bytes, identity: str, ref: str) -> bytes:
    """The 32-byte key of one batch, by HKDF-SHA256. It tells nothing about master or siblings.

    Raises BadRef, BadIdentity.
    """
    info = _PURPOSE + _context(identity, ref)
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(master)


def serial_for(key: bytes, identity: str, ref: str, index: int) -> str:
    """The serial of one stamp. Raises BadRange, BadRef, BadIdentity."""
    return SerialCipher(key, identity, ref).rows(index, 1).tobytes().decode("ascii")


def index_of(key: bytes, identity: str, ref: str, serial: str, size: int) -> int | None:
    """The index of a canonical serial in a batch of `size` stamps; None if not one of it."""
    return SerialCipher(key, identity, ref).index_of(serial, size)


def serials(key: bytes, identity: str, ref: str, first: int, count: int) -> Iterator[str]:
    """`count` serials in order of index from `first`. Raises BadRange, BadRef, BadIdentity."""
    return SerialCipher(key, identity, ref).serials(first, count)


def digest(key: bytes, identity: str, ref: str, size: int) -> str:
    """SHA-256 (hex) of all serials of the batch, one a line, no newline after the last.

    Kept with the batch as proof of what was issued. Raises BadRange, BadRef, BadIdentity.
    """
    if size < 1:
        raise BadRange("a batch has at least one stamp")
    running = hashlib.sha256()
    cipher = SerialCipher(key, identity, ref)
    lines = np.full((min(_CHUNK, size), LENGTH + 1), ord("\n"), dtype=np.uint8)
    for first in range(0, size, _CHUNK):
        part = lines[: size - first]
        part[:, :LENGTH] = cipher.rows(first, len(part))
        whole = first + len(part) == size
        running.update(part.tobytes()[: -1 if whole else None])
    return running.hexdigest()


def new_ref(randomness: Callable[[int], bytes]) -> str:
    """A ref drawn from `randomness(count of bytes)`, such as `secrets.token_bytes`."""
    while True:
        number = int.from_bytes(randomness(3), "big") & 0xFFFFF
        ref = _PAIRS[number >> 10] + _PAIRS[number & 1023]
        if not ref.startswith(RESERVED):
            return ref


def parse(text: str) -> str | None:
    """The text itself if it is a canonical serial, else None."""
    return text if _SERIAL.fullmatch(text) else None


def parse_typed(text: str) -> str | None:
    """The serial a person typed, pasted or scanned: any case, spaces, dashes, O for 0, I or L for 1.

    Also takes the address on a stamp, `…/t/<serial>` or `…/01/<gtin>/21/<serial>`, and that of its
    page, `…/tem/<serial>`.
    """
    if len(text) > _LONGEST_TYPED:
        return None
    address = _IN_URL.search(text.strip())
    typed = address[1] if address else text.strip()
    return parse(as_printed(typed))


def as_printed(typed: str) -> str:
    """What was typed with the letters that are printed: capitals, no blanks, 0 for O, 1 for I or L."""
    return typed.upper().translate(_TYPED) if typed.isascii() else typed


def grouped(serial: str) -> str:
    """The serial in groups of four, for people."""
    return " ".join(serial[at : at + 4] for at in range(0, len(serial), 4))


def _context(identity: str, ref: str) -> bytes:
    """Identity and ref run together; the ref's fixed length keeps that unambiguous."""
    if not identity or not identity.isascii():
        raise BadIdentity(f"{identity!r} does not identify a product")
    if not _REF.fullmatch(ref):
        raise BadRef(f"{ref!r} is not a batch ref")
    return (identity + ref).encode("ascii")


def _body(serial: str) -> int:
    body = 0
    for character in serial[REF_LENGTH:]:
        body = body << 5 | _VALUES[character]
    return body

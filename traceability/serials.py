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

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from traceability.ff1 import TwinFF1

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
RADIX = len(ALPHABET)
REF_LENGTH = 4
BODY_LENGTH = 12
LENGTH = REF_LENGTH + BODY_LENGTH
ZERO_BITS = 36
MAX_SIZE = 2**24  # stamps in one batch
RESERVED = "Z"  # refs of later formats begin with it

_CHUNK = 4096  # serials computed together
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
        self._ff1 = TwinFF1(key, _context(identity, ref), RADIX, BODY_LENGTH)

    def serials(self, first: int, count: int) -> Iterator[str]:
        """Serials of the indexes from `first` on, in order. Raises BadRange, before the first."""
        if first < 0 or count < 0 or first + count > MAX_SIZE:
            raise BadRange(f"{count} stamps from {first} do not fit into a batch")
        return self._stream(first, first + count)

    def _stream(self, first: int, end: int) -> Iterator[str]:
        for start in range(first, end, _CHUNK):
            indexes = range(start, min(start + _CHUNK, end))
            for body in self._ff1.encrypt([index << ZERO_BITS for index in indexes]):
                yield self._ref + _text(body)

    def index_of(self, serial: str, size: int) -> int | None:
        """The index of a canonical serial in a batch of `size` stamps; None if not one of it."""
        if parse(serial) is None or serial[:REF_LENGTH] != self._ref:
            return None
        number = self._ff1.decrypt([_body(serial)])[0]
        index, zeros = number >> ZERO_BITS, number & (1 << ZERO_BITS) - 1
        return index if zeros == 0 and index < size else None


def batch_key(master: bytes, identity: str, ref: str) -> bytes:
    """The 32-byte key of one batch, by HKDF-SHA256. It tells nothing about master or siblings.

    Raises BadRef, BadIdentity.
    """
    info = _PURPOSE + _context(identity, ref)
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(master)


def serial_for(key: bytes, identity: str, ref: str, index: int) -> str:
    """The serial of one stamp. Raises BadRange, BadRef, BadIdentity."""
    return next(SerialCipher(key, identity, ref).serials(index, 1))


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
    for first in range(0, size, _CHUNK):
        lines = "\n".join(cipher.serials(first, min(_CHUNK, size - first)))
        running.update((lines if first == 0 else "\n" + lines).encode("ascii"))
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
    if not typed.isascii():
        return None
    return parse(typed.upper().translate(_TYPED))


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


def _text(body: int) -> str:
    pairs = _PAIRS
    return (
        f"{pairs[body >> 50]}{pairs[body >> 40 & 1023]}{pairs[body >> 30 & 1023]}"
        f"{pairs[body >> 20 & 1023]}{pairs[body >> 10 & 1023]}{pairs[body & 1023]}"
    )


def _body(serial: str) -> int:
    body = 0
    for character in serial[REF_LENGTH:]:
        body = body << 5 | _VALUES[character]
    return body

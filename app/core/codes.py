"""Random codes, check characters and time-ordered keys. Time and randomness are arguments."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

Randomness = Callable[[int], bytes]

# Crockford's base 32: no I, L, O, U, so that a code survives handwriting and telephone.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def uuid7(moment: datetime, randomness: Randomness) -> UUID:
    """A UUID that sorts by time (RFC 9562, 5.7): 48 bits of milliseconds, then random bits."""
    millis = int(moment.timestamp() * 1000) & (2**48 - 1)
    tail = int.from_bytes(randomness(10), "big")
    value = millis << 80 | 0x7 << 76 | (tail >> 62 & 0xFFF) << 64 | 0b10 << 62 | tail & (2**62 - 1)
    return UUID(int=value)


def random_code(length: int, randomness: Randomness) -> str:
    """`length` characters of `ALPHABET`, 5 random bits each."""
    return "".join(ALPHABET[byte & 31] for byte in randomness(length))


def check_character(code: str) -> str:
    """One character that catches every wrong character and every swap of neighbours but 0 with Z.

    Luhn's scheme modulo 32 over `ALPHABET` (ISO/IEC 7812-1 generalised to N characters).
    """
    total = 0
    for position, char in enumerate(reversed(code)):
        value = ALPHABET.index(char) * (2 if position % 2 == 0 else 1)
        total += value // 32 + value % 32
    return ALPHABET[-total % 32]


def has_check(code: str) -> bool:
    """Whether the last character of `code` is its check character."""
    known = len(code) > 1 and all(c in ALPHABET for c in code)
    return known and check_character(code[:-1]) == code[-1]


def typed(code: str) -> str:
    """A code as people type it, made canonical: upper case, no blanks, O→0, I and L→1."""
    bare = "".join(c for c in code.upper() if c.isalnum())
    return bare.replace("O", "0").replace("I", "1").replace("L", "1")

"""Codes of vouchers, as people type them and as they are kept: A–Z and 0–9, 4 to 20 of them."""

import re

from app.core.codes import Randomness, random_code
from app.core.errors import Conflict, Rejected
from app.core.text import N_, fold

SHORTEST, LONGEST = 4, 20
RANDOM_LENGTH = 8
MOST_AT_ONCE = 2_000

_KEPT = re.compile(r"[A-Z0-9]{4,20}")


class BadCode(Rejected):
    """The code is too short, too long or has other signs in it."""

    code = "bad_voucher_code"
    message = N_("A code has 4 to 20 letters and digits.")


class CodeTaken(Conflict):
    """Another promotion has the code."""

    code = "voucher_code_taken"
    message = N_("The code %(voucher)s is in use already. Choose another.")


def folded(text: str) -> str:
    """The code in a text as typed: « tết-2027 » → TET2027. Without marks, blanks and hyphens, since
    a Vietnamese keyboard and a telephone add them by themselves."""
    return re.sub(r"[\s\-‐-–]", "", fold(text)).upper()


def is_code(text: str) -> bool:
    """Whether a folded text can be a code at all."""
    return _KEPT.fullmatch(text) is not None


def checked(text: str) -> str:
    """The folded code; raises `BadCode`."""
    code = folded(text)
    if not is_code(code):
        raise BadCode
    return code


def made(prefix: str, randomness: Randomness) -> str:
    """A new code that nobody guesses: 40 random bits after the prefix."""
    return prefix + random_code(RANDOM_LENGTH, randomness)

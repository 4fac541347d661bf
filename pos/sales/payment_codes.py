"""The short reference that a buyer writes into a transfer, and finding it again in a bank's text. Pure.

`PH` and eight characters, the last one a check. Letters and digits that look alike (O and 0, I and
1) are left out, so that it can be typed from a screen.
"""

import hashlib
import re
from uuid import UUID

from app.core import codes
from app.core.text import fold

PREFIX = "PH"
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
LENGTH = 8
_TO_PLAIN = str.maketrans(ALPHABET, codes.ALPHABET)
_TO_OURS = str.maketrans(codes.ALPHABET, ALPHABET)
_WINDOW = re.compile(f"(?={PREFIX}([{ALPHABET}]{{{LENGTH}}}))")


def code_of(payment_id: UUID, attempt: int = 0) -> str:
    """The reference of a payment, drawn from the random part of its key.

    Another `attempt` gives another one, should the first be taken.
    """
    digest = hashlib.sha256(payment_id.bytes + attempt.to_bytes(2, "big")).digest()
    plain = codes.random_code(LENGTH - 1, lambda length: digest[:length])
    return PREFIX + (plain + codes.check_character(plain)).translate(_TO_OURS)


def is_code(text: str) -> bool:
    """Whether this is a reference with the right check character."""
    body = text.removeprefix(PREFIX)
    fits = text.startswith(PREFIX) and len(body) == LENGTH and set(body) <= set(ALPHABET)
    return fits and codes.has_check(body.translate(_TO_PLAIN))


def references(text: str) -> tuple[str, ...]:
    """Every reference that may stand in a bank's text, in order, each once.

    Banks change case, drop or add blanks and signs, and write their own letters before and after.
    """
    bare = "".join(re.findall(r"[A-Z0-9]+", fold(text).upper()))
    found = [PREFIX + match[1] for match in _WINDOW.finditer(bare)]
    return tuple(dict.fromkeys(code for code in found if is_code(code)))

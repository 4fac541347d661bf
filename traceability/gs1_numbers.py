"""Numbers with a check digit: GTIN of goods, GLN of places and parties.

Rules: GS1 General Specifications, section 7.9 (check digit). Pure.
"""

import re

GTIN_LENGTHS = (8, 12, 13, 14)
GLN_LENGTH = 13
DEMO_PREFIX = "952"  # GS1 keeps this prefix for demonstrations and examples
_DIGITS = re.compile("[0-9]+")


class InvalidGtin(ValueError):
    """Not a GTIN: wrong count of digits, other characters, or a wrong check digit."""

    code = "invalid_gtin"


class InvalidGln(ValueError):
    """Not a GLN: not 13 digits, or a wrong check digit."""

    code = "invalid_gln"


def check_digit(digits: str) -> str:
    """The digit that follows `digits`: weights 3 and 1 from the right. Raises InvalidGtin."""
    if not _DIGITS.fullmatch(digits):
        raise InvalidGtin(f"{digits!r} is not all digits")
    total = sum(
        int(digit) * (1 if place % 2 else 3) for place, digit in enumerate(reversed(digits))
    )
    return str(-total % 10)


def checked(text: str) -> bool:
    """Whether the last of the digits is the check digit of those before it."""
    return _DIGITS.fullmatch(text) is not None and check_digit(text[:-1] or "0") == text[-1]


def is_gtin(text: str) -> bool:
    """Whether the text is a GTIN of 8, 12, 13 or 14 digits with the right check digit."""
    return len(text) in GTIN_LENGTHS and checked(text)


def gtin14(text: str) -> str:
    """The GTIN in 14 digits; spaces and hyphens between digits are let pass. Raises InvalidGtin."""
    digits = _bare(text)
    if not is_gtin(digits):
        raise InvalidGtin(f"{text!r} is not a GTIN")
    return digits.zfill(14)


def ean13(text: str) -> str:
    """The GTIN in the 13 digits of an EAN-13 barcode.

    Raises InvalidGtin, also for a case or carton (first of 14 digits not 0), which has none.
    """
    full = gtin14(text)
    if full[0] != "0":
        raise InvalidGtin(f"{text!r} does not fit into 13 digits")
    return full[1:]


def ean8(text: str) -> str:
    """The GTIN in the eight digits of an EAN-8 barcode, for packs too small for more.

    Raises InvalidGtin when it has more digits than that.
    """
    full = gtin14(text)
    if full[:6] != "000000":
        raise InvalidGtin(f"{text!r} does not fit into 8 digits")
    return full[6:]


def demo_gtin(number: int) -> str:
    """A valid GTIN-13 for demonstrations, one for each number below a thousand million."""
    if not 0 <= number < 10**9:
        raise InvalidGtin(f"{number} does not fit into nine digits")
    digits = f"{DEMO_PREFIX}{number:09d}"
    return digits + check_digit(digits)


def is_gln(text: str) -> bool:
    """Whether the text is a GLN: 13 digits with the right check digit."""
    return len(text) == GLN_LENGTH and checked(text)


def gln(text: str) -> str:
    """The GLN in 13 digits; spaces and hyphens between digits are let pass. Raises InvalidGln."""
    digits = _bare(text)
    if not is_gln(digits):
        raise InvalidGln(f"{text!r} is not a GLN")
    return digits


def _bare(text: str) -> str:
    return text.replace(" ", "").replace("-", "")

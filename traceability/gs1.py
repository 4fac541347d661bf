"""GTINs and GS1 Digital Link addresses: strict reading, building, canonical form.

Rules: GS1 General Specifications (check digit, character set 82), GS1 Digital Link URI Syntax
(GTIN always in 14 digits, qualifiers in the order lot, serial), GS1 Syntax Dictionary (AI 10 and
AI 21 hold 1 to 20 characters).
"""

import re
from dataclasses import dataclass
from urllib.parse import quote, unquote_to_bytes

GTIN_LENGTHS = (8, 12, 13, 14)
LONGEST_QUALIFIER = 20
DEMO_PREFIX = "952"  # GS1 keeps this prefix for demonstrations and examples
CANONICAL_ROOT = "https://id.gs1.org"
_DIGITS = re.compile("[0-9]+")
_CSET82 = re.compile(r"""[!"%&'()*+,\-./0-9:;<=>?A-Z_a-z]*""")
_BROKEN_ESCAPE = re.compile("%(?![0-9A-Fa-f]{2})")


class InvalidGtin(ValueError):
    """Not a GTIN: wrong count of digits, other characters, or a wrong check digit."""

    code = "invalid_gtin"


class MalformedLink(ValueError):
    """Not a Digital Link this project reads; `reason` is a stable word for the why."""

    code = "malformed_link"

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class DigitalLink:
    """What an address names: a product, or a lot of it, or one serial of it."""

    gtin: str  # 14 digits
    lot: str | None = None
    serial: str | None = None

    @property
    def path(self) -> str:
        """The path, percent-encoded, without a slash at the end."""
        lot = "" if self.lot is None else f"/10/{quote(self.lot, safe='')}"
        serial = "" if self.serial is None else f"/21/{quote(self.serial, safe='')}"
        return f"/01/{self.gtin}{lot}{serial}"

    @property
    def canonical(self) -> str:
        """The form in which two addresses are compared; it is not what is printed."""
        return CANONICAL_ROOT + self.path


def check_digit(digits: str) -> str:
    """The digit that follows `digits` in a GTIN: weights 3 and 1 from the right. InvalidGtin."""
    if not _DIGITS.fullmatch(digits):
        raise InvalidGtin(f"{digits!r} is not all digits")
    total = sum(
        int(digit) * (1 if place % 2 else 3) for place, digit in enumerate(reversed(digits))
    )
    return str(-total % 10)


def is_gtin(text: str) -> bool:
    """Whether the text is a GTIN of 8, 12, 13 or 14 digits with the right check digit."""
    if len(text) not in GTIN_LENGTHS or not _DIGITS.fullmatch(text):
        return False
    return check_digit(text[:-1]) == text[-1]


def gtin14(text: str) -> str:
    """The GTIN in 14 digits; spaces and hyphens between digits are let pass. Raises InvalidGtin."""
    digits = text.replace(" ", "").replace("-", "")
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


def demo_gtin(number: int) -> str:
    """A valid GTIN-13 for demonstrations, one for each number below a thousand million."""
    if not 0 <= number < 10**9:
        raise InvalidGtin(f"{number} does not fit into nine digits")
    digits = f"{DEMO_PREFIX}{number:09d}"
    return digits + check_digit(digits)


def digital_link(base_url: str, gtin: str, serial: str, lot: str | None = None) -> str:
    """The address that is printed on a stamp: lower-case scheme, no slash at the end.

    The lot is left out unless a buyer's till needs it: it costs the symbol a size. Raises
    InvalidGtin, MalformedLink.
    """
    # Cameras of several makers take HTTPS:// in capitals for plain text.
    if not base_url.startswith(("https://", "http://")):
        raise MalformedLink("scheme")
    for value in (serial, lot):
        if value is not None:
            _check_qualifier(value)
    return base_url.rstrip("/") + DigitalLink(gtin14(gtin), lot, serial).path


def parse_path(path: str) -> DigitalLink:
    """Reads `/01/{gtin14}[/10/{lot}][/21/{serial}]`; one slash at the end is let pass.

    Takes the path as sent, not yet percent-decoded: %2F inside a lot is not a separator. Raises
    MalformedLink with reason `path`, `gtin-length`, `check-digit`, `order`, `unsupported`,
    `empty`, `too-long`, `characters` or `encoding`.
    """
    parts = path.removesuffix("/").split("/")
    if len(parts) < 3 or parts[:2] != ["", "01"] or len(parts) % 2 == 0:
        raise MalformedLink("path")
    gtin = _link_gtin(parts[2])
    identifiers, values = parts[3::2], [_decode(part) for part in parts[4::2]]
    _check_order(identifiers)
    for value in values:
        _check_qualifier(value)
    found = dict(zip(identifiers, values, strict=True))
    return DigitalLink(gtin, found.get("10"), found.get("21"))


def _link_gtin(text: str) -> str:
    if len(text) != 14 or not _DIGITS.fullmatch(text):
        raise MalformedLink("gtin-length")
    if not is_gtin(text):
        raise MalformedLink("check-digit")
    return text


def _check_order(identifiers: list[str]) -> None:
    if not set(identifiers) <= {"10", "21"}:
        raise MalformedLink("unsupported")
    if identifiers != sorted(set(identifiers)):
        raise MalformedLink("order")


def _decode(part: str) -> str:
    if _BROKEN_ESCAPE.search(part):
        raise MalformedLink("encoding")
    # Each byte stands for itself: whatever is not ASCII fails the character check.
    return unquote_to_bytes(part).decode("latin-1")


def _check_qualifier(value: str) -> None:
    """AI 10 and AI 21: 1 to 20 characters of set 82."""
    if not value:
        raise MalformedLink("empty")
    if len(value) > LONGEST_QUALIFIER:
        raise MalformedLink("too-long")
    if not _CSET82.fullmatch(value):
        raise MalformedLink("characters")

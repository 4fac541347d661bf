"""Identifiers in EPCIS events: what kind each is, and its canonical form. Pure.

Two spellings are in use: URNs of the EPC Tag Data Standard and GS1 Digital Link addresses. The
canonical form is the shortest Digital Link under `https://id.gs1.org` (CBV 2.0, section 8.9, rules
17 and 18); addresses of other schemes stay as they are.
"""

import re
from collections.abc import Callable, Mapping
from enum import Enum
from itertools import pairwise
from urllib.parse import quote, unquote, urlsplit

from traceability.gs1 import MalformedLink, check_digit, parse_uri
from traceability.gs1_numbers import checked
from traceability.gs1_uri import CANONICAL_ROOT, ORDERS, OTHER_KEYS, DigitalLink

_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`\x00-\x20]+")
_URN = re.compile(r"urn:epc:(id|class|idpat):([a-z]+):(.+)")
_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
# Keys that are read here only as far as they end with a check digit: digits before the rest.
_CHECKED = {"00": 18, "253": 13, "255": 13, "402": 17, "8003": 14, "8017": 18, "8018": 18}
_PLAIN = frozenset({"401", "8004", "8010"})
LONGEST = 300


class Kind(Enum):
    """What an identifier can name."""

    INSTANCE = "instance"  # one thing: a pack, a pallet, a device
    CLASS = "class"  # all things of a kind, or of a lot
    PLACE = "place"
    PARTY = "party"
    OTHER = "other"  # not told by its form


class BadIdentifier(ValueError):
    """Not an identifier; `reason` is a stable word for the why."""

    code = "bad_identifier"

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def is_uri(text: object) -> bool:
    """Whether it is an absolute URI of sensible length."""
    fits = isinstance(text, str) and len(text) <= LONGEST and text.isascii()
    return fits and _URI.fullmatch(str(text)) is not None and not _ESCAPE.search(str(text))


def is_urn(text: str) -> bool:
    """Whether it is an EPC in the spelling of the first edition."""
    return text.startswith("urn:epc:")


def is_link(text: str) -> bool:
    """Whether it is an address with a key of GS1 in its path."""
    if not text.lower().startswith(("http://", "https://")):
        return False
    parts = urlsplit(text).path.removesuffix("/").split("/")[1:]
    keys = ORDERS.keys() | OTHER_KEYS
    return any(part in keys and value[:1].isdigit() for part, value in pairwise(parts))


def canonical(text: str) -> str:
    """The form in which identifiers are compared. Raises BadIdentifier with the reasons of `check`."""
    if is_urn(text):
        return _from_urn(text)
    return _from_link(text) if is_link(text) else text


def canonical_or_same(text: str) -> str:
    """The canonical form; the text itself where there is none."""
    try:
        return canonical(text)
    except BadIdentifier:
        return text


def check(text: object) -> str:
    """The canonical form of what should be an identifier.

    Raises BadIdentifier with reason `not_a_uri`, `malformed_identifier`, `wrong_check_digit`.
    """
    if not isinstance(text, str) or not is_uri(text):
        raise BadIdentifier("not_a_uri")
    return canonical(text)


def kind(name: str) -> Kind:
    """What a canonical identifier names."""
    path = name.removeprefix(CANONICAL_ROOT) if name.startswith(CANONICAL_ROOT) else ""
    parts = path.split("/")[1:]
    if not parts:
        return Kind.OTHER
    key, rest = parts[0], parts[2:]
    if key == "01":
        return Kind.INSTANCE if rest[:1] in (["21"], ["235"]) else Kind.CLASS
    if key == "414":
        return Kind.PLACE
    if key == "417":
        return Kind.PARTY
    if key in {"253", "255", "8003"} and len(parts[1]) <= _CHECKED[key]:
        return Kind.CLASS
    return Kind.CLASS if rest[:1] == ["10"] or (key == "8006" and not rest) else Kind.INSTANCE


def _from_link(text: str) -> str:
    scheme = text.partition(":")[0]
    if scheme not in {"http", "https", "HTTP", "HTTPS"}:
        raise BadIdentifier("malformed_identifier")
    try:
        return _finest(parse_uri(text))
    except MalformedLink as error:
        if error.reason == "other-key":
            return _other_key(urlsplit(text).path)
        wrong = error.reason == "check-digit"
        raise BadIdentifier("wrong_check_digit" if wrong else "malformed_identifier") from None


def _finest(link: DigitalLink) -> str:
    """The key with the one qualifier that says most: a serial, else a lot."""
    for chosen in (("21",), ("235",), ("10",), ("254",)):
        if any(ai == chosen[0] for ai, _value in link.qualifiers):
            return CANONICAL_ROOT + link.only(*chosen).path
    return CANONICAL_ROOT + link.only().path


def _other_key(path: str) -> str:
    parts = path.removesuffix("/").split("/")
    at = next(n for n in range(len(parts) - 2, 0, -1) if parts[n] in OTHER_KEYS)
    key, value = parts[at], unquote(parts[at + 1])
    digits = value[: _CHECKED.get(key, 0)]
    if key in _CHECKED and not (len(digits) == _CHECKED[key] and digits.isdigit()):
        raise BadIdentifier("malformed_identifier")
    if key in _CHECKED and not checked(digits):
        raise BadIdentifier("wrong_check_digit")
    more = parts[at + 2 : at + 4] if key in {"8006", "8010"} else []
    return CANONICAL_ROOT + "/" + "/".join([key, quote(value, safe=""), *more])


def _from_urn(text: str) -> str:
    found = _URN.fullmatch(text)
    build = _BUILDERS.get((found[1], found[2])) if found else None
    if found is None or build is None:
        raise BadIdentifier("malformed_identifier")
    try:
        return CANONICAL_ROOT + build(found[3].split("."))
    except (ValueError, IndexError):
        raise BadIdentifier("malformed_identifier") from None


def _company(parts: list[str], total: int) -> tuple[str, str]:
    """Prefix of the company and reference, of `total` digits together."""
    prefix, reference = parts[0], parts[1]
    digits = prefix + reference
    if len(digits) != total or not (digits.isascii() and digits.isdigit()):
        raise ValueError(total)
    if not 6 <= len(prefix) <= 12:
        raise ValueError(prefix)
    return prefix, reference


def _gtin(parts: list[str]) -> str:
    prefix, reference = _company(parts, 13)
    digits = reference[0] + prefix + reference[1:]
    return f"/01/{digits}{check_digit(digits)}"


def _value(parts: list[str], at: int) -> str:
    """What follows the company's part: dots belong to it, escapes are those of the URN."""
    value = unquote(".".join(parts[at:]))
    if not 0 < len(value) <= 30 or not value.isascii():
        raise ValueError(value)
    return quote(value, safe="")


def _exactly(parts: list[str], count: int) -> None:
    if len(parts) != count:
        raise ValueError(count)


def _sgtin(parts: list[str]) -> str:
    return f"{_gtin(parts)}/21/{_value(parts, 2)}"


def _lgtin(parts: list[str]) -> str:
    return f"{_gtin(parts)}/10/{_value(parts, 2)}"


def _gtin_only(parts: list[str]) -> str:
    _exactly(parts, 3)
    if parts[2] != "*":
        raise ValueError(parts[2])
    return _gtin(parts)


def _sscc(parts: list[str]) -> str:
    _exactly(parts, 2)
    prefix, reference = _company(parts, 17)
    digits = reference[0] + prefix + reference[1:]
    return f"/00/{digits}{check_digit(digits)}"


def _thirteen(parts: list[str]) -> str:
    digits = "".join(_company(parts, 12))
    return digits + check_digit(digits)


def _sgln(parts: list[str]) -> str:
    _exactly(parts, 3)
    more = "" if parts[2] == "0" else f"/254/{_value(parts, 2)}"
    return f"/414/{_thirteen(parts)}{more}"


def _pgln(parts: list[str]) -> str:
    _exactly(parts, 2)
    return f"/417/{_thirteen(parts)}"


def _gdti(parts: list[str]) -> str:
    return f"/253/{_thirteen(parts)}{_value(parts, 2)}"


def _grai(parts: list[str]) -> str:
    return f"/8003/0{_thirteen(parts)}{_value(parts, 2)}"


def _giai(parts: list[str]) -> str:
    if not parts[0].isdigit():
        raise ValueError(parts[0])
    return f"/8004/{parts[0]}{_value(parts, 1)}"


def _service(key: str) -> Callable[[list[str]], str]:
    def build(parts: list[str]) -> str:
        _exactly(parts, 2)
        digits = "".join(_company(parts, 17))
        return f"/{key}/{digits}{check_digit(digits)}"

    return build


_BUILDERS: Mapping[tuple[str, str], Callable[[list[str]], str]] = {
    ("id", "sgtin"): _sgtin,
    ("class", "lgtin"): _lgtin,
    ("idpat", "sgtin"): _gtin_only,
    ("id", "sscc"): _sscc,
    ("id", "sgln"): _sgln,
    ("id", "pgln"): _pgln,
    ("id", "gdti"): _gdti,
    ("id", "grai"): _grai,
    ("id", "giai"): _giai,
    ("id", "gsrn"): _service("8018"),
    ("id", "gsrnp"): _service("8017"),
}

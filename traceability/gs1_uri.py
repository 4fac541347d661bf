"""GS1 Digital Link addresses, uncompressed: strict reading, building, canonical form. Pure.

Rules: GS1 Digital Link URI Syntax (GTIN always in 14 digits; qualifiers in the path, in one order
only; attributes in the query string; no words such as `gtin` for numbers), GS1 Syntax Dictionary.
"""

import re
from dataclasses import dataclass
from urllib.parse import quote, unquote_to_bytes, urlsplit

from traceability import gs1_values
from traceability.gs1_numbers import gtin14

CANONICAL_ROOT = "https://id.gs1.org"
# Keys that are served here, and the orders in which their qualifiers may follow.
ORDERS = {"01": (("22", "10", "21"), ("235",)), "414": (("254",),), "417": ((),)}
KEY_LENGTHS = {"01": 14, "414": 13, "417": 13}
# Other keys of the GS1 system: right addresses, but not ours to answer.
OTHER_KEYS = frozenset(
    {"00", "253", "255", "401", "402", "410", "411", "412", "413", "415"}
    | {"8003", "8004", "8006", "8010", "8013", "8017", "8018"}
)
# Words that older editions allowed in place of numbers.
ALPHAS = frozenset(["gtin", "gln", "cpv", "lot", "ser", "glnx", "party", "tpx"])
SCHEMES = frozenset(("http", "https", "HTTP", "HTTPS"))
_BROKEN_ESCAPE = re.compile("%(?![0-9A-Fa-f]{2})")

Pairs = tuple[tuple[str, str], ...]


class MalformedLink(ValueError):
    """Not a Digital Link this project reads; `reason` is a stable word for the why."""

    code = "malformed_link"

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class DigitalLink:
    """What an address names: goods, a lot, one piece, a place or a party."""

    key: str
    value: str
    qualifiers: Pairs = ()
    attributes: Pairs = ()

    @property
    def gtin(self) -> str:
        """The GTIN in 14 digits; empty for a place or a party."""
        return self.value if self.key == "01" else ""

    @property
    def lot(self) -> str | None:
        """AI 10."""
        return dict(self.qualifiers).get("10")

    @property
    def serial(self) -> str | None:
        """AI 21."""
        return dict(self.qualifiers).get("21")

    @property
    def path(self) -> str:
        """The path, percent-encoded, without a slash at the end."""
        parts = ((self.key, self.value), *self.qualifiers)
        return "".join(f"/{ai}/{quote(value, safe='')}" for ai, value in parts)

    @property
    def canonical(self) -> str:
        """The form in which two addresses are compared; it is not what is printed."""
        pairs = sorted(self.attributes)
        query = "&".join(f"{ai}={quote(value, safe='')}" for ai, value in pairs)
        return CANONICAL_ROOT + self.path + (f"?{query}" if query else "")

    def only(self, *numbers: str) -> "DigitalLink":
        """The same key with no other qualifiers than these."""
        kept = tuple(pair for pair in self.qualifiers if pair[0] in numbers)
        return DigitalLink(self.key, self.value, kept)


def digital_link(base_url: str, gtin: str, serial: str, lot: str | None = None) -> str:
    """The address that is printed on a stamp: lower-case scheme, no slash at the end.

    The lot is left out unless a buyer's till needs it: it costs the symbol a size. Raises
    InvalidGtin, MalformedLink.
    """
    # Cameras of several makers take HTTPS:// in capitals for plain text.
    if not base_url.startswith(("https://", "http://")):
        raise MalformedLink("scheme")
    pairs = (*((("10", lot),) if lot is not None else ()), ("21", serial))
    return base_url.rstrip("/") + build("01", gtin14(gtin), pairs).path


def build(key: str, value: str, qualifiers: Pairs = (), attributes: Pairs = ()) -> DigitalLink:
    """A checked link of its parts. Raises MalformedLink with the reasons of `parse_path`."""
    if key not in ORDERS:
        raise MalformedLink(_no_key(key))
    _check_key(key, value)
    _check_order(key, [ai for ai, _value in qualifiers])
    for ai, part in qualifiers:
        _check_value(ai, part)
    _check_attributes(key, qualifiers, attributes)
    return DigitalLink(key, value, qualifiers, attributes)


def parse_uri(text: str) -> DigitalLink:
    """Read a whole address of any host, whose own path may come before the key.

    Raises MalformedLink with reason `scheme`, `scheme-case`, `host` or those of `parse_path`.
    """
    scheme, colon, rest = text.partition("://")
    if not colon or scheme.lower() not in SCHEMES:
        raise MalformedLink("scheme")
    if scheme not in SCHEMES:
        raise MalformedLink("scheme-case")
    host, slash, path = rest.partition("/")
    if not host or not slash or "@" in host or "?" in host or not host.isascii():
        raise MalformedLink("host")
    address = urlsplit(f"//h/{path}")
    return parse_path(_without_stem(address.path), address.query)


def _without_stem(path: str) -> str:
    """The path from the key on: the last part that is a key and has a whole number of pairs."""
    parts = path.removesuffix("/").split("/")
    for at in range(len(parts) - 2, 0, -2):
        if parts[at] in ORDERS or parts[at] in OTHER_KEYS:
            return "/" + "/".join(parts[at:])
    return path


def parse_path(path: str, query: str = "") -> DigitalLink:
    """Read `/01/{gtin14}[/22/…][/10/…][/21/…]`, `/414/{gln}[/254/…]` and the like, as sent.

    The path is not yet percent-decoded: %2F inside a lot is not a separator. One slash at the end
    is let pass. Raises MalformedLink with reason `path`, `alpha`, `other-key`, `gtin-13`,
    `key-length`, `check-digit`, `order`, `repeated`, `qualifier`, `empty`, `too-long`,
    `characters`, `encoding`, or for the query string `unknown-ai`, `attribute`, `date`, `in-path`,
    `needs-serial`.
    """
    parts = path.removesuffix("/").split("/")
    if len(parts) < 3 or parts[0]:
        raise MalformedLink("path")
    if parts[1] not in ORDERS:
        raise MalformedLink(_no_key(parts[1]))
    if len(parts) % 2 == 0:
        raise MalformedLink("path")
    values = tuple(_decode(part) for part in parts[4::2])
    qualifiers = tuple(zip(parts[3::2], values, strict=True))
    return build(parts[1], parts[2], qualifiers, _attributes(query))


def _no_key(part: str) -> str:
    if part in ALPHAS:
        return "alpha"
    return "other-key" if part in OTHER_KEYS else "path"


def _check_key(key: str, value: str) -> None:
    if key == "01" and len(value) == 13 and value.isascii() and value.isdigit():
        raise MalformedLink("gtin-13")
    if len(value) != KEY_LENGTHS[key] or not (value.isascii() and value.isdigit()):
        raise MalformedLink("key-length")
    _check_value(key, value)


def _check_order(key: str, given: list[str]) -> None:
    if given in [[ai for ai in order if ai in given] for order in ORDERS[key]]:
        return
    known = {ai for order in ORDERS[key] for ai in order}
    strange = [ai for ai in given if ai not in known]
    if any(ai in ALPHAS for ai in strange):
        raise MalformedLink("alpha")
    if strange or "235" in given:
        raise MalformedLink("repeated" if len(set(given)) == 1 < len(given) else "qualifier")
    raise MalformedLink("repeated" if len(set(given)) < len(given) else "order")


def _check_value(ai: str, value: str) -> None:
    try:
        gs1_values.check(ai, value)
    except gs1_values.BadValue as error:
        raise MalformedLink(error.reason) from None


def _attributes(query: str) -> Pairs:
    """Pairs of the query string whose key is all digits; others are nobody's business here."""
    pairs = (part.partition("=") for part in query.split("&") if part)
    return tuple((_decode(k), _decode(v)) for k, _e, v in pairs if k.isascii() and k.isdigit())


def _check_attributes(key: str, qualifiers: Pairs, attributes: Pairs) -> None:
    names = [ai for ai, _value in attributes]
    if len(set(names)) < len(names):
        raise MalformedLink("repeated")
    if {key, *(ai for order in ORDERS[key] for ai in order)} & set(names):
        raise MalformedLink("in-path")
    for ai, value in attributes:
        try:
            gs1_values.check(ai, value)
        except gs1_values.BadValue as error:
            kept = error.reason in {"unknown-ai", "date", "check-digit"}
            raise MalformedLink(error.reason if kept else "attribute") from None
    if key == "01" and "8030" in names and "21" not in dict(qualifiers):
        raise MalformedLink("needs-serial")


def _decode(part: str) -> str:
    if _BROKEN_ESCAPE.search(part):
        raise MalformedLink("encoding")
    # Each byte stands for itself: whatever is not ASCII fails the character check.
    return unquote_to_bytes(part).decode("latin-1")

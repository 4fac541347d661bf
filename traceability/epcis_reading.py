"""Reading an EPCIS document that another sent: bytes in, events and namespaces out. Pure.

Here it is judged as a whole; each event is judged by `epcis_checks`.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from app.core.errors import Rejected
from app.core.text import N_
from app.core.types import Json
from traceability import epcis_vocabulary as words
from traceability.epcis_values import BadTime, read_time

MOST_BYTES = 1_000_000
MOST_EVENTS = 500
DEEPEST = 12
# Clocks differ; whatever lies further ahead than this has not happened.
CLOCK_DRIFT = timedelta(minutes=5)

_PREFIX = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,30}")
_VERSION = re.compile(r"2\.[0-9]+(\.[0-9]+)?")
_KNOWN = frozenset(
    """@context id type schemaVersion creationDate instanceIdentifier sender receiver epcisHeader
    epcisBody""".split()  # noqa: SIM905  (one field a line would hide the list)
)


class BadDocument(Rejected):
    """Nothing of the document is taken; `detail` is {"code", "field"}, one for each `code` below."""

    code = "bad_epcis_document"
    message = N_("The document cannot be taken: %(why)s.")


REASONS = {
    "content_type": N_("it must be sent as application/ld+json or application/json"),
    "too_large": N_("it is too large"),
    "invalid_json": N_("it is not JSON"),
    "not_a_number": N_("a number in it is none"),
    "repeated_key": N_("a field stands in it twice"),
    "bad_text": N_("a text in it holds characters that cannot be kept"),
    "too_deep": N_("it is nested too deeply"),
    "not_an_object": N_("it is not an object"),
    "document_type": N_("it is not an EPCISDocument"),
    "schema_version": N_("its version is not 2"),
    "creation_date": N_("the time of its making is missing, wrong or in the future"),
    "context": N_("its context does not name the one of EPCIS 2.0"),
    "reserved_prefix": N_("it gives another meaning to a prefix of the standard"),
    "bad_namespace": N_("a prefix in its context does not stand for a namespace"),
    "unknown_field": N_("it has a field that is neither of the standard nor declared"),
    "no_events": N_("it has no events"),
    "too_many_events": N_("it has too many events"),
}


def refused(code: str, field: str = "") -> BadDocument:
    """The error for one of `REASONS`."""
    return BadDocument(why=REASONS[code], detail={"code": code, "field": field})


@dataclass(frozen=True)
class Document:
    """The events as sent, with the namespaces that hold in the whole document."""

    events: Sequence[Any]
    namespaces: Mapping[str, str]
    declared: Json  # what the document itself adds to the context


def read(body: bytes, media_type: str, now: datetime) -> Document:
    """The document in `body`. Raises `BadDocument`."""
    if media_type not in {"application/json", "application/ld+json"}:
        raise refused("content_type", media_type)
    if len(body) > MOST_BYTES:
        raise refused("too_large")
    found = _parse(body)
    _check_depth(found)
    if not isinstance(found, dict):
        raise refused("not_an_object")
    declared = context(found.get("@context"))
    namespaces = {**words.NAMESPACES, **declared}
    _check_head(found, namespaces, now)
    return Document(_events(found), namespaces, declared)


def _parse(body: bytes) -> Any:
    try:
        return json.loads(body.decode(), parse_constant=_constant, object_pairs_hook=_unique)
    except (UnicodeDecodeError, RecursionError):
        raise refused("invalid_json") from None
    except ValueError:  # also of numbers with thousands of digits
        raise refused("invalid_json") from None


def _constant(text: str) -> Any:
    raise refused("not_a_number", text)


def _unique(pairs: list[tuple[str, Any]]) -> Json:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _value in pairs]
        raise refused("repeated_key", next(name for name in names if names.count(name) > 1))
    return found


def _check_depth(found: Any) -> None:
    level, depth = [found], 0
    while level:
        depth += 1
        if depth > DEEPEST:
            raise refused("too_deep")
        for item in level:
            _check_scalar(item)
        level = [child for item in level for child in _children(item)]


def _children(item: Any) -> list[Any]:
    if isinstance(item, dict):
        return [*item.keys(), *item.values()]
    return item if isinstance(item, list) else []


def _check_scalar(item: Any) -> None:
    if isinstance(item, float) and not abs(item) < 1e300:  # 1e999 becomes infinite without a word
        raise refused("not_a_number", str(item))
    if isinstance(item, str) and not _can_be_kept(item):
        raise refused("bad_text", ascii(item[:40]))


def _can_be_kept(text: str) -> bool:
    """PostgreSQL keeps no zero byte; half a surrogate pair is no character at all."""
    return "\0" not in text and not any("\ud800" <= char <= "\udfff" for char in text)


def context(found: object) -> Json:
    """The namespaces that a context declares, by prefix.

    Raises `BadDocument` with `context`, `reserved_prefix`, `bad_namespace`.
    """
    parts = found if isinstance(found, list) else [found]
    if not any(isinstance(part, str) and part in words.CONTEXTS for part in parts):
        raise refused("context")
    declared: Json = {}
    for part in parts:
        if isinstance(part, dict):
            declared |= namespaces(part)
        elif not isinstance(part, str):
            raise refused("context")
    return declared


def namespaces(part: Json) -> Json:
    """Prefixes and what they stand for. Raises `BadDocument`."""
    for prefix, meaning in part.items():
        if not _PREFIX.fullmatch(prefix) or not _is_namespace(meaning):
            raise refused("bad_namespace", prefix)
        known = words.NAMESPACES.get(prefix)
        if known is not None and meaning.rstrip(":") != known.rstrip(":"):
            raise refused("reserved_prefix", prefix)
    return {prefix: meaning for prefix, meaning in part.items() if prefix not in words.NAMESPACES}


def _is_namespace(meaning: object) -> bool:
    return (
        isinstance(meaning, str)
        and len(meaning) < 200
        and meaning.isascii()
        and meaning.startswith(("http://", "https://", "urn:"))
    )


def _check_head(found: Json, known: Mapping[str, str], now: datetime) -> None:
    if found.get("type") != "EPCISDocument":
        raise refused("document_type", "type")
    if not _VERSION.fullmatch(str(found.get("schemaVersion"))):
        raise refused("schema_version", "schemaVersion")
    try:
        made = read_time(found.get("creationDate"))
    except BadTime:
        raise refused("creation_date", "creationDate") from None
    if made > now + CLOCK_DRIFT:
        raise refused("creation_date", "creationDate")
    for name in found:
        if name not in _KNOWN and not is_extension(name, known):
            raise refused("unknown_field", name)


def is_extension(name: str, known: Mapping[str, str]) -> bool:
    """Whether a field may stand there without the standard knowing it: URI, or declared prefix.

    A prefix of the standard is no namespace of one's own, save that of measures and dates.
    """
    prefix, colon, local = name.partition(":")
    if not colon or not local:
        return False
    if local.startswith("//"):
        return prefix in {"http", "https"} and len(local) > 3
    return prefix in known or (prefix == "urn" and ":" in local)


def _events(found: Json) -> Sequence[Any]:
    body = found.get("epcisBody")
    events = body.get("eventList") if isinstance(body, dict) else None
    if not isinstance(events, list) or not events:
        raise refused("no_events", "epcisBody.eventList")
    if len(events) > MOST_EVENTS:
        raise refused("too_many_events", "epcisBody.eventList")
    return events

"""Whether an event of others makes sense: more than the schema asks. Pure.

Every check gives a stable word of `epcis_problems`; an event without one may be kept.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from app.core.types import Json
from traceability import epcis_vocabulary as words
from traceability.epcis_ids import is_uri
from traceability.epcis_problems import Problem
from traceability.epcis_reading import (
    CLOCK_DRIFT,
    BadDocument,
    is_extension,
    namespaces,
)
from traceability.epcis_values import BadTime, own_offset, read_offset, read_time

# Barcodes were first scanned in a shop in 1974; what lies before is a wrong clock.
EARLIEST = datetime(1974, 1, 1, tzinfo=UTC)

COMMON = frozenset(
    {"@context", "type", "eventTime", "recordTime", "eventTimeZoneOffset", "eventID"}
    | {"certificationInfo", "errorDeclaration", "bizStep", "disposition", "persistentDisposition"}
    | {"readPoint", "bizLocation", "bizTransactionList", "sourceList", "destinationList"}
    | {"sensorElementList", "rdfs:comment"}
)
OF_TYPE: Mapping[str, frozenset[str]] = {
    words.OBJECT: frozenset({"action", "epcList", "quantityList", "ilmd"}),
    words.AGGREGATION: frozenset({"action", "parentID", "childEPCs", "childQuantityList"}),
    words.ASSOCIATION: frozenset({"action", "parentID", "childEPCs", "childQuantityList"}),
    words.TRANSACTION: frozenset({"action", "parentID", "epcList", "quantityList"}),
    words.TRANSFORMATION: frozenset(
        {"transformationID", "inputEPCList", "inputQuantityList", "outputEPCList"}
        | {"outputQuantityList", "ilmd"}
    ),
}
_ALL = COMMON.union(*OF_TYPE.values())
_LISTS = frozenset(name for name in _ALL if name.endswith("List")) | {"childEPCs"}
_OBJECTS = frozenset(
    {"readPoint", "bizLocation", "errorDeclaration", "persistentDisposition", "ilmd"}
)
_MOST_PLACES = 20

Found = Iterator[Problem]


@dataclass(frozen=True)
class Setting:
    """What is known around the event: namespaces of its document, and our clock."""

    namespaces: Mapping[str, str]
    now: datetime


def form(event: Any, setting: Setting) -> Sequence[Problem]:
    """What is wrong with fields and their forms; the other checks need an event without these."""
    if not isinstance(event, dict):
        return [Problem("not_an_object")]
    if event.get("type") not in words.TYPES:
        return [Problem("unknown_type", "type")]
    return [*_fields(event, setting), *_forms(event)]


def _fields(event: Json, setting: Setting) -> Found:
    own, known = OF_TYPE[event["type"]] | COMMON, setting.namespaces
    if "@context" in event:
        try:
            known = {**known, **_own_namespaces(event["@context"])}
        except BadDocument:
            yield Problem("bad_context", "@context")
    for name in event:
        if name in own or (name not in _ALL and is_extension(name, known)):
            continue
        yield Problem("foreign_field" if name in _ALL else "unknown_field", name[:80])


def _own_namespaces(context: Any) -> Json:
    """What a context inside an event adds; it may name the standard's again."""
    found: Json = {}
    for part in context if isinstance(context, list) else [context]:
        if isinstance(part, dict):
            found |= namespaces(part)
        elif not isinstance(part, str) or part not in words.CONTEXTS:
            raise BadDocument(why="")
    return found


def with_own_context(event: Json, known: Mapping[str, str]) -> Mapping[str, str]:
    """The namespaces that hold inside the event, which `form` found right."""
    return {**known, **_own_namespaces(event["@context"])} if "@context" in event else known


def _forms(event: Json) -> Found:
    for name in ("eventTime", "eventTimeZoneOffset"):
        if name not in event:
            yield Problem("missing_field", name)
    for name, value in event.items():
        if name in _LISTS and not isinstance(value, list):
            yield Problem("malformed_field", name)
        if name in _OBJECTS and not isinstance(value, dict):
            yield Problem("malformed_field", name)
    for name in ("bizStep", "disposition", "transformationID", "parentID", "eventID", "action"):
        if name in event and not isinstance(event[name], str):
            yield Problem("malformed_field", name)
    for name in ("bizTransactionList", "sourceList", "destinationList", "sensorElementList"):
        items = event.get(name)
        if isinstance(items, list) and not all(isinstance(item, dict) for item in items):
            yield Problem("malformed_field", name)


def sense(event: Json, setting: Setting) -> Found:
    """What is wrong with time, words, places and corrections of an event of good form."""
    yield from _times(event, setting)
    yield from _words(event)
    yield from _action(event)
    yield from _places(event)
    yield from _sensors(event)
    yield from _declared(event, setting)
    if "eventID" in event and not is_uri(event["eventID"]):
        yield Problem("not_a_uri", "eventID")


def _times(event: Json, setting: Setting) -> Found:
    try:
        offset = read_offset(event["eventTimeZoneOffset"])
    except BadTime:
        yield Problem("bad_offset", "eventTimeZoneOffset")
        offset = None
    try:
        at = read_time(event["eventTime"])
    except BadTime:
        yield Problem("bad_time", "eventTime")
        return
    told = own_offset(event["eventTime"])
    if offset is not None and told is not None and told != offset:
        yield Problem("offset_mismatch", "eventTimeZoneOffset")
    if at > setting.now + CLOCK_DRIFT:
        yield Problem("future_time", "eventTime")
    if at < EARLIEST:
        yield Problem("too_old", "eventTime")


def _words(event: Json) -> Found:
    for name in ("bizStep", "disposition"):
        if name in event and not _is_word(name, event[name]):
            yield Problem("unknown_word", name)
    persistent = event.get("persistentDisposition", {})
    for name, listed in persistent.items():
        if name not in {"set", "unset"} or not isinstance(listed, list):
            yield Problem("malformed_field", f"persistentDisposition.{name}"[:80])
        elif not all(isinstance(word, str) and _is_word("disposition", word) for word in listed):
            yield Problem("unknown_word", f"persistentDisposition.{name}")
    for name, own, kind in (
        ("bizTransactionList", "bizTransaction", "transaction"),
        ("sourceList", "source", "party"),
        ("destinationList", "destination", "party"),
    ):
        yield from _pairs(event.get(name, []), name, own, kind)


def _pairs(items: Sequence[Json], name: str, own: str, kind: str) -> Found:
    for item in items[:_MOST_PLACES]:
        if not is_uri(item.get(own)):
            yield Problem("not_a_uri", f"{name}.{own}")
        typed = item.get("type")
        if kind == "party" and typed is None:
            yield Problem("missing_field", f"{name}.type")
        if typed is not None and not (isinstance(typed, str) and _is_word(kind, typed)):
            yield Problem("unknown_word", f"{name}.type")
        if set(item) - {"type", own}:
            yield Problem("unknown_field", name)
    if len(items) > _MOST_PLACES:
        yield Problem("too_many", name)


def _is_word(kind: str, text: str) -> bool:
    """A word of the vocabulary, or a URI that does not pretend to be of it."""
    known, _start = words.WORDS[kind]
    meant = words.bare(kind, text)
    theirs = (words.CBV, "cbv:", "urn:epcglobal:cbv:", "https://ns.gs1.org/cbv/")
    return meant in known or (is_uri(text) and not words.new_name(text).startswith(theirs))


def _action(event: Json) -> Found:
    if event["type"] == words.TRANSFORMATION:
        return
    action, step = event.get("action"), words.bare("bizStep", event.get("bizStep", ""))
    if action is None:
        yield Problem("missing_field", "action")
    elif action not in words.ACTIONS:
        yield Problem("unknown_action", "action")
    elif event["type"] == words.OBJECT and not _fits(action, step):
        yield Problem("action_and_step", "action")


def _fits(action: str, step: str) -> bool:
    """Whether a life may begin, go on or end with this step."""
    if step in words.BEGINS:
        return action == "ADD"
    if step in words.ENDS:
        return action == "DELETE"
    return action != "DELETE" or step in words.MAY_END or step not in words.STEPS


def _places(event: Json) -> Found:
    for name in ("readPoint", "bizLocation"):
        if name in event and not is_uri(event[name].get("id")):
            yield Problem("not_a_uri", f"{name}.id")


def _sensors(event: Json) -> Found:
    """Readings are kept as they are; only their form must be that of readings."""
    for element in event.get("sensorElementList", []):
        reports = element.get("sensorReport")
        if not isinstance(element.get("sensorMetadata", {}), dict):
            yield Problem("malformed_field", "sensorElementList.sensorMetadata")
        if not isinstance(reports, list) or not all(isinstance(item, dict) for item in reports):
            yield Problem("malformed_field", "sensorElementList.sensorReport")
    certificates = event.get("certificationInfo", [])
    listed = certificates if isinstance(certificates, list) else [certificates]
    if not all(is_uri(item) for item in listed):
        yield Problem("not_a_uri", "certificationInfo")


def _declared(event: Json, setting: Setting) -> Found:
    declaration = event.get("errorDeclaration")
    if declaration is None:
        return
    if "eventID" not in event:
        yield Problem("error_id_missing", "eventID")
    yield from _declared_at(event, declaration, setting)
    reason, ids = declaration.get("reason"), declaration.get("correctiveEventIDs", [])
    if reason is not None and not (isinstance(reason, str) and _is_word("reason", reason)):
        yield Problem("unknown_word", "errorDeclaration.reason")
    elif isinstance(reason, str) and words.bare("reason", reason) == "did_not_occur" and ids:
        yield Problem("error_reason", "errorDeclaration.correctiveEventIDs")
    if not isinstance(ids, list) or not all(is_uri(item) for item in ids[:_MOST_PLACES]):
        yield Problem("not_a_uri", "errorDeclaration.correctiveEventIDs")
    elif len(ids) > _MOST_PLACES:
        yield Problem("too_many", "errorDeclaration.correctiveEventIDs")
    own = {"declarationTime", "reason", "correctiveEventIDs"}
    for name in declaration.keys() - own:
        if not is_extension(name, setting.namespaces):
            yield Problem("unknown_field", f"errorDeclaration.{name}"[:80])


def _declared_at(event: Json, declaration: Json, setting: Setting) -> Found:
    try:
        at = read_time(declaration.get("declarationTime"))
        happened = read_time(event["eventTime"])
    except BadTime:
        yield Problem("bad_time", "errorDeclaration.declarationTime")
        return
    if not happened <= at <= setting.now + CLOCK_DRIFT:
        yield Problem("error_time", "errorDeclaration.declarationTime")

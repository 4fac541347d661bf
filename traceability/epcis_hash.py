"""The identifier of an event from its content: the hash of CBV 2.0, section 8.9. Pure.

The content is written as one long text, always in the same order of fields, lists sorted, times in
UTC, words and identifiers in one spelling. So whoever knows the event can compute its identifier,
and the same event never counts twice. `recordTime`, `eventID` and `errorDeclaration` are left out.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from app.core.types import Json
from traceability import epcis_vocabulary as words
from traceability.epcis_ids import canonical_or_same
from traceability.epcis_values import BadTime, number_text, read_time, utc_text

Lines = list[str]
Namespaces = Mapping[str, str]

_LEFT_OUT = frozenset(
    {"@context", "type", "recordTime", "eventID", "errorDeclaration", "rdfs:comment"}
)
_EPC_LISTS = {"epcList", "inputEPCList", "outputEPCList", "childEPCs"}
_QUANTITIES = {"quantityList", "childQuantityList", "inputQuantityList", "outputQuantityList"}
_PAIRS = {
    "bizTransactionList": ("bizTransaction", "transaction"),
    "sourceList": ("source", "party"),
    "destinationList": ("destination", "party"),
}
ORDER = (
    "eventTime",
    "eventTimeZoneOffset",
    "certificationInfo",
    "parentID",
    "epcList",
    "inputEPCList",
    "childEPCs",
    "quantityList",
    "childQuantityList",
    "inputQuantityList",
    "outputEPCList",
    "outputQuantityList",
    "action",
    "transformationID",
    "bizStep",
    "disposition",
    "persistentDisposition",
    "readPoint",
    "bizLocation",
    "bizTransactionList",
    "sourceList",
    "destinationList",
    "sensorElementList",
    "ilmd",
)
_METADATA = (
    "time",
    "startTime",
    "endTime",
    "deviceID",
    "deviceMetadata",
    "rawData",
    "dataProcessingMethod",
    "bizRules",
)
_REPORT = (
    "type",
    "exception",
    "deviceID",
    "deviceMetadata",
    "rawData",
    "dataProcessingMethod",
    "time",
    "microorganism",
    "chemicalSubstance",
    "value",
    "component",
    "stringValue",
    "booleanValue",
    "hexBinaryValue",
    "uriValue",
    "minValue",
    "maxValue",
    "meanValue",
    "sDev",
    "percRank",
    "percValue",
    "uom",
    "coordinateReferenceSystem",
)
_TIMES = {"time", "startTime", "endTime"}


def event_id(event: Json, namespaces: Namespaces = words.NAMESPACES) -> str:
    """`ni:///sha-256;…?ver=CBV2.0` for an event as it stands in a document.

    `namespaces` are those of the document, by prefix.
    """
    digest = hashlib.sha256("".join(pre_hash(event, namespaces)).encode()).hexdigest()
    return f"ni:///sha-256;{digest}?ver=CBV2.0"


def pre_hash(event: Json, namespaces: Namespaces = words.NAMESPACES) -> Lines:
    """What is hashed, in pieces; the text is the pieces one behind the other."""
    lines = [f"eventType={event['type']}"]
    for name in ORDER:
        if event.get(name) is not None:
            lines += _field(name, event[name], namespaces)
    rest = {key: value for key, value in event.items() if key not in {*ORDER, *_LEFT_OUT}}
    return lines + _extensions(rest, namespaces)


def _field(name: str, value: Any, namespaces: Namespaces) -> Lines:
    if name in _EPC_LISTS:
        return _headed(name, _sorted([f"epc={canonical_or_same(epc)}"] for epc in value))
    if name in _QUANTITIES:
        return _headed(name, _sorted(_quantity(element) for element in value))
    if name in _PAIRS:
        own, kind = _PAIRS[name]
        return _headed(name, _sorted(_pair(item, own, kind) for item in value))
    if name in {"readPoint", "bizLocation"}:
        place = [f"id={_plain(value['id'])}"] if "id" in value else []
        return _headed(name, place + _extensions(_without(value, ("id",)), namespaces))
    if name == "persistentDisposition":
        return _headed(name, _persistent(value))
    if name == "sensorElementList":
        return _headed(name, _sorted(_sensor(element, namespaces) for element in value))
    if name == "ilmd":
        return _headed(name, _extensions(value, namespaces))
    if name == "certificationInfo" and isinstance(value, list):
        return sorted(f"{name}={_plain(item)}" for item in value)
    if name in {"bizStep", "disposition"}:
        return [f"{name}={words.full(name, _full_curie(value, namespaces))}"]
    return [f"{name}={_time(value) if name == 'eventTime' else _plain(value)}"]


def _headed(name: str, lines: Lines) -> Lines:
    """The name of what follows, written once, straight before its first piece."""
    return [name + lines[0], *lines[1:]] if lines else []


def _sorted(groups: Iterable[Lines]) -> Lines:
    ordered = sorted((group for group in groups if group), key="".join)
    return [line for group in ordered for line in group]


def _quantity(element: Json) -> Lines:
    names = ("epcClass", "quantity", "uom")
    lines = [f"{name}={_plain(element[name])}" for name in names if element.get(name) is not None]
    return _headed("quantityElement", lines)


def _pair(item: Json, own: str, kind: str) -> Lines:
    typed = [f"type={words.full(kind, str(item['type']))}"] if item.get("type") else []
    return [*typed, *([f"{own}={_plain(item[own])}"] if own in item else [])]


def _persistent(value: Json) -> Lines:
    return [
        line
        for name in ("set", "unset")
        for line in sorted(
            f"{name}={words.full('disposition', item)}" for item in value.get(name) or []
        )
    ]


def _sensor(element: Json, namespaces: Namespaces) -> Lines:
    metadata = element.get("sensorMetadata") or {}
    lines = _headed("sensorMetadata", _ordered(metadata, _METADATA, namespaces))
    reports = element.get("sensorReport") or []
    lines += _sorted(
        _headed("sensorReport", _ordered(report, _REPORT, namespaces)) for report in reports
    )
    rest = _without(element, ("sensorMetadata", "sensorReport"))
    return _headed("sensorElement", lines + _extensions(rest, namespaces))


def _ordered(value: Json, names: Sequence[str], namespaces: Namespaces) -> Lines:
    lines = []
    for name in names:
        if value.get(name) is not None:
            lines.append(f"{name}={_measured(name, value[name], namespaces)}")
    return lines + _extensions(_without(value, names), namespaces)


def _measured(name: str, value: Any, namespaces: Namespaces) -> str:
    if name in _TIMES:
        return _time(value)
    text = _full_curie(str(value), namespaces) if isinstance(value, str) else value
    if name == "type" and isinstance(text, str) and ":" not in text:
        return words.GS1 + text
    if name == "component" and isinstance(text, str) and ":" not in text:
        return f"{words.CBV}Comp-{text}"
    return _plain(text)


def _extensions(value: Json, namespaces: Namespaces) -> Lines:
    """Fields that the standard does not know, each under its full name, sorted."""
    groups: list[Lines] = []
    for key, content in value.items():
        if content is None or key in _LEFT_OUT:
            continue
        name = full_name(key, namespaces)
        items = content if isinstance(content, list) else [content]
        groups += [_extension(name, item, namespaces) for item in items]
    return _sorted(groups)


def _extension(name: str, value: Any, namespaces: Namespaces) -> Lines:
    if isinstance(value, dict):
        return _headed(name, _extensions(value, namespaces)) or [name]
    if isinstance(value, list):
        return _sorted(_extension(name, item, namespaces) for item in value)
    text = _full_curie(value, namespaces) if isinstance(value, str) else value
    return [f"{name}={_plain(text)}"]


def full_name(key: str, namespaces: Namespaces) -> str:
    """`ex:colour` as `{namespace}colour`; a whole URI is cut behind its last `#`, `/` or `:`."""
    prefix, colon, local = key.partition(":")
    if colon and prefix in namespaces:
        return f"{{{namespaces[prefix]}}}{local}"
    cut = max(key.rfind("#"), key.rfind("/"), key.rfind(":")) + 1
    return f"{{{key[:cut]}}}{key[cut:]}" if cut else key


def _full_curie(text: str, namespaces: Namespaces) -> str:
    prefix, colon, local = text.partition(":")
    known = colon and prefix in namespaces and not local.startswith("//")
    return namespaces[prefix] + local if known else text


def _without(value: Json, names: Iterable[str]) -> Json:
    return {key: content for key, content in value.items() if key not in set(names)}


def _plain(value: Any) -> str:
    """A value without blanks around it; numbers without needless zeros; one spelling of names."""
    if isinstance(value, bool):
        return str(value).lower()
    text = words.new_name(number_text(str(value).strip()))
    return canonical_or_same(text)


def _time(value: Any) -> str:
    try:
        return utc_text(read_time(value))
    except BadTime:
        return str(value)

"""What an event of others is about: identifiers, quantities, parents, input and output. Pure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.core.types import Json
from traceability import epcis_ids
from traceability import epcis_vocabulary as words
from traceability.epcis_ids import BadIdentifier, Kind
from traceability.epcis_problems import Problem
from traceability.epcis_reading import is_extension
from traceability.epcis_values import is_number

MOST_LISTED = 1_000
MOST_UNITS = 10**12
_UNIT = re.compile("[A-Z0-9]{2,3}")
EPCS = ("epcList", "childEPCs", "inputEPCList", "outputEPCList")
QUANTITIES = ("quantityList", "childQuantityList", "inputQuantityList", "outputQuantityList")
_SINGLE = ("parentID",)

Found = Iterator[Problem]


@dataclass
class What:
    """Canonical identifiers by what they name, and whatever is wrong with them."""

    instances: list[str] = field(default_factory=list)
    classes: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def of(event: Json, namespaces: Mapping[str, str]) -> What:
    """What the event is about. Its form was found right before."""
    what = What()
    for name in EPCS:
        what.problems += _epcs(event.get(name, []), name, what)
    for name in QUANTITIES:
        what.problems += _quantities(event.get(name, []), name, what)
    what.problems += _parent(event, what)
    what.problems += _wholeness(event)
    what.problems += _spelling(event)
    what.problems += _places(event)
    what.problems += _ilmd(event, namespaces)
    return what


def _epcs(items: Sequence[Any], name: str, what: What) -> Found:
    if len(items) > MOST_LISTED:
        yield Problem("too_many", name)
        return
    seen = set()
    for item in items:
        try:
            epc = epcis_ids.check(item)
        except BadIdentifier as error:
            yield Problem(error.reason, name)
            continue
        if epcis_ids.kind(epc) in {Kind.CLASS, Kind.PLACE, Kind.PARTY}:
            yield Problem("class_among_instances", name)
        if epc in seen:
            yield Problem("repeated", name)
        seen.add(epc)
        what.instances.append(epc)


def _quantities(items: Sequence[Any], name: str, what: What) -> Found:
    if len(items) > MOST_LISTED:
        yield Problem("too_many", name)
        return
    for item in items:
        if not isinstance(item, dict) or set(item) - {"epcClass", "quantity", "uom"}:
            yield Problem("malformed_field", name)
            continue
        yield from _quantity(item, name)
        try:
            epc_class = epcis_ids.check(item.get("epcClass"))
        except BadIdentifier as error:
            yield Problem(error.reason, f"{name}.epcClass")
            continue
        if epcis_ids.kind(epc_class) not in {Kind.CLASS, Kind.OTHER}:
            yield Problem("instance_among_classes", f"{name}.epcClass")
        what.classes.append(epc_class)


def _quantity(item: Json, name: str) -> Found:
    quantity, unit = item.get("quantity"), item.get("uom")
    if unit is not None and not (isinstance(unit, str) and _UNIT.fullmatch(unit)):
        yield Problem("bad_unit", f"{name}.uom")
    if quantity is None:
        if unit is not None:
            yield Problem("bad_quantity", f"{name}.quantity")
        return
    whole = unit is not None or (is_number(quantity) and quantity == int(quantity))
    if not is_number(quantity) or not 0 < quantity <= MOST_UNITS or not whole:
        yield Problem("bad_quantity", f"{name}.quantity")


def _parent(event: Json, what: What) -> Found:
    if "parentID" not in event:
        return
    try:
        parent = epcis_ids.check(event["parentID"])
    except BadIdentifier as error:
        yield Problem(error.reason, "parentID")
        return
    if parent in what.instances:
        yield Problem("own_parent", "parentID")
    what.instances.append(parent)


def _wholeness(event: Json) -> Found:
    kind = event["type"]
    if kind == words.TRANSFORMATION:
        yield from _transformed(event)
    elif kind in {words.AGGREGATION, words.ASSOCIATION}:
        yield from _belonging(event)
    elif kind == words.TRANSACTION and not event.get("bizTransactionList"):
        yield Problem("no_transaction", "bizTransactionList")
    if kind in {words.OBJECT, words.TRANSACTION} and not (
        _names(event, "epcList", "quantityList") or _measures_a_place(event)
    ):
        yield Problem("nothing_named", "epcList")


def _measures_a_place(event: Json) -> bool:
    """Without things there is still a reading at a place."""
    sensed = event["type"] == words.OBJECT and event.get("sensorElementList")
    return bool(sensed) and _names(event, "readPoint", "bizLocation")


def _transformed(event: Json) -> Found:
    given = _names(event, "inputEPCList", "inputQuantityList")
    made = _names(event, "outputEPCList", "outputQuantityList")
    in_steps = "transformationID" in event
    if in_steps and not epcis_ids.is_uri(event["transformationID"]):
        yield Problem("not_a_uri", "transformationID")
    if not given and not (in_steps and made):
        yield Problem("no_input", "inputEPCList")
    if not made and not (in_steps and given):
        yield Problem("no_output", "outputEPCList")


def _belonging(event: Json) -> Found:
    ends = event.get("action") == "DELETE"
    if "parentID" not in event and (event.get("action") != "OBSERVE"):
        yield Problem("no_parent", "parentID")
    if not _names(event, "childEPCs", "childQuantityList") and not (ends and "parentID" in event):
        yield Problem("nothing_named", "childEPCs")


def _names(event: Json, *fields: str) -> bool:
    return any(event.get(name) for name in fields)


def _spelling(event: Json) -> Found:
    """One event keeps to one spelling: whoever compares would miss half of it."""
    listed = [item for name in EPCS for item in event.get(name, [])]
    listed += [
        item.get("epcClass")
        for name in QUANTITIES
        for item in event.get(name, [])
        if isinstance(item, dict)
    ]
    listed += [event[name] for name in _SINGLE if name in event]
    texts = [text for text in listed if isinstance(text, str)]
    if any(map(epcis_ids.is_urn, texts)) and any(map(epcis_ids.is_link, texts)):
        yield Problem("mixed_identifiers", "epcList")


def _places(event: Json) -> Found:
    for name in ("readPoint", "bizLocation"):
        yield from _place(event.get(name, {}).get("id"), f"{name}.id")
    for name, own in (("sourceList", "source"), ("destinationList", "destination")):
        for item in event.get(name, []):
            place = words.bare("party", str(item.get("type"))) == "location"
            yield from _place(item.get(own), f"{name}.{own}", place_only=place)


def _place(text: Any, name: str, *, place_only: bool = True) -> Found:
    if not epcis_ids.is_uri(text):
        return  # said before
    try:
        kind = epcis_ids.kind(epcis_ids.canonical(text))
    except BadIdentifier as error:
        yield Problem(error.reason, name)
        return
    allowed = {Kind.PLACE, Kind.OTHER} if place_only else {Kind.PLACE, Kind.PARTY, Kind.OTHER}
    if kind not in allowed:
        yield Problem("not_a_place", name)


def _ilmd(event: Json, namespaces: Mapping[str, str]) -> Found:
    for name in event.get("ilmd", {}):
        if not is_extension(name, namespaces):
            yield Problem("unknown_field", f"ilmd.{name}"[:80])

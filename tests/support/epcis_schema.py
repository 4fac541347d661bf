"""What EPCIS 2.0 demands of a JSON document, as a JSON schema of our own, and a judge."""

from typing import Any

import jsonschema

from app.core.types import Json
from traceability import epcis_vocabulary as words

_URI = {"type": "string", "pattern": "^[A-Za-z][A-Za-z0-9+.-]*:[^ ]+$"}
_TIME = {
    "type": "string",
    "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$",
}
_EPCS = {"type": "array", "items": _URI, "uniqueItems": True}
_QUANTITIES = {
    "type": "array",
    "minItems": 1,
    "items": {
        "type": "object",
        "properties": {
            "epcClass": _URI,
            "quantity": {"type": "number", "exclusiveMinimum": 0},
            "uom": {"type": "string", "pattern": "^[A-Z0-9]{2,3}$"},
        },
        "required": ["epcClass"],
        "additionalProperties": False,
    },
}
_PLACE = {"type": "object", "properties": {"id": _URI}, "required": ["id"]}


def _word(known: frozenset[str]) -> Json:
    return {"anyOf": [{"enum": sorted(known)}, _URI]}


def _pairs(own: str, known: frozenset[str]) -> Json:
    return {
        "type": "array",
        "items": {
            "type": "object",
            "properties": {own: _URI, "type": _word(known)},
            "required": [own] if own == "bizTransaction" else [own, "type"],
            "additionalProperties": False,
        },
    }


_COMMON: Json = {
    "@context": {"type": "array"},
    "type": {"enum": list(words.TYPES)},
    "eventTime": _TIME,
    "recordTime": _TIME,
    "eventTimeZoneOffset": {"type": "string", "pattern": r"^[+-]\d\d:\d\d$"},
    "eventID": _URI,
    "errorDeclaration": {
        "type": "object",
        "properties": {
            "declarationTime": _TIME,
            "reason": _word(words.REASONS),
            "correctiveEventIDs": {"type": "array", "items": _URI},
        },
        "required": ["declarationTime"],
    },
    "bizStep": _word(words.STEPS),
    "disposition": _word(words.DISPOSITIONS),
    "readPoint": _PLACE,
    "bizLocation": _PLACE,
    "bizTransactionList": _pairs("bizTransaction", words.TRANSACTIONS),
    "sourceList": _pairs("source", words.PARTIES),
    "destinationList": _pairs("destination", words.PARTIES),
    "ilmd": {"type": "object", "propertyNames": {"pattern": "^[a-z]+:"}},
}
_ACTION = {"enum": list(words.ACTIONS)}
_FIELDS: dict[str, Json] = {
    words.OBJECT: {"action": _ACTION, "epcList": _EPCS, "quantityList": _QUANTITIES},
    words.TRANSFORMATION: {
        "inputEPCList": _EPCS,
        "inputQuantityList": _QUANTITIES,
        "outputEPCList": _EPCS,
        "outputQuantityList": _QUANTITIES,
    },
}
_ALWAYS = ["type", "eventTime", "eventTimeZoneOffset"]
_WHAT: dict[str, Json] = {
    words.OBJECT: {
        "required": [*_ALWAYS, "action"],
        "anyOf": [{"required": ["epcList"]}, {"required": ["quantityList"]}],
    },
    words.TRANSFORMATION: {
        "required": _ALWAYS,
        "anyOf": [{"required": ["inputEPCList"]}, {"required": ["inputQuantityList"]}],
    },
}
EVENT: Json = {
    "oneOf": [
        {
            "type": "object",
            "properties": _COMMON | fields | {"type": {"const": kind}},
            "additionalProperties": False,
            **_WHAT[kind],
        }
        for kind, fields in _FIELDS.items()
    ]
}
_HEAD: Json = {
    "@context": {"type": "array", "contains": {"const": words.CONTEXT}},
    "schemaVersion": {"const": "2.0"},
    "creationDate": _TIME,
}
_LIST = {"type": "array", "items": EVENT}


def _document(kind: str, body: Json) -> Json:
    return {
        "type": "object",
        "properties": _HEAD | {"type": {"const": kind}, "epcisBody": body},
        "required": ["@context", "type", "schemaVersion", "creationDate", "epcisBody"],
        "additionalProperties": False,
    }


def _object(**fields: Any) -> Json:
    return {
        "type": "object",
        "properties": fields,
        "required": list(fields),
        "additionalProperties": False,
    }


DOCUMENT = _document("EPCISDocument", _object(eventList=_LIST))
_RESULTS = _object(queryName={"type": "string"}, resultsBody=_object(eventList=_LIST))
QUERY_DOCUMENT = _document("EPCISQueryDocument", _object(queryResults=_RESULTS))


def judge(found: Any, schema: Json = DOCUMENT) -> None:
    """Raise `ValidationError` unless `found` is valid."""
    jsonschema.Draft202012Validator(schema).validate(found)

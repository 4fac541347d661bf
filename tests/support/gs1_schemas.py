"""What GS1 demands of a link set and of a description file, as JSON schemas of our own."""

from typing import Any

import jsonschema

_TARGET = {
    "type": "object",
    "required": ["href", "title"],
    "properties": {
        "href": {"type": "string", "pattern": "^https?://[^ ]+$"},
        "title": {"type": "string", "minLength": 1},
        "type": {"type": "string", "pattern": "^[a-z]+/[a-z0-9.+-]+$"},
        "hreflang": {
            "type": "array",
            "minItems": 1,
            "items": {"pattern": "^[a-z]{2}(-[A-Z]{2})?$"},
        },
        "context": {"type": "array", "minItems": 1, "items": {"type": "string"}},
    },
    "additionalProperties": False,
}
_DEFAULT = {
    "type": "object",
    "required": ["href", "title"],
    "properties": {name: _TARGET["properties"][name] for name in ("href", "title")},  # type: ignore[index]
    "additionalProperties": False,
}
_TYPE = "^https://ref\\.gs1\\.org/voc/(?!defaultLink$)[A-Za-z]+$"
LINKSET: dict[str, Any] = {
    "type": "object",
    "required": ["linkset"],
    "properties": {
        "@context": {"type": "string"},
        "linkset": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["anchor", "itemDescription"],
                "properties": {
                    "anchor": {"type": "string", "pattern": "^https?://[^/]+/(01|414|417)/[0-9]+"},
                    "itemDescription": {"type": "string", "minLength": 1},
                    "https://ref.gs1.org/voc/defaultLink": {
                        "type": "array",
                        "minItems": 1,
                        "maxItems": 1,
                        "items": _DEFAULT,
                    },
                },
                "patternProperties": {_TYPE: {"type": "array", "minItems": 1, "items": _TARGET}},
                "additionalProperties": False,
            },
        },
    },
    "additionalProperties": False,
}
KEYS = ["00", "01", "253", "255", "401", "402", "410", "411", "412", "413", "414", "415", "417"]
DESCRIPTION: dict[str, Any] = {
    "type": "object",
    "required": ["resolverRoot", "supportedPrimaryKeys"],
    "properties": {
        "resolverRoot": {"type": "string", "pattern": "^https?://[^/]+$"},
        "name": {"type": "string", "minLength": 1},
        "supportedPrimaryKeys": {
            "type": "array",
            "minItems": 1,
            "uniqueItems": True,
            "items": {"enum": KEYS},
        },
        "supportedLinkType": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["namespace", "prefix"],
                "properties": {"namespace": {"type": "string"}, "prefix": {"pattern": ":$"}},
            },
        },
        "linkTypeDefaultCanBeLinkset": {"type": "boolean"},
        "jsonLdContextLocation": {"type": "string", "pattern": "^https://"},
        "contact": {"type": "object", "required": ["fn"]},
    },
    "additionalProperties": False,
}


def demand(document: Any, schema: dict[str, Any]) -> None:
    """Raise unless the document is valid."""
    jsonschema.validate(document, schema)

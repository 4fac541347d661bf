"""The OpenAPI 3.1 document, made from the table of addresses and the shapes they declare."""

import re
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from app.api.endpoints import ALWAYS, ENDPOINTS, PARAMETERS, PREFIX, Endpoint
from app.api.models import EventType, Scope
from app.api.schemas import Event, Problem
from app.core.types import Json

VERSION = "1.0.0"
REF = "#/components/schemas/{model}"
PHRASES = {
    401: "The token is missing, wrong, revoked or run out",
    403: "The token does not open this",
    404: "Nothing here",
    410: "No longer offered",
    422: "A value is not possible",
    429: "Too many requests; Retry-After says how many seconds to wait",
    500: "Our mistake",
    503: "Busy; try again in a few seconds",
}


def document(base_url: str, title: str) -> Json:
    """The document for an installation at `base_url`."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"{title} API",
            "version": VERSION,
            "description": "Products, availability, orders and stamps. Money is whole đồng, VAT "
            "included; quantities are whole base units; times are UTC.",
        },
        "servers": [{"url": base_url + PREFIX}],
        "paths": _paths(),
        "webhooks": _webhooks(),
        "components": {
            "schemas": shapes(),
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "Scopes: " + ", ".join(scope.value for scope in Scope),
                }
            },
        },
    }


def shapes() -> Json:
    """The schema of every shape by its name."""
    wanted: dict[tuple[type[BaseModel], JsonSchemaMode], None] = {}
    for one in ENDPOINTS:
        wanted[one.answer, "serialization"] = None
        if one.body is not None:
            wanted[one.body, "validation"] = None
    wanted[Problem, "serialization"] = wanted[Event, "serialization"] = None
    _names, found = models_json_schema(list(wanted), ref_template=REF)
    shapes: Json = found["$defs"]
    return shapes


def _paths() -> Json:
    paths: dict[str, Json] = {}
    for one in ENDPOINTS:
        paths.setdefault(one.path, {})[one.method.lower()] = _operation(one)
    return paths


def _operation(one: Endpoint) -> Json:
    token: list[Json] = [{"token": [one.scope.value]}]
    operation: Json = {
        "operationId": one.name,
        "summary": one.summary,
        "parameters": [*_in_path(one), *_in_query(one)],
        "security": [*token, {}] if one.public else token,
        "responses": _responses(one),
    }
    if one.detail:
        operation["description"] = one.detail
    if one.body is not None:
        operation["requestBody"] = {"required": True, "content": _content(one.body)}
    return operation


def _in_path(one: Endpoint) -> list[Json]:
    return [
        {
            "name": name,
            "in": "path",
            "required": True,
            "description": PARAMETERS[name],
            "schema": {"type": "string"},
        }
        for name in re.findall(r"\{(\w+)\}", one.path)
    ]


def parameters(one: Endpoint) -> list[tuple[str, Json, bool]]:
    """(name, schema, whether it must be given) of what can be chosen in the query."""
    schema = one.query.model_json_schema(ref_template=REF)
    needed, inner = schema.get("required", []), schema.get("$defs", {})
    return [
        (name, _inlined(part, inner), name in needed)
        for name, part in schema.get("properties", {}).items()
    ]


def _inlined(part: Any, inner: Json) -> Any:
    """The schema without references: what is only used in a query is no component."""
    if isinstance(part, list):
        return [_inlined(one, inner) for one in part]
    if not isinstance(part, dict):
        return part
    if "$ref" in part:
        return _inlined(inner[part["$ref"].rpartition("/")[2]], inner)
    return {key: _inlined(value, inner) for key, value in part.items()}


def _in_query(one: Endpoint) -> list[Json]:
    return [
        {
            "name": name,
            "in": "query",
            "required": needed,
            "schema": schema,
            **({"description": schema["description"]} if "description" in schema else {}),
        }
        for name, schema, needed in parameters(one)
    ]


def _content(shape: type[BaseModel], media: str = "application/json") -> Json:
    return {media: {"schema": {"$ref": REF.format(model=shape.__name__)}}}


def _responses(one: Endpoint) -> Json:
    found: Json = {"200": {"description": one.summary, "content": _content(one.answer)}}
    if one.method == "GET":
        found["304"] = {"description": "As it was when the ETag was given"}
    problem = _content(Problem, "application/problem+json")
    for status in sorted({*ALWAYS, *one.errors}):
        found[str(status)] = {"description": PHRASES[status], "content": problem}
    return found


def _webhooks() -> Json:
    return {
        kind.value: {
            "post": {
                "operationId": "on_" + kind.value.replace(".", "_"),
                "summary": kind.label,
                "parameters": [
                    {
                        "name": "Phohien-Signature",
                        "in": "header",
                        "required": True,
                        "description": "t=<seconds>,v1=<HMAC-SHA256 of t.body>",
                        "schema": {"type": "string"},
                    }
                ],
                "requestBody": {"required": True, "content": _content(Event)},
                "responses": {"2XX": {"description": "Received"}},
            }
        }
        for kind in EventType
    }

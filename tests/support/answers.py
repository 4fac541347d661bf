"""Whether an answer of the API is what the document says: its status, kind and shape."""

import re
from typing import Any

from jsonschema import Draft202012Validator
from werkzeug.test import TestResponse

from app.api import document

API = "/api/v1"


def described() -> Any:
    """The document of an installation."""
    return document.document("http://localhost", "Phố Hiến")


def checked(response: TestResponse) -> Any:
    """The body of an answer, after it was held against the document."""
    request = response.request
    path, method = request.path.removeprefix(API), request.method.lower()
    operation = next(
        entry[method]
        for pattern, entry in described()["paths"].items()
        if method in entry and re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", pattern), path)
    )
    promised = operation["responses"][str(response.status_code)]["content"]
    assert response.mimetype in promised
    check(response.get_json(), promised[response.mimetype]["schema"])
    return response.get_json()


def check(body: Any, schema: Any) -> None:
    """Raise unless the body fits the schema, which may point to the document's shapes."""
    whole = schema | {"components": described()["components"]}
    formats = Draft202012Validator.FORMAT_CHECKER
    Draft202012Validator(whole, format_checker=formats).validate(body)

"""The OpenAPI document: valid, complete, and the page that says the same in words."""

import re

import pytest
from flask import Flask
from openapi_spec_validator import OpenAPIV31SpecValidator

from app.api.endpoints import ENDPOINTS, PREFIX
from app.api.models import EventType, Scope
from support.answers import described
from support.browser import Browser


def test_the_document_is_valid_openapi(visitor: Browser) -> None:
    served = visitor.get("/api/v1/openapi.json").get_json()
    OpenAPIV31SpecValidator(served).validate()
    assert served == described()


def test_every_address_of_the_api_is_in_the_document(app: Flask) -> None:
    served = {
        (re.sub(r"<(\w+)>", r"{\1}", rule.rule).removeprefix(PREFIX), method)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if rule.rule.startswith(PREFIX)
    }
    documented = {
        (path, method.upper()) for path, entry in described()["paths"].items() for method in entry
    }
    assert served == documented | {("/openapi.json", "GET")}


def test_every_event_stands_in_the_document() -> None:
    assert set(described()["webhooks"]) == {kind.value for kind in EventType}


def test_what_needs_a_token_says_so() -> None:
    paths = described()["paths"]
    assert paths["/orders"]["get"]["security"] == [{"token": ["orders:read"]}]
    assert {} in paths["/products"]["get"]["security"]


@pytest.mark.parametrize(("lang", "words"), [("vi", "Những bước đầu"), ("en", "First steps")])
def test_the_page_names_every_address_scope_and_event(
    visitor: Browser, lang: str, words: str
) -> None:
    page = visitor.get(f"/api?lang={lang}").text
    assert words in page
    assert page.count("curl ") >= len(ENDPOINTS)
    for text in [one.path for one in ENDPOINTS] + [s.value for s in Scope] + list(EventType):
        assert text in page

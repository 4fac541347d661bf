"""Addresses, languages and headers of requests."""

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from app.core.web import is_fragment, lang_url, language, safe_next, see_other, wants_json

HOME = "/"


@pytest.mark.parametrize("target", ["/", "/gio-hang", "/tim?q=a&x=//b", "/a#b", "/tài-khoản"])
def test_a_path_of_this_site_is_followed(target: str) -> None:
    assert safe_next(target, HOME) == target


@pytest.mark.parametrize(
    "target",
    [
        None,
        "",
        "gio-hang",
        "https://evil.example/",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        " //evil.example",
        "javascript:alert(1)",
    ],
)
def test_anything_else_leads_home(target: str | None) -> None:
    assert safe_next(target, HOME) == HOME


@given(st.text("/\\\t\r\n :@?#ae.", max_size=12))
def test_what_is_followed_stays_here_for_a_browser(target: str) -> None:
    # Browsers drop tabs and line ends, and read a backslash as a slash.
    chosen = safe_next(target, HOME)
    as_read = "".join(c for c in chosen if c not in "\t\r\n").replace("\\", "/").strip()
    assert as_read.startswith("/")
    assert not as_read.startswith("//")


@pytest.mark.parametrize(
    ("path", "wanted", "expected"),
    [
        ("/api/v1/products", "en", "en"),
        ("/api/v1/products", "fr, en-GB;q=0.8", "en"),
        ("/api/v1/products", "fr", "vi"),
        ("/api/v1/products", "", "vi"),
        ("/api/v1/products?lang=vi", "en", "vi"),
        ("/san-pham", "en", "vi"),
    ],
)
def test_programs_say_in_a_header_which_language_they_want(
    app: Flask, path: str, wanted: str, expected: str
) -> None:
    with app.test_request_context(path, headers={"Accept-Language": wanted}):
        assert language() == expected


@pytest.mark.parametrize(
    ("path", "cookie", "expected"),
    [
        ("/", None, "vi"),
        ("/?lang=en", None, "en"),
        ("/", "en", "en"),
        ("/?lang=vi", "en", "vi"),
        ("/?lang=xx", "en", "en"),
        ("/", "xx", "vi"),
    ],
)
def test_the_language_is_asked_for_then_remembered_then_vietnamese(
    app: Flask, path: str, cookie: str | None, expected: str
) -> None:
    headers = {"Cookie": f"lang={cookie}"} if cookie else {}
    with app.test_request_context(path, headers=headers):
        assert language() == expected


def test_the_same_page_in_another_language_keeps_its_question(app: Flask) -> None:
    with app.test_request_context("/tim?q=mật+ong&tag=a&tag=b&lang=vi"):
        assert lang_url("en") == "/tim?q=m%E1%BA%ADt+ong&tag=a&tag=b&lang=en"


def test_a_crafted_path_makes_no_link_to_another_site(app: Flask) -> None:
    with app.test_request_context("/", environ_overrides={"PATH_INFO": "//evil.example/?a"}):
        assert lang_url("en") == "/evil.example/%3Fa?lang=en"


@pytest.mark.parametrize(
    ("path", "accept", "program"),
    [
        ("/", "text/html,application/xhtml+xml,*/*;q=0.8", False),
        ("/", "application/json", True),
        ("/pos/api/sales", "*/*", True),
        ("/", "*/*", False),
    ],
)
def test_programs_are_told_from_people(app: Flask, path: str, accept: str, program: bool) -> None:
    with app.test_request_context(path, headers={"Accept": accept}):
        assert wants_json() is program


def test_a_fragment_is_asked_for_by_header(app: Flask) -> None:
    with app.test_request_context("/", headers={"HX-Request": "true"}):
        assert is_fragment()
    with app.test_request_context("/"):
        assert not is_fragment()


def test_after_a_post_the_browser_fetches_the_next_page(app: Flask) -> None:
    response = see_other("/xong")
    assert (response.status_code, response.headers["Location"]) == (303, "/xong")


def test_every_answer_forbids_foreign_scripts_and_frames(app: Flask) -> None:
    headers = app.test_client().get("/health/live").headers
    policy = headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert len(headers["X-Request-Id"]) == 16


def test_a_language_asked_for_is_remembered(app: Flask) -> None:
    client = app.test_client()
    assert "lang=en" in client.get("/health/live?lang=en").headers["Set-Cookie"]
    assert "Set-Cookie" not in client.get("/health/live?lang=xx").headers


def test_an_address_that_no_database_can_hold_is_not_found(app: Flask) -> None:
    for path in ("/san-pham/%00", "/don-hang/a%00b", "/tem/%00"):
        assert app.test_client().get(path).status_code == 404

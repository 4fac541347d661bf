"""What guards every answer: headers, tokens, cookies, redirects, errors and logs without secrets."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
import structlog
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from app.accounts import passwords
from app.config import Settings
from app.core import db
from app.core.web import safe_next
from app.factory import create_app
from builders import make_user
from support.browser import Browser

ANSWERS = {
    "a page": ("/", 200),
    "a staff page": ("/quan-ly/nguoi-dung", 302),
    "JSON": ("/health/live", 200),
    "a style": ("/static/css/base.css", 200),
    "a picture": ("/static/img/logo.svg", 200),
    "no page": ("/there/is/nothing", 404),
    "a missing file": ("/static/nothing.css", 404),
}
# Addresses that programs send to without a cookie; they prove themselves in another way.
WITHOUT_TOKEN: set[str] = set()
EXAMPLES = {"UUIDConverter": UUID(int=1), "IntegerConverter": 1}


@pytest.mark.parametrize(("path", "status"), ANSWERS.values(), ids=ANSWERS)
def test_every_answer_carries_the_headers(visitor: Browser, path: str, status: int) -> None:
    with visitor.get(path) as response:  # an open file is closed again
        assert response.status_code == status
    policy = response.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert "*" not in policy
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["X-Frame-Options"] == "DENY"
    assert response.headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert response.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "geolocation=(self)" in response.headers["Permissions-Policy"]


def test_what_depends_on_the_visitor_is_kept_by_no_shared_cache(visitor: Browser) -> None:
    response = visitor.get("/")
    assert response.headers["Cache-Control"] == "private, no-cache"
    assert "Cookie" in response.headers["Vary"]


def test_every_answer_has_a_number_of_its_own(visitor: Browser) -> None:
    forged = {"X-Request-Id": "forged"}
    numbers = {visitor.get("/health/live", headers=forged).headers["X-Request-Id"] for _ in "ab"}
    assert len(numbers) == 2
    assert "forged" not in numbers


def changing(app: Flask) -> Iterator[tuple[Rule, str]]:
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) - {"GET", "HEAD", "OPTIONS"}):
            yield rule, method


def example(rule: Rule) -> str:
    values = {
        name: EXAMPLES.get(type(converter).__name__, "1")
        for name, converter in rule._converters.items()
    }
    built = rule.build(values)
    assert built is not None
    return built[1]


def signed(app: Flask, rule: Rule) -> bool:
    """Whether a program sends here, which proves itself by a signature."""
    return getattr(app.view_functions[rule.endpoint], "signed_by_sender", False)


def test_what_is_not_signed_by_its_sender_is_refused(app: Flask, database: db.Database) -> None:
    answers = {
        rule.rule: app.test_client().open(example(rule), method=method, json={}).status_code
        for rule, method in changing(app)
        if signed(app, rule)
    }
    assert len(answers) >= 2
    assert {
        path: code for path, code in answers.items() if code not in {400, 401, 403, 404, 422}
    } == {}


def test_nothing_is_changed_without_the_token(app: Flask, database: db.Database) -> None:
    answers: dict[str, Any] = {}
    for rule, method in changing(app):
        if rule.endpoint not in WITHOUT_TOKEN and not signed(app, rule):
            response = app.test_client().open(
                example(rule), method=method, headers={"Accept": "application/json"}
            )
            answers[f"{method} {rule.rule}"] = (response.status_code, response.json["code"])
    assert len(answers) > 5
    assert {k: v for k, v in answers.items() if v != (400, "csrf")} == {}


def test_a_token_of_another_browser_is_refused(app: Flask, visitor: Browser) -> None:
    stranger = app.test_client()
    response = stranger.post("/dang-nhap", data={"csrf_token": visitor.token})
    assert response.status_code == 400


def cookies(client: FlaskClient, path: str) -> dict[str, set[str]]:
    headers = client.get(path).headers.getlist("Set-Cookie")
    return {h.split("=")[0]: {part.strip() for part in h.split(";")[1:]} for h in headers}


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(
    app: Flask, database: db.Database
) -> None:
    set_here = cookies(app.test_client(), "/dang-nhap?lang=en")
    assert set(set_here) == {"phohien", "lang"}
    for flags in set_here.values():
        assert {"HttpOnly", "SameSite=Lax"} <= flags
        assert "Secure" not in flags


@pytest.fixture
def tls_app(app: Flask, database: db.Database) -> Flask:
    """The application of an installation with a TLS address, on the database of this test."""
    settings: Settings = app.extensions["phohien_settings"]
    secure = create_app(replace(settings, base_url="https://ocop.example.vn"))
    db.active().dispose()
    db.use(database)
    return secure


def test_behind_tls_cookies_and_browsers_stay_with_tls(tls_app: Flask) -> None:
    client = tls_app.test_client()
    for flags in cookies(client, "/dang-nhap?lang=en").values():
        assert {"Secure", "HttpOnly", "SameSite=Lax"} <= flags
    assert client.get("/").headers["Strict-Transport-Security"].startswith("max-age=31536000")


@pytest.mark.parametrize(
    "target",
    [
        None,
        "",
        "https://evil.example",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "javascript:alert(1)",
        "evil.example",
    ],
)
def test_a_redirect_stays_on_this_site(target: str | None) -> None:
    assert safe_next(target, "/home") == "/home"


@pytest.mark.parametrize("target", ["/", "/san-pham?q=nhãn&page=2", "/quan-ly//don-hang"])
def test_a_path_of_this_site_is_followed(target: str) -> None:
    assert safe_next(target, "/home") == target


def test_signing_in_leads_nowhere_else(visitor: Browser, session: Session) -> None:
    make_user(
        session, email="lan@example.vn", password_hash=passwords.hash_password("mật khẩu dài")
    )
    session.commit()
    form = {"email": "lan@example.vn", "password": "mật khẩu dài"}
    response = visitor.post("/dang-nhap?next=//evil.example/", form)
    assert response.status_code == 303
    assert response.headers["Location"].startswith("/")
    assert "evil" not in response.headers["Location"]


def test_a_mistake_of_ours_shows_a_number_and_no_trace(
    app: Flask, visitor: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> str:
        raise RuntimeError("the password of the database")

    monkeypatch.setitem(app.view_functions, "health.live", broken)
    with structlog.testing.capture_logs() as lines:
        response = visitor.get("/health/live")
    page = response.get_data(as_text=True)
    assert response.status_code == 500
    assert response.headers["X-Request-Id"] in page
    assert "RuntimeError" not in page
    assert "password of the database" not in page
    assert [line["kind"] for line in lines if line["event"] == "unexpected"] == ["RuntimeError"]


def test_the_log_tells_the_route_and_nothing_about_the_person(visitor: Browser) -> None:
    caller = {"REMOTE_ADDR": "203.0.113.9", "HTTP_USER_AGENT": "A special browser"}
    with structlog.testing.capture_logs() as lines:
        visitor.get("/san-pham/mat-ong-rung?q=my-secret", environ_overrides=caller)
    (line,) = lines
    assert line["route"] == "/san-pham/<slug>"
    assert set(line) == {"event", "log_level", "id", "method", "route", "status", "ms"}
    text = repr(line)
    for private in ("my-secret", "203.0.113.9", "special", "mat-ong-rung"):
        assert private not in text

"""Tokens, rates, problems, ETags and other sites' pages."""

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.accounts import sign_in
from app.api import rates, tokens
from app.api.models import ApiToken, Scope
from builders import BY_NOBODY, NOW, TODAY, make_offered
from builders_api import make_token
from support.answers import check, checked
from support.browser import Browser

PRODUCTS, ORDERS = "/api/v1/products", "/api/v1/orders"
PROBLEM = {"$ref": "#/components/schemas/Problem"}


def ask(visitor: Browser, path: str, text: str | None = None, **headers: str) -> TestResponse:
    sent = headers if text is None else headers | {"Authorization": f"Bearer {text}"}
    return visitor.get(path, headers=sent)


def test_orders_need_a_token(visitor: Browser) -> None:
    answer = ask(visitor, ORDERS)
    assert (answer.status_code, checked(answer)["code"]) == (401, "invalid_token")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_token_opens_what_it_was_made_for_and_no_more(session: Session, visitor: Browser) -> None:
    text = make_token(session, Scope.CATALOGUE)[1]
    assert ask(visitor, PRODUCTS, text).status_code == 200
    refused = ask(visitor, ORDERS, text)
    assert (refused.status_code, checked(refused)["code"]) == (403, "insufficient_scope")


def test_a_wrong_token_shuts_out_even_where_none_is_needed(visitor: Browser) -> None:
    assert ask(visitor, PRODUCTS, "ph_x_y").status_code == 401
    assert ask(visitor, PRODUCTS, Authorization="Basic eDp5").status_code == 401


def test_a_revoked_token_opens_nothing(session: Session, visitor: Browser) -> None:
    token, text = make_token(session)
    tokens.revoke(session, token.id, **BY_NOBODY)
    assert ask(visitor, PRODUCTS, text).status_code == 401


@pytest.mark.parametrize(("days", "status"), [(0, 200), (1, 401)])
def test_a_token_holds_on_its_last_day_and_not_after(
    session: Session, visitor: Browser, days: int, status: int
) -> None:
    text = make_token(session, expires_on=TODAY)[1]
    with time_machine.travel(NOW + timedelta(days=days), tick=False):
        assert ask(visitor, PRODUCTS, text).status_code == status


def test_use_is_noted_by_the_day_and_the_text_is_not_kept(
    session: Session, visitor: Browser
) -> None:
    token, text = make_token(session)
    ask(visitor, PRODUCTS, text)
    session.expire_all()
    kept = session.get_one(ApiToken, token.id)
    assert kept.last_used_on == date(2026, 11, 24)
    assert text.startswith(kept.prefix)
    assert text not in str(vars(kept))


def use_up(session: Session, subject: str, most: int) -> None:
    limit = sign_in.Limit(most, 900)
    for _request in range(most):
        rates.count(session, subject, limit, NOW - timedelta(seconds=100))
    session.flush()


def client(secret: str) -> str:
    return sign_in.subject("api client", f"{secret}:127.0.0.1")


def test_too_many_requests_are_told_when_to_come_again(session: Session, visitor: Browser) -> None:
    secret = visitor.app.extensions["phohien_settings"].secret_key
    use_up(session, client(secret), rates.WITHOUT_TOKEN)
    answer = ask(visitor, PRODUCTS)
    assert (answer.status_code, checked(answer)["code"]) == (429, "rate_limited")
    assert 790 <= int(answer.headers["Retry-After"]) <= 801
    with time_machine.travel(NOW + timedelta(seconds=801), tick=False):
        assert ask(visitor, PRODUCTS).status_code == 200


def test_a_token_has_a_rate_of_its_own(session: Session, visitor: Browser) -> None:
    secret = visitor.app.extensions["phohien_settings"].secret_key
    use_up(session, client(secret), rates.WITHOUT_TOKEN)
    token, text = make_token(session)
    assert ask(visitor, PRODUCTS, text).status_code == 200
    use_up(session, sign_in.subject("api token", str(token.id)), rates.WITH_TOKEN)
    assert ask(visitor, PRODUCTS, text).status_code == 429


def test_what_has_not_changed_is_not_sent_again(session: Session, visitor: Browser) -> None:
    make_offered(session)
    etag = ask(visitor, PRODUCTS).headers["ETag"]
    again = ask(visitor, PRODUCTS, **{"If-None-Match": etag})
    assert (again.status_code, again.data) == (304, b"")
    make_offered(session)
    assert ask(visitor, PRODUCTS, **{"If-None-Match": etag}).status_code == 200


def test_any_page_may_read_what_is_public(session: Session, visitor: Browser) -> None:
    for path in (PRODUCTS, "/api/v1/openapi.json", "/api/v1/stamps/abc"):
        answer = ask(visitor, path, Origin="https://khac.example.vn")
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
    before = visitor.client.options(PRODUCTS)
    assert "If-None-Match" in before.headers["Access-Control-Allow-Headers"]


def test_no_page_may_read_orders_or_the_shop(session: Session, visitor: Browser) -> None:
    text = make_token(session)[1]
    for path in (ORDERS, "/", "/api"):
        assert "Access-Control-Allow-Origin" not in ask(visitor, path, text).headers
    assert "Access-Control-Allow-Origin" not in visitor.client.options(ORDERS).headers


@pytest.mark.parametrize(
    ("lang", "words"),
    [("en-GB,en;q=0.9", "No product"), ("vi", "Không có sản phẩm"), ("", "Không có sản phẩm")],
)
def test_problems_are_told_in_the_language_that_was_asked_for(
    visitor: Browser, lang: str, words: str
) -> None:
    headers: dict[str, Any] = {"Accept-Language": lang} if lang else {}
    answer = ask(visitor, f"{PRODUCTS}/khong-co", **headers)
    problem = checked(answer)
    assert (answer.status_code, problem["code"]) == (404, "no_such_product")
    assert problem["detail"].startswith(words)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/api/v1/khong-co", 404), ("POST", PRODUCTS, 405), ("DELETE", ORDERS, 405)],
)
def test_addresses_that_are_none_are_problems_too(
    visitor: Browser, method: str, path: str, status: int
) -> None:
    answer = visitor.client.open(path, method=method)
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    check(answer.get_json(), PROBLEM)


def test_unknown_choices_are_refused(visitor: Browser) -> None:
    answer = ask(visitor, f"{PRODUCTS}?limt=5")
    assert checked(answer)["errors"] == [{"field": "limt", "problem": "extra_forbidden"}]

"""Forms from elsewhere: refused, whoever sends them."""

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from builders import make_offered
from support.browser import Browser


def add(app: Flask, session: Session, headers: dict[str, str], cookie: str = "") -> int:
    sku = make_offered(session)
    session.commit()
    client = app.test_client(use_cookies=False)
    sent = headers | ({"Cookie": cookie} if cookie else {})
    form = {"sku": str(sku.id), "quantity": "1"}
    return client.post("/gio-hang/them", data=form, headers=sent).status_code


@pytest.mark.parametrize(
    "headers", [{"Origin": "http://localhost"}, {"Sec-Fetch-Site": "same-origin"}]
)
def test_a_guest_needs_no_token_when_the_browser_vouches(
    app: Flask, session: Session, headers: dict[str, str]
) -> None:
    assert add(app, session, headers) == 303


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost.evil.example"},
        {"Origin": "https://localhost"},
        {"Origin": "https://evil.example", "Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
    ],
)
def test_without_its_word_the_form_is_refused(
    app: Flask, session: Session, headers: dict[str, str]
) -> None:
    assert add(app, session, headers) == 400


@pytest.mark.parametrize("cookie", ["phohien=x", "lang=vi; phohien=eyJ9"])
def test_who_has_a_session_needs_the_token_all_the_same(
    app: Flask, session: Session, cookie: str
) -> None:
    assert add(app, session, {"Origin": "http://localhost"}, cookie) == 400


def test_pages_for_guests_set_no_cookie_and_are_the_same_for_all(
    app: Flask, session: Session, visitor: Browser
) -> None:
    sku = make_offered(session, name_vi="Trà sen")
    session.commit()
    for path in ("/", "/san-pham", f"/san-pham/{sku.product.slug}", "/diem-ban", "/ban-do"):
        client = app.test_client(use_cookies=False)
        first, second = client.get(path), client.get(path)
        assert "Set-Cookie" not in first.headers, path
        assert first.headers["ETag"] == second.headers["ETag"], path
        assert 'name="csrf_token" value=""' in first.text or "csrf_token" not in first.text

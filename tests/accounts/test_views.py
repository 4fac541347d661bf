"""Signing in and out, and the own account, through the pages."""

from datetime import timedelta

import pytest
import time_machine
from flask import Flask, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.accounts.models import Role, SignInFailure, User, UserSession
from app.accounts.passwords import hash_password, verify
from builders import NOW, make_user
from support.browser import Browser

PASSWORD = "một câu dài dễ nhớ"
NEW = "một câu khác cũng dài"
WRONG = "The e-mail address or the password is wrong."


@pytest.fixture
def lan(session: Session) -> User:
    """A customer with a password."""
    user = make_user(
        session, Role.CUSTOMER, email="lan@example.vn", password_hash=hash_password(PASSWORD)
    )
    session.commit()
    return user


def enter(
    visitor: Browser, password: str = PASSWORD, email: str = "lan@example.vn", query: str = ""
) -> TestResponse:
    form = {"email": email, "password": password}
    return visitor.post(f"/dang-nhap?lang=en{query}", form)


def text(response: TestResponse) -> str:
    return response.get_data(as_text=True)


def test_a_customer_signs_in_and_sees_the_own_account(visitor: Browser, lan: User) -> None:
    response = enter(visitor, email=" LAN@example.vn ")
    assert (response.status_code, response.headers["Location"]) == (303, "/")
    page = visitor.get("/tai-khoan?lang=en")
    assert page.status_code == 200
    assert lan.name in text(page)
    assert "no-store" in page.headers["Cache-Control"]


def test_staff_begin_at_the_first_entry_of_their_menu(
    app: Flask, visitor: Browser, session: Session
) -> None:
    make_user(session, Role.OFFICER, email="lan@example.vn", password_hash=hash_password(PASSWORD))
    session.commit()
    with app.test_request_context():
        first = url_for("orders.index")
    assert enter(visitor).headers["Location"] == first


def test_the_page_asked_for_comes_after_signing_in(visitor: Browser, lan: User) -> None:
    asked = visitor.get("/tai-khoan?x=1")
    assert asked.headers["Location"] == "/dang-nhap?next=/tai-khoan?x%3D1"
    assert enter(visitor, query="&next=/tai-khoan?x%3D1").headers["Location"] == "/tai-khoan?x=1"


@pytest.mark.parametrize("target", ["https://evil.example", "//evil.example", "/\\evil.example"])
def test_signing_in_never_leads_to_another_site(visitor: Browser, lan: User, target: str) -> None:
    assert enter(visitor, query=f"&next={target}").headers["Location"] == "/"


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(
    visitor: Browser, lan: User
) -> None:
    wrong = enter(visitor, "wrong password")
    unknown = enter(visitor, email="minh@example.vn")
    assert (wrong.status_code, unknown.status_code) == (422, 422)
    assert WRONG in text(wrong)
    assert WRONG in text(unknown)
    assert visitor.get("/tai-khoan").status_code == 302


def test_a_closed_account_gets_that_answer_too(
    visitor: Browser, session: Session, lan: User
) -> None:
    lan.active = False
    session.commit()
    assert WRONG in text(enter(visitor))


def test_an_empty_form_is_shown_again(visitor: Browser, session: Session) -> None:
    response = enter(visitor, "", "")
    assert response.status_code == 422
    assert text(response).count("Please fill this in.") == 2
    assert session.scalars(select(SignInFailure)).all() == []


def test_guessing_is_stopped_even_for_the_right_password(visitor: Browser, lan: User) -> None:
    for _ in range(8):
        assert enter(visitor, "wrong password").status_code == 422
    stopped = enter(visitor)
    assert stopped.status_code == 429
    assert "Wait 15 minutes" in text(stopped)
    with time_machine.travel(NOW + timedelta(minutes=16)):
        assert enter(visitor).status_code == 303


def test_one_client_cannot_try_many_addresses(visitor: Browser, lan: User) -> None:
    for number in range(8):
        enter(visitor, email=f"someone{number}@example.vn")
    assert enter(visitor).status_code == 429


def test_failures_from_elsewhere_do_not_stop_this_client_with_another_address(
    app: Flask, visitor: Browser, lan: User
) -> None:
    for _ in range(8):
        enter(Browser(app), "wrong password", "minh@example.vn")
    elsewhere = {"REMOTE_ADDR": "203.0.113.9"}
    form = {"email": "lan@example.vn", "password": PASSWORD}
    assert visitor.post("/dang-nhap", form, environ_overrides=elsewhere).status_code == 303


def test_addresses_of_clients_are_not_kept(visitor: Browser, session: Session, lan: User) -> None:
    enter(visitor, "wrong password")
    subjects = session.scalars(select(SignInFailure.subject)).all()
    assert len(subjects) == 2
    assert all(len(s) == 32 and "127.0.0.1" not in s for s in subjects)


def test_signing_in_drops_what_the_cookie_held_before(visitor: Browser, lan: User) -> None:
    with visitor.client.session_transaction() as before:
        before["planted"] = "by someone else"
    enter(visitor)
    with visitor.client.session_transaction() as after:
        assert "planted" not in after
        assert after["_user_id"]


def test_signing_out_ends_the_session_on_the_server(
    visitor: Browser, session: Session, lan: User
) -> None:
    visitor.sign_in(lan)
    with visitor.client.session_transaction() as kept:
        stolen = kept["_user_id"]
    assert visitor.post("/dang-xuat").status_code == 303
    with visitor.client.session_transaction() as kept:
        kept["_user_id"] = stolen
    assert visitor.get("/tai-khoan").status_code == 302
    assert session.scalars(select(UserSession.revoked_at)).one() is not None


def test_signing_out_twice_is_harmless(visitor: Browser) -> None:
    assert visitor.post("/dang-xuat").status_code == 303


def test_signing_in_needs_the_token_against_forged_forms(visitor: Browser, lan: User) -> None:
    form = {"email": "lan@example.vn", "password": PASSWORD, "csrf_token": ""}
    assert visitor.post("/dang-nhap", form).status_code == 400


def change(visitor: Browser, current: str = PASSWORD, repeated: str = NEW) -> TestResponse:
    form = {"current": current, "password": NEW, "repeated": repeated}
    return visitor.post("/tai-khoan/mat-khau?lang=en", form)


def test_a_new_password_replaces_the_old_and_signs_other_browsers_out(
    app: Flask, visitor: Browser, session: Session, lan: User
) -> None:
    other = Browser(app).sign_in(lan)
    assert change(visitor.sign_in(lan)).status_code == 303
    stored = session.scalars(select(User.password_hash).filter_by(id=lan.id)).one()
    assert verify(stored, NEW)
    assert visitor.get("/tai-khoan").status_code == 200
    assert other.get("/tai-khoan").status_code == 302


@pytest.mark.parametrize(
    ("current", "repeated", "message"),
    [
        ("wrong password", NEW, "This is not your present password."),
        (PASSWORD, "typed differently", "The two new passwords differ."),
    ],
)
def test_a_password_is_not_changed_by_mistake(
    visitor: Browser, session: Session, lan: User, current: str, repeated: str, message: str
) -> None:
    response = change(visitor.sign_in(lan), current, repeated)
    assert response.status_code == 422
    assert message in text(response)
    stored = session.scalars(select(User.password_hash).filter_by(id=lan.id)).one()
    assert verify(stored, PASSWORD)


def test_a_stolen_session_cannot_guess_the_password(visitor: Browser, lan: User) -> None:
    visitor.sign_in(lan)
    for _ in range(8):
        assert change(visitor, "wrong password").status_code == 422
    assert change(visitor).status_code == 429

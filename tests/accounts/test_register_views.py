"""Registering, proving the address and finding back in, through the pages and the post."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.accounts.consents import given
from app.accounts.models import AccountToken, ConsentPurpose, Role, User
from app.accounts.passwords import hash_password, verify
from app.core.db import Database
from app.core.outbox import OutboxJob
from builders import NOW, make_user
from support.browser import Browser
from support.post import Post

PASSWORD = "một câu dài dễ nhớ"
NEW = "một câu khác cũng dài"
EMAIL = "lan@example.vn"


@pytest.fixture
def post(app: Flask, database: Database) -> Post:
    return Post(app)


@pytest.fixture
def lan(session: Session) -> User:
    user = make_user(session, Role.CUSTOMER, email=EMAIL, password_hash=hash_password(PASSWORD))
    session.commit()
    return user


def join(visitor: Browser, query: str = "", **over: Any) -> TestResponse:
    form = {"name": "Nguyễn Thị Lan", "email": EMAIL, "phone": "", "password": PASSWORD}
    return visitor.post(f"/dang-ky{query}", form | over)


def account(session: Session) -> User:
    session.expire_all()
    return session.scalars(select(User).filter_by(email=EMAIL)).one()


def enter(visitor: Browser, password: str) -> int:
    return visitor.post("/dang-nhap", {"email": EMAIL, "password": password}).status_code


def test_a_newcomer_registers_signs_in_and_confirms_the_address(
    app: Flask, visitor: Browser, session: Session, post: Post
) -> None:
    answer = join(visitor, phone="0912 345 678")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/thu-da-gui")
    assert enter(visitor, PASSWORD) == 303
    assert "chưa được xác nhận" in visitor.get("/tai-khoan").text
    link = post.link()
    assert EMAIL in visitor.get(link).text
    assert account(session).email_verified_at is None
    assert Browser(app).post(link).status_code == 303
    assert account(session).email_verified_at is not None
    assert account(session).phone == "+84912345678"
    assert [g.role for g in account(session).grants] == [Role.CUSTOMER]
    assert "chưa được xác nhận" not in visitor.get("/tai-khoan").text


def test_the_message_speaks_the_language_of_the_form_and_repeats_no_name(
    visitor: Browser, post: Post
) -> None:
    join(visitor, "?lang=en", name="Win money at evil.example")
    (message,) = post.fetch()
    assert message["To"] == EMAIL
    assert message["Subject"] == "Phố Hiến: please confirm your e-mail address"
    assert "evil.example" not in message.get_content()


def test_news_are_a_consent_of_their_own(visitor: Browser, session: Session) -> None:
    assert "checked" not in visitor.get("/dang-ky").text
    join(visitor)
    assert given(session, account(session).id) == {}
    join(visitor, email="minh@example.vn", news="y")
    minh = session.scalars(select(User).filter_by(email="minh@example.vn")).one()
    assert set(given(session, minh.id)) == {ConsentPurpose.NEWS}


@pytest.mark.parametrize(
    ("field", "value"), [("name", " "), ("email", "lan"), ("password", "short"), ("phone", "12")]
)
def test_a_wrong_form_opens_nothing(
    visitor: Browser, session: Session, field: str, value: str
) -> None:
    answer = join(visitor, **{field: value})
    assert answer.status_code == 422
    assert "field-error" in answer.text
    assert session.scalars(select(User)).all() == []


def test_a_known_address_gets_the_same_page_and_a_message(
    visitor: Browser, session: Session, lan: User, post: Post
) -> None:
    known = join(visitor, email=" LAN@example.vn", password=NEW)
    unknown = join(visitor, email="minh@example.vn")
    assert known.headers["Location"] == unknown.headers["Location"]
    assert (known.status_code, known.data) == (unknown.status_code, unknown.data)
    subjects = {m["To"]: m["Subject"] for m in post.fetch()}
    assert subjects[EMAIL] == "Phố Hiến: bạn đã có tài khoản"
    assert verify(account(session).password_hash, PASSWORD)


def test_registering_is_throttled(visitor: Browser) -> None:
    for number in range(8):
        assert join(visitor, email=f"a{number}@example.vn").status_code == 303
    assert join(visitor, email="a9@example.vn").status_code == 429
    with time_machine.travel(NOW + timedelta(minutes=16)):
        assert join(visitor, email="a9@example.vn").status_code == 303


def test_a_link_works_once_and_for_two_days(app: Flask, visitor: Browser, post: Post) -> None:
    join(visitor)
    link = post.link()
    with time_machine.travel(NOW + timedelta(hours=48, minutes=1)):
        assert Browser(app).get(link).status_code == 410
        assert Browser(app).post(link).status_code == 410
    assert visitor.post(link).status_code == 303
    assert visitor.post(link).status_code == 410


def test_a_link_is_for_its_purpose_only(visitor: Browser, lan: User, post: Post) -> None:
    visitor.post("/quen-mat-khau", {"email": EMAIL})
    token = post.link().rpartition("/")[2]
    assert visitor.post(f"/xac-nhan/{token}").status_code == 410
    assert visitor.get("/dat-lai-mat-khau/" + "A" * 48).status_code == 410
    assert visitor.get(f"/dat-lai-mat-khau/{token}").status_code == 200


def test_neither_the_table_nor_the_queue_holds_a_link(
    visitor: Browser, session: Session, post: Post
) -> None:
    join(visitor)
    token = post.link().rpartition("/")[2]
    row = session.scalars(select(AccountToken)).one()
    assert token not in (row.token_hash, str(row.id))
    assert token not in str(session.scalars(select(OutboxJob.payload)).all())


def test_a_forgotten_password_is_replaced_and_others_are_signed_out(
    app: Flask, visitor: Browser, session: Session, lan: User, post: Post
) -> None:
    thief = Browser(app).sign_in(lan)
    assert visitor.post("/quen-mat-khau", {"email": EMAIL}).headers["Location"] == "/thu-da-gui"
    link = post.link()
    assert visitor.get(link).status_code == 200
    assert visitor.post(link, {"password": "short"}).status_code == 422
    assert visitor.post(link, {"password": NEW}).status_code == 303
    assert thief.get("/tai-khoan").status_code == 302
    assert visitor.post(link, {"password": PASSWORD}).status_code == 410
    assert enter(visitor, PASSWORD) == 422
    assert enter(visitor, NEW) == 303
    assert account(session).email_verified_at is not None


def test_a_reset_link_dies_after_an_hour_and_with_another_one_that_was_used(
    visitor: Browser, lan: User, post: Post
) -> None:
    visitor.post("/quen-mat-khau", {"email": EMAIL})
    first = post.link()
    with time_machine.travel(NOW + timedelta(minutes=61)):
        assert visitor.post(first, {"password": NEW}).status_code == 410
    visitor.post("/quen-mat-khau", {"email": EMAIL})
    assert visitor.post(post.link(), {"password": NEW}).status_code == 303
    assert visitor.get(first).status_code == 410


def test_an_unknown_address_gets_the_same_answer_but_no_message(
    visitor: Browser, lan: User, post: Post
) -> None:
    known = visitor.post("/quen-mat-khau", {"email": EMAIL})
    unknown = visitor.post("/quen-mat-khau", {"email": "minh@example.vn"})
    assert (known.status_code, known.data) == (unknown.status_code, unknown.data)
    assert [m["To"] for m in post.fetch()] == [EMAIL]


def test_nobody_is_flooded_with_links(visitor: Browser, lan: User) -> None:
    for _ in range(8):
        assert visitor.post("/quen-mat-khau", {"email": EMAIL}).status_code == 303
    assert visitor.post("/quen-mat-khau", {"email": EMAIL}).status_code == 429


def test_an_empty_request_for_a_link_is_shown_again(visitor: Browser) -> None:
    assert visitor.post("/quen-mat-khau", {"email": ""}).status_code == 422


def test_who_is_signed_in_needs_no_second_account(visitor: Browser, lan: User) -> None:
    assert visitor.sign_in(lan).get("/dang-ky").headers["Location"] == "/tai-khoan"
    assert visitor.get("/thu-da-gui").status_code == 200

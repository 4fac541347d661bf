"""The own data through the pages."""

from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.accounts import consents
from app.accounts.models import (
    AccountToken,
    AuditEntry,
    Consent,
    ConsentPurpose,
    Role,
    TokenPurpose,
    User,
)
from app.accounts.passwords import hash_password
from app.accounts.tokens import text_of
from app.core.outbox import OutboxJob
from builders import NOW, make_user
from support.browser import Browser
from support.post import Post

PASSWORD = "một câu dài dễ nhớ"
MOVED = "lan.moi@example.vn"


@pytest.fixture
def lan(session: Session) -> User:
    user = make_user(
        session, Role.CUSTOMER, email="lan@example.vn", password_hash=hash_password(PASSWORD)
    )
    session.commit()
    return user


@pytest.fixture
def member(visitor: Browser, lan: User) -> Browser:
    return visitor.sign_in(lan)


def move(member: Browser, email: str = MOVED, password: str = PASSWORD) -> TestResponse:
    return member.post("/tai-khoan/email", {"email": email, "password": password})


def link(app: Flask, session: Session) -> str:
    session.expire_all()
    row = session.scalars(select(AccountToken)).one()
    return f"/xac-nhan/{text_of(row, str(app.secret_key))}"


def test_name_and_phone_are_changed_and_the_trail_keeps_neither(
    member: Browser, session: Session, lan: User
) -> None:
    before = lan.name
    form = {"name": "Lan Nguyễn", "phone": "0912345678"}
    assert member.post("/tai-khoan/thong-tin", form).status_code == 303
    session.expire_all()
    assert (lan.name, lan.phone) == ("Lan Nguyễn", "+84912345678")
    assert "lan nguyen" in lan.search_text
    entry = session.scalars(select(AuditEntry).filter_by(action="user.revise")).one()
    assert entry.detail == {"fields": ["name", "phone"]}
    assert before not in str(entry.detail)


def test_a_name_is_needed(member: Browser, session: Session, lan: User) -> None:
    assert member.post("/tai-khoan/thong-tin", {"name": "", "phone": ""}).status_code == 422
    assert member.get("/tai-khoan/thong-tin").status_code == 200


def test_the_address_moves_when_the_new_one_is_proved(
    app: Flask, member: Browser, session: Session, lan: User
) -> None:
    assert move(member).headers["Location"] == "/thu-da-gui"
    path = link(app, session)
    assert lan.email == "lan@example.vn"
    assert session.scalars(select(AccountToken)).one().purpose is TokenPurpose.NEW_EMAIL
    assert member.post(path).status_code == 303
    session.expire_all()
    assert lan.email == MOVED
    assert lan.email_verified_at is not None


def test_the_former_address_is_told_that_the_account_has_left_it(
    app: Flask, member: Browser, session: Session, lan: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = replace(app.extensions["phohien_settings"], shop_phone="0221 3863 000")
    monkeypatch.setitem(app.extensions, "phohien_settings", known)
    move(member)
    path, post = link(app, session), Post(app)
    post.fetch()
    member.post(path)
    (message,) = post.fetch()
    assert message["To"] == "lan@example.vn"
    assert message["Subject"] == "Phố Hiến: địa chỉ email của tài khoản đã thay đổi"
    assert "0221 3863 000" in message.get_content()
    assert MOVED not in message.get_content()


@pytest.mark.parametrize(
    ("email", "password"),
    [(MOVED, "wrong password"), ("lan", PASSWORD), ("lan@example.vn", PASSWORD), ("", PASSWORD)],
)
def test_the_address_is_not_moved_by_mistake(
    member: Browser, session: Session, email: str, password: str
) -> None:
    assert move(member, email, password).status_code == 422
    assert session.scalars(select(AccountToken)).all() == []


def test_moving_to_a_known_address_looks_the_same_and_tells_its_holder(
    member: Browser, session: Session
) -> None:
    holder = make_user(session, Role.CUSTOMER, email=MOVED)
    session.commit()
    assert move(member).headers["Location"] == "/thu-da-gui"
    job = session.scalars(select(OutboxJob)).one()
    assert (job.name, job.payload["user_id"]) == ("already_registered", str(holder.id))


def test_an_address_taken_meanwhile_stays_with_its_holder(
    app: Flask, member: Browser, session: Session, lan: User
) -> None:
    move(member)
    path = link(app, session)
    make_user(session, Role.CUSTOMER, email=MOVED)
    session.commit()
    assert member.post(path).status_code == 409
    session.expire_all()
    assert lan.email == "lan@example.vn"


def test_the_link_is_sent_again_but_not_without_end(member: Browser, session: Session) -> None:
    for _ in range(10):
        assert member.post("/tai-khoan/gui-lai-xac-nhan").status_code == 303
    assert len(session.scalars(select(AccountToken)).all()) == 8


def test_staff_are_not_asked_to_confirm(visitor: Browser, session: Session) -> None:
    officer = make_user(session, Role.OFFICER)
    session.commit()
    assert "chưa được xác nhận" not in visitor.sign_in(officer).get("/tai-khoan").text


def test_other_devices_are_seen_and_signed_out(app: Flask, member: Browser, lan: User) -> None:
    assert "Đăng xuất mọi nơi khác" not in member.get("/tai-khoan").text
    other = Browser(app).sign_in(lan)
    page = member.get("/tai-khoan").text
    assert page.count("thiết bị này") == 1
    assert "Đăng xuất mọi nơi khác" in page
    assert member.post("/tai-khoan/phien/ket-thuc").status_code == 303
    assert other.get("/tai-khoan").status_code == 302
    assert member.get("/tai-khoan").status_code == 200


def test_consents_are_given_and_withdrawn_one_by_one(
    member: Browser, session: Session, lan: User
) -> None:
    assert "checked" not in member.get("/tai-khoan/dong-y").text
    member.post("/tai-khoan/dong-y", {"news": "y"})
    member.post("/tai-khoan/dong-y", {"news": "y", "personal_offers": "y"})
    member.post("/tai-khoan/dong-y", {"personal_offers": "y"})
    assert set(consents.given(session, lan.id)) == {ConsentPurpose.PERSONAL_OFFERS}
    rows = consents.history(session, lan.id)
    assert [(r.purpose.value, r.given_at is not None) for r in rows] == [
        ("news", True),
        ("personal_offers", True),
        ("news", False),
    ]
    assert {r.text_version for r in rows} == {consents.TEXT_VERSION}
    assert member.get("/tai-khoan/dong-y").text.count("rút lại lúc") == 1


def test_the_database_keeps_consents_as_they_were(session: Session, lan: User) -> None:
    consents.change(session, lan.id, {ConsentPurpose.NEWS}, now=NOW)
    row = session.scalars(select(Consent)).one()
    row.given_at, row.withdrawn_at = None, NOW
    with pytest.raises(DBAPIError, match="append-only"):
        session.flush()
    session.rollback()


@pytest.mark.parametrize("path", ["thong-tin", "email", "dong-y"])
def test_guests_sign_in_first(visitor: Browser, path: str) -> None:
    assert visitor.get(f"/tai-khoan/{path}").headers["Location"].startswith("/dang-nhap?next=")
    assert visitor.post(f"/tai-khoan/{path}").status_code == 401

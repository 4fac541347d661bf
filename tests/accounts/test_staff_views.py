"""People, rights and the trail, through the pages."""

from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.accounts import scopes
from app.accounts.access import place_scope, producer_scope
from app.accounts.models import Grant, Role, User
from app.accounts.passwords import verify
from builders import make_user
from support.browser import Browser

PAGES = ("/quan-ly/nguoi-dung", "/quan-ly/nguoi-dung/moi", "/quan-ly/nhat-ky")


@pytest.fixture
def officer(session: Session) -> User:
    """Someone with an office."""
    user = make_user(session, Role.OFFICER, email="officer@example.vn")
    session.commit()
    return user


@pytest.fixture
def desk(visitor: Browser, officer: User) -> Browser:
    """The officer's browser."""
    return visitor.sign_in(officer)


@pytest.fixture
def lan(session: Session) -> User:
    """Someone without rights."""
    user = make_user(session, name="Lan", email="lan@example.vn")
    session.commit()
    return user


def text(response: TestResponse) -> str:
    return response.get_data(as_text=True)


def person(user: User) -> str:
    return f"/quan-ly/nguoi-dung/{user.id}"


def give(desk: Browser, user: User, role: str, scope: str) -> TestResponse:
    return desk.post(f"{person(user)}/quyen?lang=en", {"role": role, "scope": scope})


def grants(session: Session, user: User) -> list[Grant]:
    query = select(Grant).filter_by(user_id=user.id).execution_options(populate_existing=True)
    return list(session.scalars(query))


@pytest.mark.parametrize("path", PAGES)
def test_the_pages_open_for_an_officer(desk: Browser, path: str) -> None:
    assert desk.get(path).status_code == 200


@pytest.mark.parametrize("path", PAGES)
def test_a_guest_is_asked_to_sign_in(visitor: Browser, path: str) -> None:
    assert visitor.get(path).headers["Location"] == f"/dang-nhap?next={path}"


@pytest.mark.parametrize("path", PAGES)
def test_others_are_kept_out(visitor: Browser, session: Session, path: str) -> None:
    cashier = make_user(session, Role.CASHIER)
    session.commit()
    assert visitor.sign_in(cashier).get(path).status_code == 403


@pytest.mark.parametrize("path", PAGES)
def test_an_office_in_one_place_does_not_reach_everyone(
    visitor: Browser, session: Session, path: str
) -> None:
    local = make_user(session, Role.OFFICER, place_scope(uuid4()))
    session.commit()
    assert visitor.sign_in(local).get(path).status_code == 403


def test_a_search_lists_who_matches(desk: Browser, lan: User) -> None:
    found = text(desk.get("/quan-ly/nguoi-dung?q=LAN@&lang=en"))
    assert person(lan) in found
    assert "officer@example.vn" not in found
    assert "No account matches" in text(desk.get("/quan-ly/nguoi-dung?q=zzz&lang=en"))


@pytest.mark.parametrize("path", ["/quan-ly/nguoi-dung?q=%00", "/quan-ly/nhat-ky?object_id=%00"])
def test_a_character_no_database_takes_is_ignored(desk: Browser, path: str) -> None:
    assert desk.get(path).status_code == 200


def test_an_account_is_opened_and_its_page_follows(desk: Browser, session: Session) -> None:
    form = {"name": " Đỗ  Hạnh ", "email": "hanh@example.vn", "password": "một câu dài dễ nhớ"}
    answer = desk.post("/quan-ly/nguoi-dung/moi", form)
    user = session.scalars(select(User).filter_by(email="hanh@example.vn")).one()
    assert answer.headers["Location"] == person(user)
    assert (user.name, user.phone, user.active) == ("Đỗ Hạnh", None, True)
    assert verify(user.password_hash, "một câu dài dễ nhớ")
    assert desk.follow(answer).status_code == 200


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"email": "lan@example.vn"}, "exists already"),
        ({"email": "no address"}, "is not complete"),
        ({"password": "short"}, "at least 10 characters"),
        ({"name": ""}, "Please fill this in."),
        ({"phone": "0912"}, "not a complete phone number"),
    ],
)
def test_a_refused_account_says_why_and_keeps_what_was_typed(
    desk: Browser, lan: User, change: dict[str, str], message: str
) -> None:
    form = {
        "name": "Hạnh",
        "email": "hanh@example.vn",
        "password": "một câu dài",
        "phone": "0912 345 678",
    }
    response = desk.post("/quan-ly/nguoi-dung/moi?lang=en", form | change)
    assert response.status_code == 422
    assert message in text(response)
    assert 'value="{}"'.format((form | change)["phone"]) in text(response)


def test_name_and_state_are_changed(app: Flask, desk: Browser, session: Session, lan: User) -> None:
    hers = Browser(app).sign_in(lan)
    assert desk.post(person(lan), {"name": "Lan Anh", "phone": "0912 345 678"}).status_code == 303
    session.refresh(lan)
    assert (lan.name, lan.phone, lan.active) == ("Lan Anh", "+84912345678", False)
    assert hers.get("/tai-khoan").status_code == 302


def test_an_empty_name_changes_nothing(desk: Browser, session: Session, lan: User) -> None:
    assert desk.post(person(lan), {"name": " ", "active": "y"}).status_code == 422
    session.refresh(lan)
    assert lan.name == "Lan"


def test_officers_cannot_lock_themselves_out(
    desk: Browser, session: Session, officer: User
) -> None:
    assert desk.post(person(officer), {"name": officer.name}).status_code == 409
    own = officer.grants[0]
    assert desk.post(f"{person(officer)}/quyen/{own.id}/ket-thuc").status_code == 409
    assert desk.get(person(officer)).status_code == 200


def test_an_unknown_account_is_not_found(desk: Browser) -> None:
    assert desk.get(f"/quan-ly/nguoi-dung/{uuid4()}").status_code == 404
    assert desk.get("/quan-ly/nguoi-dung/7").status_code == 404


def test_a_role_is_given_and_ended_at_once(
    app: Flask, desk: Browser, session: Session, lan: User
) -> None:
    hers = Browser(app).sign_in(lan)
    assert hers.get("/tai-khoan").status_code == 403
    assert give(desk, lan, "customer", "*").status_code == 303
    assert hers.get("/tai-khoan").status_code == 200
    given = grants(session, lan)[0]
    assert desk.post(f"{person(lan)}/quyen/{given.id}/ket-thuc").status_code == 303
    assert hers.get("/tai-khoan").status_code == 403
    assert "Ended" in text(desk.get(person(lan) + "?lang=en"))


@pytest.mark.parametrize(
    ("role", "scope"),
    [
        ("officer", place_scope(UUID(int=7))),
        ("producer", "*"),
        ("producer", place_scope(UUID(int=7))),
        ("cashier", producer_scope(UUID(int=7))),
        ("cashier", "place:7"),
        ("cashier", ""),
        ("king", "*"),
    ],
)
def test_a_role_needs_a_scope_that_suits_it(
    desk: Browser, session: Session, lan: User, role: str, scope: str
) -> None:
    assert give(desk, lan, role, scope).status_code == 422
    assert grants(session, lan) == []


def test_a_grant_of_someone_else_is_not_found_here(
    desk: Browser, session: Session, lan: User, officer: User
) -> None:
    other = make_user(session, Role.CASHIER)
    session.commit()
    path = f"{person(lan)}/quyen/{other.grants[0].id}/ket-thuc"
    assert desk.post(path).status_code == 404


def test_scopes_are_offered_and_shown_by_name(
    desk: Browser, lan: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = place_scope(uuid4())
    monkeypatch.setattr(scopes, "SCOPE_SOURCES", [lambda _s: [(shop, "Cửa hàng Phố Hiến")]])
    assert f'<option value="{shop}">Cửa hàng Phố Hiến</option>' in text(desk.get(person(lan)))
    give(desk, lan, "cashier", shop)
    assert "<td data-label" in text(desk.get(person(lan)))
    assert ">Cửa hàng Phố Hiến</td>" in text(desk.get(person(lan)))


def test_the_trail_shows_who_did_what_and_filters(desk: Browser, lan: User) -> None:
    give(desk, lan, "customer", "*")
    trail = "/quan-ly/nhat-ky?lang=en"
    assert "grant.give" in text(desk.get(f"{trail}&object_type=user&object_id={lan.id}"))
    assert "grant.give" in text(desk.get(f"{trail}&actor=officer@"))
    assert "No entry matches" in text(desk.get(f"{trail}&actor=lan@"))


def test_a_name_cannot_carry_markup(desk: Browser, session: Session, lan: User) -> None:
    lan.name = "<script>alert(1)</script>"
    session.commit()
    assert "<script>alert" not in text(desk.get(person(lan)))

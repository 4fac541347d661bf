"""Accounts and grants through their verbs."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import sign_in, users
from app.accounts.access import Permission, access_of
from app.accounts.models import AuditEntry, Role, User
from app.accounts.scopes import BadScope
from builders import BY_NOBODY, NOW, TODAY, make_user

YESTERDAY = TODAY - timedelta(days=1)


def actions(session: Session, user: User) -> list[str]:
    session.flush()
    entries = select(AuditEntry.action).filter_by(object_type="user", object_id=str(user.id))
    return list(session.scalars(entries.order_by(AuditEntry.id)))


def give(session: Session, user: User, role: Role = Role.CASHIER, day: date = TODAY) -> None:
    users.grant(session, user, role, "*", day=day, **BY_NOBODY)


def may_sell(user: User, day: date = TODAY) -> bool:
    return access_of(user.grants, day).anywhere(Permission.TILL_SELL)


def start(session: Session, user: User, seed: int) -> str:
    token = sign_in.start(
        session, user, lifetime=60, now=NOW, randomness=lambda n: bytes([seed] * n)
    )
    session.flush()
    return token


def test_an_address_is_kept_in_one_form(session: Session) -> None:
    assert make_user(session, email=" Lan.NGUYEN@Example.VN ").email == "lan.nguyen@example.vn"


def test_one_address_has_one_account(session: Session) -> None:
    make_user(session, email="lan@example.vn")
    with pytest.raises(users.EmailTaken):
        make_user(session, email="LAN@example.vn")


@pytest.mark.parametrize("email", ["", "lan", "lan@", "@example.vn", "lan@example"])
def test_an_impossible_address_is_refused(session: Session, email: str) -> None:
    with pytest.raises(users.BadEmail):
        make_user(session, email=email)


def test_people_are_found_by_a_part_of_name_address_or_phone(session: Session) -> None:
    found = make_user(session, name="Đỗ Thị Hạnh", email="hanh@example.vn", phone="0912 345 678")
    make_user(session, name="Người khác")
    for text in ("do thi", "ĐỖ", "hanh@", "345 678"):
        assert [u.id for u in users.search(session, text, 1).items] == [found.id]
    assert users.search(session, "100%", 1).total == 0


def test_a_search_is_cut_into_pages(session: Session) -> None:
    for _ in range(5):
        make_user(session, name="Cùng Tên")
    pages = [users.search(session, "cung ten", n, size=2) for n in (1, 2, 3, 4)]
    assert [len(page.items) for page in pages] == [2, 2, 1, 0]
    assert len({u.id for page in pages for u in page.items}) == 5
    assert {page.total for page in pages} == {5}


def test_a_new_name_is_found_and_the_old_one_is_in_the_trail(session: Session) -> None:
    user = make_user(session, name="Tên Cũ")
    users.revise(session, user, name="Tên Mới", phone=None, **BY_NOBODY)
    users.revise(session, user, name="Tên Mới", phone=None, **BY_NOBODY)
    session.flush()
    assert users.search(session, "ten moi", 1).total == 1
    assert actions(session, user) == ["user.create", "user.revise"]


def test_a_grant_in_force_is_not_given_twice(session: Session) -> None:
    user = make_user(session)
    give(session, user)
    give(session, user)
    assert len(user.grants) == 1
    assert actions(session, user) == ["user.create", "grant.give"]


def test_a_scope_must_be_one(session: Session) -> None:
    with pytest.raises(BadScope):
        users.grant(session, make_user(session), Role.CASHIER, "place:here", day=TODAY, **BY_NOBODY)


def test_a_grant_ended_yesterday_is_over_even_when_it_began_today(session: Session) -> None:
    user = make_user(session)
    give(session, user)
    users.end_grant(session, user.grants[0], last_day=YESTERDAY, **BY_NOBODY)
    assert not may_sell(user)


def test_a_role_can_be_given_again_on_the_day_it_ended(session: Session) -> None:
    user = make_user(session)
    give(session, user)
    users.end_grant(session, user.grants[0], last_day=YESTERDAY, **BY_NOBODY)
    give(session, user)
    session.flush()
    assert may_sell(user)
    assert actions(session, user)[1:] == ["grant.give", "grant.end", "grant.give"]


def test_history_keeps_an_older_period(session: Session) -> None:
    user = make_user(session)
    give(session, user, day=date(2026, 1, 1))
    users.end_grant(session, user.grants[0], last_day=date(2026, 6, 30), **BY_NOBODY)
    give(session, user)
    assert [may_sell(user, day) for day in (date(2026, 6, 30), date(2026, 7, 1), TODAY)] == [
        True,
        False,
        True,
    ]


def test_officers_cannot_end_their_own_office(session: Session) -> None:
    officer = make_user(session, Role.OFFICER)
    with pytest.raises(users.OwnAccount):
        users.end_grant(
            session, officer.grants[0], last_day=YESTERDAY, now=NOW, actor_id=officer.id
        )


def test_nobody_closes_the_own_account(session: Session) -> None:
    user = make_user(session)
    with pytest.raises(users.OwnAccount):
        users.set_active(session, user, False, now=NOW, actor_id=user.id)


def test_closing_an_account_signs_it_out_everywhere(session: Session) -> None:
    user = make_user(session)
    tokens = [start(session, user, seed) for seed in (1, 2)]
    users.set_active(session, user, False, **BY_NOBODY)
    session.flush()
    assert [sign_in.resume(session, token, NOW) for token in tokens] == [None, None]
    users.set_active(session, user, True, **BY_NOBODY)
    session.flush()
    assert sign_in.resume(session, tokens[0], NOW) is None


def test_a_new_password_keeps_only_the_browser_that_set_it(session: Session) -> None:
    user = make_user(session)
    here, there = start(session, user, 1), start(session, user, 2)
    users.set_password(session, user, "new hash", but_token=here, **BY_NOBODY)
    session.flush()
    assert sign_in.resume(session, here, NOW) is not None
    assert sign_in.resume(session, there, NOW) is None


def test_a_grant_is_found_only_under_its_own_account(session: Session) -> None:
    user = make_user(session, Role.CASHIER)
    assert users.get_grant(session, user.id, user.grants[0].id) is user.grants[0]
    with pytest.raises(users.UnknownGrant):
        users.get_grant(session, make_user(session).id, user.grants[0].id)

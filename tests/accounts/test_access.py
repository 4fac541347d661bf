"""What roles may do, where and when."""

from datetime import date
from uuid import UUID

import pytest

from app.accounts.access import NOBODY, Access, Permission, access_of, place_scope, producer_scope
from app.accounts.models import Grant, Role

DAY = date(2026, 11, 24)
SHOP, OTHER = UUID(int=1), UUID(int=2)


def held(role: Role, scope: str, start: date = DAY, end: date | None = None) -> Access:
    return access_of([Grant(role=role, scope=scope, valid_from=start, valid_to=end)], DAY)


def test_a_role_everywhere_holds_in_every_scope() -> None:
    access = held(Role.OFFICER, "*")
    assert access.may(Permission.USER_EDIT)
    assert access.may(Permission.STOCK_EDIT, place_scope(SHOP))
    assert access.keys(Permission.STOCK_EDIT, "place") is None


def test_a_role_in_one_place_holds_there_only() -> None:
    access = held(Role.POINT_MANAGER, place_scope(SHOP))
    assert access.may(Permission.STOCK_EDIT, place_scope(SHOP))
    assert not access.may(Permission.STOCK_EDIT, place_scope(OTHER))
    assert not access.may(Permission.STOCK_EDIT)
    assert access.anywhere(Permission.STOCK_EDIT)
    assert access.keys(Permission.STOCK_EDIT, "place") == {SHOP}


def test_a_producer_sees_its_own_things_and_no_stock() -> None:
    access = held(Role.PRODUCER, producer_scope(SHOP))
    assert access.keys(Permission.LOT_EDIT, "producer") == {SHOP}
    assert access.keys(Permission.LOT_EDIT, "place") == frozenset()
    assert not access.anywhere(Permission.STOCK_VIEW)


def test_an_officer_does_not_sell() -> None:
    assert not held(Role.OFFICER, "*").anywhere(Permission.TILL_SELL)


@pytest.mark.parametrize(
    ("start", "end", "in_force"),
    [
        (DAY, None, True),
        (date(2026, 11, 25), None, False),
        (date(2026, 1, 1), DAY, True),
        (date(2026, 1, 1), date(2026, 11, 23), False),
        (DAY, date(2026, 11, 23), False),
    ],
)
def test_a_grant_holds_from_its_first_to_its_last_day(
    start: date, end: date | None, in_force: bool
) -> None:
    assert held(Role.CASHIER, "*", start, end).anywhere(Permission.TILL_SELL) is in_force


def test_nobody_may_nothing() -> None:
    assert not any(NOBODY.anywhere(permission) for permission in Permission)

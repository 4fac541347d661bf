"""Units kept back for the counter: who may say how many, and what online orders then find."""

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.access import place_scope
from app.accounts.models import AuditEntry, Role
from builders import BY_NOBODY, TODAY, make_depot, make_offered, make_place, make_user, stock_up
from pos.stock import availability, keeping_back
from pos.stock.models import Place
from support.browser import Browser


@pytest.fixture
def depot(session: Session) -> Place:
    return make_depot(session)


def path(place: Place) -> str:
    return f"/quan-ly/kho/noi/{place.id}/giu-lai"


def test_online_orders_find_only_what_is_above_it(session: Session, depot: Place) -> None:
    sku = make_offered(session)
    stock_up(session, depot, sku, 5)
    keeping_back.keep_back(session, depot, 3, **BY_NOBODY)
    (stock,) = availability.by_place(session, [sku.id], TODAY)[sku.id]
    assert stock.available == 2


@pytest.mark.parametrize("units", [-1, keeping_back.MOST + 1])
def test_what_makes_no_sense_is_refused(session: Session, depot: Place, units: int) -> None:
    with pytest.raises(keeping_back.BadKeptBack):
        keeping_back.keep_back(session, depot, units, **BY_NOBODY)
    assert depot.kept_back == 0


def test_the_keeper_of_the_place_changes_it_and_the_audit_says_so(
    session: Session, app: Flask, depot: Place
) -> None:
    user = make_user(session, Role.STOCK_KEEPER, place_scope(depot.id))
    session.commit()
    keeper = Browser(app).sign_in(user)
    assert 'name="units" value="0"' in keeper.get(f"/quan-ly/kho/noi/{depot.id}").text
    assert keeper.post(path(depot), {"units": "4"}).status_code == 303
    assert 'name="units" value="4"' in keeper.get(f"/quan-ly/kho/noi/{depot.id}").text
    told = session.scalars(select(AuditEntry).filter_by(action="place.keep_back")).one()
    assert told.detail == {"before": {"kept_back": 0}, "after": {"kept_back": 4}}
    assert told.actor_id == user.id
    keeper.post(path(depot), {"units": "4"})
    session.expire_all()
    assert len(session.scalars(select(AuditEntry).filter_by(action="place.keep_back")).all()) == 1


@pytest.mark.parametrize("sent", ["", "-1", "²", "9" * 40, "3.5", "many"])
def test_nonsense_changes_nothing_and_is_told(
    session: Session, app: Flask, depot: Place, sent: str
) -> None:
    user = make_user(session, Role.STOCK_KEEPER, place_scope(depot.id))
    session.commit()
    keeper = Browser(app).sign_in(user)
    page = keeper.follow(keeper.post(path(depot), {"units": sent})).text
    assert "Nhập một số nguyên từ 0 đến 9999" in page
    assert 'name="units" value="0"' in page


def test_others_may_look_at_most(session: Session, app: Flask, depot: Place) -> None:
    other = make_user(session, Role.STOCK_KEEPER, place_scope(make_place(session).id))
    cashier = make_user(session, Role.CASHIER, place_scope(depot.id))
    session.commit()
    for user in (other, cashier):
        assert Browser(app).sign_in(user).post(path(depot), {"units": "4"}).status_code == 403
    page = Browser(app).sign_in(cashier).get(f"/quan-ly/kho/noi/{depot.id}").text
    assert "Giữ lại cho quầy" in page
    assert 'name="units"' not in page

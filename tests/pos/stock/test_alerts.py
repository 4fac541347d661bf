"""Articles that run short: opened once, told once, closed when there is more."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.access import place_scope
from app.accounts.models import Role
from app.core.outbox import OutboxJob
from builders import (
    BY_NOBODY,
    NOW,
    TODAY,
    act,
    make_depot,
    make_offered,
    make_order,
    make_place,
    make_user,
    stock_up,
    take_at_counter,
)
from catalog import products
from catalog.models import Sku
from pos.stock import alerts, goods
from pos.stock.models import Place, PlaceKind, StockAlert
from support.browser import Browser
from support.post import Post


@pytest.fixture
def shop(session: Session) -> Place:
    return make_place(session, name="Điểm bán Phố Hiến")


@pytest.fixture
def sku(session: Session) -> Sku:
    offered = make_offered(session, name_vi="Mật ong nhãn")
    products.set_low_stock(session, offered, 5, **BY_NOBODY)
    return offered


def sweep(session: Session) -> int:
    return alerts.sweep(session, day=TODAY, now=NOW)


def rows(session: Session) -> list[StockAlert]:
    return list(session.scalars(select(StockAlert).order_by(StockAlert.raised_at)))


def mails(session: Session) -> list[OutboxJob]:
    return list(session.scalars(select(OutboxJob).filter_by(name=alerts.MAIL)))


@pytest.mark.parametrize(("units", "opened"), [(6, 0), (5, 1), (4, 1)])
def test_an_alert_opens_at_the_threshold(
    session: Session, shop: Place, sku: Sku, units: int, opened: int
) -> None:
    stock_up(session, shop, sku, units)
    assert sweep(session) == opened
    assert [(a.place, a.sku, a.left, a.threshold) for a in rows(session)] == [
        (shop, sku, units, 5)
    ] * opened


def test_sweeping_again_opens_and_tells_nothing_twice(
    session: Session, shop: Place, sku: Sku
) -> None:
    make_user(session, Role.OFFICER)
    stock_up(session, shop, sku, 3)
    assert [sweep(session), sweep(session)] == [1, 0]
    assert (len(rows(session)), len(mails(session))) == (1, 1)


def test_an_alert_closes_when_goods_arrive_and_opens_anew_later(
    session: Session, shop: Place, sku: Sku
) -> None:
    stock_up(session, shop, sku, 3)
    sweep(session)
    stock_up(session, shop, sku, 10)
    assert sweep(session) == 0
    assert [a.cleared_at for a in rows(session)] == [NOW]
    take_at_counter(session, shop, sku, 9)
    assert sweep(session) == 1
    assert sorted(a.cleared_at is None for a in rows(session)) == [False, True]


def test_what_is_promised_or_may_not_be_sold_does_not_count(session: Session, sku: Sku) -> None:
    depot = make_depot(session)
    stock_up(session, depot, sku, 8)
    stock_up(session, depot, sku, 50, expires_on=TODAY - timedelta(days=1))
    assert sweep(session) == 0
    make_order(session, sku, 3, source=depot)
    assert sweep(session) == 1
    assert rows(session)[0].left == 5


def test_all_gone_is_short_too(session: Session, shop: Place, sku: Sku) -> None:
    lot = stock_up(session, shop, sku, 9)
    goods.write_off(session, shop, lot, 9, "vỡ", act())
    assert sweep(session) == 1
    assert rows(session)[0].left == 0


def test_only_shops_and_depots_that_carry_the_article_are_watched(
    session: Session, shop: Place, sku: Sku
) -> None:
    stock_up(session, make_place(session, PlaceKind.VEHICLE), sku, 1)
    assert sweep(session) == 0


def test_an_alert_ends_when_nobody_wants_it_any_more(
    session: Session, shop: Place, sku: Sku
) -> None:
    stock_up(session, shop, sku, 1)
    sweep(session)
    products.set_low_stock(session, sku, None, **BY_NOBODY)
    sweep(session)
    assert rows(session)[0].cleared_at == NOW


def test_the_keepers_of_the_place_are_told_and_officers_only_without_any(
    session: Session, shop: Place
) -> None:
    officer = make_user(session, Role.OFFICER)
    make_user(session, Role.POINT_MANAGER, place_scope(make_place(session).id))
    assert alerts.responsible(session, shop.id, TODAY) == [officer.email]
    keeper = make_user(session, Role.STOCK_KEEPER, place_scope(shop.id))
    make_user(session, Role.CASHIER, place_scope(shop.id))
    assert alerts.responsible(session, shop.id, TODAY) == [keeper.email]


def test_one_message_lists_all_that_is_new_at_a_place(
    app: Flask, session: Session, shop: Place, sku: Sku
) -> None:
    keeper = make_user(session, Role.POINT_MANAGER, place_scope(shop.id))
    other = make_offered(session, name_vi="Trà sen")
    products.set_low_stock(session, other, 1, **BY_NOBODY)
    stock_up(session, shop, sku, 2)
    stock_up(session, shop, other, 1)
    assert sweep(session) == 2
    session.commit()
    (message,) = Post(app).fetch()
    assert message["To"] == keeper.email
    assert message["Subject"] == "Điểm bán Phố Hiến: 2 mặt hàng sắp hết"
    assert "Mật ong nhãn" in message.get_content()
    assert "Trà sen" in message.get_content()
    assert "http://localhost/quan-ly/kho/sap-het" in message.get_content()


def test_the_page_says_how_much_is_left_and_who_has_more(
    session: Session, visitor: Browser, shop: Place, sku: Sku
) -> None:
    stock_up(session, shop, sku, 2)
    stock_up(session, make_place(session, name="Điểm bán Văn Giang"), sku, 41)
    sweep(session)
    make = make_user(session, Role.STOCK_KEEPER, place_scope(shop.id))
    session.commit()
    page = visitor.sign_in(make).get("/quan-ly/kho/sap-het").text
    assert "Mật ong nhãn" in page
    assert "Điểm bán Văn Giang" in page
    assert ">41<" in page
    foreign = make_user(session, Role.STOCK_KEEPER, place_scope(make_place(session).id))
    session.commit()
    assert "Mật ong nhãn" not in visitor.sign_in(foreign).get("/quan-ly/kho/sap-het").text


def test_staff_set_the_threshold_of_an_article(
    session: Session, visitor: Browser, sku: Sku
) -> None:
    officer = make_user(session, Role.OFFICER)
    session.commit()
    visitor.sign_in(officer)
    address = f"/quan-ly/quy-cach/{sku.id}/muc-bao"
    assert visitor.post(address, {"low_stock": "12"}).status_code == 303
    session.expire_all()
    assert sku.low_stock == 12
    visitor.post(address, {"low_stock": "nhiều"})
    session.expire_all()
    assert sku.low_stock == 12
    visitor.post(address, {"low_stock": ""})
    session.expire_all()
    assert sku.low_stock is None

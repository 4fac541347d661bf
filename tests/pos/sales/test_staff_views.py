"""The order desk."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.access import place_scope
from app.accounts.models import Role
from builders import (
    make_depot,
    make_offered,
    make_order,
    make_place,
    make_user,
    stock_up,
    take_at_counter,
)
from catalog.models import Sku
from pos.counter.posting import SaleLine
from pos.sales import orders
from pos.sales.models import Order
from pos.sales.status import OrderStatus
from pos.stock.models import Place
from support import way
from support.browser import Browser
from support.counter import make_counter

DESK = "/quan-ly/don-hang"


@pytest.fixture
def sku(session: Session) -> Sku:
    return make_offered(session, name_vi="Trà sen")


@pytest.fixture
def depot(session: Session, sku: Sku) -> Place:
    place = make_depot(session)
    stock_up(session, place, sku, 9)
    return place


@pytest.fixture
def order(session: Session, sku: Sku, depot: Place) -> Order:
    placed = make_order(session, sku, 2, source=depot)
    session.commit()
    return placed


@pytest.fixture
def keeper(session: Session, visitor: Browser, depot: Place) -> Browser:
    user = make_user(session, Role.STOCK_KEEPER, place_scope(depot.id))
    session.commit()
    return visitor.sign_in(user)


def status(session: Session, order: Order) -> OrderStatus:
    session.expire_all()
    return orders.get(session, order.id).status


def test_waiting_orders_are_listed_in_their_queue(keeper: Browser, order: Order) -> None:
    assert order.number in keeper.get(f"{DESK}/").text
    assert order.number not in keeper.get(f"{DESK}/?queue=to_pack").text


@pytest.mark.parametrize("part", ["PH-26", "nguyễn thị", "912345678"])
def test_orders_are_found_by_number_name_or_phone(keeper: Browser, order: Order, part: str) -> None:
    assert order.number in keeper.get(f"{DESK}/", query_string={"q": part}).text


@pytest.mark.parametrize("part", ["%", "_", "\\", "Trần"])
def test_what_fits_no_order_finds_none(keeper: Browser, order: Order, part: str) -> None:
    assert order.number not in keeper.get(f"{DESK}/", query_string={"q": part}).text


@pytest.mark.parametrize("query", ["q=%00", "queue=x&page=-1", "page=1000000000"])
def test_nonsense_in_the_address_is_no_error(keeper: Browser, order: Order, query: str) -> None:
    assert keeper.get(f"{DESK}/?{query}").status_code == 200


def test_an_order_is_brought_to_its_end(session: Session, keeper: Browser, order: Order) -> None:
    for step in ("accept", "pack"):
        page = keeper.follow(keeper.post(f"{DESK}/{order.id}/{step}"))
        assert "Đã xong. Đơn hàng đã được cập nhật." in page.text
    assert f"/quan-ly/giao-hang/don/{order.id}" in page.text
    way.delivered(keeper, order.id)
    page = keeper.follow(keeper.post(f"{DESK}/{order.id}/complete"))
    assert "Đã xong. Đơn hàng đã được cập nhật." in page.text
    assert status(session, order) is OrderStatus.COMPLETED


def test_the_page_shows_what_is_set_aside_and_then_what_was_picked(
    keeper: Browser, order: Order
) -> None:
    assert "đang giữ" in keeper.get(f"{DESK}/{order.id}").text
    keeper.post(f"{DESK}/{order.id}/accept")
    page = keeper.follow(keeper.post(f"{DESK}/{order.id}/pack")).text
    assert "đang giữ" not in page
    assert "× 2" in page


def test_a_refusal_needs_a_reason_and_keeps_what_was_typed(
    session: Session, keeper: Browser, order: Order
) -> None:
    assert keeper.post(f"{DESK}/{order.id}/refuse", {"reason": "  "}).status_code == 422
    too_long = "Hàng về muộn. " * 20
    response = keeper.post(f"{DESK}/{order.id}/refuse", {"reason": too_long})
    assert response.status_code == 422
    assert too_long.strip() in response.text
    assert status(session, order) is OrderStatus.PLACED


def test_the_reason_of_a_refusal_is_shown(keeper: Browser, order: Order) -> None:
    page = keeper.follow(keeper.post(f"{DESK}/{order.id}/refuse", {"reason": "Hết mùa"}))
    assert "Hết mùa" in page.text


def test_a_step_out_of_turn_is_a_conflict(session: Session, keeper: Browser, order: Order) -> None:
    assert keeper.post(f"{DESK}/{order.id}/complete").status_code == 409
    assert status(session, order) is OrderStatus.PLACED


def test_orders_of_another_place_are_closed(
    session: Session, visitor: Browser, order: Order
) -> None:
    other = make_user(session, Role.STOCK_KEEPER, place_scope(make_place(session).id))
    session.commit()
    stranger = visitor.sign_in(other)
    assert order.number not in stranger.get(f"{DESK}/").text
    assert stranger.get(f"{DESK}/{order.id}").status_code == 403
    assert stranger.post(f"{DESK}/{order.id}/accept").status_code == 403
    assert status(session, order) is OrderStatus.PLACED


def test_steps_and_orders_that_do_not_exist_are_not_found(keeper: Browser, order: Order) -> None:
    unknown = "01920000-0000-7000-8000-000000000000"
    assert keeper.get(f"{DESK}/{unknown}").status_code == 404
    assert keeper.post(f"{DESK}/{unknown}/accept").status_code == 404
    assert keeper.post(f"{DESK}/{order.id}/explode").status_code == 404


def test_counter_sales_stand_in_a_list_of_their_own(session: Session, visitor: Browser) -> None:
    counter, sku = make_counter(session), make_offered(session)
    lot = stock_up(session, counter.shop, sku, 5)
    counter.sell(session, SaleLine(sku.id, 1, 125_000, lot.id, ()))
    officer = make_user(session, Role.OFFICER)
    session.commit()
    browser = visitor.sign_in(officer)
    sale = session.scalars(select(Order)).one()
    assert sale.number not in browser.get(f"{DESK}/").text
    assert sale.number in browser.get(f"{DESK}/?queue=counter").text
    assert sale.number in browser.get(f"{DESK}/{sale.id}").text


def test_a_broken_promise_is_shown(
    session: Session, keeper: Browser, order: Order, sku: Sku, depot: Place
) -> None:
    assert "Không còn hàng đã giữ" not in keeper.get(f"{DESK}/{order.id}").text
    take_at_counter(session, depot, sku, 8)
    session.commit()
    assert "Không còn hàng đã giữ" in keeper.get(f"{DESK}/{order.id}").text

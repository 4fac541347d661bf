"""The stock pages."""

from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.access import place_scope
from app.accounts.models import Role
from builders import (
    make_depot,
    make_lot,
    make_offered,
    make_order,
    make_place,
    make_product,
    make_sku,
    make_user,
    stock_up,
)
from catalog.models import Sku
from pos.stock import places
from pos.stock.models import Balance, Movement, MovementKind, Place, PlaceKind
from pos.stock.verify import problems
from support.browser import Browser
from traceability.models import Lot

STOCK = "/quan-ly/kho"
UNKNOWN = "01920000-0000-7000-8000-000000000000"


@pytest.fixture
def shop(session: Session) -> Place:
    return make_place(session)


@pytest.fixture
def elsewhere(session: Session) -> Place:
    return make_place(session)


@pytest.fixture
def sku(session: Session) -> Sku:
    return make_sku(session, make_product(session, name_vi="Mật ong"))


@pytest.fixture
def lot(session: Session, shop: Place, sku: Sku) -> Lot:
    """Ten units at the shop."""
    return stock_up(session, shop, sku, 10)


@pytest.fixture
def keeper(session: Session, visitor: Browser, shop: Place) -> Browser:
    user = make_user(session, Role.STOCK_KEEPER, place_scope(shop.id))
    session.commit()
    return visitor.sign_in(user)


def on_hand(session: Session, place: Place, lot: Lot) -> int:
    balance = session.get(Balance, (place.id, lot.id), populate_existing=True)
    return balance.on_hand if balance else 0


def last_movement(session: Session) -> Movement:
    return session.scalars(select(Movement).order_by(Movement.id.desc()).limit(1)).one()


def lot_page(place: Place, lot: Lot, rest: str = "") -> str:
    return f"{STOCK}/noi/{place.id}/lo/{lot.id}{rest}"


def arrival(place: Place, quantity: Any = 5, key: str = "k1") -> dict[str, Any]:
    return {"place": place.id, "quantity": quantity, "key": key}


def test_a_keeper_sees_the_own_places(keeper: Browser, shop: Place, elsewhere: Place) -> None:
    page = keeper.get(f"{STOCK}/").text
    assert shop.name in page
    assert elsewhere.name not in page


def test_a_place_shows_its_lots(keeper: Browser, shop: Place, lot: Lot) -> None:
    assert lot.code in keeper.get(f"{STOCK}/noi/{shop.id}").text
    assert lot.code in keeper.get(f"{STOCK}/noi/{shop.id}?q=mat+ong").text
    assert lot.code not in keeper.get(f"{STOCK}/noi/{shop.id}?q=sen").text


@pytest.mark.parametrize("query", ["q=%00", "page=-1", "page=1000000000", "kind=x&lot=y", "q=%25"])
def test_nonsense_in_the_address_is_no_error(
    keeper: Browser, shop: Place, lot: Lot, query: str
) -> None:
    for path in ("/", f"/noi/{shop.id}", "/nhap", "/bien-dong"):
        assert keeper.get(f"{STOCK}{path}?{query}").status_code == 200


def test_a_form_sent_twice_books_once(
    session: Session, keeper: Browser, shop: Place, sku: Sku
) -> None:
    lot = make_lot(session, sku)
    session.commit()
    path = f"{STOCK}/nhap/{lot.id}"
    assert lot.code in keeper.get(path).text
    for _ in range(2):
        assert keeper.post(path, arrival(shop)).status_code == 303
    assert on_hand(session, shop, lot) == 5


def test_the_same_form_with_other_content_is_a_conflict(
    session: Session, keeper: Browser, shop: Place, lot: Lot
) -> None:
    path = f"{STOCK}/nhap/{lot.id}"
    keeper.post(path, arrival(shop))
    assert keeper.post(path, arrival(shop, 6)).status_code == 409
    assert on_hand(session, shop, lot) == 15


@pytest.mark.parametrize("quantity", ["0", "-3", "", "ba", "1.5", "9" * 30, "9" * 5000])
def test_an_impossible_quantity_is_refused(
    session: Session, keeper: Browser, shop: Place, lot: Lot, quantity: str
) -> None:
    response = keeper.post(f"{STOCK}/nhap/{lot.id}", arrival(shop, quantity))
    assert response.status_code == 422
    assert on_hand(session, shop, lot) == 10


def test_goods_are_received_at_the_own_places_only(
    session: Session, keeper: Browser, shop: Place, elsewhere: Place, lot: Lot
) -> None:
    assert keeper.post(f"{STOCK}/nhap/{lot.id}", arrival(elsewhere)).status_code == 422
    assert on_hand(session, elsewhere, lot) == 0


def test_a_lot_that_is_not_released_is_not_received(
    session: Session, keeper: Browser, shop: Place, sku: Sku
) -> None:
    draft = make_lot(session, sku, release=False)
    session.commit()
    response = keeper.post(f"{STOCK}/nhap/{draft.id}", arrival(shop))
    assert response.status_code == 409
    assert "chưa xuất xưởng" in response.text
    assert 'value="5"' in response.text


def test_goods_are_moved_to_another_place(
    session: Session, keeper: Browser, shop: Place, elsewhere: Place, lot: Lot
) -> None:
    assert elsewhere.name in keeper.get(lot_page(shop, lot)).text
    form = {"target": elsewhere.id, "quantity": 4, "key": "k"}
    for _ in range(2):
        keeper.post(lot_page(shop, lot, "/chuyen"), form)
    assert (on_hand(session, shop, lot), on_hand(session, elsewhere, lot)) == (6, 4)


def test_more_than_is_free_cannot_be_moved(session: Session, visitor: Browser) -> None:
    sku, depot, target = make_offered(session), make_depot(session), make_place(session)
    lot = stock_up(session, depot, sku, 10)
    make_order(session, sku, 8, source=depot)
    user = make_user(session, Role.STOCK_KEEPER, place_scope(depot.id))
    session.commit()
    form = {"target": target.id, "quantity": 3, "key": "k"}
    response = visitor.sign_in(user).post(lot_page(depot, lot, "/chuyen"), form)
    assert response.status_code == 409
    assert "Không đủ hàng." in response.text
    assert 'value="3"' in response.text
    assert on_hand(session, depot, lot) == 10


def test_goods_cannot_be_moved_to_where_they_are(keeper: Browser, shop: Place, lot: Lot) -> None:
    form = {"target": shop.id, "quantity": 3, "key": "k"}
    assert keeper.post(lot_page(shop, lot, "/chuyen"), form).status_code == 422


def test_goods_are_written_off_with_a_reason(
    session: Session, keeper: Browser, shop: Place, lot: Lot
) -> None:
    path = lot_page(shop, lot, "/xuat-huy")
    refused = keeper.post(path, {"quantity": 2, "reason": " ", "key": "k"})
    assert (refused.status_code, on_hand(session, shop, lot)) == (422, 10)
    keeper.post(path, {"quantity": 2, "reason": "vỡ chai", "key": "k"})
    assert on_hand(session, shop, lot) == 8
    assert last_movement(session).reason == "vỡ chai"


def test_more_than_is_there_cannot_be_written_off(
    session: Session, keeper: Browser, shop: Place, lot: Lot
) -> None:
    form = {"quantity": 11, "reason": "mất trộm", "key": "k"}
    response = keeper.post(lot_page(shop, lot, "/xuat-huy"), form)
    assert response.status_code == 409
    assert "mất trộm" in response.text
    assert on_hand(session, shop, lot) == 10


def test_a_movement_is_reversed_once(
    session: Session, keeper: Browser, shop: Place, lot: Lot
) -> None:
    path = f"{STOCK}/bien-dong/{last_movement(session).id}/dao"
    assert keeper.get(path).status_code == 200
    assert keeper.post(path, {"reason": "", "key": "a"}).status_code == 422
    page = keeper.follow(keeper.post(path, {"reason": "đếm nhầm", "key": "b"}))
    assert "Đã đảo biến động." in page.text
    assert on_hand(session, shop, lot) == 0
    again = keeper.post(path, {"reason": "đếm nhầm", "key": "c"})
    assert (again.status_code, on_hand(session, shop, lot)) == (409, 0)
    assert problems(session) == []


def test_goods_that_have_gone_on_cannot_be_reversed(
    session: Session, keeper: Browser, shop: Place, lot: Lot
) -> None:
    receipt = last_movement(session).id
    form = {"quantity": 2, "reason": "vỡ", "key": "k"}
    keeper.post(lot_page(shop, lot, "/xuat-huy"), form)
    path = f"{STOCK}/bien-dong/{receipt}/dao"
    assert keeper.post(path, {"reason": "nhầm", "key": "z"}).status_code == 409


@pytest.mark.parametrize("kind", [kind.value for kind in MovementKind])
def test_movements_are_listed_by_kind(keeper: Browser, lot: Lot, kind: str) -> None:
    page = keeper.get(f"{STOCK}/bien-dong?kind={kind}&lot={lot.id}").text
    assert (lot.code in page) is (kind == "receive")


def test_another_place_is_closed(
    session: Session, visitor: Browser, shop: Place, elsewhere: Place, lot: Lot
) -> None:
    user = make_user(session, Role.STOCK_KEEPER, place_scope(elsewhere.id))
    session.commit()
    stranger = visitor.sign_in(user)
    receipt = last_movement(session).id
    before = session.scalar(select(func.count(Movement.id)))
    transfer = {"target": elsewhere.id, "quantity": 1, "key": "k"}
    waste = {"quantity": 1, "reason": "x", "key": "k"}
    answers = [
        stranger.get(f"{STOCK}/noi/{shop.id}"),
        stranger.get(lot_page(shop, lot)),
        stranger.post(lot_page(shop, lot, "/chuyen"), transfer),
        stranger.post(lot_page(shop, lot, "/xuat-huy"), waste),
        stranger.get(f"{STOCK}/bien-dong/{receipt}/dao"),
        stranger.post(f"{STOCK}/bien-dong/{receipt}/dao", {"reason": "x", "key": "k"}),
    ]
    assert {answer.status_code for answer in answers} == {403}
    assert session.scalar(select(func.count(Movement.id))) == before


def test_a_cashier_looks_but_does_not_change(
    session: Session, visitor: Browser, shop: Place, lot: Lot
) -> None:
    user = make_user(session, Role.CASHIER, place_scope(shop.id))
    session.commit()
    cashier = visitor.sign_in(user)
    assert lot.code in cashier.get(f"{STOCK}/noi/{shop.id}").text
    assert cashier.get(lot_page(shop, lot)).status_code == 403
    assert cashier.get(f"{STOCK}/nhap").status_code == 403
    assert lot.code in cashier.get(f"{STOCK}/bien-dong").text


def test_what_does_not_exist_is_not_found(
    session: Session, keeper: Browser, shop: Place, sku: Sku
) -> None:
    not_here = make_lot(session, sku)
    unexplained = places.suspense_of(session, shop.id)
    producers = places.virtual(session, PlaceKind.PRODUCER)
    session.commit()
    for path in (
        f"/noi/{UNKNOWN}",
        f"/noi/{unexplained.id}",
        f"/noi/{producers.id}",
        f"/noi/{shop.id}/lo/{not_here.id}",
        f"/noi/{shop.id}/lo/{UNKNOWN}",
        f"/nhap/{UNKNOWN}",
        "/bien-dong/0/dao",
        f"/bien-dong/{10**40}/dao",
    ):
        assert keeper.get(STOCK + path).status_code == 404, path

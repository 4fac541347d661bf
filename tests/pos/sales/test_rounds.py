"""A round of the order desk: many orders, one walk, slips and messages."""

from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from app.accounts.access import place_scope
from app.accounts.models import Role
from builders import (
    BY_NOBODY,
    NOW,
    make_depot,
    make_offered,
    make_order,
    make_user,
    stock_up,
    take_at_counter,
)
from catalog.models import Sku
from pos.sales import bulk, orders, picking
from pos.sales.models import Order
from pos.sales.status import OrderStatus
from pos.stock import bins
from pos.stock.models import Place
from support.browser import Browser

DESK = "/quan-ly/don-hang"


@pytest.fixture
def depot(session: Session) -> Place:
    return make_depot(session)


@pytest.fixture
def tea(session: Session, depot: Place) -> Sku:
    sku = make_offered(session, name_vi="Trà sen")
    stock_up(session, depot, sku, 20, code="L-TRA")
    return sku


@pytest.fixture
def honey(session: Session, depot: Place) -> Sku:
    sku = make_offered(session, name_vi="Mật ong")
    stock_up(session, depot, sku, 20, code="L-ONG")
    return sku


@pytest.fixture
def placed(session: Session, depot: Place, tea: Sku, honey: Sku) -> list[Order]:
    made = [make_order(session, sku, 2, source=depot) for sku in (tea, honey, tea)]
    session.commit()
    return made


@pytest.fixture
def keeper(session: Session, visitor: Browser, depot: Place) -> Browser:
    user = make_user(session, Role.STOCK_KEEPER, place_scope(depot.id))
    session.commit()
    return visitor.sign_in(user)


def test_one_walk_serves_all_orders_shelf_by_shelf(
    session: Session, depot: Place, tea: Sku, honey: Sku, placed: list[Order]
) -> None:
    bins.set_bin(session, depot.id, tea.id, "Kệ 1")
    bins.set_bin(session, depot.id, honey.id, "Kệ 2")
    first, second = picking.walk(session, placed)
    assert (first.bin, first.lot.code, first.quantity) == ("Kệ 1", "L-TRA", 4)
    assert [number for number, _units in first.orders] == sorted(
        (placed[0].number, placed[2].number)
    )
    assert (second.bin, second.lot.code, second.quantity) == ("Kệ 2", "L-ONG", 2)


def test_what_has_no_shelf_comes_last(
    session: Session, depot: Place, tea: Sku, placed: list[Order]
) -> None:
    bins.set_bin(session, depot.id, tea.id, "Kệ 9")
    assert [row.bin for row in picking.walk(session, placed)] == ["Kệ 9", None]


def test_a_shelf_is_named_renamed_and_forgotten(session: Session, depot: Place, tea: Sku) -> None:
    for text, known in (("  Kệ  1 ", "Kệ 1"), ("Kệ 2", "Kệ 2"), ("", None), ("", None)):
        bins.set_bin(session, depot.id, tea.id, text)
        assert bins.of(session, depot.id, [tea.id]).get(tea.id) == known
    with pytest.raises(bins.BadBin):
        bins.set_bin(session, depot.id, tea.id, "x" * 41)


def test_one_refused_order_does_not_stop_the_others(
    session: Session, depot: Place, tea: Sku, placed: list[Order]
) -> None:
    for order in placed:
        orders.accept(session, order, **BY_NOBODY)
    take_at_counter(session, depot, tea, 17)
    ids = [order.id for order in placed]
    values = {"key": str(uuid4()), "now": NOW, "actor_id": None}
    rows = bulk.run(session, "pack", ids, **values)
    refused = [row["number"] for row in rows if row["refusal"]]
    assert len(refused) == 1
    states = {order.number: orders.get(session, order.id).status for order in placed}
    assert states.pop(refused[0]) is OrderStatus.ACCEPTED
    assert set(states.values()) == {OrderStatus.PACKED}
    assert bulk.run(session, "pack", ids, **values) == rows


@pytest.mark.parametrize("act", ["cancel", "", "fetch"])
def test_only_harmless_steps_are_done_in_bulk(
    session: Session, placed: list[Order], act: str
) -> None:
    with pytest.raises(bulk.BadBulk):
        bulk.run(session, act, [placed[0].id], key="k", now=NOW, actor_id=None)


def test_a_keeper_accepts_many_and_fetches_for_them(
    session: Session, keeper: Browser, tea: Sku, depot: Place, placed: list[Order]
) -> None:
    chosen = [str(order.id) for order in placed]
    assert keeper.get(f"{DESK}/?all=1").text.count(" checked") == 3
    form = {"order": chosen, "act": "accept", "key": str(uuid4())}
    page = keeper.follow(keeper.post(f"{DESK}/hang-loat", form)).text
    assert "3 đơn đã xong" in page
    walk = keeper.follow(keeper.post(f"{DESK}/hang-loat", form | {"act": "fetch"})).text
    assert "L-TRA" in walk
    shelf = f"{DESK}/phieu-nhat/ke/{depot.id}/{tea.id}"
    assert "Kệ 7" in keeper.follow(keeper.post(shelf, {"bin": "Kệ 7", "order": chosen})).text


def test_orders_of_other_places_are_out_of_reach(
    session: Session, visitor: Browser, placed: list[Order]
) -> None:
    stranger = make_user(session, Role.STOCK_KEEPER, place_scope(make_depot(session).id))
    session.commit()
    visitor.sign_in(stranger)
    order = placed[0]
    form = {"order": [str(order.id)], "act": "accept", "key": "k"}
    assert visitor.post(f"{DESK}/hang-loat", form).status_code == 403
    for path in ("phieu", "thu", "thu/packed", "dong-goi"):
        assert visitor.get(f"{DESK}/{order.id}/{path}").status_code == 403, path
    assert visitor.get(f"{DESK}/phieu-nhat?order={order.id}").status_code == 403


def test_a_slip_names_goods_lots_and_the_order(
    session: Session, keeper: Browser, placed: list[Order]
) -> None:
    orders.accept(session, placed[0], **BY_NOBODY)
    session.commit()
    keeper.post(f"{DESK}/{placed[0].id}/pack")
    slip = keeper.get(f"{DESK}/{placed[0].id}/phieu").text
    for text in (placed[0].number, "L-TRA", "Trà sen", "<svg"):
        assert text in slip


@pytest.mark.parametrize(("language", "word"), [("vi", "đang trên đường"), ("en", "on its way")])
def test_messages_can_be_looked_at(
    keeper: Browser, placed: list[Order], language: str, word: str
) -> None:
    path = f"{DESK}/{placed[0].id}/thu"
    assert "Đang giao" in keeper.get(path).text or "shipped" in keeper.get(path).text
    shown = keeper.get(f"{path}/shipped?lang={language}")
    assert word in shown.text
    assert shown.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert keeper.get(f"{path}/completed").status_code == 404

"""A guided tour needs no stock, and a plant no lot: both go through shop and till."""

from typing import Any

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.db import reading, transaction
from builders import BY_NOBODY, make_offered
from catalog import labels
from catalog.models import Sku
from pos.counter.models import Discrepancy
from pos.sales.models import Order
from pos.stock.models import Balance, Reservation
from pos.stock.verify import problems
from support import way
from support.browser import Browser
from support.checkout import order as checkout
from support.counter_flow import open_till, sale
from support.world import World
from traceability.lots import STANDING
from traceability.models import Lot

TOUR = {
    "duration": {"value": "3"},
    "meeting_place": {"vi": "Đền Mẫu", "en": "Mẫu temple"},
    "includes": {"vi": "Trà nước", "en": "Tea"},
}
TREE = {"species": {"vi": "Quất", "en": "Kumquat"}}


def offered(session: Session, kind: str, facts: dict[str, Any], **over: Any) -> Sku:
    sku = make_offered(session, price=200_000, **over)
    labels.describe(session, sku.product, kind, facts, **BY_NOBODY)
    return sku


def add(visitor: Browser, sku_id: object) -> None:
    answer = visitor.post("/gio-hang/them", {"sku": str(sku_id), "quantity": "2"})
    assert answer.status_code == 303


def steps(app: Flask, world: World, order: Order) -> None:
    keeper = Browser(app).sign_in(world.keeper)
    way.completed(keeper, order.id)
    with reading() as session:
        assert session.get_one(Order, order.id).completed_at is not None
        assert problems(session) == []


def test_a_tour_and_goods_in_one_order(app: Flask, visitor: Browser, world: World) -> None:
    with transaction() as session:
        tour = offered(session, "tourism", TOUR, name_vi="Tham quan vườn nhãn")
    page = visitor.get(f"/san-pham/{tour.product.slug}").text
    assert "schema.org/InStock" in page
    add(visitor, tour.id)
    add(visitor, world.sku_id)
    checkout(visitor)
    with reading() as session:
        order = session.scalars(select(Order)).one()
        held = session.scalars(select(Reservation)).all()
        assert order.subtotal == 2 * 200_000 + 2 * 125_000
        assert {row.sku_id for row in held} == {world.sku_id}
    steps(app, world, order)


def test_a_tour_alone_is_ordered_and_done(app: Flask, visitor: Browser, world: World) -> None:
    with transaction() as session:
        tour = offered(session, "tourism", TOUR)
    add(visitor, tour.id)
    checkout(visitor)
    with reading() as session:
        order = session.scalars(select(Order)).one()
    steps(app, world, order)


def test_a_tour_at_the_till_leaves_the_books_alone(app: Flask, world: World) -> None:
    with transaction() as session:
        tour = offered(session, "tourism", TOUR, name_vi="Tham quan vườn nhãn")
    cashier, session_id = open_till(app, world)
    query = {"session": session_id, "code": tour.code}
    found = cashier.get("/pos/api/scan", query_string=query).json
    assert found is not None
    assert found["on_hand"] > 0
    assert found["lot"] is None
    sold(cashier, session_id, world, tour.id)
    with reading() as session:
        assert session.scalars(select(Discrepancy)).all() == []
        assert session.scalars(select(Balance).filter_by(sku_id=tour.id)).all() == []
        assert problems(session) == []


def sold(cashier: Browser, session_id: str, world: World, sku_id: object) -> str:
    body = sale(session_id, world)
    line = {"sku_id": str(sku_id), "quantity": 1, "unit_price": 200_000}
    body |= {"lines": [line], "tendered": 200_000, "key": f"{sku_id}"}
    answer = cashier.send("/pos/api/sales", body)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    assert answer.json is not None
    return str(answer.json["number"])


def test_a_plant_comes_in_without_a_lot_and_is_sold(
    app: Flask, visitor: Browser, world: World
) -> None:
    with transaction() as session:
        tree = offered(session, "plant", TREE, name_vi="Quất cảnh Văn Giang")
    keeper = Browser(app).sign_in(world.officer)
    assert "Quất cảnh" in keeper.get("/quan-ly/kho/nhap-khong-lo?q=quat+canh").text
    path = f"/quan-ly/kho/nhap-khong-lo/{tree.id}"
    assert keeper.get(path).status_code == 200
    for key, place in (("a", world.depot_id), ("a", world.depot_id), ("b", world.point_id)):
        data = {"key": key, "place": str(place), "quantity": "5"}
        assert keeper.post(path, data).status_code == 303, place
    with reading() as session:
        lot = session.scalars(select(Lot).filter_by(sku_id=tree.id)).one()
        assert (lot.made_on, lot.expires_on) == (None, None)
        assert lot.code.startswith(STANDING)
        units = select(Balance.on_hand).filter_by(sku_id=tree.id, physical=True)
        assert list(session.scalars(units)) == [5, 5]
    assert STANDING not in visitor.get(f"/san-pham/{tree.product.slug}").text

    add(visitor, tree.id)
    checkout(visitor)
    with reading() as session:
        order = session.scalars(select(Order)).one()
    steps(app, world, order)
    cashier, session_id = open_till(app, world)
    number = sold(cashier, session_id, world, tree.id)
    assert STANDING not in cashier.get(f"/pos/receipts/{number}").text
    with reading() as session:
        assert session.scalars(select(Discrepancy)).all() == []
        assert sorted(session.scalars(units)) == [3, 4]


def test_goods_with_lots_are_not_received_without_one(app: Flask, world: World) -> None:
    keeper = Browser(app).sign_in(world.keeper)
    data = {"key": "a", "place": str(world.depot_id), "quantity": "5"}
    answer = keeper.post(f"/quan-ly/kho/nhap-khong-lo/{world.sku_id}", data)
    assert answer.status_code == 422

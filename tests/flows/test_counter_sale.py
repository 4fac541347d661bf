"""A cashier opens a register, sells by stamp and by barcode, and closes with counted cash."""

from flask import Flask
from sqlalchemy import select

from app.core.db import reading
from pos.counter.models import Discrepancy, TillSession
from pos.sales.models import Order
from pos.stock.models import Balance
from pos.stock.verify import problems
from support.counter_flow import open_till, sale
from support.world import World
from traceability.models import StampItem


def test_sold_by_its_stamp_with_change_and_receipt(app: Flask, world: World) -> None:
    cashier, session_id = open_till(app, world)
    stamp = f"http://localhost/01/0{world.gtin}/21/{world.serials[0]}"
    found = cashier.get("/pos/api/scan", query_string={"session": session_id, "code": stamp}).json
    assert found is not None
    assert (found["price"], found["stars"], found["serial"]) == (125_000, 4, world.serials[0])
    assert found["lot"]["code"] == world.lot_code

    answer = cashier.send("/pos/api/sales", sale(session_id, world))
    assert answer.status_code == 200, answer.get_data(as_text=True)
    assert answer.json is not None
    assert (answer.json["total"], answer.json["change"]) == (125_000, 75_000)
    receipt = cashier.get(f"/pos/receipts/{answer.json['number']}").get_data(as_text=True)
    assert world.name in receipt
    assert world.point in receipt

    with reading() as session:
        assert session.scalars(select(StampItem)).one().sold_place == world.point
        stock = session.scalars(select(Balance).filter_by(place_id=world.point_id)).one()
        assert stock.on_hand == 19
        assert session.scalars(select(Discrepancy)).all() == []
        assert problems(session) == []


def test_the_barcode_and_the_internal_code_find_the_same_article(app: Flask, world: World) -> None:
    cashier, session_id = open_till(app, world)
    for code in (world.gtin, world.sku_code.lower()):
        query = {"session": session_id, "code": code}
        found = cashier.get("/pos/api/scan", query_string=query).json
        assert found is not None
        assert found["sku_id"] == str(world.sku_id)
        assert found["lot"]["code"] == world.lot_code


def test_a_sale_sent_again_gets_the_first_answer(app: Flask, world: World) -> None:
    cashier, session_id = open_till(app, world)
    body = sale(session_id, world)
    first = cashier.send("/pos/api/sales", body).json
    again = cashier.send("/pos/api/sales", body).json
    assert first == again
    with reading() as session:
        assert len(session.scalars(select(Order)).all()) == 1


def test_the_drawer_is_counted_at_the_end(app: Flask, world: World) -> None:
    cashier, session_id = open_till(app, world)
    cashier.send("/pos/api/sales", sale(session_id, world))
    notes = {"notes_500000": "1", "notes_100000": "1", "notes_20000": "1", "notes_5000": "1"}
    answer = cashier.post(f"/pos/{session_id}/dong", notes)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    with reading() as session:
        closed = session.scalars(select(TillSession)).one()
        assert (closed.expected_cash, closed.counted_cash, closed.difference) == (
            625_000,
            625_000,
            0,
        )

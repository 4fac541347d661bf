"""Staff offer a harvest ahead, a shopper orders it, and it is packed when it has come."""

from flask import Flask
from sqlalchemy import select

from app.core.db import reading, transaction
from builders import NOW, TODAY, make_offered, stock_up
from catalog.models import Sku
from pos.sales import preorders
from pos.sales.models import Order
from pos.stock.models import Place
from support.browser import Browser
from support.checkout import order as checkout
from support.world import World

PLAN = {
    "units": "10",
    "opens_on": "2026-11-24",
    "closes_on": "2026-12-24",
    "ships_from": "2027-07-01",
    "ships_until": "2027-08-01",
}


def test_from_offering_a_harvest_to_packing_it(app: Flask, visitor: Browser, world: World) -> None:
    with transaction() as session:
        sku = make_offered(session, name_vi="Nhãn lồng tươi")
    shop_page = f"/san-pham/{sku.product.slug}"
    assert "Đặt trước" not in visitor.get(shop_page).get_data(as_text=True)
    officer, address = Browser(app).sign_in(world.officer), f"/quan-ly/dat-truoc/{sku.id}"
    assert officer.post(address, PLAN | {"closes_on": "2026-11-01"}).status_code == 422
    assert officer.post(address, PLAN).status_code == 303
    shown = visitor.get(shop_page).get_data(as_text=True)
    assert "Đặt trước: giao từ 01/07/2027 đến 01/08/2027; còn 10." in shown

    visitor.post("/gio-hang/them", {"sku": str(sku.id), "quantity": "4"})
    assert "Cả đơn được giao cùng lúc" in visitor.get("/gio-hang").get_data(as_text=True)
    assert "đặt trước" in visitor.get(checkout(visitor)).get_data(as_text=True)
    assert "còn 6." in visitor.get(shop_page).get_data(as_text=True)

    keeper = Browser(app).sign_in(world.keeper)
    with reading() as session:
        order = session.scalars(select(Order)).one()
    steps = f"/quan-ly/don-hang/{order.id}"
    assert keeper.post(f"{steps}/accept").status_code == 303
    assert keeper.post(f"{steps}/pack").status_code == 409
    waiting = keeper.get("/quan-ly/don-hang/?queue=waiting").get_data(as_text=True)
    assert order.number in waiting
    with transaction() as session:
        stock_up(session, session.get_one(Place, world.depot_id), session.get_one(Sku, sku.id), 4)
    with transaction() as session:
        assert preorders.reserve_waiting(session, day=TODAY, now=NOW) == 1
    assert keeper.post(f"{steps}/pack").status_code == 303
    assert officer.post(f"{address}/dong").status_code == 303
    assert "Đặt trước" not in visitor.get(shop_page).get_data(as_text=True)

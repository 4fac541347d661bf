"""Staff make a gift set; a shopper sees what lies in it and orders it; staff see what to pack."""

from flask import Flask
from sqlalchemy import select

from app.core.db import reading, transaction
from builders import make_offered, stock_up
from catalog.models import Sku
from pos.sales.models import Order
from pos.stock.models import Place
from support import way
from support.browser import Browser
from support.checkout import order as checkout
from support.world import World


def test_from_making_a_set_to_packing_it(app: Flask, visitor: Browser, world: World) -> None:
    with transaction() as session:
        honey = make_offered(session, name_vi="Mật ong hoa nhãn")
        stock_up(session, session.get_one(Place, world.depot_id), honey, 9)
        bundle = make_offered(session, 300_000, name_vi="Bộ quà Phố Hiến")
        maker = honey.product.producer.name
    officer = Browser(app).sign_in(world.officer)
    address = f"/quan-ly/bo-qua/{bundle.id}"
    product = officer.get(f"/quan-ly/san-pham/{bundle.product_id}").get_data(as_text=True)
    assert address in product
    wrong = officer.post(address, {"parts-0-code": "KHONG-CO", "parts-0-quantity": "1"})
    assert wrong.status_code == 404
    assert "KHONG-CO" in wrong.text
    kept = officer.post(
        address,
        {
            "parts-0-code": world.sku_code,
            "parts-0-quantity": "2",
            "parts-1-code": honey.code,
            "parts-1-quantity": "1",
        },
    )
    assert kept.status_code == 303
    assert world.name in officer.get(address).get_data(as_text=True)

    shown = visitor.get(f"/san-pham/{bundle.product.slug}").get_data(as_text=True)
    assert maker in shown
    assert f"/san-pham/{world.slug}" in shown
    visitor.post("/gio-hang/them", {"sku": str(bundle.id), "quantity": "2"})
    cart = visitor.get("/gio-hang").get_data(as_text=True)
    assert "4 × Long nhãn Hồng Nam" in cart
    assert "600.000" in cart
    mine = visitor.get(checkout(visitor)).get_data(as_text=True)
    assert mine.count("Bộ quà Bộ quà Phố Hiến · Hộp 500 g") == 1
    assert mine.count("trong bộ") == 2
    with reading() as session:
        order = session.scalars(select(Order)).one()
        assert {line.sku_id for line in order.lines} == {world.sku_id, honey.id}
        assert order.subtotal == 600_000
        assert session.get(Sku, bundle.id) is not None
    keeper = Browser(app).sign_in(world.keeper)
    desk = keeper.get(f"/quan-ly/don-hang/{order.id}").get_data(as_text=True)
    assert "Bộ quà Phố Hiến · Hộp 500 g × 2" in desk
    way.completed(keeper, order.id)

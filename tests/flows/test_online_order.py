"""A newcomer finds a product, orders it without an account, and gets it."""

from flask import Flask
from sqlalchemy import select

from app.core.db import reading
from app.core.outbox import OutboxJob
from builders import NOW
from pos.sales.models import Order
from pos.sales.status import OrderStatus, PaymentStatus
from pos.stock.models import Balance
from pos.stock.verify import problems
from support import way
from support.browser import Browser
from support.checkout import confirm, review
from support.checkout import order as checkout
from support.world import World


def one_order() -> Order:
    with reading() as session:
        return session.scalars(select(Order)).one()


def fill_cart(visitor: Browser, world: World, quantity: int = 3) -> None:
    answer = visitor.post("/gio-hang/them", {"sku": str(world.sku_id), "quantity": str(quantity)})
    assert answer.status_code == 303


def test_from_search_to_delivery(app: Flask, visitor: Browser, world: World) -> None:
    found = visitor.get("/san-pham?q=long+nhan+hong").get_data(as_text=True)
    assert world.name in found
    assert "OCOP 4 sao" in found
    page = visitor.get(f"/san-pham/{world.slug}").get_data(as_text=True)
    assert world.producer in page
    assert world.point in page

    fill_cart(visitor, world)
    location = checkout(visitor)
    confirmation = visitor.get(location).get_data(as_text=True)
    order = one_order()
    assert order.number in confirmation
    assert order.total == 3 * 125_000 + 30_000
    assert order.contact_phone == "+84912345678"

    keeper = Browser(app).sign_in(world.keeper)
    way.completed(keeper, order.id)

    with reading() as session:
        done = session.get_one(Order, order.id)
        assert done.status is OrderStatus.COMPLETED
        assert [p.status for p in done.payments] == [PaymentStatus.COLLECTED]
        assert [pick.quantity for pick in done.lines[0].picks] == [3]
        stock = session.scalars(select(Balance).filter_by(place_id=world.depot_id)).one()
        assert (stock.on_hand, stock.reserved) == (37, 0)
        assert problems(session) == []


def test_the_order_is_found_again_by_number_and_phone(
    app: Flask, visitor: Browser, world: World
) -> None:
    fill_cart(visitor, world)
    checkout(visitor)
    number = one_order().number
    other = Browser(app)
    assert other.get(f"/don-hang/{number}").status_code == 302
    wrong = other.post("/don-hang", {"number": number, "phone": "0987654321"})
    assert wrong.status_code == 404
    right = other.post("/don-hang", {"number": number.lower(), "phone": "+84 912 345 678"})
    assert number in other.follow(right).get_data(as_text=True)


def test_pick_up_at_a_point_takes_its_goods_and_costs_nothing(
    visitor: Browser, world: World
) -> None:
    fill_cart(visitor, world, 2)
    checkout(visitor, delivery="pickup", point=str(world.point_id), address="")
    order = one_order()
    assert (order.place_id, order.delivery_fee, order.total) == (world.point_id, 0, 250_000)


def test_more_than_there_is_keeps_the_cart_and_says_so(visitor: Browser, world: World) -> None:
    fill_cart(visitor, world, 21)
    answer = review(visitor, delivery="pickup", point=str(world.point_id))
    assert answer.status_code == 409
    assert f"{world.name} không đủ" in answer.text
    assert "0912 345 678" in answer.text
    with reading() as session:
        assert session.scalars(select(Order)).all() == []


def test_the_form_sent_twice_is_one_order(visitor: Browser, world: World) -> None:
    fill_cart(visitor, world)
    page = review(visitor).text
    first, second = confirm(visitor, page), confirm(visitor, page)
    assert first.headers["Location"] == second.headers["Location"]
    assert one_order().placed_at >= NOW


def test_a_confirmation_is_queued_in_the_same_act(visitor: Browser, world: World) -> None:
    fill_cart(visitor, world)
    checkout(visitor)
    with reading() as session:
        jobs = {job.name: job.payload for job in session.scalars(select(OutboxJob))}
        order_id = str(one_order().id)
        assert jobs["order_placed"] == {"order_id": order_id}
        assert jobs["order_event"]["order_id"] == order_id

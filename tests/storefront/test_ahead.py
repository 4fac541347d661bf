"""What is ordered ahead: offered size by size, and told wherever the order is shown."""

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.accounts.models import Role, User
from builders import (
    make_depot,
    make_offered,
    make_order,
    make_pre_order,
    make_set,
    make_sku,
    make_user,
    stock_up,
)
from catalog.models import Sku
from pos.sales.lines import Item
from pos.sales.models import Order
from support.browser import Browser
from support.post import Post

BOX = "Đặt trước: giao từ 24/12/2026 đến 03/01/2027"
SENT = "đặt trước, giao từ 24/12/2026 đến 03/01/2027"


@pytest.fixture
def lan(session: Session) -> User:
    return make_user(session, Role.CUSTOMER)


@pytest.fixture
def sku(session: Session) -> Sku:
    return make_offered(session, name_vi="Nhãn lồng tươi")


@pytest.fixture
def order(session: Session, sku: Sku, lan: User) -> Order:
    """Of a harvest to come and of something that is there."""
    depot, there = make_depot(session), make_offered(session, name_vi="Mật ong")
    stock_up(session, depot, there, 5)
    items = [Item(sku.id, 2, make_pre_order(session, sku).id), Item(there.id, 1)]
    made = make_order(session, sku, source=depot, items=items, customer_id=lan.id)
    made.contact_email = "lan@example.vn"
    session.commit()
    return made


def shop_page(visitor: Browser, sku: Sku) -> str:
    return visitor.get(f"/san-pham/{sku.product.slug}").text


def test_a_size_is_ordered_ahead_while_another_is_in_stock(
    session: Session, visitor: Browser, sku: Sku
) -> None:
    small = make_sku(session, sku.product, price=60_000)
    stock_up(session, make_depot(session), small, 5)
    make_pre_order(session, sku)
    session.commit()
    page = shop_page(visitor, sku)
    assert page.count(BOX) == 1
    assert "Thêm vào giỏ" in page
    assert "Đặt trước ở phía dưới" in page


def test_a_size_in_stock_is_not_ordered_ahead(session: Session, visitor: Browser, sku: Sku) -> None:
    stock_up(session, make_depot(session), sku, 5)
    make_pre_order(session, sku)
    session.commit()
    assert BOX not in shop_page(visitor, sku)


def test_without_any_size_in_stock_nothing_else_can_be_bought(
    session: Session, visitor: Browser, sku: Sku
) -> None:
    make_pre_order(session, sku)
    session.commit()
    page = shop_page(visitor, sku)
    assert BOX in page
    assert "Thêm vào giỏ" not in page
    assert "Tạm hết hàng" not in page


def test_the_pages_of_an_order_say_when_it_is_sent(
    visitor: Browser, order: Order, lan: User
) -> None:
    member = visitor.sign_in(lan)
    for path in (f"/don-hang/{order.number}", "/tai-khoan/don-hang"):
        assert member.get(path).text.count(SENT) == 1


def test_the_message_says_when_it_is_sent(app: Flask, order: Order) -> None:
    (message,) = Post(app).fetch()
    parts = [p for p in message.walk() if p.get_content_maintype() == "text"]
    assert [part.get_content().count(SENT) for part in parts] == [1] * len(parts)


def test_the_parts_of_a_set_stand_under_it_in_the_list_of_orders(
    session: Session, visitor: Browser, lan: User
) -> None:
    depot = make_depot(session)
    one, two = make_offered(session, name_vi="Trà sen"), make_offered(session, name_vi="Mật ong")
    for part in (one, two):
        stock_up(session, depot, part, 20)
    gift = make_set(session, {one: 1, two: 2})
    make_order(session, gift, source=depot, items=[Item(gift.id, 3)], customer_id=lan.id)
    session.commit()
    page = visitor.sign_in(lan).get("/tai-khoan/don-hang").text
    whole, parts = page.split("3 × Bộ quà", 1)
    assert "Trà sen" not in whole
    assert parts.index("<ul>") < parts.index("3 × Trà sen") < parts.index("</ul></li></ul>")
    assert "6 × Mật ong" in parts

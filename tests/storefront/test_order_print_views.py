"""The printed order is the one that was confirmed, for its buyer only."""

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from builders import make_depot, make_offered, make_order, stock_up
from catalog.models import Sku
from pos.sales.models import Order
from support.browser import Browser
from support.checkout import order as checkout


@pytest.fixture
def sku(session: Session) -> Sku:
    made = make_offered(session, 100_000, name_vi="Mật ong")
    stock_up(session, make_depot(session), made, 10)
    session.commit()
    return made


@pytest.fixture
def placed(session: Session, visitor: Browser, sku: Sku) -> Order:
    visitor.post("/gio-hang/them", {"sku": sku.id, "quantity": 2})
    checkout(visitor, news="y")
    return session.scalars(select(Order)).one()


def paper(placed: Order) -> str:
    return f"/don-hang/{placed.number}/in"


def test_it_says_what_was_agreed(visitor: Browser, placed: Order) -> None:
    page = visitor.get(paper(placed)).text
    for told in (
        placed.number, "Mật ong", "100.000", "230.000", "Số 5, đường Bãi Sậy",
        "Nguyễn Thị Lan", "+84912345678", "bản mẫu đi kèm phần mềm", "gửi thư cho tôi",
        "2026-11", "Trả khi nhận hàng",
    ):  # fmt: skip
        assert told in page, told
    assert paper(placed) in visitor.get(f"/don-hang/{placed.number}").text


def test_later_names_and_prices_do_not_reach_it(
    session: Session, visitor: Browser, placed: Order, sku: Sku
) -> None:
    placed.lines[0].name, placed.address = "Tên khác", "Nơi khác"
    sku.product.name_vi = "Tên khác"
    session.commit()
    page = visitor.get(paper(placed)).text
    assert "Mật ong" in page
    assert "Tên khác" not in page
    assert "Nơi khác" not in page


def test_who_has_not_proved_to_be_the_buyer_is_asked_for_the_phone(
    app: Flask, placed: Order
) -> None:
    other = Browser(app)
    asked = other.get(paper(placed))
    assert (asked.status_code, asked.location) == (302, f"/don-hang?number={placed.number}")
    other.post("/don-hang", {"number": placed.number, "phone": "0912345678"})
    assert "Mật ong" in other.get(paper(placed)).text


def test_an_order_that_nobody_confirmed_has_no_such_paper(
    session: Session, visitor: Browser, sku: Sku
) -> None:
    old = make_order(session, sku)
    old.confirmed = None
    session.commit()
    visitor.post("/don-hang", {"number": old.number, "phone": old.contact_phone})
    assert visitor.get(f"/don-hang/{old.number}/in").status_code == 303


def test_in_english_the_paper_is_english(visitor: Browser, placed: Order) -> None:
    page = visitor.get(f"{paper(placed)}?lang=en").text
    assert "As confirmed by the buyer" in page
    assert "Payment on delivery" in page

"""The pages of the shop, as a browser sees them."""

import re

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.accounts.models import Role
from app.storefront.models import CartLine
from builders import (
    BY_NOBODY,
    make_depot,
    make_offered,
    make_order,
    make_place,
    make_producer,
    make_product,
    make_user,
    recognise,
    stock_up,
)
from catalog import products
from catalog.models import Sku
from pos.sales import orders
from pos.sales.models import Order
from pos.sales.status import OrderStatus
from pos.stock.models import Place
from support.browser import Browser

UNKNOWN = "01920000-0000-7000-8000-000000000000"
CART, ORDERS = "/gio-hang", "/don-hang"


@pytest.fixture
def sku(session: Session) -> Sku:
    made = make_offered(session, 100_000, name_vi="Mật ong", texts={"name_en": "Honey"})
    session.commit()
    return made


@pytest.fixture
def depot(session: Session, sku: Sku) -> Place:
    place = make_depot(session)
    stock_up(session, place, sku, 10)
    session.commit()
    return place


@pytest.fixture
def shop(session: Session, sku: Sku) -> Place:
    place = make_place(session)
    stock_up(session, place, sku, 5)
    session.commit()
    return place


def add(visitor: Browser, sku: Sku, quantity: int | str = 2) -> TestResponse:
    return visitor.post(f"{CART}/them", {"sku": sku.id, "quantity": quantity})


def only_order(session: Session) -> Order:
    session.expire_all()
    return session.scalars(select(Order)).one()


def test_the_front_page_shows_starred_products_and_points(
    session: Session, visitor: Browser, sku: Sku, shop: Place
) -> None:
    recognise(session, sku.product)
    session.commit()
    page = visitor.get("/").text
    assert "Mật ong" in page
    assert shop.name in page
    assert "OCOP 4 sao" in page


def test_an_empty_shop_is_no_error(visitor: Browser) -> None:
    for path in ("/", "/san-pham", "/diem-ban", CART, ORDERS):
        assert visitor.get(path).status_code == 200


@pytest.mark.parametrize(
    "query",
    [
        "q=%00",
        "q=%25%5C_",
        "page=-1",
        "page=1000000000",
        "page=99999",
        "page=²",
        "stars=9&sort=x&in_stock=perhaps",
        "category=khong-co",
        "category=%00",
        "lang=xx",
        "x=1&x=2",
    ],
)
def test_nonsense_in_the_address_is_no_error(visitor: Browser, sku: Sku, query: str) -> None:
    assert visitor.get(f"/san-pham?{query}").status_code == 200


def test_a_million_letters_are_no_error(visitor: Browser, sku: Sku) -> None:
    assert visitor.get("/san-pham", query_string={"q": "ong" * 333_333}).status_code == 200


def test_a_search_is_written_into_the_page_as_text(visitor: Browser, sku: Sku) -> None:
    page = visitor.get("/san-pham", query_string={"q": "<script>alert(1)</script>"}).text
    assert "<script>alert" not in page


def test_a_listing_keeps_its_filters_across_pages(session: Session, visitor: Browser) -> None:
    for _ in range(25):
        make_offered(session)
    session.commit()
    page = visitor.get("/san-pham?q=long&sort=name").text
    (link,) = set(re.findall(r'href="(/san-pham\?[^"]*page=2[^"]*)"', page))
    assert "q=long" in link
    assert "sort=name" in link


def test_a_product_page_tells_price_stock_lot_and_maker(
    visitor: Browser, sku: Sku, depot: Place, shop: Place
) -> None:
    page = visitor.get(f"/san-pham/{sku.product.slug}").text
    assert sku.product.producer is not None
    for text in ("100.000", "Thêm vào giỏ", shop.name, sku.code, sku.product.producer.name):
        assert text in page


def test_a_reported_rank_is_told_without_stars(
    session: Session, visitor: Browser, sku: Sku
) -> None:
    granted = recognise(session, sku.product, 5)
    granted.decision, granted.valid_until = None, None
    session.commit()
    page = visitor.get(f"/san-pham/{sku.product.slug}").text
    assert "không hiển thị sao" in page
    assert 'class="stars"' not in page


def test_what_is_sold_out_cannot_be_put_into_the_cart(visitor: Browser, sku: Sku) -> None:
    page = visitor.get(f"/san-pham/{sku.product.slug}").text
    assert "Tạm hết hàng." in page
    assert "Thêm vào giỏ" not in page


def test_a_withdrawn_product_is_gone_and_an_unknown_one_not_found(
    session: Session, visitor: Browser, sku: Sku
) -> None:
    draft = make_product(session)
    products.withdraw(session, sku.product, reason="hết mùa", **BY_NOBODY)
    session.commit()
    gone = visitor.get(f"/san-pham/{sku.product.slug}")
    assert gone.status_code == 410
    assert "Mật ong không còn bán" in gone.text
    for slug in (draft.slug, "khong-co", "%00", "a" * 3000):
        assert visitor.get(f"/san-pham/{slug}").status_code == 404


def test_a_producer_has_a_page(session: Session, visitor: Browser) -> None:
    maker = make_producer(session, name="HTX Đặng Lễ", phone="+84912345678")
    make_offered(session, name_vi="Trà sen", producer=maker)
    session.commit()
    page = visitor.get(f"/nha-san-xuat/{maker.slug}").text
    assert "HTX Đặng Lễ" in page
    assert "Trà sen" in page
    assert visitor.get("/nha-san-xuat/khong-co").status_code == 404


def test_points_are_listed(visitor: Browser, shop: Place, depot: Place) -> None:
    page = visitor.get("/diem-ban").text
    assert shop.name in page
    assert depot.name not in page


def test_english_by_address_is_remembered(visitor: Browser, sku: Sku, shop: Place) -> None:
    path = f"/san-pham/{sku.product.slug}"
    assert "Add to cart" not in visitor.get(path).text
    for _ in range(2):
        page = visitor.get(f"{path}?lang=en").text
        assert "Add to cart" in page
        assert "Honey" in page
        assert 'lang="en"' in page
    assert "Add to cart" in visitor.get(path).text
    assert "Thêm vào giỏ" in visitor.get(f"{path}?lang=vi").text


def test_a_cart_is_filled_changed_and_emptied(visitor: Browser, sku: Sku, shop: Place) -> None:
    page = visitor.follow(add(visitor, sku)).text
    assert "Đã thêm vào giỏ hàng." in page
    assert "200.000" in page
    changed = visitor.post(f"{CART}/sua", {"sku": sku.id, "quantity": 3})
    assert "300.000" in visitor.follow(changed).text
    removed = visitor.post(f"{CART}/sua", {"sku": sku.id, "quantity": "x", "remove": 1})
    assert "Giỏ hàng đang trống" in visitor.follow(removed).text


def test_the_badge_counts_what_is_in_the_cart(visitor: Browser, sku: Sku, shop: Place) -> None:
    add(visitor, sku)
    assert "Giỏ hàng, 1 sản phẩm" in visitor.get("/").text


@pytest.mark.parametrize("quantity", ["0", "-1", "", "x", "1.5", "100001", "9" * 5000])
def test_an_impossible_quantity_is_refused_in_words(
    session: Session, visitor: Browser, sku: Sku, quantity: str
) -> None:
    response = add(visitor, sku, quantity)
    assert "Hãy nhập số lượng" in visitor.follow(response).text
    assert session.scalar(select(func.count()).select_from(CartLine)) == 0


@pytest.mark.parametrize("sku_id", ["", "x", "\0", UNKNOWN])
def test_an_unknown_article_is_refused(visitor: Browser, sku_id: str) -> None:
    response = visitor.post(f"{CART}/them", {"sku": sku_id, "quantity": 1})
    assert response.status_code in {303, 404}
    changed = visitor.post(f"{CART}/sua", {"sku": sku_id, "quantity": 1})
    assert changed.status_code in {303, 404}


@pytest.mark.parametrize("target", ["https://xau.example", "//xau.example", "/\\xau.example"])
def test_a_refused_article_leads_back_within_the_shop_only(
    visitor: Browser, sku: Sku, target: str
) -> None:
    form = {"sku": sku.id, "quantity": 0, "next": target}
    assert visitor.post(f"{CART}/them", form).headers["Location"] == CART


def test_carts_of_two_browsers_are_two(app: Flask, visitor: Browser, sku: Sku, shop: Place) -> None:
    add(visitor, sku)
    assert "Giỏ hàng đang trống" in Browser(app).get(CART).text


@pytest.fixture
def order(session: Session, sku: Sku, depot: Place) -> Order:
    placed = make_order(session, sku, 2, source=depot)
    session.commit()
    return placed


def look_up(visitor: Browser, number: str, phone: str = "0912345678") -> TestResponse:
    return visitor.post(ORDERS, {"number": number, "phone": phone})


def test_an_order_is_closed_to_another_browser(visitor: Browser, order: Order) -> None:
    response = visitor.get(f"{ORDERS}/{order.number}")
    assert response.headers["Location"] == f"{ORDERS}?number={order.number}"
    page = visitor.follow(response).text
    assert order.number in page
    assert "Nguyễn Thị Lan" not in page
    assert visitor.post(f"{ORDERS}/{order.number}/huy").status_code == 404


def test_number_and_phone_open_an_order(visitor: Browser, order: Order) -> None:
    typed = order.number.lower().replace("-", " ")
    page = visitor.follow(look_up(visitor, typed)).text
    assert "Nguyễn Thị Lan" in page
    assert visitor.get(f"{ORDERS}/{order.number}").status_code == 200


@pytest.mark.parametrize(
    ("number", "phone", "status"),
    [
        (None, "0912345679", 404),
        ("PH-26-AAAAAAAA", "0912345678", 404),
        ("\0", "0912345678", 422),
        ("x" * 41, "0912345678", 422),
        (None, "", 422),
        (None, "12", 422),
    ],
)
def test_number_and_phone_must_both_fit(
    visitor: Browser, order: Order, number: str | None, phone: str, status: int
) -> None:
    response = look_up(visitor, order.number if number is None else number, phone)
    assert response.status_code == status
    assert visitor.get(f"{ORDERS}/{order.number}").status_code == 302


def test_a_till_receipt_is_not_opened_by_a_phone_number(visitor: Browser, order: Order) -> None:
    assert look_up(visitor, "HY1-000001").status_code == 404


def test_the_buyer_cancels_until_the_shop_accepts(
    session: Session, visitor: Browser, order: Order
) -> None:
    look_up(visitor, order.number)
    page = visitor.follow(visitor.post(f"{ORDERS}/{order.number}/huy")).text
    assert "Đã huỷ đơn hàng." in page
    assert "Người mua đã huỷ" in page
    assert only_order(session).status is OrderStatus.CANCELLED


def test_after_acceptance_only_the_shop_cancels(
    session: Session, visitor: Browser, order: Order
) -> None:
    look_up(visitor, order.number)
    orders.accept(session, orders.get(session, order.id), **BY_NOBODY)
    session.commit()
    assert "Huỷ đơn hàng" not in visitor.get(f"{ORDERS}/{order.number}").text
    assert visitor.post(f"{ORDERS}/{order.number}/huy").status_code == 409
    assert only_order(session).status is OrderStatus.ACCEPTED


def test_a_member_sees_the_own_orders_everywhere(
    session: Session, app: Flask, sku: Sku, depot: Place
) -> None:
    member, other = make_user(session, Role.CUSTOMER), make_user(session, Role.CUSTOMER)
    order = make_order(session, sku, source=depot, customer_id=member.id)
    session.commit()
    path = f"{ORDERS}/{order.number}"
    assert Browser(app).sign_in(member).get(path).status_code == 200
    assert Browser(app).sign_in(other).get(path).status_code == 302


@pytest.mark.parametrize("step", ["accept", "pack", "ship", "complete", "refuse"])
def test_an_order_page_follows_its_order(
    session: Session, visitor: Browser, order: Order, step: str
) -> None:
    officer = make_user(session, Role.OFFICER)
    session.commit()
    look_up(visitor, order.number)
    staff = Browser(visitor.app).sign_in(officer)
    steps = {"refuse": ["refuse"]}.get(step, ["accept", "pack", "ship", "complete"])
    for name in steps:
        staff.post(f"/quan-ly/don-hang/{order.id}/{name}", {"reason": "hết mùa"})
        if name == step:
            break
    assert visitor.get(f"{ORDERS}/{order.number}").status_code == 200
    assert "timeline" in visitor.get(f"{ORDERS}/{order.number}?lang=en").text


def test_search_engines_stay_out_of_what_is_private(visitor: Browser) -> None:
    robots = visitor.get("/robots.txt")
    assert robots.mimetype == "text/plain"
    assert "Disallow: /don-hang" in robots.text


def test_small_addresses_lead_on(visitor: Browser) -> None:
    assert visitor.get("/san-pham/").headers["Location"] == "/san-pham"
    assert visitor.get("/favicon.ico").status_code == 301

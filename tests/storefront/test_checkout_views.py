"""The checkout as a browser sees it: fill in, look through, confirm; nothing is ever lost."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.accounts import consents
from app.accounts.models import ConsentPurpose, Role
from app.areas.models import SINCE_2025, AreaLevel, AreaUnit
from app.core.money import format_vnd
from app.storefront import addresses
from builders import (
    NOW,
    TODAY,
    make_depot,
    make_offered,
    make_order,
    make_place,
    make_user,
    set_price,
    stock_up,
)
from builders_promotions import make_voucher
from catalog.models import Sku
from pos.sales.models import Order
from pos.sales.status import Delivery, Tender
from pos.stock.models import Place
from support.browser import Browser
from support.checkout import PAGE, confirm, kept, order, review

UNKNOWN = "01920000-0000-7000-8000-000000000000"
CART = "/gio-hang"


@pytest.fixture
def sku(session: Session) -> Sku:
    made = make_offered(session, 100_000, name_vi="Mật ong")
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
    place = make_place(session, opening_hours="7:30–20:00 hằng ngày")
    stock_up(session, place, sku, 5)
    session.commit()
    return place


@pytest.fixture
def commune(session: Session) -> AreaUnit:
    unit = AreaUnit(
        snapshot=SINCE_2025,
        level=AreaLevel.COMMUNE,
        code="12000",
        name="Phố Hiến",
        valid_from=date(2025, 7, 1),
        full_name="Phường Phố Hiến",
        folded_name="pho hien",
        sort_key="pho hien",
    )
    session.add(unit)
    session.commit()
    return unit


@pytest.fixture
def cart(visitor: Browser, sku: Sku, depot: Place) -> Browser:
    """A visitor with two of the article in the cart."""
    add(visitor, sku)
    return visitor


def add(visitor: Browser, sku: Sku, quantity: int = 2) -> TestResponse:
    return visitor.post(f"{CART}/them", {"sku": sku.id, "quantity": quantity})


def only_order(session: Session) -> Order:
    session.expire_all()
    return session.scalars(select(Order)).one()


def no_order(session: Session) -> bool:
    return session.scalar(select(Order.id)) is None


def test_an_empty_cart_does_not_lead_to_the_checkout(visitor: Browser, depot: Place) -> None:
    assert visitor.get(PAGE).headers["Location"] == CART
    assert review(visitor, key="k").headers["Location"] == CART


def test_nothing_is_ordered_before_the_review_is_confirmed(session: Session, cart: Browser) -> None:
    page = review(cart, note="gọi trước").text
    for shown in ("Mật ong", "230.000\xa0₫", "Xe của cửa hàng", "25/11/2026", "gọi trước", "Lan"):
        assert shown in page
    assert no_order(session)
    placed = cart.follow(confirm(cart, page)).text
    found = only_order(session)
    assert (found.contact_phone, found.address) == ("+84912345678", "Số 5, đường Bãi Sậy")
    assert (found.total, found.note, found.delivery_option) == (230_000, "gọi trước", "own.day")
    assert (found.province, found.weight) == ("hung-yen", 1_000)
    assert (found.arrives_from, found.arrives_until) == (date(2026, 11, 25), date(2026, 11, 25))
    assert found.terms_version is not None
    assert found.terms_version.startswith("terms:")
    assert found.number in placed
    assert "Giỏ hàng đang trống" in cart.get(CART).text


def test_changing_keeps_what_was_entered(cart: Browser) -> None:
    page = review(cart, note="để ở cổng", company="Công ty Nhãn").text
    back = cart.post(PAGE, kept(page) | {"step": "change"})
    assert back.status_code == 200
    for value in ("để ở cổng", "Số 5, đường Bãi Sậy", 'value="Công ty Nhãn"'):
        assert value in back.text


def test_a_voucher_that_nobody_knows_is_told_at_its_field(cart: Browser) -> None:
    refused = review(cart, voucher="KHONGCO")
    assert refused.status_code == 422
    assert 'id="voucher-error"' in refused.text
    assert 'value="KHONGCO"' in refused.text


def test_a_voucher_is_taken_off_in_the_review(session: Session, cart: Browser) -> None:
    make_voucher(session, "NHAN2026", name_vi="Mừng mùa nhãn")
    session.commit()
    page = review(cart, voucher="nhan2026").text
    assert "Mừng mùa nhãn" in page
    confirm(cart, page)
    assert 0 < only_order(session).total < 230_000


def test_the_review_confirmed_twice_is_one_order(session: Session, cart: Browser) -> None:
    page = review(cart).text
    first, again = confirm(cart, page), confirm(cart, page)
    assert first.headers["Location"] == again.headers["Location"]
    assert only_order(session).lines[0].quantity == 2


def test_a_new_price_is_shown_before_it_is_charged(
    session: Session, cart: Browser, sku: Sku
) -> None:
    page = review(cart).text
    set_price(session, sku, 120_000, valid_from=TODAY)
    session.commit()
    again = confirm(cart, page)
    assert again.status_code == 409
    assert "Mật ong nay là 240.000\xa0₫, trước là 200.000\xa0₫." in again.text
    assert no_order(session)
    assert confirm(cart, again.text).status_code == 303
    assert only_order(session).total == 270_000


def test_what_was_sold_meanwhile_is_told_and_the_rest_can_be_taken(
    session: Session, visitor: Browser, sku: Sku, depot: Place
) -> None:
    add(visitor, sku, 8)
    page = review(visitor, note="gọi trước").text
    make_order(session, sku, 5, source=depot)
    session.commit()
    refused = confirm(visitor, page)
    assert refused.status_code == 409
    assert "Lấy số còn lại" in refused.text
    fitted = visitor.post(PAGE, kept(refused.text) | {"step": "fit"})
    assert fitted.status_code == 200
    assert "530.000\xa0₫" not in fitted.text
    assert "gọi trước" in fitted.text
    location = confirm(visitor, fitted.text).headers["Location"]
    with_rest = session.scalars(select(Order).where(Order.number == location[10:24])).one()
    assert with_rest.lines[0].quantity == 5


@pytest.mark.parametrize("seen", ["", "{}", "[]", "x" * 30_000, '{"lines": {"a": [1]}}', None])
def test_totals_that_were_tampered_with_change_nothing(
    session: Session, cart: Browser, seen: str | None
) -> None:
    page = review(cart).text
    sent = kept(page) | {"step": "confirm"} | ({} if seen is None else {"seen": seen})
    if seen is None:
        del sent["seen"]
    again = cart.post(PAGE, sent)
    assert again.status_code == 409
    assert "Tổng cộng là 230.000\xa0₫." in again.text
    assert no_order(session)


def test_the_options_follow_the_province(cart: Browser) -> None:
    form = {"step": "options", "province": "ha-noi", "delivery": "ship", "pay": "later"}
    page = cart.post(PAGE, form).text
    assert "Bưu kiện thường" in page
    assert "Xe của cửa hàng" not in page
    assert 'name="area_text"' in page
    assert "field-error" not in page


def test_an_address_elsewhere_names_its_province(session: Session, cart: Browser) -> None:
    order(cart, province="ha-noi", area_text="Phường Hoàn Kiếm", option="express.fast")
    found = only_order(session)
    assert (found.area_text, found.province) == ("Phường Hoàn Kiếm, Hà Nội", "ha-noi")
    assert (found.delivery_option, found.delivery_fee, found.cod_fee) == (
        "express.fast",
        55_000,
        15_000,
    )


def test_an_order_is_fetched_at_a_point_and_the_address_is_dropped(
    session: Session, cart: Browser, shop: Place
) -> None:
    page = review(cart, delivery="pickup", point=shop.id).text
    assert "7:30–20:00 hằng ngày" in page
    confirm(cart, page)
    found = only_order(session)
    assert (found.delivery, found.place_id) == (Delivery.PICKUP, shop.id)
    assert (found.address, found.area_text, found.delivery_fee) == (None, None, 0)


def test_a_commune_is_kept_by_key_and_by_name(
    session: Session, cart: Browser, commune: AreaUnit
) -> None:
    assert "Hãy chọn xã, phường." in review(cart).text
    order(cart, area=commune.id)
    found = only_order(session)
    assert (found.area_id, found.area_text) == (commune.id, "Phường Phố Hiến")


@pytest.mark.parametrize(
    ("over", "message"),
    [
        ({"phone": "0912"}, "Số điện thoại chưa đầy đủ"),
        ({"phone": ""}, "Hãy nhập số điện thoại của bạn."),
        ({"name": "  "}, "Hãy nhập họ tên."),
        ({"email": "lan@"}, "email"),
        ({"address": ""}, "Hãy nhập địa chỉ giao hàng."),
        ({"delivery": "pickup"}, "Hãy chọn điểm bán bạn sẽ đến lấy."),
        ({"delivery": "drone"}, "Giao"),
        ({"delivery": "pickup", "point": UNKNOWN}, "Hãy chọn điểm bán"),
        ({"province": "atlantis"}, "Tỉnh"),
        ({"province": "ha-noi"}, "Hãy nhập xã, phường."),
        ({"area": UNKNOWN}, "Xã, phường"),
        ({"pay": "shells"}, "trả tiền"),
        ({"pay": "card"}, "trả tiền"),
        ({"note": "x" * 1001}, "Lời nhắn"),
        ({"name": "x" * 201}, "Họ"),
        ({"invoice": "y"}, "Hãy nhập tên công ty."),
        ({"invoice": "y", "tax_code": "0100112438"}, "Đây không phải mã số thuế"),
    ],
)
def test_a_wrong_field_is_named_and_the_rest_is_kept(
    session: Session, cart: Browser, shop: Place, over: dict[str, str], message: str
) -> None:
    form: dict[str, Any] = {"note": "để ở cổng"} | over
    response = review(cart, **form)
    assert response.status_code == 422
    assert message in response.text
    assert "field-error" in response.text
    assert "address" in over or "Số 5, đường Bãi Sậy" in response.text
    assert no_order(session)


def test_a_wrong_phone_number_stays_as_it_was_typed(cart: Browser) -> None:
    assert 'value="09 12 &lt;3"' in review(cart, phone="09 12 <3").text


def test_an_invoice_is_asked_for_with_a_checked_tax_code(session: Session, cart: Browser) -> None:
    wanted = {"company": "Công ty Nhãn", "company_address": "1 Phố Hiến"}
    order(cart, invoice="y", tax_code="01 00 112 437", **wanted)
    assert only_order(session).invoice_to == {
        "company": "Công ty Nhãn",
        "tax_code": "0100112437",
        "address": "1 Phố Hiến",
        "email": "lan@example.vn",
    }


def test_the_same_number_for_another_order_is_refused(session: Session, cart: Browser) -> None:
    page = review(cart).text
    confirm(cart, page)
    told = cart.follow(confirm(cart, page, address="9 Lê Lợi")).text
    assert "Nội dung này đã gửi trước đó với nội dung khác" in told or "đã được gửi" in told
    assert only_order(session).address == "Số 5, đường Bãi Sậy"


def test_without_a_token_against_forgery_nothing_is_ordered(
    session: Session, cart: Browser
) -> None:
    sent = kept(review(cart).text) | {"step": "confirm"}
    assert cart.client.post(PAGE, data=sent).status_code == 400
    assert no_order(session)


def test_consents_of_a_member_are_separate_and_empty_and_kept_when_given(
    session: Session, app: Flask, sku: Sku, depot: Place
) -> None:
    lan = make_user(session, Role.CUSTOMER)
    session.commit()
    member = Browser(app).sign_in(lan)
    add(member, sku)
    page = member.get(PAGE).text
    assert 'name="news"' in page
    assert 'name="personal_offers"' in page
    assert "checked" not in page[page.index('name="news"') - 80 :][:200]
    order(member, news="y")
    assert set(consents.given(session, lan.id)) == {ConsentPurpose.NEWS}
    add(member, sku)
    assert 'name="news"' not in member.get(PAGE).text


def test_a_saved_address_is_filled_in(
    session: Session, app: Flask, sku: Sku, depot: Place, commune: AreaUnit
) -> None:
    lan = make_user(session, Role.CUSTOMER)
    entry = addresses.Entry("Nhà mẹ", "Bà Tư", "+84987654321", "7 Bạch Đằng", commune, False)
    addresses.add(session, lan.id, replace(entry, label="Nhà", street="1 A"), now=NOW)
    later = NOW + timedelta(minutes=1)
    other = addresses.add(session, lan.id, entry, now=later)
    session.commit()
    member = Browser(app).sign_in(lan)
    add(member, sku)
    form = {"step": "saved", "saved": other.id, "delivery": "ship", "email": "me@example.vn"}
    page = member.post(PAGE, form).text
    for value in ("Bà Tư", "7 Bạch Đằng", "me@example.vn"):
        assert f'value="{value}"' in page
    stranger = Browser(app)
    add(stranger, sku)
    assert "Bà Tư" not in stranger.post(PAGE, form).text


def test_without_a_gateway_only_later_is_offered(cart: Browser) -> None:
    page = cart.get(PAGE).text
    assert 'name="pay"' in page
    assert 'value="transfer"' not in page
    order(cart)


def test_paying_later_means_the_door_or_the_point(
    session: Session, cart: Browser, shop: Place
) -> None:
    order(cart, delivery="pickup", point=shop.id)
    assert [p.tender for p in only_order(session).payments] == [Tender.AT_POINT]


@pytest.fixture
def with_a_bank(app: Flask) -> Iterator[None]:
    """The shop has told where transfers go."""
    before = app.extensions["phohien_settings"]
    bank = {"bank_bin": "970436", "bank_account": "0123456789", "bank_holder": "HTX NHAN"}
    app.extensions["phohien_settings"] = replace(before, **bank)
    yield
    app.extensions["phohien_settings"] = before


def test_a_transfer_is_offered_where_the_shop_has_an_account(
    session: Session, cart: Browser, with_a_bank: None
) -> None:
    assert 'value="transfer"' in cart.get(PAGE).text
    page = cart.get(order(cart, pay="transfer", province="ha-noi", area_text="Phường Hoàn Kiếm"))
    found = only_order(session)
    assert (found.payments[0].tender, found.cod_fee) == (Tender.TRANSFER, 0)
    assert found.pay_until is not None
    assert found.payments[0].code is not None
    assert found.payments[0].code in page.text


def test_the_order_page_adds_up(session: Session, cart: Browser) -> None:
    make_voucher(session, "NHAN2026", name_vi="Mừng mùa nhãn")
    session.commit()
    form = {"province": "ha-noi", "area_text": "Phường Hoàn Kiếm", "voucher": "NHAN2026"}
    page = cart.get(order(cart, **form)).text
    found = only_order(session)
    assert "Mừng mùa nhãn" in page
    for amount in (found.subtotal, found.delivery_fee, found.cod_fee, found.total):
        assert format_vnd(amount) in page

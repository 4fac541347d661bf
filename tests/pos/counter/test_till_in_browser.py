"""The till in a real browser: scanning, paying, and a sale that the network swallowed."""

from dataclasses import dataclass

import pytest
from flask import Flask
from playwright.sync_api import Page, Route, expect
from sqlalchemy import func, select

from app.core.db import reading, transaction
from builders import BY_NOBODY, TODAY, make_sku, stock_up
from catalog import products
from pos.sales.models import Order
from support.chromium import barriers
from support.counter import make_counter, stamped
from support.live import enter_as

pytestmark = pytest.mark.browser


@dataclass
class Goods:
    """Codes that can be scanned at the open till, and its address."""

    gtin: str
    stamps: list[str]
    name: str
    path: str


def at_the_till(page: Page, app: Flask, live: str) -> Goods:
    with transaction() as session:
        counter, sku = make_counter(session), make_sku(session)
        products.publish(session, sku.product, day=TODAY, **BY_NOBODY)
        lot = stock_up(session, counter.shop, sku, 10)
        _batch, serials = stamped(session, sku, lot=lot)
        goods = Goods(sku.gtin or "", serials, sku.product.name_vi, f"/pos/{counter.till.id}/")
        cashier = counter.cashier
    enter_as(page, app, live, cashier)
    page.goto(goods.path)
    expect(page.locator(".key")).to_have_count(1)
    return goods


def scan(page: Page, code: str) -> None:
    page.keyboard.type(code, delay=5)
    page.keyboard.press("Enter")


def booked() -> int:
    with reading() as session:
        return session.scalar(select(func.count(Order.id))) or 0


def test_scan_and_pay_exactly_with_the_keyboard_alone(page: Page, app: Flask, live: str) -> None:
    goods = at_the_till(page, app, live)
    expect(page.locator("#scan")).to_be_focused()
    scan(page, goods.gtin)
    scan(page, goods.gtin)
    scan(page, f"http://localhost/t/{goods.stamps[0].lower()}")
    expect(page.locator("#total")).to_have_text("375.000 ₫")
    expect(page.locator(".ticket-line")).to_have_count(2)
    for key in ("F4", "F4", "Enter"):
        page.keyboard.press(key)
    expect(page.locator(".pay-change")).to_contain_text("0 ₫")
    assert barriers(page) == []
    page.keyboard.press("Enter")
    expect(page.locator("#total")).to_have_text("0 ₫")
    expect(page.locator("#scan")).to_be_focused()
    assert booked() == 1


def test_the_same_stamp_twice_is_refused_in_words(page: Page, app: Flask, live: str) -> None:
    goods = at_the_till(page, app, live)
    scan(page, goods.stamps[0])
    expect(page.locator("#total")).to_have_text("125.000 ₫")
    scan(page, goods.stamps[0])
    expect(page.locator("#message .notice-stop")).to_be_visible()
    expect(page.locator("#total")).to_have_text("125.000 ₫")
    assert barriers(page) == []


def test_a_scan_into_quantity_or_amount_is_still_a_scan(page: Page, app: Flask, live: str) -> None:
    goods = at_the_till(page, app, live)
    scan(page, goods.gtin)
    expect(page.locator("#total")).to_have_text("125.000 ₫")
    page.keyboard.press("F3")
    scan(page, goods.gtin)
    expect(page.locator("#total")).to_have_text("250.000 ₫")
    page.keyboard.press("F4")
    scan(page, goods.gtin)
    expect(page.locator("#total")).to_have_text("375.000 ₫")
    expect(page.locator(".key")).to_be_visible()


def test_a_quantity_is_typed_and_a_removed_line_comes_back(
    page: Page, app: Flask, live: str
) -> None:
    goods = at_the_till(page, app, live)
    scan(page, goods.gtin)
    expect(page.locator(".ticket-line")).to_have_count(1)
    page.keyboard.press("F3")
    page.keyboard.type("4", delay=200)
    page.keyboard.press("Enter")
    expect(page.locator("#total")).to_have_text("500.000 ₫")
    page.keyboard.press("Delete")
    expect(page.locator(".ticket-line")).to_have_count(0)
    page.locator("#message button").click()
    expect(page.locator("#total")).to_have_text("500.000 ₫")
    page.reload()
    expect(page.locator("#total")).to_have_text("500.000 ₫")


def test_an_article_is_found_by_its_name(page: Page, app: Flask, live: str) -> None:
    goods = at_the_till(page, app, live)
    page.keyboard.type("long nhan", delay=20)
    page.keyboard.press("Enter")
    expect(page.locator(".key")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".ticket-line")).to_contain_text(goods.name)
    page.keyboard.type("khongcogi", delay=20)
    page.keyboard.press("Enter")
    expect(page.locator("#message .notice-stop")).to_contain_text("khongcogi")


def test_a_sale_whose_answer_was_lost_is_booked_once(page: Page, app: Flask, live: str) -> None:
    goods = at_the_till(page, app, live)

    def swallow(route: Route) -> None:
        route.fetch()
        route.abort()

    page.route("**/pos/api/sales", swallow)
    scan(page, goods.gtin)
    expect(page.locator("#total")).to_have_text("125.000 ₫")
    for key in ("F4", "F4", "Enter"):
        page.keyboard.press(key)
    expect(page.locator("#conn")).to_have_class("conn conn-off")
    expect(page.locator("#unsent")).to_be_visible()
    page.reload()
    expect(page.locator("#unsent")).to_be_visible()
    page.unroute("**/pos/api/sales")
    page.locator("[data-first]").click()
    expect(page.locator(".pay-change")).to_be_visible()
    assert booked() == 1


def test_three_taps_pay_on_a_telephone(phone: Page, app: Flask, live: str) -> None:
    at_the_till(phone, app, live)
    phone.locator(".key").click()
    phone.locator("#pay").click()
    phone.locator(".pay-amounts button").first.click()
    assert barriers(phone) == []
    phone.locator("[data-take]").click()
    expect(phone.locator("dialog .pay-change")).to_be_visible()
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    assert booked() == 1


def test_the_notes_add_up_while_they_are_counted(page: Page, app: Flask, live: str) -> None:
    goods = at_the_till(page, app, live)
    page.goto(f"{goods.path}dong")
    page.locator("[data-worth='200000']").fill("2")
    page.locator("[data-worth='1']").fill("1.500")
    expect(page.locator("[data-total]")).to_have_text("401.500 ₫")
    assert barriers(page) == []

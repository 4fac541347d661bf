"""No page keeps people with disabilities out, by axe's rules; on a telephone and on a desk."""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Literal

import pytest
from flask import Flask
from playwright.sync_api import Page
from sqlalchemy import select

from app.core.db import transaction
from builders import BY_NOBODY, NOW, TODAY, make_offered, make_order
from builders_promotions import make_voucher
from catalog.models import Producer, Product, Sku
from catalog.recognition_models import Recognition
from pos.counter import sessions
from pos.counter.models import Register
from support.chromium import DESK, PHONE, barriers
from support.counter_flow import open_till, sale
from support.live import enter_as
from support.world import World
from traceability import lots, stamps
from traceability.models import Lot, StampBatch

pytestmark = pytest.mark.browser

SIZES = (PHONE, DESK)
Scheme = Literal["light", "dark"]


def found(page: Page, paths: Iterable[str], scheme: Scheme = "light") -> list[str]:
    """What keeps someone out of these pages, or makes them wider than the screen."""
    page.emulate_media(color_scheme=scheme)
    faults = []
    for path in paths:
        page.goto(path)
        faults += faults_of(page)
    return faults


def faults_of(page: Page) -> list[str]:
    """The faults of the page as it stands, at both sizes."""
    faults = []
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        wide = page.evaluate("document.documentElement.scrollWidth")
        wrong = barriers(page) + ([f"{wide} px wide"] if wide > width else [])
        faults += [f"{page.url} at {width} px: {text}" for text in wrong]
    return faults


def another() -> str:
    """The address of a second product, to be compared with the first."""
    with transaction() as session:
        return make_offered(session, name_vi="Hạt sen Hồng Nam").product.slug


def of_the_shop(world: World) -> list[str]:
    with transaction() as session:
        slug = session.scalars(select(Producer.slug)).one()
    return [
        "/",
        "/san-pham",
        "/san-pham?q=khongcogi&stars=4",
        f"/san-pham/{world.slug}",
        f"/san-pham/{world.slug}/danh-gia",
        f"/nha-san-xuat/{slug}",
        "/diem-ban",
        "/so-sanh",
        f"/so-sanh?sp={world.slug}&sp={another()}",
        "/mua-vu",
        "/chinh-sach/doi-tra",
        "/tin-tuc",
        "/don-hang",
        "/gio-hang",
        "/dang-nhap",
        "/tem",
        "/khong-co-gi",
    ]


def test_the_pages_of_the_shop(page: Page, live_world: World) -> None:
    assert found(page, of_the_shop(live_world)) == []


def test_cart_checkout_its_errors_and_the_order(page: Page, live_world: World) -> None:
    page.goto(f"/san-pham/{live_world.slug}")
    page.locator(".product-buy button.btn").click()
    page.locator(".site-tools .badge-count").wait_for()
    assert found(page, ["/gio-hang", "/thanh-toan"]) == []
    page.evaluate("document.querySelector('#checkout').noValidate = true")
    page.locator("button[form=checkout]").click()
    page.locator("#name[aria-invalid]").wait_for()
    assert faults_of(page) == []
    page.locator("#name").fill("Nguyễn Thị Lan")
    page.locator("#phone").fill("0912345678")
    page.locator("#address").fill("Số 5, đường Bãi Sậy")
    page.locator("button[form=checkout]").click()
    page.locator("button[form=review]").first.wait_for()
    assert faults_of(page) == []
    page.locator("button[value=confirm]").click()
    page.locator(".notice-ok").wait_for()
    assert faults_of(page) == []
    page.goto("/don-hang")
    page.locator("#number").fill("PH-26-AAAAAAAA")
    page.locator("#phone").fill("0912345678")
    page.locator("main form button").click()
    page.locator(".notice-stop").wait_for()
    assert faults_of(page) == []


def verdicts(app: Flask, world: World) -> Iterator[str]:
    """Addresses whose answers are all that there are, each when it has come true."""
    yield "/tem/abc"
    yield f"/tem/{'0' * 16}"
    yield f"/tem/{world.serials[0]}"
    yield f"/tem/{world.serials[50]}"
    cashier, session_id = open_till(app, world)
    cashier.send("/pos/api/sales", sale(session_id, world))
    yield f"/tem/{world.serials[0]}"
    with transaction() as session:
        batch = session.scalars(select(StampBatch)).one()
        stamps.void_range(session, batch, 45, 50, reason="rách khi dán", **BY_NOBODY)
    yield f"/tem/{world.serials[50]}"
    with transaction() as session:
        session.scalars(select(Recognition)).one().valid_until = TODAY - timedelta(days=1)
    yield f"/tem/{world.serials[1]}"
    for move in (lots.hold, lots.recall):
        with transaction() as session:
            lot = session.get_one(Lot, world.lot_id)
            move(session, lot, reason="nghi nhiễm mốc", now=NOW, actor_id=None)
        yield f"/tem/{world.serials[1]}"


def test_every_answer_about_a_stamp(page: Page, app: Flask, live_world: World) -> None:
    titles = set()
    for path in verdicts(app, live_world):
        assert found(page, [path]) == []
        titles.add(page.locator("h1").inner_text())
    assert len(titles) == 9


def of_the_staff(world: World) -> list[str]:
    with transaction() as session:
        order = make_order(session, session.get_one(Sku, world.sku_id))
        product = session.scalars(select(Product.id)).one()
        batch = session.scalars(select(StampBatch.id)).one()
        keys = order.id, product, batch, make_voucher(session).id
    return [
        "/quan-ly/don-hang/",
        f"/quan-ly/don-hang/{keys[0]}",
        "/quan-ly/khuyen-mai/",
        "/quan-ly/khuyen-mai/moi",
        f"/quan-ly/khuyen-mai/{keys[3]}",
        "/quan-ly/kho/",
        f"/quan-ly/kho/noi/{world.point_id}",
        f"/quan-ly/kho/noi/{world.point_id}/lo/{world.lot_id}",
        "/quan-ly/kho/nhap",
        "/quan-ly/kho/bien-dong",
        "/quan-ly/san-pham",
        "/quan-ly/danh-gia",
        "/quan-ly/hoi-dap",
        f"/quan-ly/san-pham/{keys[1]}",
        "/quan-ly/nha-san-xuat",
        "/quan-ly/cong-nhan",
        f"/quan-ly/san-pham/{keys[1]}/cong-nhan",
        "/quan-ly/lo",
        f"/quan-ly/lo/{world.lot_id}",
        "/quan-ly/tem",
        f"/quan-ly/tem/{keys[2]}",
        "/quan-ly/nguoi-dung",
        f"/quan-ly/nguoi-dung/{world.keeper.id}",
        "/quan-ly/nhat-ky",
        "/quan-ly/bao-cao/ban-hang",
        "/quan-ly/quay/",
        "/quan-ly/quay/doi-chieu",
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_of_the_staff(
    page: Page, app: Flask, live: str, live_world: World, scheme: Scheme
) -> None:
    cashier, session_id = open_till(app, live_world)
    cashier.send("/pos/api/sales", sale(session_id, live_world))
    paths = of_the_staff(live_world)
    enter_as(page, app, live, live_world.officer)
    assert found(page, paths, scheme) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_till_with_goods_on_the_ticket(
    page: Page, app: Flask, live: str, live_world: World, scheme: Scheme
) -> None:
    enter_as(page, app, live, live_world.cashier)
    assert found(page, ["/pos/"], scheme) == []
    with transaction() as session:
        register = session.get_one(Register, live_world.register_id)
        by = live_world.cashier.id
        till = sessions.open_session(session, register, 500_000, now=NOW, actor_id=by).id
    page.goto(f"/pos/{till}/")
    page.locator(".key").first.click()
    page.locator(".ticket-line").wait_for()
    assert faults_of(page) == []
    pages = [f"/pos/{till}/{name}" for name in ("tien", "x", "dong")]
    assert found(page, pages, scheme) == []


def test_the_receipt(page: Page, app: Flask, live: str, live_world: World) -> None:
    cashier, session_id = open_till(app, live_world)
    answer = cashier.send("/pos/api/sales", sale(session_id, live_world)).get_json()
    enter_as(page, app, live, live_world.cashier)
    assert found(page, [f"/pos/receipts/{answer['number']}"]) == []

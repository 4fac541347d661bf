"""Shortages, forbidden words, questions, what is ordered ahead and the own account, by axe's rules."""

import pytest
from flask import Flask
from flows.test_browser_axe import found
from playwright.sync_api import Page

from app.accounts.models import Role
from app.core.db import transaction
from app.storefront import questions
from builders import (
    BY_NOBODY,
    NOW,
    TODAY,
    make_pre_order,
    make_question,
    make_sku,
    make_user,
)
from catalog import products
from catalog.models import Product, Sku
from pos.stock import alerts
from support.chromium import PHONE
from support.live import enter_as
from support.world import World

pytestmark = pytest.mark.browser


def test_the_desk(page: Page, app: Flask, live: str, live_world: World) -> None:
    with transaction() as session:
        sku = session.get_one(Sku, live_world.sku_id)
        product_id, producer_id = sku.product_id, sku.product.producer_id
        products.set_low_stock(session, sku, 100, **BY_NOBODY)
        sku.product.summary_vi = "Giúp chữa bệnh"
        assert alerts.sweep(session, day=TODAY, now=NOW) == 2
    enter_as(page, app, live, live_world.officer)
    paths = [
        "/quan-ly/kho/sap-het",
        "/quan-ly/tu-cam",
        f"/quan-ly/lich-su/product/{product_id}",
        f"/quan-ly/san-pham/{product_id}",
        f"/quan-ly/nha-san-xuat/{producer_id}",
    ]
    assert found(page, paths) == []


def test_questions_and_what_is_ordered_ahead(page: Page, live_world: World) -> None:
    with transaction() as session:
        sku = session.get_one(Sku, live_world.sku_id)
        make_pre_order(session, make_sku(session, session.get_one(Product, sku.product_id)))
        for _time in range(21):
            asked = make_question(session, sku)
            questions.answer(session, asked, "Có", now=NOW, actor_id=None)
    shop = f"/san-pham/{live_world.slug}"
    assert found(page, [shop, f"{shop}/hoi-dap", f"{shop}/hoi-dap?page=2"]) == []


def test_the_tabs_of_the_account_do_not_scroll_sideways(
    page: Page, app: Flask, live: str, live_world: World
) -> None:
    with transaction() as session:
        member = make_user(session, Role.CUSTOMER)
    enter_as(page, app, live, member)
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    page.goto("/tai-khoan")
    tabs = page.locator(".tabs")
    assert tabs.evaluate("each => each.scrollWidth <= each.clientWidth")
    assert found(page, ["/tai-khoan", "/tai-khoan/don-hang"]) == []

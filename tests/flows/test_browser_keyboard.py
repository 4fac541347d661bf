"""Buying with the keyboard alone: what is reached by Tab is seen, and Enter does it."""

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import func, select

from app.core.db import reading
from pos.sales.models import Order
from support.world import World

pytestmark = pytest.mark.browser

MOST_STOPS = 80


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the element has the focus; fail when it is never reached."""
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return
    raise AssertionError(f"{selector} is not reached by Tab")


def follow(page: Page) -> None:
    """Press Enter and wait for the page to which it leads."""
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_the_first_stop_leads_past_the_menu(page: Page, live_world: World) -> None:
    page.goto("/san-pham")
    page.keyboard.press("Tab")
    expect(page.locator(".skip-link")).to_be_focused()
    expect(page.locator(".skip-link")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    tab_to(page, "main *")
    assert page.evaluate("document.activeElement.closest('header') === null")


def test_an_order_by_keyboard_alone(page: Page, live_world: World) -> None:
    page.goto("/")
    tab_to(page, "#site-q")
    page.keyboard.type("long nhan hong nam")
    follow(page)
    expect(page.locator(".product-card")).to_have_count(1)
    tab_to(page, ".product-card-name a")
    follow(page)
    expect(page.locator("h1")).to_have_text(live_world.name)
    tab_to(page, ".product-buy button.btn")
    follow(page)
    tab_to(page, ".site-tools a[href='/gio-hang']")
    follow(page)
    tab_to(page, ".summary a.btn")
    follow(page)

    tab_to(page, "#name")
    page.keyboard.type("Nguyễn Thị Lan")
    tab_to(page, "#phone")
    page.keyboard.type("0912345678")
    tab_to(page, "#address")
    page.keyboard.type("Số 5, đường Bãi Sậy")
    tab_to(page, "button[form=checkout]")
    follow(page)
    tab_to(page, "button[value=confirm]")
    follow(page)
    expect(page.locator(".notice-ok")).to_be_visible()
    with reading() as session:
        assert session.scalar(select(func.count(Order.id))) == 1


def test_what_has_the_focus_is_outlined(page: Page, live_world: World) -> None:
    page.goto("/")
    tab_to(page, ".intro .btn")
    width = page.evaluate("getComputedStyle(document.activeElement).outlineWidth")
    assert float(width.removesuffix("px")) >= 2


def test_pick_up_is_chosen_with_the_arrow_keys(page: Page, live_world: World) -> None:
    page.goto(f"/san-pham/{live_world.slug}")
    tab_to(page, ".product-buy button.btn")
    follow(page)
    page.goto("/thanh-toan")
    expect(page.locator("#address")).to_be_visible()
    tab_to(page, "input[name=delivery]")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#address")).to_be_hidden()
    tab_to(page, "input[name=point]")
    page.keyboard.press("Space")
    expect(page.locator("input[name=point]:checked")).to_have_value(str(live_world.point_id))

"""A consumer scans the same stamp with a telephone: on sale, sold, and recalled."""

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from app.core.db import transaction
from builders import NOW
from support.counter_flow import open_till, sale
from support.world import World
from traceability import lots
from traceability.models import Lot

pytestmark = pytest.mark.browser


def printed(world: World, number: int = 0) -> str:
    """The address in the square code of a stamp."""
    return f"/01/0{world.gtin}/21/{world.serials[number]}"


def test_a_stamp_through_its_life(phone: Page, app: Flask, live_world: World) -> None:
    phone.goto(printed(live_world))
    expect(phone.locator("h1")).to_have_text("Tem này đã được phát hành và kích hoạt")
    expect(phone.locator("main")).to_contain_text(live_world.producer)
    expect(phone.locator("main")).to_contain_text(live_world.lot_code)
    expect(phone.locator(".stars").first).to_contain_text("OCOP 4 sao")

    cashier, session_id = open_till(app, live_world)
    assert cashier.send("/pos/api/sales", sale(session_id, live_world)).status_code == 200
    phone.goto(printed(live_world))
    expect(phone.locator("h1")).to_have_text("Gói hàng mang tem này đã được bán")
    expect(phone.locator(".verdict")).to_contain_text(f"24/11/2026 tại {live_world.point}")

    with transaction() as session:
        lot = session.get_one(Lot, live_world.lot_id)
        lots.recall(session, lot, reason="nghi nhiễm mốc", now=NOW, actor_id=None)
    phone.goto(printed(live_world))
    expect(phone.locator("h1")).to_have_text("Lô hàng này đã bị thu hồi")
    expect(phone.locator(".verdict-stop")).to_contain_text("nghi nhiễm mốc")
    expect(phone.locator(".stars")).to_have_count(0)


def test_the_page_in_english_and_back(phone: Page, live_world: World) -> None:
    phone.goto(printed(live_world))
    phone.locator(".lang-switch a[lang=en]").first.click()
    expect(phone.locator("html")).to_have_attribute("lang", "en")
    expect(phone.locator("h1")).to_have_text("This stamp was issued and put into use")
    phone.locator(".lang-switch a[lang=vi]").first.click()
    expect(phone.locator("h1")).to_have_text("Tem này đã được phát hành và kích hoạt")


def test_a_code_that_the_camera_cannot_read_is_typed(phone: Page, live_world: World) -> None:
    serial = live_world.serials[1].lower()
    phone.goto("/tem")
    phone.locator("main input[name=ma]").fill(" ".join((serial[:4], serial[4:8], serial[8:])))
    phone.locator("main form button").click()
    expect(phone.locator(".verdict-ok")).to_contain_text("Đây là lần quét đầu tiên")


def test_the_answer_stands_above_the_fold(phone: Page, live_world: World) -> None:
    phone.goto(printed(live_world))
    box = phone.locator(".verdict").bounding_box()
    assert box is not None
    assert box["y"] + box["height"] < 844
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390

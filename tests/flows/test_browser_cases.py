"""Buyer and staff walk through a return on a telephone and on a desk, without a barrier."""

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from app.accounts.access import place_scope
from app.accounts.models import Role
from app.core.db import transaction
from builders import make_user, picture_bytes
from builders_aftersales import make_bought, make_case
from builders_shipping import make_packed
from catalog.models import Sku
from support.chromium import DESK, PHONE, barriers
from support.live import enter_as

pytestmark = pytest.mark.browser


def faults(page: Page) -> list[str]:
    """What keeps someone out of the page as it stands, or makes it wider than the screen."""
    found = []
    for width, height in (PHONE, DESK):
        page.set_viewport_size({"width": width, "height": height})
        wide = page.evaluate("document.documentElement.scrollWidth")
        wrong = barriers(page) + ([f"{wide} px wide"] if wide > width else [])
        found += [f"{page.url} at {width} px: {text}" for text in wrong]
    return found


def find(page: Page, number: str) -> None:
    """Open the page of the order by its number and phone number."""
    page.goto("/don-hang")
    page.locator("#number").fill(number)
    page.locator("#phone").fill("0912 345 678")
    page.locator("main form button").click()


def test_a_return_from_the_order_to_the_money(page: Page, app: Flask, live: str) -> None:
    with transaction() as session:
        order = make_bought(session)
        manager = make_user(session, Role.POINT_MANAGER, place_scope(order.place_id))
        number, lot_id = order.number, order.lines[0].picks[0].lot_id
    find(page, number)
    assert faults(page) == []
    page.get_by_role("link", name="Đổi trả, khiếu nại").click()
    assert faults(page) == []
    page.locator("input[name^=units-]").fill("2")
    page.locator("#reason").select_option("damaged")
    page.locator("input[name=wish][value=money]").check()
    page.locator("#text").fill("Hai hộp bị vỡ khi mở kiện hàng")
    picture = {"name": "vo.jpg", "mimeType": "image/jpeg", "buffer": picture_bytes((400, 300))}
    page.locator("#pictures").set_input_files([picture])  # type: ignore[list-item]
    page.get_by_role("button", name="Gửi cửa hàng").click()
    expect(page.locator("h1")).to_contain_text("KN-")
    assert faults(page) == []
    buyers_page = page.url

    enter_as(page, app, live, manager)
    page.goto("/quan-ly/khieu-nai")
    assert faults(page) == []
    page.locator("tbody th a").first.click()
    assert faults(page) == []
    page.locator("input[name^=units-]").fill("2")
    page.locator("textarea[name=reason]").first.fill("Kiện hàng bị rơi")
    page.get_by_role("button", name="Chấp nhận", exact=True).click()
    expect(page.locator("main")).to_contain_text("chờ hàng gửi về")
    assert faults(page) == []
    page.locator(f"input[name$='{lot_id}-waste']").fill("2")
    page.get_by_role("button", name="Ghi nhận hàng").click()
    expect(page.locator("main")).to_contain_text("200.000")
    assert faults(page) == []
    page.get_by_role("button", name="Hoàn tiền", exact=True).click()
    expect(page.locator("main")).to_contain_text("Đã giải quyết xong")
    assert faults(page) == []
    for path in ("/quan-ly/khieu-nai/thong-ke", "/quan-ly/khieu-nai?queue=done"):
        page.goto(path)
        assert faults(page) == []
    find(page, number)
    page.goto(buyers_page)
    expect(page.locator("main")).to_contain_text("Kiện hàng bị rơi")
    assert faults(page) == []


def test_staff_open_a_case_and_call_an_order_off(page: Page, app: Flask, live: str) -> None:
    with transaction() as session:
        order = make_bought(session)
        make_case(session, order)
        packed = make_packed(
            session, 1, source=order.place, sku=session.get_one(Sku, order.lines[0].sku_id)
        )
        manager = make_user(session, Role.POINT_MANAGER, place_scope(order.place_id))
        key, packed_id = order.id, packed.id
    enter_as(page, app, live, manager)
    page.goto(f"/quan-ly/don-hang/{key}")
    assert faults(page) == []
    page.get_by_role("link", name="Lập yêu cầu đổi trả, khiếu nại").click()
    assert faults(page) == []
    page.goto(f"/quan-ly/don-hang/{packed_id}")
    assert faults(page) == []
    page.locator("#unpack-reason").fill("Khách gọi điện báo đổi ý")
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Mở gói và huỷ đơn").click()
    expect(page.locator("main")).to_contain_text("Khách gọi điện báo đổi ý")

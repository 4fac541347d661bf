"""The parcel desk in a browser, and the pages of the checkout before an outside judge."""

from pathlib import Path

import pytest
from flask import Flask
from flows.test_html import faults
from playwright.sync_api import Page, expect

from app.core.db import transaction
from builders import BY_NOBODY, TODAY
from builders_shipping import make_delivered, make_packed, make_parcel
from catalog.models import Sku
from pos.shipping import remittances
from pos.shipping.remittances import Entry, Head
from support.browser import Browser
from support.checkout import confirm, kept, review
from support.chromium import PHONE, barriers
from support.live import enter_as
from support.world import World

DESK = "/quan-ly/giao-hang"


def pages(world: World) -> list[str]:
    """Every page of the desk with something on it."""
    with transaction() as session:
        sku = session.get_one(Sku, world.sku_id)
        packed, ready = make_packed(session, sku=sku), make_parcel(session, number="VN1")
        make_delivered(session, number="VN2")
        head = Head("post", "BK-1", TODAY)
        booked = remittances.book(session, head, [Entry("VN9", 5)], **BY_NOBODY)
        return [
            f"{DESK}/",
            f"{DESK}/don/{packed.id}",
            f"{DESK}/?tab=ready",
            f"{DESK}/{ready.id}",
            f"{DESK}/thu-ho",
            f"{DESK}/thu-ho/{booked.id}",
        ]


@pytest.mark.browser
def test_the_desk_is_open_to_everyone_and_fits_a_telephone(
    phone: Page, app: Flask, live: str, live_world: World
) -> None:
    addresses = pages(live_world)
    enter_as(phone, app, live, live_world.officer)
    for path in addresses:
        phone.goto(path)
        assert barriers(phone) == [], path
        assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE[0], path


@pytest.mark.browser
def test_a_parcel_is_made_ready_and_handed_over(
    page: Page, app: Flask, live: str, live_world: World
) -> None:
    pages(live_world)
    enter_as(page, app, live, live_world.officer)
    page.goto(f"{DESK}/")
    page.locator("td a.btn").first.click()
    page.locator("#service").select_option("post.standard")
    page.locator("#number").fill("VN10")
    page.locator("main form button.btn").first.click()
    expect(page.locator(".notice-ok")).to_be_visible()
    page.goto(f"{DESK}/?tab=ready")
    page.locator(".form-actions button").click()
    expect(page.locator(".notice-ok")).to_contain_text("2 kiện")


def test_the_pages_of_the_checkout_are_html_without_a_fault(
    visitor: Browser, world: World, tmp_path: Path
) -> None:
    folder = tmp_path / "pages"
    folder.mkdir()
    visitor.post("/gio-hang/them", {"sku": str(world.sku_id), "quantity": "2"})
    shown = {path[1:]: visitor.get(path).text for path in ("/gio-hang", "/thanh-toan")}
    shown["faulty"] = review(visitor, name="").text
    shown["review"] = review(visitor).text
    shown["changed"] = confirm(visitor, shown["review"], seen="").text
    shown["options"] = visitor.post(
        "/thanh-toan", kept(shown["review"]) | {"step": "options", "province": "ca-mau"}
    ).text
    for name, text in shown.items():
        (folder / f"{name}.html").write_text(text, encoding="utf-8")
    wrong = faults(folder)
    assert wrong == [], "\n".join(wrong)

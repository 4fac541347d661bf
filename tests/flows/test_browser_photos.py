"""Photographs in a real browser: a gallery without a script, by keyboard, that keeps nobody out."""

import os
from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from app.core import clock
from app.core.db import transaction
from app.errands import errands
from app.jobs import run_due
from builders import BY_NOBODY, add_photo, picture_bytes
from catalog import channel_links, files, photo_files
from catalog.models import Product
from catalog.photos import Alt
from support.chromium import DESK, PHONE, barriers
from support.live import enter_as
from support.world import World

pytestmark = pytest.mark.browser

WORDS = ("Long nhãn trong hộp", "Chùm nhãn trên cây", "Lò sấy")


@pytest.fixture
def pictured(app: Flask, live_world: World) -> str:
    """Address of a product with three photographs and a link."""
    folder = app.extensions["phohien_settings"].instance_dir / photo_files.FOLDER
    with transaction() as session:
        product = session.scalars(select(Product).filter_by(slug=live_world.slug)).one()
        for number, words in enumerate(WORDS):
            content = picture_bytes((1_400, 1_050), shade=20 + 9 * number)
            files.keep(folder, photo_files.judge(content).accepted)
            add_photo(session, product, content, Alt(words))
        channel_links.add(session, product, "https://shopee.vn/nhan", **BY_NOBODY)
    run_due(clock.now(), {}, {"photo_sizes": errands(app)["photo_sizes"]})
    return f"/san-pham/{live_world.slug}"


@pytest.fixture
def plain(browser: Browser, live: str) -> Iterator[Page]:
    """A page whose browser runs no scripts."""
    context = browser.new_context(
        base_url=live,
        java_script_enabled=False,
        viewport={"width": PHONE[0], "height": PHONE[1]},
    )
    yield context.new_page()
    context.close()


def faults(page: Page) -> list[str]:
    """What keeps someone out or is too wide, at both sizes."""
    found = []
    for width, height in (PHONE, DESK):
        page.set_viewport_size({"width": width, "height": height})
        wide = page.evaluate("document.documentElement.scrollWidth")
        found += barriers(page) + ([f"{wide} px wide"] if wide > width else [])
        if folder := os.environ.get("PHOHIEN_SHOTS"):
            page.screenshot(path=f"{folder}/{page.url.split('/')[-1][:12]}-{width}.png")
    return found


def test_the_gallery_keeps_nobody_out(page: Page, pictured: str) -> None:
    page.goto(pictured)
    assert faults(page) == []
    first = page.locator(".gallery-item img").first
    assert first.evaluate("image => image.currentSrc").endswith(".avif")
    assert page.locator(".gallery-thumbs a").count() == len(WORDS)


def test_the_picture_has_its_place_before_it_comes(page: Page, pictured: str) -> None:
    page.route("**/anh/**", lambda route: route.abort())
    page.goto(pictured)
    empty = page.locator(".gallery-view").bounding_box()
    page.unroute("**/anh/**")
    page.goto(pictured)
    page.locator(".gallery-item img").first.evaluate("image => image.decode()")
    assert page.locator(".gallery-view").bounding_box() == empty


def test_the_keyboard_reaches_every_photograph(page: Page, pictured: str) -> None:
    page.goto(pictured)
    page.locator(".gallery-thumbs a").nth(1).focus()
    page.keyboard.press("Enter")
    expect(page.locator("#anh-2")).to_be_in_viewport(ratio=0.5)
    expect(page.locator("#anh-1")).not_to_be_in_viewport(ratio=0.5)
    page.locator(".gallery-view").focus()
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#anh-1")).to_be_in_viewport(ratio=0.5)


def test_the_gallery_works_without_a_script(plain: Page, pictured: str) -> None:
    plain.goto(pictured)
    plain.locator(".gallery-thumbs a").nth(2).click()
    expect(plain.locator("#anh-3")).to_be_in_viewport(ratio=0.5)
    expect(plain.locator("#anh-1")).not_to_be_in_viewport(ratio=0.5)


def test_the_pages_of_the_staff_keep_nobody_out(
    page: Page, app: Flask, live: str, live_world: World, pictured: str
) -> None:
    with transaction() as session:
        key = session.scalars(select(Product).filter_by(slug=live_world.slug)).one().id
    enter_as(page, app, live, live_world.officer)
    wrong = []
    for path in (f"san-pham/{key}", f"san-pham/{key}/anh", f"san-pham/{key}/kenh-ban", "kenh-ban/"):
        page.goto(f"/quan-ly/{path}")
        wrong += [f"{path}: {fault}" for fault in faults(page)]
    assert wrong == []

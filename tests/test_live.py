"""The pages in a real browser: nothing is refused by the content policy, and all can use them."""

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from app.accounts.models import Role
from app.core.db import transaction
from builders import make_user
from support.chromium import barriers
from support.live import enter_as

pytestmark = pytest.mark.browser


def test_the_browser_is_in_vietnam_at_the_time_of_the_tests(page: Page) -> None:
    page.goto("/health/live")
    assert page.evaluate("new Date().toLocaleString('vi-VN')").startswith("10:00")
    assert page.evaluate("navigator.language") == "vi-VN"


@pytest.mark.parametrize("path", ["/", "/san-pham", "/gio-hang", "/dang-nhap", "/khong-co-gi"])
def test_a_page_keeps_nobody_out_and_fits_a_telephone(phone: Page, path: str) -> None:
    answer = phone.goto(path)
    assert answer is not None
    assert answer.status < 500
    expect(phone.locator("h1")).to_have_count(1)
    assert barriers(phone) == []
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_font_and_the_style_arrive(page: Page) -> None:
    page.goto("/dang-nhap")
    assert page.evaluate("document.fonts.ready.then(f => f.check('16px \"Be Vietnam Pro\"'))")
    assert page.evaluate("document.styleSheets[0].cssRules.length") > 0


def test_someone_signed_in_sees_the_staff_menu(page: Page, app: Flask, live: str) -> None:
    with transaction() as session:
        user = make_user(session, Role.OFFICER)
    enter_as(page, app, live, user)
    page.goto("/quan-ly/nguoi-dung")
    # The menu stands twice: folded for a phone, open at the side on a desk.
    expect(page.locator("nav a[href='/quan-ly/nhat-ky']").last).to_be_visible()

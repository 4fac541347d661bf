"""A shopper with a telephone finds a product and orders it, with JavaScript and without."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from app.core.db import reading, transaction
from builders import make_offered
from pos.sales.models import Order
from support.chromium import PHONE
from support.world import World

pytestmark = pytest.mark.browser

OTHER = "hat-sen-hong-nam"
NUMBER = re.compile(r"PH-26-[0-9A-Z]{8}")


def fill_cart(page: Page, quantity: int = 1) -> None:
    """From the product's page into the cart."""
    page.locator("#quantity").fill(str(quantity))
    page.locator(".product-buy button.btn").click()
    expect(page.locator(".site-tools .badge-count")).to_have_text("1")


def compared(page: Page, world: World) -> None:
    """Put the product and another one side by side, coming from the list and from a page."""
    page.locator(f"button[name=add][value={world.slug}]").click()
    expect(page.locator(".compare-bar a")).to_have_text("So sánh (1)")
    page.goto(f"/san-pham/{OTHER}")
    page.locator(f"button[name=add][value={OTHER}]").click()
    page.locator(".compare-bar a", has_text="So sánh (2)").click()
    expect(page.locator("thead th")).to_have_count(2)
    expect(page.locator("tr.is-different", has_text="Giá từ")).to_contain_text("80.000")
    expect(page.locator("tbody")).to_contain_text("OCOP 4 sao")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
    page.locator(f"button[name=remove][value={OTHER}]").click()
    expect(page.locator("thead th")).to_have_count(1)


def ordered(page: Page, world: World) -> str:
    """Walk from the front page to the confirmation; the number of the order that it shows."""
    page.goto("/")
    page.locator("#site-q").fill("long nhan hong nam")
    page.locator("#site-q").press("Enter")
    page.goto(f"{page.url}&to=hung-yen&stars=4")
    compared(page, world)
    page.get_by_role("link", name=world.name).first.click()
    expect(page.locator("#giao-hang")).to_contain_text("Xe của cửa hàng")
    fill_cart(page, 2)
    page.locator(".site-tools a[href='/gio-hang']").click()
    expect(page.locator(".cart-line")).to_contain_text(world.name)
    page.locator(".summary a.btn").click()
    page.locator("#name").fill("Nguyễn Thị Lan")
    page.locator("#phone").fill("0912 345 678")
    page.locator("#address").fill("Số 5, đường Bãi Sậy")
    page.locator("button[form=checkout]").click()
    expect(page.locator("h1")).to_have_text("Xem lại đơn hàng")
    expect(page.locator(".summary-total").last).to_have_text("280.000 ₫")
    page.locator("button[form=review][value=change]").click()
    expect(page.locator("#address")).to_have_value("Số 5, đường Bãi Sậy")
    page.locator("button[form=checkout]").click()
    page.locator("button[form=review][value=confirm]").click()
    expect(page.locator("h1")).to_contain_text("PH-26-")
    found = NUMBER.search(page.locator("h1").inner_text())
    assert found is not None
    return found[0]


def demand_order(number: str) -> None:
    """The order is in the books once, with goods and delivery."""
    with reading() as session:
        order = session.scalars(select(Order)).one()
        assert (order.number, order.total) == (number, 2 * 125_000 + 30_000)


@pytest.fixture
def two(live_world: World) -> World:
    """The world with a second product to compare with."""
    with transaction() as session:
        assert make_offered(session, 80_000, name_vi="Hạt sen Hồng Nam").product.slug == OTHER
    return live_world


def test_an_order_from_a_telephone(phone: Page, two: World) -> None:
    number = ordered(phone, two)
    expect(phone.locator(".notice-ok")).to_contain_text(number)
    expect(phone.locator(".summary-total").last).to_have_text("280.000 ₫")
    demand_order(number)


def test_the_same_without_javascript(browser: Browser, live: str, two: World) -> None:
    width, height = PHONE
    context = browser.new_context(
        base_url=live,
        java_script_enabled=False,
        locale="vi-VN",
        viewport={"width": width, "height": height},
    )
    page = context.new_page()
    number = ordered(page, two)
    expect(page.locator(".notice-ok")).to_contain_text(number)
    context.close()
    demand_order(number)


def test_no_page_of_the_way_is_wider_than_the_telephone(phone: Page, live_world: World) -> None:
    phone.goto(f"/san-pham/{live_world.slug}")
    fill_cart(phone)
    for path in ("/", "/san-pham", f"/san-pham/{live_world.slug}", "/gio-hang", "/thanh-toan"):
        phone.goto(path)
        assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE[0], path


def test_a_quantity_is_changed_in_the_cart(phone: Page, live_world: World) -> None:
    phone.goto(f"/san-pham/{live_world.slug}")
    fill_cart(phone)
    phone.goto("/gio-hang")
    phone.locator(".cart-line [data-step='1']").click()
    phone.locator(".cart-line-form .btn-secondary").click()
    expect(phone.locator(".cart-line-sum")).to_have_text("250.000 ₫")
    phone.locator(".cart-line-form .btn-quiet").click()
    expect(phone.locator(".empty")).to_be_visible()


def test_the_options_follow_the_province_as_it_is_chosen(phone: Page, live_world: World) -> None:
    phone.goto(f"/san-pham/{live_world.slug}")
    fill_cart(phone)
    phone.goto("/thanh-toan")
    phone.locator("#address").fill("Số 5, đường Bãi Sậy")
    expect(phone.locator("#ways")).to_contain_text("Xe của cửa hàng")
    phone.locator("#province").select_option("ca-mau")
    expect(phone.locator("#ways")).not_to_contain_text("Xe của cửa hàng")
    expect(phone.locator("#commune input")).to_be_visible()
    expect(phone.locator("#sum-rows")).to_contain_text("180.000 ₫")
    phone.locator("#way-box .choice", has_text="Chuyển phát nhanh").click()
    expect(phone.locator("#sum-rows")).to_contain_text("220.000 ₫")
    expect(phone.locator("#address")).to_have_value("Số 5, đường Bãi Sậy")


def test_without_javascript_a_button_shows_the_options(
    browser: Browser, live: str, live_world: World
) -> None:
    context = browser.new_context(base_url=live, java_script_enabled=False, locale="vi-VN")
    page = context.new_page()
    page.goto(f"/san-pham/{live_world.slug}?giao=ca-mau")
    expect(page.locator("#giao-hang")).to_contain_text("3–5 ngày")
    page.locator(".product-buy button.btn").click()
    page.goto("/thanh-toan")
    page.locator("#province").select_option("ca-mau")
    page.locator("button[value=options]").click()
    expect(page.locator("#ways")).to_contain_text("Chuyển phát nhanh")
    expect(page.locator("#commune input")).to_be_visible()
    context.close()

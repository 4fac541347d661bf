"""A day at the counter in the browser: sign in, open, sell by stamp and by barcode, close."""

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from app.accounts import passwords
from app.accounts.models import User
from app.core.db import reading, transaction
from pos.counter.models import SessionStatus, TillSession
from pos.sales.models import Order, Pick
from support.world import World

pytestmark = pytest.mark.browser

PASSWORD = "mật khẩu của thu ngân"


def sign_in(page: Page, world: World) -> None:
    """Enter by the form, on the way to the till."""
    with transaction() as session:
        cashier = session.get_one(User, world.cashier.id)
        cashier.password_hash = passwords.hash_password(PASSWORD)
    page.goto("/pos/")
    page.locator("input[name=email]").fill(world.cashier.email)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("main form button").click()
    expect(page.locator("input[name$=float_amount]")).to_be_visible()


def open_register(page: Page) -> None:
    """Open the only register with half a million."""
    page.locator("input[name$=float_amount]").fill("500.000")
    page.locator("main form button").click()
    expect(page.locator("#scan")).to_be_focused()


def scan(page: Page, code: str) -> None:
    """A scanner types fast and ends with Enter."""
    page.keyboard.type(code, delay=5)
    page.keyboard.press("Enter")


def take_cash(page: Page, note: str) -> None:
    """Pay with one note and book the sale."""
    page.locator("#pay").click()
    page.locator(".pay-amounts button", has_text=note).click()
    page.locator("[data-take]").click()


def test_from_signing_in_to_the_closed_drawer(page: Page, live_world: World) -> None:
    page.on("dialog", lambda dialog: dialog.accept())
    sign_in(page, live_world)
    open_register(page)

    scan(page, f"https://ocop.hungyen.vn/01/0{live_world.gtin}/21/{live_world.serials[3]}")
    expect(page.locator(".ticket-line")).to_contain_text(live_world.lot_code)
    take_cash(page, "200.000")
    expect(page.locator(".pay-change")).to_contain_text("75.000 ₫")
    with page.expect_popup() as popup:
        page.locator("[data-print-link]").click()
    receipt = popup.value
    expect(receipt.locator(".receipt-total")).to_contain_text("125.000 ₫")
    expect(receipt.locator("main")).to_contain_text(live_world.lot_code)
    receipt.close()

    page.keyboard.press("Enter")
    expect(page.locator("#total")).to_have_text("0 ₫")
    scan(page, live_world.gtin)
    expect(page.locator("#total")).to_have_text("125.000 ₫")
    take_cash(page, "500.000")
    expect(page.locator(".pay-change")).to_contain_text("375.000 ₫")

    close_with(page, {"500000": 1, "200000": 1, "50000": 1})
    with reading() as session:
        till = session.scalars(select(TillSession)).one()
        assert till.status is SessionStatus.CLOSED
        assert (till.counted_cash, till.difference) == (750_000, 0)
        assert len(session.scalars(select(Order)).all()) == 2
        serials = set(session.scalars(select(Pick.serial)))
        assert live_world.serials[3] in serials


def close_with(page: Page, notes: dict[str, int]) -> None:
    """Count these notes and close; nothing may be missing."""
    page.locator("[data-till-menu] summary").click()
    page.locator("[data-till-menu] a[href$='/dong']").click()
    for worth, count in notes.items():
        page.locator(f"[data-worth='{worth}']").fill(str(count))
    expect(page.locator("[data-total]")).to_have_text("750.000 ₫")
    page.locator("main form.card button").click()
    expect(page.locator("h1")).to_contain_text("Z")


def test_a_wrong_password_says_so_and_keeps_the_address(page: Page, live_world: World) -> None:
    page.goto("/pos/")
    page.locator("input[name=email]").fill(live_world.cashier.email)
    page.locator("input[name=password]").fill("không phải mật khẩu này")
    page.locator("main form button").click()
    expect(page.locator(".notice-stop")).to_be_visible()
    expect(page.locator("input[name=email]")).to_have_value(live_world.cashier.email)

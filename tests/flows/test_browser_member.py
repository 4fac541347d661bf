"""The pages of the account keep nobody out, by axe's rules; on a telephone and on a desk."""

import os

import pytest
from flask import Flask
from playwright.sync_api import Page

from app.accounts import tokens
from app.accounts.models import Role, TokenPurpose
from app.core import clock
from app.core.db import transaction
from app.storefront import addresses, wishes
from builders import NOW, make_offered, make_order, make_user
from support.chromium import DESK, PHONE, barriers
from support.live import enter_as
from support.world import World

pytestmark = pytest.mark.browser

OPEN = ("/dang-ky", "/dang-nhap", "/thu-da-gui", "/quen-mat-khau", "/xac-nhan/x")
OWN = ("", "/thong-tin", "/email", "/dong-y", "/don-hang", "/dia-chi", "/dia-chi/moi")


def faults(page: Page, path: str) -> list[str]:
    """What is wrong with the page at both sizes."""
    found = []
    page.goto(path)
    for width, height in (PHONE, DESK):
        page.set_viewport_size({"width": width, "height": height})
        wide = page.evaluate("document.documentElement.scrollWidth")
        wrong = barriers(page) + ([f"{wide} px wide"] if wide > width else [])
        found += [f"{path} at {width} px: {text}" for text in wrong]
    return found


def test_the_way_to_an_account(app: Flask, page: Page, live_world: World) -> None:
    with transaction() as session:
        gone = make_offered(session).product.slug
        row = tokens.issue(
            session,
            make_user(session),
            TokenPurpose.RESET,
            "lan@example.vn",
            secret=str(app.secret_key),
            now=clock.now(),
            randomness=os.urandom,
        )
    reset = f"/dat-lai-mat-khau/{tokens.text_of(row, str(app.secret_key))}"
    paths = (*OPEN, reset, f"/san-pham/{gone}")
    assert [fault for path in paths for fault in faults(page, path)] == []
    page.goto("/dang-ky")
    page.locator("main form").evaluate("form => form.noValidate = true")
    page.locator("main form button").click()
    assert page.locator(".field-error").count() == 3
    assert barriers(page) == []


def test_the_own_account(app: Flask, page: Page, live: str, live_world: World) -> None:
    with transaction() as session:
        lan = make_user(session, Role.CUSTOMER)
        sku = make_offered(session)
        make_order(session, sku, customer_id=lan.id)
        entry = addresses.Entry("Nhà", "Lan", "+84912345678", "12 Phố Hiến", None, True)
        addresses.add(session, lan.id, entry, now=NOW)
        addresses.add(session, lan.id, entry, now=NOW)
        wishes.add(session, lan.id, sku.product.slug, now=NOW)
    enter_as(page, app, live, lan)
    paths = [f"/tai-khoan{end}" for end in (*OWN, "/yeu-thich", "/xoa")]
    assert [fault for path in paths for fault in faults(page, path)] == []

"""The page about the API and the pages of the connections keep nobody out."""

import pytest
from flask import Flask
from playwright.sync_api import Page

from app.accounts.models import Role
from app.core.db import transaction
from builders import make_user
from builders_api import make_dead, make_delivery, make_token, make_webhook
from support.chromium import DESK, PHONE, barriers
from support.live import enter_as

pytestmark = pytest.mark.browser


def faults(page: Page) -> list[str]:
    found = []
    for width, height in (PHONE, DESK):
        page.set_viewport_size({"width": width, "height": height})
        wide = page.evaluate("document.documentElement.scrollWidth")
        found += barriers(page) + ([f"{page.url}: {wide} px wide"] if wide > width else [])
    return found


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_page_about_the_api(page: Page, live: str, lang: str) -> None:
    page.goto(f"/api?lang={lang}")
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    assert faults(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_of_the_connections(page: Page, app: Flask, live: str, scheme: str) -> None:
    with transaction() as session:
        officer, webhook = make_user(session, Role.OFFICER), make_webhook(session)
        make_token(session)
        make_dead(session, webhook)
        make_delivery(session, webhook)
    enter_as(page, app, live, officer)
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    base = "/quan-ly/ket-noi"
    for path in (
        base,
        f"{base}/ma-truy-cap/moi",
        f"{base}/webhook/moi",
        f"{base}/webhook/{webhook.id}",
    ):
        page.goto(path)
        assert faults(page) == []
    page.goto(f"{base}/ma-truy-cap/moi")
    page.locator("#note").fill("Sàn thương mại")
    page.get_by_label("catalogue:read").check()
    page.locator("main form.card button.btn").click()
    page.locator("#secret").wait_for()
    assert faults(page) == []

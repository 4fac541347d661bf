"""What was looked at lately stays in the browser, and is forgotten when asked."""

import pytest
from playwright.sync_api import Page

from app.core.db import transaction
from builders import make_offered
from support.chromium import barriers
from support.world import World

pytestmark = pytest.mark.browser


def test_products_looked_at_are_shown_until_they_are_forgotten(
    page: Page, live_world: World
) -> None:
    with transaction() as session:
        other = make_offered(session, name_vi="Mật ong hoa nhãn").product.slug
    page.goto("/san-pham")
    assert not page.locator("[data-seen]").is_visible()
    page.goto(f"/san-pham/{live_world.slug}")
    assert not page.locator("[data-seen]").is_visible()
    page.goto(f"/san-pham/{other}")
    assert page.locator("[data-seen] li a").all_inner_texts() == [live_world.name]
    assert "₫" in page.locator("[data-seen] li [data-price]").inner_text()
    assert barriers(page) == []
    page.goto("/san-pham")
    assert page.locator("[data-seen] li").count() == 2
    page.locator("[data-seen] li a").last.click()
    page.wait_for_url(f"**/san-pham/{live_world.slug}")
    page.locator("[data-seen] button").click()
    assert not page.locator("[data-seen]").is_visible()
    page.goto("/san-pham")
    assert not page.locator("[data-seen]").is_visible()

"""The desk of home page and news keeps nobody out, by axe's rules; on a telephone and on a desk."""

import pytest
from flask import Flask
from playwright.sync_api import Page

from app.content import blocks, news
from app.content.blocks import Content
from app.content.models import BlockKind
from app.content.news import Words
from app.core.db import transaction
from builders import BY_NOBODY
from support.chromium import DESK, PHONE, barriers
from support.live import enter_as
from support.world import World

pytestmark = pytest.mark.browser


def test_the_pages_of_the_desk(page: Page, app: Flask, live: str, live_world: World) -> None:
    with transaction() as session:
        fair = {"place": "Phố Hiến", "begins": "2026-12-01"}
        made = Content(title_vi="Hội chợ", options=fair)
        block = blocks.add(session, BlockKind.FAIR, made, **BY_NOBODY)
        item = news.draft(session, Words("Tin", "Tóm tắt", "Chữ"), **BY_NOBODY)
        news.publish(session, item, **BY_NOBODY)
        ends = (
            "trang-chu",
            f"trang-chu/{block.id}",
            "trang-chu/xem-truoc",
            "trang-chu/moi/opening",
        )
        paths = [*ends, "tin-tuc", f"tin-tuc/{item.id}", f"tin-tuc/{item.id}/xem-truoc"]
    enter_as(page, app, live, live_world.officer)
    found = []
    for path in [*(f"/quan-ly/{end}" for end in paths), "/", "/tin-tuc/tin"]:
        page.goto(path)
        for width, height in (PHONE, DESK):
            page.set_viewport_size({"width": width, "height": height})
            wide = page.evaluate("document.documentElement.scrollWidth")
            wrong = barriers(page) + ([f"{wide} px wide"] if wide > width else [])
            found += [f"{path} at {width} px: {text}" for text in wrong]
    assert found == []

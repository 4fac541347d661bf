"""Pages that a phone opens from a stamp: light, whole without a script, and HTML without a fault."""

import os
from pathlib import Path

import pytest
from flows.test_html import faults as judged
from playwright.sync_api import Browser, Page, Response, expect
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.areas import loading
from app.core.db import reading, transaction
from builders import BY_NOBODY, NOW
from builders_resolver import add_link
from support.browser import Browser as Visitor
from support.stamp_flow import faults, telephone
from support.world import World, build
from traceability import doubts, lots
from traceability.models import Lot, Scan
from traceability.scans import VerdictKind

LIGHT = 30 * 1024
TOLD = doubts.Told("key", "MA-LA", "Tem mờ", None, None, "vi")


def printed(world: World, number: int = 0) -> str:
    """The address in the square code of a stamp."""
    return f"/01/0{world.gtin}/21/{world.serials[number]}"


def size(answer: Response) -> int:
    """Bytes of a body as it came over the line."""
    return answer.request.sizes()["responseBodySize"]


@pytest.mark.browser
def test_the_page_of_a_stamp_is_light(phone: Page, live_world: World) -> None:
    came: list[Response] = []
    phone.on("response", lambda one: came.append(one))
    phone.goto(printed(live_world))
    phone.evaluate("document.fonts.ready")
    phone.wait_for_load_state("networkidle")
    # The picture of the goods is no part of it: it differs with the product.
    weights = {one.url: size(one) for one in came if "/img/products/" not in one.url}
    assert any(url.endswith(".css") for url in weights)
    assert sum(weights.values()) <= LIGHT, weights


@pytest.mark.browser
def test_a_doubt_is_told_without_a_script(browser: Browser, live: str, live_world: World) -> None:
    with telephone(browser, live, "Nokia", script=False) as phone:
        phone.goto(printed(live_world, 50))
        expect(phone.locator("h1")).to_have_text("Tem này đã được phát hành nhưng chưa kích hoạt")
        phone.locator("a[href$='/nghi-ngo']").click()
        phone.locator("main form.card button").click()
        assert phone.locator("#text:invalid").count() == 1
        phone.locator("#text").fill("Người bán nói tem mới dán")
        phone.locator("main form.card button").click()
        expect(phone.locator(".notice-ok")).to_be_visible()
        ref = phone.locator("h1").inner_text().split()[-1]
        phone.goto("/nghi-ngo")
        phone.locator("#so").fill(ref.lower())
        phone.locator("main form button").click()
        expect(phone.locator("h1")).to_contain_text(ref)


@pytest.mark.browser
def test_whoever_likes_tells_about_the_place(phone: Page, live_world: World) -> None:
    with transaction() as session:
        loading.load(session)
    phone.goto(printed(live_world))
    phone.locator("a[href*='/noi?']").click()
    assert faults(phone) == []
    phone.locator("main form.card .actions button").click()
    expect(phone.locator(".notice-stop").first).to_be_visible()
    assert faults(phone) == []
    phone.locator("#commune").select_option(index=3)
    phone.locator("main form.card .actions button").click()
    expect(phone.locator("h1")).to_have_text("Cảm ơn bạn")
    assert faults(phone) == []
    with reading() as session:
        assert session.scalars(select(Scan)).one().lat10 is not None


PUBLIC = (
    "/tem/{stamp}", "/tem/{unused}", "/tem/{forged}", "/tem/khong-phai-ma", "/tem", "/tem?ma=x",
    "/tem/{stamp}/nghi-ngo", "/tem/khac/nghi-ngo", "/nghi-ngo", "/nghi-ngo/{ref}",
    "/tem/{stamp}/noi?scan=x", "/tem/{stamp}/cam-on", "/lo/{gtin}/{lot}", "/neo", "/thu-hoi",
    "/01/09520000000036", "/01/0{gtin}?linkType=recipeInfo",
)  # fmt: skip


def test_the_public_pages_are_html_without_a_fault(
    session: Session, visitor: Visitor, tmp_path: Path
) -> None:
    made = build(session)
    forged = made.serials[0][:-1] + ("0" if made.serials[0][-1] != "0" else "1")
    told = doubts.tell(session, TOLD, VerdictKind.UNKNOWN, None, [], now=NOW, randomness=os.urandom)
    for end in ("a", "b"):
        href = f"https://example.vn/{end}"
        add_link(session, f"/01/0{made.gtin}", type="recipeInfo", href=href, title=end)
    names = {
        "stamp": made.serials[0], "unused": made.serials[50], "forged": forged, "ref": told.ref,
        "gtin": made.gtin, "lot": made.lot_code,
    }  # fmt: skip
    pages = {
        f"{n:02}": visitor.get(one.format(**names), headers={"Accept": "text/html"})
        for n, one in enumerate(PUBLIC)
    }
    pages["refused"] = visitor.post(f"/tem/{made.serials[0]}/nghi-ngo", {"key": "k"})
    lots.recall(session, session.get_one(Lot, made.lot_id), reason="Mốc", **BY_NOBODY)
    session.commit()
    for name in ("/tem/{stamp}", "/lo/{gtin}/{lot}", "/thu-hoi"):
        pages[f"recalled{len(pages)}"] = visitor.get(name.format(**names))
    wrong = judged(kept(pages, tmp_path))
    assert wrong == [], "\n".join(wrong)


def kept(pages: dict[str, TestResponse], folder: Path) -> Path:
    """The pages as files for the judge."""
    folder = folder / "pages"
    folder.mkdir()
    for name, page in pages.items():
        assert page.mimetype == "text/html", name
        (folder / f"{name}.html").write_text(page.text, encoding="utf-8")
    return folder

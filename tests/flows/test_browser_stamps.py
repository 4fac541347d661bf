"""Stamps on a telephone, from an empty lot to a recall: every hand and every answer."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, FilePayload, Page, expect
from sqlalchemy import select

from app.core.db import Database, reading, transaction
from builders import STAMP_KEYS, picture_bytes
from pos.sales.models import Order
from support import stamp_flow
from support.post import Post
from support.stamp_flow import Hands, Stall, faults, telephone
from traceability import stamps
from traceability.models import StampBatch

pytestmark = pytest.mark.browser

STAMPS, LOT = 12, "L26-11"
SHIPPED, SOLD, COPIED, OTHER = range(4)
MAIL = "lan@example.vn"


@pytest.fixture
def stall(real_database: Database) -> Stall:
    with transaction() as session:
        return stamp_flow.build(session)


@pytest.fixture
def hands(phone: Page, app: Flask, live: str) -> Iterator[Hands]:
    """The telephone of the staff; the live address is what is printed on stamps."""
    before = app.extensions["phohien_settings"]
    app.extensions["phohien_settings"] = replace(before, base_url=live)
    phone.on("dialog", lambda dialog: dialog.accept())
    yield Hands(phone, app, live)
    app.extensions["phohien_settings"] = before


def test_from_the_lot_to_its_recall(
    browser: Browser, hands: Hands, stall: Stall, tmp_path: Path
) -> None:
    post = Post(hands.app)
    lot = opened(hands, stall)
    batch = issued(hands, stall, lot)
    codes = printed(hands, batch, tmp_path)
    activated(hands, stall, batch)
    received(hands, stall, lot)
    with telephone(browser, hands.live, "Galaxy A07") as buyer:
        fresh(buyer, codes[OTHER], stall)
        number = ordered(buyer, stall)
        packed(hands, stall, number, codes[SHIPPED])
        sold_at_the_till(hands, stall, codes[SOLD])
        for code in (codes[SHIPPED], codes[SOLD]):
            said_sold(buyer, code, stall)
        copied(browser, hands, stall, codes[COPIED])
        doubted(buyer, hands, stall, codes[COPIED])
        post.fetch()
        recalled(hands, stall, lot)
        told(post, number, hands.live)
        refused(buyer, hands, stall, codes)
    put_aside(hands, stall)
    assert hands.wrong == []


def opened(hands: Hands, stall: Stall) -> str:
    """The producer opens a lot and releases it; its path among the staff's pages."""
    hands.of(stall.producer)
    hands.go(f"/quan-ly/lo/moi?article={stall.sku_code}")
    hands.fill(code=LOT, made_on="2026-11-01", quantity=STAMPS)
    hands.press("/lo/moi")
    hands.press("/phat-hanh")
    expect(hands.page.locator("h1")).to_contain_text(LOT)
    return hands.page.url.rpartition("/")[2]


def issued(hands: Hands, stall: Stall, lot: str) -> str:
    """The producer asks for stamps, the office approves and issues them; key of the batch."""
    hands.go(f"/quan-ly/tem/moi/{lot}")
    hands.fill(size=STAMPS)
    hands.press(f"/tem/moi/{lot}")
    path = hands.page.url.removeprefix(hands.live)
    hands.of(stall.officer)
    hands.go(path)
    hands.press("/duyet")
    hands.press("/tao-ma")
    return path.rpartition("/")[2]


def printed(hands: Hands, batch: str, folder: Path) -> list[str]:
    """The office has a file made; what a phone reads in it are the addresses of the batch."""
    hands.go(f"/quan-ly/tem/{batch}/in")
    hands.press("/in")
    stamp_flow.work(hands.app)
    hands.go(hands.page.url)
    with hands.page.expect_download() as fetched:
        hands.page.locator("a[href$='/tep']").click()
    file = folder / "tem.pdf"
    fetched.value.save_as(file)
    with reading() as session:
        made = session.scalars(select(StampBatch)).one()
        urls = stamps.stamp_urls(hands.live, made, 0, STAMPS, STAMP_KEYS)
        codes = [url for url, _serial in urls]
    assert stamp_flow.symbols(file) == codes
    return codes


def activated(hands: Hands, stall: Stall, batch: str) -> None:
    """They reach the producer, who puts them onto packs."""
    hands.go(f"/quan-ly/tem/{batch}")
    hands.press("/da-in")
    hands.press("/da-giao")
    hands.of(stall.producer)
    hands.go(f"/quan-ly/tem/{batch}")
    hands.press("/kich-hoat")
    expect(hands.page.locator("main")).to_contain_text("1–12")


def received(hands: Hands, stall: Stall, lot: str) -> None:
    """The packs arrive at the shop."""
    hands.of(stall.keeper)
    hands.go(f"/quan-ly/kho/nhap/{lot}")
    hands.fill(quantity=STAMPS)
    hands.page.locator("main form.card button").click()
    expect(hands.page.locator("main")).to_contain_text(LOT)


def fresh(buyer: Page, code: str, stall: Stall) -> None:
    """What a phone shows that reads a pack on the shelf."""
    buyer.goto(code)
    expect(buyer.locator("h1")).to_have_text("Tem này đã được phát hành và kích hoạt")
    expect(buyer.locator("main")).to_contain_text(stall.name)
    expect(buyer.locator("main")).to_contain_text(LOT)
    assert faults(buyer) == []


def ordered(buyer: Page, stall: Stall) -> str:
    """A buyer orders two packs; the number of the order."""
    buyer.goto(f"/san-pham/{stall.slug}")
    buyer.locator(".product-buy button.btn").click()
    expect(buyer.locator(".site-tools .badge-count")).to_have_text("1")
    buyer.goto("/thanh-toan")
    for name, text in {"name": "Nguyễn Thị Lan", "phone": "0912 345 678", "email": MAIL}.items():
        buyer.locator(f"#{name}").fill(text)
    buyer.locator("#address").fill("Số 5, đường Bãi Sậy")
    buyer.locator("button[form=checkout]").click()
    buyer.locator("button[form=review][value=confirm]").click()
    found = re.search(r"PH-26-[0-9A-Z]{8}", buyer.locator("h1").inner_text())
    assert found is not None
    return found[0]


def packed(hands: Hands, stall: Stall, number: str, code: str) -> None:
    """The keeper reads the stamp of the pack that goes into the parcel."""
    with reading() as session:
        order = session.scalars(select(Order).filter_by(number=number)).one()
    hands.go(f"/quan-ly/don-hang/{order.id}")
    hands.press("/accept")
    hands.go(f"/quan-ly/don-hang/{order.id}/dong-goi")
    hands.fill(code=code)
    hands.page.locator("#code").press("Enter")
    expect(hands.page.locator(".places-side")).to_contain_text(code[-16:])
    hands.press("/dong-goi/xong")
    expect(hands.page.locator("main")).to_contain_text(code[-16:])


def sold_at_the_till(hands: Hands, stall: Stall, code: str) -> None:
    """The cashier reads the stamp and takes the money."""
    page = hands.page
    hands.of(stall.cashier)
    page.goto("/pos/")
    page.locator("input[name$=float_amount]").fill("500.000")
    page.locator("main form button").click()
    read(page, code)
    expect(page.locator(".ticket-line")).to_contain_text(LOT)
    page.locator("#pay").click()
    page.locator(".pay-amounts button", has_text="200.000").click()
    page.locator("[data-take]").click()
    expect(page.locator(".pay-change")).to_contain_text("75.000 ₫")
    page.keyboard.press("Enter")


def read(page: Page, code: str) -> None:
    """A scanner types fast and ends with Enter."""
    expect(page.locator("#scan")).to_be_focused()
    page.keyboard.type(code, delay=2)
    page.keyboard.press("Enter")


def said_sold(buyer: Page, code: str, stall: Stall) -> None:
    """The page tells when and where the pack was sold."""
    buyer.goto(code)
    expect(buyer.locator("h1")).to_have_text("Gói hàng mang tem này đã được bán")
    expect(buyer.locator(".verdict")).to_contain_text(f"24/11/2026 tại {stall.place}")
    assert faults(buyer) == []


def copied(browser: Browser, hands: Hands, stall: Stall, code: str) -> None:
    """The same code on many phones: the page warns, a case stands open, the office confirms it."""
    for number in range(8):
        with telephone(browser, hands.live, f"V{number}", script=False) as other:
            other.goto(code)
            said = other.locator("h1").inner_text()
    assert said == "Mã này xuất hiện quá nhiều hoặc quá xa nhau, có thể đã bị sao chép"
    hands.of(stall.officer)
    hands.go("/quan-ly/canh-bao")
    hands.page.locator("tbody th a").first.click()
    hands.page.locator("select[name=to]").select_option("confirmed")
    hands.fill(note="Tìm thấy ba gói giả ở chợ")
    hands.press("/buoc")
    expect(hands.page.locator("h1")).to_contain_text("Đã tìm thấy bản sao")


def doubted(buyer: Page, hands: Hands, stall: Stall, code: str) -> None:
    """A buyer reports a doubt with a picture and reads the answer of the office."""
    buyer.goto(code)
    assert faults(buyer) == []
    buyer.locator("a[href$='/nghi-ngo']").click()
    assert faults(buyer) == []
    buyer.locator("#text").fill("Màu tem nhạt, giấy mỏng hơn gói tôi mua lần trước")
    picture: FilePayload = {
        "name": "tem.jpg",
        "mimeType": "image/jpeg",
        "buffer": picture_bytes((400, 300)),
    }
    buyer.locator("#pictures").set_input_files([picture])
    buyer.locator("main form.card button").click()
    expect(buyer.locator(".notice-ok")).to_be_visible()
    answer = buyer.url
    hands.go("/quan-ly/canh-bao/phan-anh")
    hands.page.locator("tbody th a").first.click()
    expect(hands.page.locator("img[src*='/anh/']")).to_have_count(1)
    hands.fill(text="Cảm ơn bà. Gói đó là hàng sao chép, xin đừng dùng.")
    hands.press("/tra-loi")
    buyer.goto(answer)
    expect(buyer.locator("main")).to_contain_text("Gói đó là hàng sao chép")
    assert faults(buyer) == []


def recalled(hands: Hands, stall: Stall, lot: str) -> None:
    """One act of the office."""
    hands.go(f"/quan-ly/thu-hoi/moi/{lot}")
    expect(hands.page.locator(".tiles")).to_contain_text("10")
    hands.fill(reason="Nấm mốc trong lọ", advice="Đừng ăn, mang trả lại điểm bán")
    hands.page.locator("main form.card .btn-danger").click()
    expect(hands.page.locator("h1")).to_contain_text("TH-26-")
    hands.go(hands.page.url)


def told(post: Post, number: str, live: str) -> None:
    """The buyer has one message, and its links lead here."""
    (message,) = post.fetch()
    body = message.get_body(("plain",))
    assert body is not None
    text = body.get_content()
    assert message["To"] == MAIL
    assert number in text
    assert "Nấm mốc trong lọ" in text
    assert live in text


def refused(buyer: Page, hands: Hands, stall: Stall, codes: list[str]) -> None:
    """Page of the stamp, public list, shop and till say the same."""
    for code in (codes[SHIPPED], codes[OTHER]):
        buyer.goto(code)
        expect(buyer.locator("h1")).to_have_text("Lô hàng này đã bị thu hồi")
        expect(buyer.locator(".verdict-stop")).to_contain_text("Nấm mốc trong lọ")
        assert faults(buyer) == []
    for path in ("/thu-hoi", f"/lo/{stall.gtin}/{LOT}", "/neo"):
        buyer.goto(path)
        assert faults(buyer) == []
    buyer.goto("/thu-hoi")
    expect(buyer.locator("main")).to_contain_text("Đừng ăn, mang trả lại điểm bán")
    buyer.goto(f"/san-pham/{stall.slug}")
    expect(buyer.locator(".product-buy button.btn")).to_have_count(0)
    hands.of(stall.cashier)
    hands.page.goto("/pos/")
    hands.page.locator("main a.btn-large").first.click()
    read(hands.page, codes[OTHER])
    expect(hands.page.locator("#message .notice-stop")).to_be_visible()
    expect(hands.page.locator("#total")).to_have_text("0 ₫")


def put_aside(hands: Hands, stall: Stall) -> None:
    """The shop counts what it took off the shelf."""
    hands.of(stall.keeper)
    hands.go("/quan-ly/thu-hoi/cua-toi")
    hands.page.locator("tbody th a").click()
    hands.page.locator("#found-1").fill("10")
    hands.press(f"/noi/{stall.place_id}")
    expect(hands.page.locator("main")).to_contain_text("10")
    hands.go("/quan-ly/thu-hoi/cua-toi")
    expect(hands.page.locator(".empty")).to_be_visible()

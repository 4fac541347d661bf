"""An inspector takes batches along, checks stamps without a network, and reports later."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select

from app.core.db import reading, transaction
from builders import BY_NOBODY, STAMP_KEYS, make_batch, serial_of
from support.chromium import barriers
from support.live import enter_as
from support.signing import signing
from support.world import World
from traceability import lots, serials, stamps
from traceability.issued import key_of
from traceability.models import Lot, StampBatch
from traceability.scan_models import Doubt

pytestmark = pytest.mark.browser

SERIAL = "/static/js/inspect/serial.js"
NUMBERS = f"""async ([batch, codes]) => {{
  const {{ numberOf }} = await import("{SERIAL}");
  return Promise.all(codes.map((code) => numberOf(batch, code)));
}}"""
PARSED = f"""async (texts) => {{
  const {{ parse }} = await import("{SERIAL}");
  return texts.map((text) => parse(text));
}}"""
ROUND = """async ([key, tweak, halves]) => {
  const { Ff1 } = await import("/static/js/inspect/ff1.js");
  const { bytesOf } = await import("/static/js/inspect/serial.js");
  const cipher = await Ff1.of(bytesOf(key), new TextEncoder().encode(tweak));
  return cipher.decrypt(...(await cipher.encrypt(...halves)));
}"""


@pytest.fixture(autouse=True)
def can_sign(app: Flask) -> Iterator[None]:
    with signing(app):
        yield


@pytest.fixture
def bundle(phone: Page, app: Flask, live: str, live_world: World, tmp_path: Path) -> Path:
    """The file with the batch of the world, downloaded by the officer."""
    enter_as(phone, app, live, live_world.officer)
    phone.goto("/quan-ly/kiem-tra")
    assert barriers(phone) == []
    phone.locator("input[name=batch]").first.check()
    with phone.expect_download() as download:
        phone.get_by_role("button", name="Tải các đợt đã chọn").click()
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)
    return path


def open_page(phone: Page) -> None:
    """The page, kept on the phone by its worker."""
    phone.goto("/kiem-tra")
    phone.evaluate("navigator.serviceWorker.ready.then(() => true)")


def check(phone: Page, code: str, answer: str) -> None:
    phone.locator("[data-code]").fill(code)
    phone.locator("[data-check] button").click()
    expect(phone.locator("[data-answer] .notice-title")).to_have_text(answer)


def test_codes_are_checked_without_a_network_and_reports_come_later(
    phone: Page, live_world: World, bundle: Path
) -> None:
    open_page(phone)
    phone.context.set_offline(True)
    phone.reload()
    phone.locator("[data-file]").set_input_files(bundle)
    expect(phone.locator("[data-bundle]")).to_contain_text("Mang theo 1 đợt tem")
    expect(phone.locator("[data-bundle]")).to_contain_text("Chữ ký của văn phòng chương trình đúng")
    typed = serials.grouped(live_world.serials[5]).lower()
    check(phone, typed, "Đã phát hành và kích hoạt")
    expect(phone.locator("[data-answer]")).to_contain_text(live_world.lot_code)
    expect(phone.locator("[data-answer]")).to_contain_text("OCOP 4 sao")
    expect(phone.locator("[data-answer]")).to_contain_text("không nói gì về hàng bên trong")
    assert barriers(phone) == []
    check(phone, f"https://x.vn/t/{live_world.serials[50]}", "Đã phát hành nhưng chưa kích hoạt")
    forged = live_world.serials[5][:15] + ("0" if live_world.serials[5][15] != "0" else "1")
    check(phone, forged, "Mã này chưa từng được phát hành trong đợt tem này")
    check(phone, "0000111122223333", "Không thuộc các đợt tem mang theo: chưa thể kết luận")
    check(phone, "xyz", "Không phải mã tem: mã tem có 16 chữ và số")
    check(phone, forged, "Mã này chưa từng được phát hành trong đợt tem này")
    phone.locator("[data-note]").fill("Bán ở chợ, không có hóa đơn")
    phone.locator("[data-where]").fill("Chợ Gạo")
    phone.get_by_role("button", name="Lưu báo cáo").click()
    expect(phone.locator("[data-queue]")).to_contain_text("1 báo cáo đang chờ mạng")
    phone.reload()  # nothing is lost when the phone was switched off meanwhile
    expect(phone.locator("[data-queue]")).to_contain_text("1 báo cáo đang chờ mạng")
    phone.context.set_offline(False)
    expect(phone.locator("[data-queue]")).to_contain_text("Mọi báo cáo đã gửi xong")
    with reading() as session:
        doubt = session.scalars(select(Doubt)).one()
    assert (doubt.code, doubt.where, doubt.verdict) == (forged, "Chợ Gạo", "unknown")
    assert "Bán ở chợ, không có hóa đơn" in doubt.text


def test_a_file_that_was_changed_or_is_over_is_not_used(
    phone: Page, bundle: Path, tmp_path: Path, live_world: World
) -> None:
    open_page(phone)
    changed = tmp_path / "changed.json"
    changed.write_text(bundle.read_text(encoding="utf-8").replace("activated", "Activated"))
    phone.locator("[data-file]").set_input_files(changed)
    expect(phone.locator("[data-bundle]")).to_contain_text("Chữ ký không phải của văn phòng")
    expect(phone.locator("[data-check]")).to_be_hidden()
    changed.write_text("{}")
    phone.locator("[data-file]").set_input_files(changed)
    expect(phone.locator("[data-bundle]")).to_contain_text("Đây không phải tệp kiểm tra")
    phone.locator("[data-file]").set_input_files(bundle)
    expect(phone.locator("[data-check]")).to_be_visible()
    phone.clock.set_fixed_time("2026-12-01T10:05:00+07:00")
    phone.reload()
    expect(phone.locator("[data-bundle]")).to_contain_text("Dữ liệu mang theo đã hết hạn")
    expect(phone.locator("[data-check]")).to_be_hidden()
    phone.get_by_role("button", name="Xóa khỏi điện thoại này").click()
    expect(phone.locator("[data-bundle]")).to_contain_text("Điện thoại này chưa có đợt tem nào")


def test_recalled_and_void_go_before_everything(
    phone: Page, app: Flask, live: str, live_world: World, tmp_path: Path
) -> None:
    with transaction() as session:
        stamps.void_item(
            session, live_world.serials[3], reason="Rách", keys=STAMP_KEYS, **BY_NOBODY
        )
    path = _taken(phone, app, live, live_world, tmp_path / "a.json")
    open_page(phone)
    phone.locator("[data-file]").set_input_files(path)
    check(phone, live_world.serials[3], "Tem này đã bị hủy")
    with transaction() as session:
        lots.recall(session, session.get_one(Lot, live_world.lot_id), reason="Nấm mốc", **BY_NOBODY)
    path = _taken(phone, app, live, live_world, tmp_path / "b.json")
    open_page(phone)
    phone.locator("[data-file]").set_input_files(path)
    check(phone, live_world.serials[4], "Hàng đã bị thu hồi")
    expect(phone.locator("[data-answer]")).to_contain_text("Nấm mốc")
    expect(phone.locator("[data-answer]")).not_to_contain_text("sao")


def _taken(phone: Page, app: Flask, live: str, world: World, path: Path) -> Path:
    enter_as(phone, app, live, world.officer)
    phone.goto("/quan-ly/kiem-tra")
    phone.locator("input[name=batch]").first.check()
    with phone.expect_download() as download:
        phone.get_by_role("button", name="Tải các đợt đã chọn").click()
    download.value.save_as(path)
    return path


def test_the_phone_deciphers_as_the_server_does(phone: Page, live_world: World) -> None:
    with transaction() as session:
        lot = session.get_one(Lot, live_world.lot_id)
        batch = make_batch(session, lot, 300)
        asked = _asked(batch)
        codes = [serial_of(batch, number) for number in (0, 1, 2, 63, 64, 255, 256, 299)]
        outside = [serial_of(batch, number) for number in (300, 2**24 - 1)]
    phone.goto("/kiem-tra")
    assert phone.evaluate(NUMBERS, [asked, codes]) == [0, 1, 2, 63, 64, 255, 256, 299]
    forged = [code[:at] + _other(code[at]) + code[at + 1 :] for code in codes for at in (4, 9, 15)]
    assert set(phone.evaluate(NUMBERS, [asked, outside + forged])) == {None}
    big = asked | {"size": 2**24}
    assert phone.evaluate(NUMBERS, [big, outside]) == [300, 2**24 - 1]


def _asked(batch: StampBatch) -> dict[str, Any]:
    key = key_of(batch, STAMP_KEYS).hex()
    return {"key": key, "identity": batch.identity, "ref": batch.ref, "size": batch.size}


def _other(character: str) -> str:
    return "7" if character != "7" else "8"


def test_the_phone_reads_codes_and_ciphers_like_the_server(phone: Page, live_world: World) -> None:
    phone.goto("/kiem-tra")
    texts = [
        live_world.serials[0],
        serials.grouped(live_world.serials[0]).lower(),
        f"https://a.vn/01/0{live_world.gtin}/10/L%2F1/21/{live_world.serials[1]}?x=1",
        f"https://a.vn/tem/{live_world.serials[2]}/",
        "OOOO IIII LLLL 2345",
        "U" * 16,
        "7K3D",
        "",
    ]
    assert phone.evaluate(PARSED, texts) == [serials.parse_typed(text) for text in texts]
    for tweak in ("A", "SKU-1ABCD", "09520000000011ABCD", "x" * 40):
        assert phone.evaluate(ROUND, ["00" * 32, tweak, [2**30 - 1, 12345]]) == [2**30 - 1, 12345]

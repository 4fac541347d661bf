"""What a consumer sees who scans a stamp, through its life: printed, on sale, sold, recalled."""

from datetime import timedelta

from flask import Flask
from sqlalchemy import select

from app.core.db import transaction
from builders import NOW, TODAY
from catalog.recognition_models import Recognition
from support.browser import Browser
from support.counter_flow import open_till, sale
from support.world import World
from traceability import lots
from traceability.models import Lot, Scan


def scan(visitor: Browser, world: World, number: int) -> tuple[int, str]:
    """Scan the printed address, as a phone does; status and text of the page."""
    answer = visitor.get(f"/01/0{world.gtin}/21/{world.serials[number]}")
    page = visitor.follow(answer)
    return page.status_code, page.get_data(as_text=True)


def test_a_stamp_on_sale_names_producer_lot_and_stars(visitor: Browser, world: World) -> None:
    status, page = scan(visitor, world, 0)
    assert status == 200
    for text in (world.name, world.producer, world.lot_code, "OCOP 4 sao"):
        assert text in page
    assert "hàng thật" not in page.lower()


def test_a_second_scan_says_that_it_is_the_second(visitor: Browser, world: World) -> None:
    scan(visitor, world, 0)
    _status, page = scan(visitor, world, 0)
    assert "lần thứ 2" in page
    with transaction() as session:
        assert len(session.scalars(select(Scan)).all()) == 2


def test_a_stamp_that_is_not_activated_is_told_apart(visitor: Browser, world: World) -> None:
    status, page = scan(visitor, world, 50)
    assert status == 409
    assert "OCOP 4 sao" not in page


def test_a_sold_stamp_says_where(app: Flask, visitor: Browser, world: World) -> None:
    cashier, session_id = open_till(app, world)
    assert cashier.send("/pos/api/sales", sale(session_id, world)).status_code == 200
    status, page = scan(visitor, world, 0)
    assert status == 200
    assert world.point in page


def test_a_recalled_lot_is_said_first(visitor: Browser, world: World) -> None:
    with transaction() as session:
        lot = session.get_one(Lot, world.lot_id)
        lots.recall(session, lot, reason="nghi nhiễm mốc", now=NOW, actor_id=None)
    status, page = scan(visitor, world, 0)
    assert status == 410
    assert "nghi nhiễm mốc" in page


def test_lapsed_stars_are_gone_from_the_page(visitor: Browser, world: World) -> None:
    with transaction() as session:
        session.scalars(select(Recognition)).one().valid_until = TODAY - timedelta(days=1)
    status, page = scan(visitor, world, 0)
    assert status == 200
    assert "OCOP 4 sao" not in page
    assert "23/11/2026" in page


def test_a_made_up_serial_never_shows_the_product(visitor: Browser, world: World) -> None:
    serial = world.serials[0]
    forged = serial[:-1] + ("0" if serial[-1] != "0" else "1")
    page = visitor.follow(visitor.get(f"/01/0{world.gtin}/21/{forged}"))
    assert page.status_code == 404
    assert world.name not in page.get_data(as_text=True)

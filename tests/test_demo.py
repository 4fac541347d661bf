"""The demonstration: real goods, made-up facts that say so, and books that prove themselves."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html import unescape
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.config import DEMO_ANCHOR_KEY, DEMO_STAMP_KEY, Settings
from app.core import db
from app.demo import loading, people, short
from builders import NOW, TODAY
from catalog import recognitions
from catalog.models import Product, ProductStatus, Sku
from catalog.recognition_models import Decision
from catalog.recognitions import RecognitionState
from pos.counter.models import TillSession
from pos.sales.models import Order
from pos.sales.status import Channel, OrderStatus
from pos.stock import alerts, places
from pos.stock.models import Place, PlaceKind
from pos.stock.verify import problems
from support.browser import Browser
from traceability.history_models import Anchor, Recall, RecallKind
from traceability.models import Scan
from traceability.scan_models import CaseStatus, Doubt, DoubtStatus, StampCase

DAYS = 6  # of trade; a whole month would only take longer
MOST_PAGES = 150


def a_demonstration(database: db.Database) -> None:
    """Fill an empty database at the fixed moment."""
    settings = Settings(
        mode="demo",
        secret_key="a secret only the tests know, 32+",
        database_url="unused",
        base_url="http://localhost",
        instance_dir=Path(),
        stamp_keys={1: DEMO_STAMP_KEY},
        anchor_key=DEMO_ANCHOR_KEY,
    )
    with using(database):
        loading.load(settings, NOW, days=DAYS)


@contextmanager
def using(database: db.Database) -> Iterator[None]:
    before = db.active()
    db.use(database)
    try:
        yield
    finally:
        db.use(before)


@pytest.fixture(scope="module")
def demo(new_database: Callable[[], str], app: Flask) -> Iterator[db.Database]:
    """One demonstration for all tests here."""
    database = db.Database(new_database())
    with time_machine.travel(NOW, tick=True):
        a_demonstration(database)
    yield database
    database.dispose()


@pytest.fixture
def reading(demo: db.Database) -> Iterator[Session]:
    with demo.read_sessions() as session:
        yield session


def test_there_are_five_sales_points_and_a_depot(reading: Session) -> None:
    kinds = reading.scalars(select(Place.kind)).all()
    assert kinds.count(PlaceKind.SHOP) == 5
    assert kinds.count(PlaceKind.DEPOT) == 1
    assert len(places.pickup_points(reading)) == 5
    assert len(places.web_sources(reading)) == 1


def test_some_sixty_articles_are_offered_with_a_price(reading: Session) -> None:
    offered = select(Sku).join(Product).where(Product.status == ProductStatus.PUBLISHED)
    assert 55 <= len(reading.scalars(offered).all()) <= 65
    assert reading.scalar(select(func.count(Sku.id))) == len(reading.scalars(offered).all())


def test_every_decision_and_barcode_shows_that_it_is_made_up(reading: Session) -> None:
    numbers = reading.scalars(select(Decision.number)).all()
    assert len(numbers) == 3
    assert all(number.startswith("DEMO-") for number in numbers)
    gtins = [gtin for gtin in reading.scalars(select(Sku.gtin)) if gtin]
    assert len(gtins) > 40
    assert all(gtin.startswith("952") for gtin in gtins)


def test_stars_are_in_force_ending_soon_lapsed_and_unknown(reading: Session) -> None:
    shown = select(Product.id).where(Product.status == ProductStatus.PUBLISHED)
    views = recognitions.views(reading, reading.scalars(shown), TODAY).values()
    found = {(view.state, view.ends_soon) for view in views}
    assert {
        (RecognitionState.IN_FORCE, False),
        (RecognitionState.IN_FORCE, True),
        (RecognitionState.LAPSED, False),
    } <= found


def test_the_books_prove_themselves(reading: Session) -> None:
    assert problems(reading) == []


def test_there_are_orders_in_every_state_and_sales_at_every_counter(reading: Session) -> None:
    web = select(Order.status).where(Order.channel == Channel.WEB).distinct()
    assert set(reading.scalars(web)) >= {
        OrderStatus.PLACED,
        OrderStatus.ACCEPTED,
        OrderStatus.PACKED,
        OrderStatus.SHIPPED,
        OrderStatus.DELIVERED,
        OrderStatus.COMPLETED,
    }
    counters = select(Order.place_id).where(Order.channel == Channel.TILL).distinct()
    assert len(reading.scalars(counters).all()) == 5
    assert reading.scalar(select(func.count(TillSession.id))) == 5 * DAYS


def test_some_goods_run_short_at_some_places_and_not_at_all(reading: Session) -> None:
    rows = alerts.open_alerts(reading, None, TODAY)
    assert short.ARTICLES <= len(rows) < short.ARTICLES * len(places.physical(reading))
    assert all(row.left <= row.alert.threshold for row in rows)


def test_online_orders_know_what_they_weigh(reading: Session) -> None:
    weights = reading.scalars(select(Order.weight).where(Order.channel == Channel.WEB)).all()
    assert weights
    assert all(weights)


def test_nothing_happened_in_the_future(reading: Session) -> None:
    assert reading.scalars(select(func.max(Order.placed_at))).one() <= NOW


def test_the_same_moment_gives_the_same_data(
    demo: db.Database, new_database: Callable[[], str]
) -> None:
    def told(database: db.Database) -> list[tuple[object, ...]]:
        with database.read_sessions() as session:
            orders = session.scalars(select(Order).order_by(Order.number))
            return [
                (o.number, o.total, o.status, *(line.sku_code for line in o.lines)) for o in orders
            ]

    again = db.Database(new_database())
    a_demonstration(again)
    assert told(again) == told(demo)
    again.dispose()


def test_only_an_empty_database_is_filled(demo: db.Database) -> None:
    with pytest.raises(loading.NotEmpty):
        a_demonstration(demo)


def read_page(app: Flask, path: str) -> int:
    """Status of the page that a printed address leads to."""
    consumer = Browser(app)
    return consumer.get(consumer.get(path).headers["Location"]).status_code


def test_there_is_a_stamp_to_try_for_every_verdict(
    demo: db.Database, app: Flask, reading: Session
) -> None:
    settings = app.extensions["phohien_settings"]
    examples = dict(loading.examples(reading, settings))
    shown = {"on sale", "sold", "not activated", "recalled", "stars lapsed", "perhaps copied"}
    assert set(examples) == shown
    assert len(set(examples.values())) == 6
    with using(demo):
        paths = {what: url.removeprefix(settings.base_url) for what, url in examples.items()}
        answers = {what: read_page(app, path) for what, path in paths.items()}
    refused = {"not activated": 409, "recalled": 410, "perhaps copied": 409}
    assert answers == dict.fromkeys(examples, 200) | refused


def test_stamps_were_scanned_doubted_and_recalled(reading: Session) -> None:
    found = reading.scalars(select(StampCase.status)).all()
    assert {CaseStatus.OPEN, CaseStatus.DISMISSED} == set(found)
    assert {one.status for one in reading.scalars(select(Doubt))} == {
        DoubtStatus.NEW,
        DoubtStatus.ANSWERED,
    }
    kinds = {recall.kind: recall for recall in reading.scalars(select(Recall))}
    assert kinds[RecallKind.DRILL].closed_at is not None
    assert kinds[RecallKind.REAL].reach["can_be_told"] > 0
    assert reading.scalars(select(func.max(Doubt.at))).one() <= NOW
    assert reading.scalars(select(func.count(Scan.id))).one() > 60
    assert reading.scalar(select(func.count()).select_from(Anchor)) == 5


def links(page: str) -> set[str]:
    """Addresses of this site that a page leads to, without what is after `#`."""
    found = re.findall(r'href="(/[^"#]*)', page)
    return {unescape(address) for address in found if not address.startswith("/static/")}


def kind_of(address: str) -> str:
    """Pages of one kind differ in keys and numbers only."""
    path, _, query = address.partition("?")
    slug = re.sub(r"^/(san-pham|nha-san-xuat|tem|01)/[^?]*", r"/\1/*", path)
    bare = re.sub(r"[0-9a-f-]{36}|PH[^/]*|\d+", "*", slug)
    return bare + "?" + "&".join(sorted(re.findall(r"(\w+)=", query)))


@pytest.mark.parametrize("who", [None, people.OFFICER, people.PRODUCER, people.MANAGER])
def test_no_link_leads_nowhere(demo: db.Database, app: Flask, who: str | None) -> None:
    with using(demo):
        browser = Browser(app)
        if who is not None:
            with demo.read_sessions() as session:
                browser.sign_in(session.scalars(select(User).filter_by(email=who)).one())
        seen: dict[str, int] = {}
        waiting = ["/"] if who is None else ["/tai-khoan", "/"]
        while waiting and len(seen) < MOST_PAGES:
            address = waiting.pop(0)
            kind = kind_of(address)
            if seen.get(kind, 0) >= (1 if "lang=" in address else 2):
                continue
            seen[kind] = seen.get(kind, 0) + 1
            with browser.get(address) as page:
                assert page.status_code in {200, 301, 302, 303}, address
                if page.mimetype == "text/html":
                    waiting += sorted(links(page.text))
    assert len(seen) > 10

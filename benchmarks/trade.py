"""Orders and till sales per second, and the race for the last units."""

import os
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import count
from uuid import UUID, uuid4

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.accounts.access import place_scope
from app.accounts.models import Role
from app.core.db import Database, transaction
from benchmarks.databases import Maker, execute, used
from benchmarks.tables import Table
from pos.counter import posting, sessions
from pos.counter.posting import Sale, SaleLine
from pos.sales import placing
from pos.sales.lines import Item
from pos.sales.placing import Contact, Terms
from pos.sales.status import Delivery, Tender
from pos.stock import places
from pos.stock.ledger import OutOfStock
from tests.builders import (
    NOW,
    STAMP_KEYS,
    make_depot,
    make_place,
    make_product,
    make_register,
    make_user,
    stock_up,
)
from tests.support.statements import counted

ROUNDS, SECONDS, THREADS = 3, 0.8, (1, 8)
ARTICLES, LINES, STOCK = 24, 3, 100_000
BUYERS, UNITS = 200, 50
EVERY = "CREATE TABLE bench_row (id VARCHAR(36) PRIMARY KEY, at VARCHAR(40) NOT NULL)"
INSERT = text("INSERT INTO bench_row (id, at) VALUES (:id, :at)")

HEAD = ("Act", "Database", "SQL statements", "Threads", "Per second", "Bare inserts", "Ratio")
NOTE = (
    "Medians of {rounds} rounds of {seconds} s. An order or sale has {lines} lines out of {articles} "
    "articles at one place. The baseline, in turn with it: transactions that insert one row, per second."
)


@dataclass(frozen=True)
class Shop:
    """Keys of what is sold, and where."""

    depot: UUID
    skus: tuple[UUID, ...]
    tills: tuple[UUID, ...]
    cashier: UUID


def measure(makers: dict[str, Maker]) -> Table:
    """Orders and till sales on each kind of database, alone and with eight at a time."""
    rows = [row for kind, make in makers.items() for row in _on(kind, make("trade"))]
    note = NOTE.format(rounds=ROUNDS, seconds=SECONDS, lines=LINES, articles=ARTICLES)
    return Table("Orders and till sales", note, HEAD, rows)


def _on(kind: str, url: str) -> Iterator[tuple[str, ...]]:
    execute(url, EVERY)
    with used(url) as database:
        with transaction() as session:
            shop = _open(session)
        for name, act in (("order", _order(shop)), ("till sale", _sale(shop))):
            statements = _statements(database, act)
            for threads in THREADS:
                mine, bare = _rates(threads, act, _insert)
                figures = f"{mine:.0f}", f"{bare:.0f}", f"{mine / bare:.3f}"
                yield name, kind, statements, str(threads), *figures


def _open(session: Session) -> Shop:
    depot, point = make_depot(session), make_place(session)
    skus = [make_product(session, publish=True).skus[0] for _number in range(ARTICLES)]
    for sku in skus:
        for place in (depot, point):
            stock_up(session, place, sku, STOCK, quantity_declared=STOCK)
    cashier = make_user(session, Role.CASHIER, place_scope(point.id))
    tills = [
        sessions.open_session(
            session, make_register(session, point), 0, now=NOW, actor_id=cashier.id
        )
        for _number in range(max(THREADS))
    ]
    ids = tuple(sku.id for sku in skus), tuple(till.id for till in tills)
    return Shop(depot.id, *ids, cashier.id)


def _statements(database: Database, act: Callable[[int, int], None]) -> str:
    act(0, 0)
    with counted(database) as seen:
        act(0, 0)
    return str(len([statement for statement in seen if not statement.startswith("BEGIN")]))


def _chosen(shop: Shop, number: int) -> list[UUID]:
    return [shop.skus[(number * 7 + step * 5) % ARTICLES] for step in range(LINES)]


def _order(shop: Shop) -> Callable[[int, int], None]:
    def act(_thread: int, number: int) -> None:
        with transaction() as session:
            _place(session, shop.depot, [Item(sku, 1) for sku in _chosen(shop, number)])

    return act


def _place(session: Session, depot: UUID, items: list[Item]) -> None:
    contact = Contact(name="Người mua", phone="+84912345678", address="Phố Hiến")
    terms = Terms(Delivery.SHIP, places.get(session, depot), Tender.ON_DELIVERY, fee=30_000)
    placing.place(session, items, contact, terms, now=NOW, randomness=os.urandom)


def _sale(shop: Shop) -> Callable[[int, int], None]:
    def act(thread: int, number: int) -> None:
        lines = tuple(SaleLine(sku, 1, 125_000) for sku in _chosen(shop, number))
        sale = Sale(str(uuid4()), lines, 1_000_000, NOW)
        with transaction() as session:
            till = sessions.get(session, shop.tills[thread], lock=True)
            desk = posting.Till(till.register, till, shop.cashier, 1_000, STAMP_KEYS)
            posting.accept(session, desk, sale, now=NOW)

    return act


def _insert(_thread: int, _number: int) -> None:
    with transaction() as session:
        session.execute(INSERT, {"id": str(uuid4()), "at": NOW.isoformat()})


def _rates(threads: int, *acts: Callable[[int, int], None]) -> list[float]:
    """Acts per second of all threads together, each kind in turn."""
    found: list[list[float]] = [[] for _act in acts]
    for _round in range(ROUNDS):
        for act, kept in zip(acts, found, strict=True):
            kept.append(_rate(threads, act))
    return [statistics.median(kept) for kept in found]


def _rate(threads: int, act: Callable[[int, int], None]) -> float:
    begin = time.perf_counter()
    numbers = count()

    def work(thread: int) -> int:
        done = 0
        while time.perf_counter() - begin < SECONDS:
            act(thread, next(numbers))
            done += 1
        return done

    with ThreadPoolExecutor(threads) as pool:
        done = sum(pool.map(work, range(threads)))
    return done / (time.perf_counter() - begin)


def race(makers: dict[str, Maker]) -> Table:
    """Everyone wants one of the last units at the same moment."""
    rows = [(kind, *_race(make("race"))) for kind, make in makers.items()]
    note = f"{BUYERS} threads order one unit each; {UNITS} units are there, in two lots."
    return Table("Race for the last units", note, ("Database", "Sold", "Refused", "Seconds"), rows)


def _race(url: str) -> tuple[str, ...]:
    with used(url):
        with transaction() as session:
            sku, depot = make_product(session, publish=True).skus[0], make_depot(session)
            for _lot in range(2):
                stock_up(session, depot, sku, UNITS // 2)
        gate = threading.Barrier(BUYERS)
        with ThreadPoolExecutor(BUYERS) as pool:
            begin = time.perf_counter()
            won = list(pool.map(lambda _n: _buy(gate, sku.id, depot.id), range(BUYERS)))
            seconds = time.perf_counter() - begin
    return str(sum(won)), str(BUYERS - sum(won)), f"{seconds:.2f}"


def _buy(gate: threading.Barrier, sku_id: UUID, depot_id: UUID) -> bool:
    gate.wait()
    try:
        with transaction() as session:
            _place(session, depot_id, [Item(sku_id, 1)])
    except OutOfStock:
        return False
    return True

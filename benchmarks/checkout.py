"""Orders placed through HTTP: granian with two workers, PostgreSQL, three lines each.

Two baselines, in turn with it: the same server answering the review of the same cart, which reads and
reckons everything that an order needs and writes nothing; and a form that becomes one row and nothing
else (benchmarks/bare.py), which is the most that this machine could do.
"""

import http.client
import re
import statistics
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from html import unescape
from itertools import chain, repeat
from urllib.parse import urlencode
from uuid import UUID, uuid4

from sqlalchemy import func, select

from app.core.db import Database, reading, transaction
from app.storefront import cart as carts
from benchmarks import served
from benchmarks.databases import Maker, execute, used
from benchmarks.tables import Table
from benchmarks.trade import EVERY
from pos.sales.models import Order
from pos.stock.models import Reservation, ReservationStatus
from pos.stock.verify import problems
from tests.builders import NOW, make_depot, make_product, stock_up

ARTICLES, LINES, STOCK = 24, 3, 1_000_000
CONNECTIONS, WARM, EACH, ROUNDS = 16, 48, 320, 3

HEAD = (
    *("Act", "Articles", "Per second", "p50 ms", "p99 ms"),
    *("Reviews per second", "Ratio", "Bare rows per second", "Ratio"),
)
NOTE = (
    "granian, 2 workers, {connections} connections, PostgreSQL on the same machine as server and "
    "client; medians of {rounds} rounds of {each} orders of {lines} lines, confirmed by POST after a "
    "review. «Spread»: three of 24 articles; «hot»: everybody wants the same three. In turn with it: "
    "the review page of the same carts, which writes nothing, and a bare form of Flask and SQLAlchemy "
    "that becomes one row."
)
CONTACT = {
    "name": "Nguyễn Thị Lan",
    "phone": "0912 345 678",
    "delivery": "ship",
    "province": "hung-yen",
    "address": "Số 5, đường Bãi Sậy",
    "area": "",
    "pay": "later",
    "note": "",
}
_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


def measure(maker: Maker) -> Table:
    """Orders per second with articles that everybody wants and with articles of one's own."""
    url = maker("checkout")
    with used(url) as database:
        execute(url, EVERY)
        skus = _open()
        with (
            served._server("benchmarks.bare:app", url, {}) as least,
            served._server("app.wsgi:app", url, {}) as shop,
        ):
            found = {
                "spread": _measured(shop, least, skus),
                "hot": _measured(shop, least, skus[:LINES]),
            }
        rows = [("order", name, *one.cells()) for name, one in found.items()]
        ratio = f"{found['hot'].orders / found['spread'].orders:.2f}"
        rows.append(("hot ÷ spread", "", "", "", "", "", ratio, "", ""))
        _prove(database)
    note = NOTE.format(connections=CONNECTIONS, rounds=ROUNDS, each=EACH, lines=LINES)
    return Table("Orders through HTTP", note, HEAD, rows)


def _open() -> list[UUID]:
    with transaction() as session:
        depot = make_depot(session)
        skus = [make_product(session, publish=True).skus[0] for _number in range(ARTICLES)]
        for sku in skus:
            stock_up(session, depot, sku, STOCK, quantity_declared=STOCK)
        return [sku.id for sku in skus]


@dataclass(frozen=True)
class Found:
    """Acts per second of each kind, and how long each order took in ms."""

    orders: float
    reviews: float
    bare: float
    waits: list[float]

    def cells(self) -> tuple[str, ...]:
        """The figures of a row."""
        p99 = sorted(self.waits)[int(len(self.waits) * 0.99)]
        waits = f"{statistics.median(self.waits):.0f}", f"{p99:.0f}"
        ratios = (
            (f"{other:.0f}", f"{self.orders / other:.2f}") for other in (self.reviews, self.bare)
        )
        return f"{self.orders:.0f}", *waits, *chain(*ratios)


def _measured(shop: int, least: int, skus: list[UUID]) -> Found:
    _run(shop, _filled(skus, WARM), _confirmed)
    rates: dict[Send, list[float]] = {_row: [], _reviewed: [], _confirmed: []}
    waits = list[float]()
    for _round in range(ROUNDS):
        tokens = _filled(skus, EACH)
        for act, kept in rates.items():
            rate, some = _run(least if act is _row else shop, tokens, act)
            kept.append(rate)
            waits += some if act is _confirmed else []
    bare, reviews, orders = map(statistics.median, rates.values())
    return Found(orders, reviews, bare, waits)


def _filled(skus: list[UUID], number: int) -> list[str]:
    """Carts of as many guests, by their tokens."""
    tokens = [uuid4().hex for _cart in range(number)]
    with transaction() as session:
        for place, token in enumerate(tokens):
            cart = carts.find_or_open(session, token, user_id=None, now=NOW)
            for step in range(LINES):
                carts.add(session, cart, skus[(place * 7 + step * 5) % len(skus)], 1, now=NOW)
    return tokens


Form = dict[str, str]


class _Buyer:
    """One connection to the shop."""

    def __init__(self, port: int) -> None:
        self.origin = f"http://127.0.0.1:{port}"
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def post(self, token: str, form: Form, path: str = "/thanh-toan") -> tuple[int, str]:
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Cookie": f"cart={token}",
            "Origin": self.origin,
        }
        self.connection.request("POST", path, urlencode(form), headers)
        answer = self.connection.getresponse()
        return answer.status, answer.read().decode()

    def review(self, token: str) -> Form:
        status, page = self.post(token, CONTACT | {"key": str(uuid4()), "step": "review"})
        if status != 200:
            raise RuntimeError(f"{status} {page[:200]}")
        form = page[page.index('id="review"') :]
        pairs = _HIDDEN.findall(form[: form.index("</form>")])
        return {name: unescape(value) for name, value in pairs}


Send = Callable[[_Buyer, str, Form], bool]


def _row(buyer: _Buyer, token: str, _form: Form) -> bool:
    return buyer.post(token, {"at": token}, "/row")[0] == 303


def _reviewed(buyer: _Buyer, token: str, _form: Form) -> bool:
    return buyer.post(token, CONTACT | {"key": str(uuid4()), "step": "review"})[0] == 200


def _confirmed(buyer: _Buyer, token: str, form: Form) -> bool:
    return buyer.post(token, form | {"step": "confirm"})[0] == 303


def _run(port: int, tokens: list[str], act: Send) -> tuple[float, list[float]]:
    """Requests per second, and how long each took in ms."""
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        shares = [tokens[start::CONNECTIONS] for start in range(CONNECTIONS)]
        buyers = [_Buyer(port) for _share in shares]
        forms = [
            [buyer.review(token) if act is _confirmed else {} for token in share]
            for buyer, share in zip(buyers, shares, strict=True)
        ]
        begun = time.perf_counter()
        waits = list(pool.map(_waits, repeat(act), buyers, shares, forms))
        took = time.perf_counter() - begun
    return len(tokens) / took, [wait for some in waits for wait in some]


def _waits(act: Send, buyer: _Buyer, tokens: list[str], forms: list[Form]) -> list[float]:
    waits = []
    for token, form in zip(tokens, forms, strict=True):
        begun = time.perf_counter()
        if not act(buyer, token, form):
            raise RuntimeError("another answer than was meant")
        waits.append((time.perf_counter() - begun) * 1000)
    return waits


def _prove(database: Database) -> None:
    """Every order is there once, with its goods."""
    expected = 2 * (WARM + ROUNDS * EACH)
    with reading() as session:
        placed = session.scalar(select(func.count(Order.id)))
        units = select(func.sum(Reservation.quantity)).where(
            Reservation.status == ReservationStatus.HELD
        )
        held = session.scalar(units)
        if (placed, held) != (expected, expected * LINES) or problems(session):
            raise RuntimeError(
                f"{placed} orders hold {held} units in {database.engine.url.database}"
            )

"""Orders placed through HTTP: granian with two workers, PostgreSQL, three lines each.

The baseline, in turn with it: the same server answering the review of the same cart, which reads and
reckons everything that an order needs and writes nothing.
"""

import http.client
import re
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from itertools import count
from urllib.parse import urlencode
from uuid import UUID, uuid4

from sqlalchemy import func, select

from app.core.db import Database, reading, transaction
from app.storefront import cart as carts
from benchmarks import served
from benchmarks.databases import Maker, used
from benchmarks.tables import Table
from pos.sales.models import Order
from pos.stock.models import Reservation, ReservationStatus
from pos.stock.verify import problems
from tests.builders import NOW, make_depot, make_product, stock_up

ARTICLES, LINES, STOCK = 24, 3, 1_000_000
CONNECTIONS, WARM, EACH, ROUNDS = 16, 48, 320, 3

HEAD = ("Act", "Articles", "Per second", "p50 ms", "p99 ms", "Baseline per second", "Ratio")
NOTE = (
    "granian, 2 workers, {connections} connections, PostgreSQL on the same machine as server and "
    "client; medians of {rounds} rounds of {each} orders of {lines} lines, confirmed by POST after a "
    "review. «Spread»: three of 24 articles; «hot»: everybody wants the same three. The baseline, in "
    "turn with it, is the review page of the same carts, which writes nothing."
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
    rows: list[tuple[str, ...]] = []
    with used(url) as database:
        skus = _open()
        with served._server("app.wsgi:app", url, {}) as port:
            rates = {}
            for name, chosen in (("spread", skus), ("hot", skus[:LINES])):
                rate, waits, bare = _measured(port, chosen)
                rates[name] = rate
                figures = f"{statistics.median(waits):.0f}", f"{_p99(waits):.0f}", f"{bare:.0f}"
                rows.append(
                    ("order", name, f"{rate:.0f}", *figures, f"{rate / bare:.2f}"),
                )
            rows.append(
                ("hot ÷ spread", "", "", "", "", "", f"{rates['hot'] / rates['spread']:.2f}")
            )
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


def _measured(port: int, skus: list[UUID]) -> tuple[float, list[float], float]:
    _run(port, _filled(skus, WARM), confirm=True)
    mine, bare, waits = [], [], list[float]()
    for _round in range(ROUNDS):
        tokens = _filled(skus, EACH)
        bare.append(_run(port, tokens, confirm=False)[0])
        rate, some = _run(port, tokens, confirm=True)
        mine.append(rate)
        waits += some
    return statistics.median(mine), waits, statistics.median(bare)


def _filled(skus: list[UUID], number: int) -> list[str]:
    """Carts of as many guests, by their tokens."""
    tokens = [uuid4().hex for _cart in range(number)]
    with transaction() as session:
        for place, token in enumerate(tokens):
            cart = carts.find_or_open(session, token, user_id=None, now=NOW)
            for step in range(LINES):
                carts.add(session, cart, skus[(place * 7 + step * 5) % len(skus)], 1, now=NOW)
    return tokens


class _Buyer:
    """One connection to the shop."""

    def __init__(self, port: int) -> None:
        self.origin = f"http://127.0.0.1:{port}"
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def post(self, token: str, form: dict[str, str]) -> tuple[int, str]:
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Cookie": f"cart={token}",
            "Origin": self.origin,
        }
        self.connection.request("POST", "/thanh-toan", urlencode(form), headers)
        answer = self.connection.getresponse()
        return answer.status, answer.read().decode()

    def review(self, token: str) -> dict[str, str]:
        status, page = self.post(token, CONTACT | {"key": str(uuid4()), "step": "review"})
        if status != 200:
            raise RuntimeError(f"{status} {page[:200]}")
        form = page[page.index('id="review"') :]
        pairs = _HIDDEN.findall(form[: form.index("</form>")])
        return {name: unescape(value) for name, value in pairs}


def _run(port: int, tokens: list[str], *, confirm: bool) -> tuple[float, list[float]]:
    """Requests per second, and how long each took in ms."""
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        shares = [tokens[start::CONNECTIONS] for start in range(CONNECTIONS)]
        buyers = [_Buyer(port) for _share in shares]
        forms = [
            [buyer.review(token) for token in share] if confirm else []
            for buyer, share in zip(buyers, shares, strict=True)
        ]
        begun = time.perf_counter()
        waits = list(pool.map(_one, buyers, shares, forms))
        took = time.perf_counter() - begun
    return len(tokens) / took, [wait for some in waits for wait in some]


def _one(buyer: _Buyer, tokens: list[str], forms: list[dict[str, str]]) -> list[float]:
    waits = []
    for token, number in zip(tokens, count(), strict=False):
        form = forms[number] | {"step": "confirm"} if forms else CONTACT | {"step": "review"}
        begun = time.perf_counter()
        status, page = buyer.post(token, {"key": str(uuid4())} | form)
        waits.append((time.perf_counter() - begun) * 1000)
        if status != (303 if forms else 200):
            raise RuntimeError(f"{status} {page[:200]}")
    return waits


def _p99(waits: list[float]) -> float:
    return sorted(waits)[int(len(waits) * 0.99)]


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

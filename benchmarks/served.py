"""Pages as a server hands them out: granian with two workers, sixteen connections, PostgreSQL."""

import os
import selectors
import signal
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import cycle
from pathlib import Path

from sqlalchemy import select

from app.core.db import Database
from benchmarks import catalogue_data
from benchmarks.databases import Maker, execute
from benchmarks.tables import Table
from catalog.models import Product

ROOT = Path(__file__).resolve().parent.parent
SIZES = ((1_000, 10), (10_000, 10), (100_000, 1))  # products, lots of each
WORKERS, CONNECTIONS, ROUNDS, SECONDS = 2, 16, 3, 1.0
HEAD = ("Products", "Lots", "Page", "Per second", "Bare page or route", "Ratio")
NOTE = (
    "granian, {workers} workers, {connections} connections, PostgreSQL on the same machine as server "
    "and client; medians of {rounds} rounds of {seconds} s, in turn with the baseline. «Fresh»: no "
    "page is kept for guests; each request reads its data, and a page already drawn from the same data "
    "is sent again. «Drawn»: that, too, is switched off. «Kept»: as an installation "
    "runs. The bare page (benchmarks/bare.py) reads 24 rows and renders 24 cards with Flask and "
    "SQLAlchemy and does nothing else; the bare route says hello."
)
WORDS = (
    "nhan long",
    "mat ong hoa",
    "tra sen",
    "gao nep",
    "banh gai",
    "cam duong",
    "nghe",
    "tuong ban",
)
FACETS = "category=ke-1&stars=3&in_stock=1"


def measure(maker: Maker) -> Table:
    """Listing, search and product page at three sizes of the catalogue."""
    rows: list[tuple[str, ...]] = []
    for products, lots in SIZES:
        url = maker(f"big{products}")
        slugs = _filled(url, products, lots)
        for name, rate, bare in _measured(url, slugs):
            ratio = f"{rate / bare:.2f}"
            rows.append(
                (
                    f"{products:,}",
                    f"{products * lots:,}",
                    name,
                    f"{rate:,.0f}",
                    f"{bare:,.0f}",
                    ratio,
                )
            )
    note = NOTE.format(workers=WORKERS, connections=CONNECTIONS, rounds=ROUNDS, seconds=SECONDS)
    return Table("Served pages", note, HEAD, rows)


def _filled(url: str, products: int, lots: int) -> Sequence[str]:
    database = Database(url)
    with database.write_sessions() as session:
        catalogue_data.fill(session, products, lots)
        slugs = session.scalars(select(Product.slug).order_by(Product.id).limit(500)).all()
    database.dispose()
    execute(url, "VACUUM ANALYZE")
    return slugs


def _measured(url: str, slugs: Sequence[str]) -> Iterator[tuple[str, float, float]]:
    listing, product = f"/san-pham?{FACETS}", [f"/san-pham/{slug}" for slug in slugs]
    searches = [f"/san-pham?q={w.replace(' ', '+')}&stars={n}" for w in WORDS for n in (3, 4, 5)]
    last = [f"/san-pham?page={page}" for page in (2, 20, 400)]
    fresh = {"PHOHIEN_PAGE_SECONDS": "0"}
    drawn = {"listing, three facets, drawn": [listing], "product, drawn": product}
    with _server("benchmarks.bare:app", url, {}) as bare:
        with _server("app.wsgi:app", url, fresh) as shop:
            yield from _against(
                bare,
                "/",
                shop,
                {
                    "listing, three facets, fresh": [listing],
                    "search without marks, fresh": searches,
                    "pages 2, 20 and 400, fresh": last,
                    "product, fresh": product,
                },
            )
        with _server("app.wsgi:app", url, fresh | {"PHOHIEN_PAGE_MEMO": "0"}) as shop:
            yield from _against(bare, "/", shop, drawn)
        with _server("app.wsgi:app", url, {}) as shop:
            kept = {"listing, three facets, kept": [listing], "product, kept": product[:1]}
            yield from _against(bare, "/", shop, kept)
            yield from _against(
                bare, "/hello", shop, {"product, kept, against the route": product[:1]}
            )
            tag = _Client(shop, [product[0]]).tag()
            yield from _against(
                bare,
                "/hello",
                shop,
                {"product, not modified, against the route": product[:1]},
                f"If-None-Match: {tag}\r\n",
            )


def _against(
    bare: int, bare_path: str, shop: int, pages: dict[str, list[str]], headers: str = ""
) -> Iterator[tuple[str, float, float]]:
    for name, paths in pages.items():
        mine, theirs = [], []
        _Client(shop, paths, headers).run(1.0)
        for _round in range(ROUNDS):
            mine.append(_Client(shop, paths, headers).run(SECONDS))
            theirs.append(_Client(bare, [bare_path]).run(SECONDS))
        yield name, statistics.median(mine), statistics.median(theirs)


@contextmanager
def _server(target: str, url: str, more: dict[str, str]) -> Iterator[int]:
    port = _free_port()
    environment = os.environ | more | {
        "PHOHIEN_MODE": "production",
        "PHOHIEN_SECRET_KEY": "a secret for measuring only, 32 characters",
        "PHOHIEN_STAMP_KEYS": "1:" + "ab" * 32,
        "PHOHIEN_BASE_URL": f"http://127.0.0.1:{port}",
        "PHOHIEN_DATABASE_URL": url,
    }  # fmt: skip
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(port)]
    command += ["--workers", str(WORKERS), "--blocking-threads", "2", "--no-ws", target]
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            _wait(port, "/hello" if "bare" in target else "/san-pham")
            yield port
        finally:
            process.send_signal(signal.SIGTERM)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(port: int, path: str) -> None:
    until = time.monotonic() + 120
    while time.monotonic() < until:
        with suppress(OSError):
            if _Client(port, [path]).once().startswith(b"HTTP/1.1 200"):
                return
        time.sleep(0.2)
    raise RuntimeError(f"nothing answers on {path}")


class _Client:
    """Connections that ask again as soon as they were answered, on one thread."""

    def __init__(self, port: int, paths: Sequence[str], headers: str = "") -> None:
        self._port = port
        host = f"Host: 127.0.0.1:{port}\r\nAccept-Encoding: gzip\r\n{headers}\r\n"
        self._asks = cycle([f"GET {path} HTTP/1.1\r\n{host}".encode() for path in paths])

    def once(self) -> bytes:
        """The whole answer to one question."""
        with socket.create_connection(("127.0.0.1", self._port), timeout=120) as connection:
            connection.sendall(next(self._asks))
            got = b""
            while not _whole(got):
                got += connection.recv(65_536) or b"\0" * 65_536
            return got

    def tag(self) -> str:
        """The ETag of the page."""
        head = self.once().partition(b"\r\n\r\n")[0].decode().lower()
        return next(line[6:] for line in head.split("\r\n") if line.startswith("etag: "))

    def run(self, seconds: float) -> float:
        """Answers per second; raises when one is no answer that was meant."""
        answered = 0
        with selectors.DefaultSelector() as selector:
            for _number in range(CONNECTIONS):
                connection = socket.create_connection(("127.0.0.1", self._port))
                selector.register(connection, selectors.EVENT_READ, bytearray())
                connection.sendall(next(self._asks))
            begun = time.perf_counter()
            while time.perf_counter() - begun < seconds:
                for key, _events in selector.select(1):
                    answered += self._take(key)
            took = time.perf_counter() - begun
            for key in list(selector.get_map().values()):
                key.fileobj.close()  # type: ignore[union-attr]
        return answered / took

    def _take(self, key: selectors.SelectorKey) -> int:
        connection, got = key.fileobj, key.data
        assert isinstance(connection, socket.socket)
        got += connection.recv(262_144)
        if not _whole(got):
            return 0
        if got[9:12] not in (b"200", b"304"):
            raise RuntimeError(bytes(got[:80]))
        got.clear()
        connection.sendall(next(self._asks))
        return 1


def _whole(got: bytes | bytearray) -> bool:
    end = got.find(b"\r\n\r\n")
    if end < 0:
        return False
    head = bytes(got[:end]).lower()
    if head[9:12] == b"304":
        return True
    length = head.partition(b"content-length: ")[2].partition(b"\r\n")[0]
    return len(got) >= end + 4 + int(length or 0)

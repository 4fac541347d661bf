"""CPU time and SQL statements of a page, in process: the WSGI application without a server."""

import os
import re
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.test import EnvironBuilder

from app.config import DEMO_STAMP_KEY, Settings
from app.core import db, page_memo
from app.demo import loading
from app.factory import create_app
from benchmarks.databases import Maker
from benchmarks.tables import Table
from tests.support.statements import counted

ROUNDS, REQUESTS, DAYS = 9, 25, 7
ORIGIN = "http://localhost"
HEAD = ("Page", "Database", "CPU ms", "Drawn anew", "hello ÷ page", "SQL statements")
NOTE = (
    "Medians of {rounds} rounds of {requests} requests by a guest, in turn with the baseline, on the "
    "demonstration with {days} days of trade; no page is kept for guests: each "
    "request reads its data, and a page already drawn from the same data is sent again. «Drawn anew»: "
    "that, too, is switched off. "
    "«hello» is a bare Flask application with one route. "
    "CPU time is that of the application; PostgreSQL's own is not in it. BEGIN and COMMIT do not "
    "count as statements. No HTTP is spoken on either side, which makes the ratios far smaller than "
    "those of served pages."
)


def measure(makers: dict[str, Maker], folder: Path) -> Table:
    """Hello and the pages of the shop on each kind of database."""
    rows = [row for kind, make in makers.items() for row in _on(kind, make("demo"), folder)]
    return Table("Pages", NOTE.format(rounds=ROUNDS, requests=REQUESTS, days=DAYS), HEAD, rows)


def _on(kind: str, url: str, folder: Path) -> Iterator[tuple[str, ...]]:
    app, settings = _demonstration(url, folder)
    hello = _hello()
    for name, path in _paths(app, settings).items():
        page, base = _asked(app, path), _asked(hello, "/")
        statements = _statements(page)
        with _quiet():
            mine, bare = _medians(page, base)
            with _forgetful(app):
                (drawn,) = _medians(page)
        ms, ratio = f"{mine * 1e3:.2f}", f"{bare / mine:.3f}"
        base_ms = f"{ratio} ({bare * 1e3:.3f} ms)"
        yield name, kind, ms, f"{drawn * 1e3:.2f}", base_ms, str(statements)
    db.active().dispose()


@contextmanager
def _forgetful(app: Flask) -> Iterator[None]:
    """The application draws every page, whether it has drawn it before or not."""
    before = app.extensions[page_memo.EXTENSION]
    app.extensions[page_memo.EXTENSION] = page_memo.PageMemo(0), before[1]
    yield
    app.extensions[page_memo.EXTENSION] = before


def _demonstration(url: str, folder: Path) -> tuple[Flask, Settings]:
    settings = Settings(
        mode="demo",
        secret_key="a secret for measuring only, 32 characters",
        database_url=url,
        base_url=ORIGIN,
        instance_dir=folder,
        stamp_keys={1: DEMO_STAMP_KEY},
        page_seconds=0,
        index_seconds=3600,
    )
    app = create_app(settings)
    loading.load(settings, days=DAYS)
    return app, settings


def _hello() -> Flask:
    app = Flask("hello")
    app.add_url_rule("/", "hello", lambda: "hello")
    return app


def _paths(app: Flask, settings: Settings) -> dict[str, str]:
    """The pages by name. The product is the first of the list; the stamp is one on sale."""
    with _quiet():
        listing = app.test_client().get("/san-pham").text
    product = re.search(r'href="(/san-pham/[a-z0-9-]+)"', listing)
    assert product is not None
    with db.reading() as session:
        printed = loading.examples(session, settings)[0][1]
    # The page itself: the printed address only leads to it.
    stamp = "/tem/" + printed.rsplit("/", 1)[1]
    return {"list": "/san-pham", "product": product[1], "home": "/", "stamp": stamp}


def _asked(app: Flask, path: str) -> Callable[[], None]:
    """A request as a server would hand it in."""
    environ = EnvironBuilder(path=path, base_url=ORIGIN).get_environ()

    def ask() -> None:
        answer: list[str] = []

        def start(status: str, _headers: Any, _error: Any = None) -> Callable[[bytes], None]:
            answer.append(status)
            return lambda _chunk: None

        chunks: Any = app.wsgi_app(dict(environ), start)
        list(chunks)
        if hasattr(chunks, "close"):
            chunks.close()
        assert answer == ["200 OK"], (path, answer)

    return ask


def _statements(page: Callable[[], None]) -> int:
    with _quiet():
        page()
        with counted(db.active()) as seen:
            page()
    return len([statement for statement in seen if not statement.startswith("BEGIN")])


def _medians(*tasks: Callable[[], None]) -> list[float]:
    """CPU seconds of one call of each, taken in turn so that all see the same machine."""
    seconds: list[list[float]] = [[] for _task in tasks]
    for _round in range(ROUNDS):
        for task, kept in zip(tasks, seconds, strict=True):
            begin = time.process_time()
            for _number in range(REQUESTS):
                task()
            kept.append((time.process_time() - begin) / REQUESTS)
    return [statistics.median(kept) for kept in seconds]


@contextmanager
def _quiet() -> Iterator[None]:
    """Send the application's log nowhere; writing it still counts."""
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)

"""Look-ups of stamps and numbers per second, beside a bare Flask page over the same database."""

import os
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import cycle
from pathlib import Path
from typing import Any
from uuid import UUID

from flask import Flask, render_template
from sqlalchemy import create_engine, insert, select
from sqlalchemy.orm import Session
from werkzeug.test import EnvironBuilder, run_wsgi_app

from app.config import DEMO_STAMP_KEY, Settings
from app.core import db
from app.factory import create_app
from benchmarks import catalogue_data
from benchmarks.databases import Maker, execute
from benchmarks.tables import Table
from catalog.models import Product, ProductStatus, Sku
from catalog.recognition_models import Recognition
from traceability import serials
from traceability.gs1 import demo_gtin, gtin14
from traceability.models import (
    BatchStatus,
    Lot,
    LotStatus,
    RangeState,
    Scan,
    StampBatch,
    StampRange,
)

STAMPS = (1_000, 100_000, 10_000_000)
SCANS, SAMPLE, ROUNDS, SECONDS = 1_000_000, 200, 3, 0.7
NOW = datetime(2026, 11, 24, 3, tzinfo=UTC)
GTIN = gtin14(demo_gtin(999_999_001))
REF = "7K3M"
BARE = """<!doctype html><html lang="vi"><head><meta charset="utf-8"><title>{{ p.name_vi }}</title>
</head><body><h1>{{ p.name_vi }}</h1><p>{{ p.summary_vi or "" }}</p></body></html>"""
HEAD = ("Database", "Stamps issued", "Asked", "Per second", "Of the bare page")
NOTE = (
    "One process and one thread, no network; medians of {rounds} rounds of {seconds} s, in turn with "
    "the baseline: a bare Flask page that reads one row with SQLAlchemy and renders it. {scans} scans "
    "lie in the table. A redirect of a stamp asks the database nothing; its page judges the stamp "
    "without counting a scan, as for HEAD."
)


def measure(makers: dict[str, Maker], folder: Path) -> Table:
    """Redirects, link sets and pages of stamps, for few and for many stamps."""
    with _silent():
        rows = [row for kind in makers for row in _of(kind, makers[kind]("resolver"), folder)]
    note = NOTE.format(rounds=ROUNDS, seconds=SECONDS, scans=f"{SCANS:,}")
    return Table("Look-ups", note, HEAD, rows)


@contextmanager
def _silent() -> Iterator[None]:
    """Send the application's log nowhere; writing it still counts."""
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


def _of(kind: str, url: str, folder: Path) -> Iterator[Sequence[str]]:
    slug = _filled(url)
    bare, shop = _bare(url, slug), create_app(_settings(url, folder))
    for size in STAMPS:
        execute(url, f"UPDATE stamp_batch SET size = {size}")
        for name, method, paths in _asked(size):
            mine, theirs = [], []
            for _round in range(ROUNDS):
                theirs.append(_rate(bare, "GET", ["/"]))
                mine.append(_rate(shop, method, paths))
            rate, base = statistics.median(mine), statistics.median(theirs)
            yield kind, f"{size:,}", name, f"{rate:,.0f}", f"{rate / base:.2f}"
    db.active().dispose()


def _asked(size: int) -> Sequence[tuple[str, str, list[str]]]:
    key, step = serials.batch_key(DEMO_STAMP_KEY, GTIN, REF), size // SAMPLE
    found = [serials.serial_for(key, GTIN, REF, index * step) for index in range(SAMPLE)]
    stamps = [f"/01/{GTIN}/21/{serial}" for serial in found]
    return (
        ("stamp, redirect", "GET", stamps),
        ("GTIN, redirect", "GET", [f"/01/{GTIN}"]),
        ("stamp, link set", "GET", [f"{path}?linkType=linkset" for path in stamps]),
        ("stamp, page", "HEAD", [f"/tem/{serial}?gtin={GTIN}" for serial in found]),
    )


def _rate(app: Flask, method: str, paths: list[str]) -> float:
    """Answers per second."""
    environs = cycle([EnvironBuilder(path=p, method=method).get_environ() for p in paths])
    done, until = 0, time.perf_counter() + SECONDS
    while time.perf_counter() < until:
        _answer(app.wsgi_app, next(environs) | {})
        done += 1
    return done / SECONDS


def _answer(wsgi: Callable[..., Any], environ: dict[str, Any]) -> None:
    body, status, _headers = run_wsgi_app(wsgi, environ)
    if int(status.split()[0]) >= 400:
        raise RuntimeError(f"{environ['PATH_INFO']}: {status}")
    for _part in body:
        pass


def _settings(url: str, folder: Path) -> Settings:
    return Settings(
        mode="test",
        secret_key="a secret for measuring only, 32 characters",
        database_url=url,
        base_url="http://localhost",
        instance_dir=folder,
        stamp_keys={1: DEMO_STAMP_KEY},
    )


def _bare(url: str, slug: str) -> Flask:
    app, engine = Flask("bare"), create_engine(url, isolation_level="AUTOCOMMIT")
    query = select(Product.name_vi, Product.summary_vi).where(Product.slug == slug)
    template = app.jinja_env.from_string(BARE)

    @app.get("/")
    def page() -> str:
        with Session(engine) as session:
            return render_template(template, p=session.execute(query).one())

    return app


def _filled(url: str) -> str:
    """A catalogue, one article with a lot and a batch of stamps, and scans; the product's slug."""
    database = db.Database(url)
    with database.write_sessions() as session:
        catalogue_data.fill(session, 1_000, 2)
        recognition = session.scalars(select(Recognition).limit(1)).one()
        product = session.get_one(Product, recognition.product_id)
        product.status = ProductStatus.PUBLISHED
        _scanned(session, _batch(session, recognition, product))
        session.commit()
        slug = product.slug
    database.dispose()
    execute(url, "VACUUM ANALYZE" if url.startswith("postgresql") else "ANALYZE")
    return slug


def _batch(session: Session, recognition: Recognition, product: Product) -> UUID:
    sku = session.scalars(select(Sku).filter_by(product_id=product.id).limit(1)).one()
    sku.gtin = GTIN[1:]
    lot = Lot(sku_id=sku.id, code="L26-01", quantity_declared=10**8, created_at=NOW)
    lot.status = LotStatus.RELEASED
    session.add(lot)
    session.flush()
    batch = StampBatch(
        ref=REF,
        sku_id=sku.id,
        identity=GTIN,
        has_gtin=True,
        key_epoch=1,
        lot_id=lot.id,
        recognition_id=recognition.id,
        size=STAMPS[0],
        status=BatchStatus.DELIVERED,
        requested_at=NOW,
        generated_at=NOW,
    )
    session.add(batch)
    session.flush()
    run = StampRange(batch_id=batch.id, first=0, last=STAMPS[-1] - 1, lot_id=lot.id, at=NOW)
    run.state = RangeState.ACTIVATED
    session.add(run)
    return batch.id


def _scanned(session: Session, batch_id: UUID) -> None:
    chunk = 20_000
    for start in range(0, SCANS, chunk):
        rows = [
            {"at": NOW, "batch_id": batch_id, "number": n, "verdict": "active"}
            for n in range(start, start + chunk)
        ]
        session.execute(insert(Scan), rows)

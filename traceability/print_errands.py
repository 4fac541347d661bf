"""Prints and digests, an entry point of the worker: long work outside any transaction.

Each bears a repetition: a print goes on where its file ends, a digest that is there stays.
"""

import hashlib
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from sqlalchemy.orm import Session

from app.core import clock
from app.core.db import reading, transaction
from app.core.errors import DomainError
from app.core.types import Json
from traceability import digests, exports, pins, prints
from traceability.exports import Order
from traceability.issued import key_of
from traceability.models import StampBatch
from traceability.print_models import PrintRun
from traceability.printing.furniture import Words
from traceability.printing.layouts import Layout
from traceability.printing.sheets import Stopped, Watch

BEAT_SECONDS = 1.0  # how often progress is noted, and a stop seen
_PIECE = 1 << 20


@dataclass(frozen=True)
class Shop:
    """Where files are made, with what, and in which words."""

    folder: Path
    font_dir: Path
    keys: Mapping[int, bytes]
    words: Callable[[PrintRun, Layout], Words]
    threads: int = 1


def digest(keys: Mapping[int, bytes], payload: Json) -> None:
    """Compute and keep the digest of a batch that was issued."""
    ensure_digest(keys, UUID(payload["batch"]))


def ensure_digest(keys: Mapping[int, bytes], batch_id: UUID) -> None:
    """The digest of the batch is there afterwards. Raises `KeyMissing`."""
    with reading() as session:
        batch = session.get(StampBatch, batch_id)
    if batch is None or batch.serials_digest is not None:
        return
    found = digests.compute(batch, keys)
    with transaction() as session:
        digests.store(session, batch_id, found)


def work(shop: Shop, payload: Json) -> None:
    """Make the file of a print. Raises `StillRunning`."""
    run_id = UUID(payload["run"])
    with transaction() as session:
        if not prints.begin(session, run_id, clock.now()):
            return
    # Stopped: whoever stopped it has said so in the row, and the beginning of the file stays.
    with suppress(Stopped):
        try:
            _make(shop, run_id)
        except (DomainError, ValueError, OSError) as error:
            with transaction() as session:
                prints.fail(session, run_id, f"{type(error).__name__}: {error}", clock.now())


def _make(shop: Shop, run_id: UUID) -> None:
    with reading() as session:
        batch_id = prints.get(session, run_id).batch_id
    ensure_digest(shop.keys, batch_id)
    with reading() as session:
        run = prints.get(session, run_id)
        order = order_of(run, shop)
        whole, part = (shop.folder / name for name in prints.names(run))
    make_file(part, order, shop, _Beat(run_id))
    part.replace(whole)
    with transaction() as session:
        _finish(session, run, whole, clock.now())


def order_of(run: PrintRun, shop: Shop) -> Order:
    """All that the file is made from. Raises `KeyMissing`."""
    batch, layout = run.batch, prints.layout_of(run)
    return Order(
        kind=run.kind,
        layout=layout,
        head=run.head,
        identity=batch.identity,
        ref=batch.ref,
        first=run.first,
        count=run.count,
        key=key_of(batch, shop.keys),
        pin_key=pins.key_of(batch, shop.keys) if batch.has_pin else None,
        words=shop.words(run, layout),
        paths=run.paths,
    )


def make_file(path: Path, order: Order, shop: Shop, watch: Watch) -> None:
    """Write the file, or what is missing of it; nobody else on this machine may read it."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.touch(mode=0o600)
    with path.open("r+b") as out:
        exports.write(out, order, font_dir=shop.font_dir, watch=watch, threads=shop.threads)


def _finish(session: Session, run: PrintRun, path: Path, now: datetime) -> None:
    size, sha256 = path.stat().st_size, sha256_of(path)
    prints.finish(session, run, file=path.name, size=size, sha256=sha256, now=now)


def sha256_of(path: Path) -> str:
    """The digest of a file, read in pieces."""
    running = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            running.update(piece)
    return running.hexdigest()


class _Beat:
    """Notes progress once a second, and tells whether to go on."""

    def __init__(self, run_id: UUID) -> None:
        self._run_id = run_id
        self._last = time.monotonic()

    def __call__(self, done: int) -> bool:
        if time.monotonic() - self._last < BEAT_SECONDS:
            return True
        self._last = time.monotonic()
        with transaction() as session:
            return prints.beat(session, self._run_id, done, clock.now())


def delete_files(folder: Path, names: list[str]) -> None:
    """Delete files of prints; one that is gone already is no matter."""
    for name in names:
        (folder / name).unlink(missing_ok=True)

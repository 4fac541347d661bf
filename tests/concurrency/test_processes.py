"""Several processes sell the last units, online and at a counter, and one of them is killed."""

import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.core.db import Database, reading, transaction
from builders import NOW, TODAY, make_offered, stock_up
from pos.counter.models import Discrepancy, DiscrepancyKind
from pos.sales import reallocation
from pos.sales.models import Order
from pos.sales.status import Channel
from pos.stock.models import Balance, Reservation, ReservationStatus
from pos.stock.verify import problems
from support.counter import make_counter

pytestmark = [pytest.mark.race, pytest.mark.timeout(180)]

ROOT = Path(__file__).resolve().parents[2]
REFUSALS = {"out_of_stock"}


def prepare(database: Database, units: int) -> dict[str, str]:
    """A sales point with a till that also sends parcels, and `units` in two lots."""
    with transaction() as session:
        counter, sku = make_counter(session), make_offered(session)
        counter.shop.serves_web = True
        stock_up(session, counter.shop, sku, units // 2)
        stock_up(session, counter.shop, sku, units - units // 2)
        return {
            "url": database.engine.url.render_as_string(hide_password=False),
            "sku": str(sku.id),
            "place": str(counter.shop.id),
            "till": str(counter.till.id),
            "cashier": str(counter.cashier.id),
            "now": NOW.isoformat(),
        }


@contextmanager
def rivals(
    job: dict[str, str], crowd: list[tuple[str, int]]
) -> Iterator[list[subprocess.Popen[str]]]:
    """Processes that begin at one moment: (kind, number of buyers) each."""
    start = str(time.time() + 4.0)
    environment = os.environ | {"PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}"}
    running = []
    for kind, count in crowd:
        told = json.dumps(job | {"kind": kind, "count": str(count), "start": start})
        command = [sys.executable, "-m", "support.rivals", told]
        running.append(
            subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
        )
    yield running
    for process in running:
        process.kill()
        process.wait()
        if process.stdout:
            process.stdout.close()


def outcomes(processes: list[subprocess.Popen[str]]) -> Counter[str]:
    lines: Counter[str] = Counter()
    for process in processes:
        told, _nothing = process.communicate(timeout=120)
        lines.update(told.split())
    return lines


def state(job: dict[str, str]) -> dict[str, int]:
    """What the books say afterwards."""
    with reading() as session:
        assert problems(session) == []
        placed = select(func.count(Order.id)).where(Order.channel == Channel.WEB)
        sold = select(func.count(Order.id)).where(Order.channel == Channel.TILL)
        units = func.coalesce(func.sum(Reservation.quantity), 0)
        kept = select(units).where(Reservation.status == ReservationStatus.HELD)
        broken = select(units).where(Reservation.status == ReservationStatus.BROKEN)
        free = select(func.sum(Balance.on_hand - Balance.reserved)).where(Balance.physical)
        named = {"placed": placed, "sold": sold, "kept": kept, "broken": broken, "free": free}
        return {name: int(session.scalar(query) or 0) for name, query in named.items()}


@pytest.mark.parametrize(("buyers", "units"), [(40, 10), (500, 100)])
def test_as_many_are_promised_online_as_there_are(
    real_database: Database, buyers: int, units: int
) -> None:
    job = prepare(real_database, units)
    with rivals(job, [("web", buyers // 4)] * 4) as processes:
        told = outcomes(processes)
    assert told["placed"] == units
    assert told.total() == buyers
    assert set(told) <= {"placed", *REFUSALS}
    assert state(job) == {"placed": units, "sold": 0, "kept": units, "broken": 0, "free": 0}


@pytest.mark.parametrize(("buyers", "customers", "units"), [(32, 8, 10), (440, 60, 100)])
def test_a_counter_and_the_shop_share_one_stock(
    real_database: Database, buyers: int, customers: int, units: int
) -> None:
    job = prepare(real_database, units)
    with rivals(job, [("web", buyers // 2), ("web", buyers // 2), ("till", customers)]) as all_:
        told = outcomes(all_)
    found = state(job)
    assert told["sold"] == found["sold"] == customers  # they hold the goods: never refused
    assert told["placed"] == found["placed"]
    assert found["kept"] + found["sold"] == units
    assert found["broken"] == found["placed"] - found["kept"]
    assert found["free"] == 0
    with reading() as session:
        flagged = select(func.count(Discrepancy.id)).filter_by(
            kind=DiscrepancyKind.RESERVATION_BROKEN
        )
        assert (session.scalar(flagged) or 0) == found["broken"]
        late = select(func.count(Order.id)).where(reallocation.broken())
        assert session.scalar(late) == found["broken"]
    with transaction() as session:
        assert reallocation.mend(session, day=TODAY, now=NOW) == 0


def test_a_process_that_is_killed_leaves_no_half_sale(real_database: Database) -> None:
    job = prepare(real_database, 100)
    with rivals(job, [("web", 150), ("web", 150), ("web", 150), ("till", 20)]) as processes:
        victim = processes[0]
        assert victim.stdout is not None
        victim.stdout.readline()  # it is at work
        victim.kill()
        victim.wait()
        told = outcomes(processes[1:])
    found = state(job)
    assert told["sold"] == found["sold"] == 20
    assert found["kept"] + found["sold"] == 100
    assert set(told) <= {"placed", "sold", *REFUSALS}

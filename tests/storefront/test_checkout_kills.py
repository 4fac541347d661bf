"""The server dies at every step of placing an order, and the buyer sends the same form again: there
is one order, with its goods, its voucher, its message; the cart was emptied once."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.core.db import Database, reading, transaction
from app.core.operations import Operation
from app.core.outbox import OutboxJob
from app.storefront import cart as carts
from app.storefront.models import CartLine
from builders import NOW, make_depot, make_offered, stock_up
from builders_promotions import make_voucher
from pos.promotions.models import PersonUse, Promotion, Redemption
from pos.sales.models import Order, OrderLine, Payment
from pos.stock.models import Balance, Reservation, ReservationStatus
from pos.stock.verify import problems
from support.checkout import CONTACT, kept
from support.mortal import SIDES, send
from support.post import Post

pytestmark = [pytest.mark.race, pytest.mark.timeout(300)]

ROOT = Path(__file__).resolve().parents[2]
STATEMENTS, COMMITS = 60, 2  # more than there are
UNITS = (3, 2)  # of two articles; the first comes out of two lots


@dataclass(frozen=True)
class Buyer:
    """Who sends which form, and where the server dies."""

    token: str
    phone: str
    form: dict[str, str]
    step: str
    side: str
    number: int

    def found(self) -> Any:
        return Order.contact_phone == f"+84{self.phone[1:]}"


@pytest.fixture
def skus(real_database: Database) -> list[UUID]:
    with transaction() as session:
        depot, made = make_depot(session), [make_offered(session, 100_000) for _ in UNITS]
        make_voucher(session, most=500, most_each=1)
        for _lot in range(100):
            stock_up(session, depot, made[0], 4)
        stock_up(session, depot, made[1], 500)
        return [sku.id for sku in made]


def buyers(app: Flask, skus: list[UUID]) -> list[Buyer]:
    steps = [
        (step, side, number)
        for step, most in (("statement", STATEMENTS), ("commit", COMMITS))
        for side in SIDES
        for number in range(1, most + 1)
    ]
    return [buyer(app, skus, n, *where) for n, where in enumerate(steps)]


def buyer(app: Flask, skus: list[UUID], n: int, step: str, side: str, number: int) -> Buyer:
    token, phone = f"cart {n}", f"09123{n:05}"
    with transaction() as session:
        cart = carts.find_or_open(session, token, user_id=None, now=NOW)
        for sku_id, units in zip(skus, UNITS, strict=True):
            carts.add(session, cart, sku_id, units, now=NOW)
    own = {"phone": phone, "key": f"form {n}", "voucher": "NHAN2026", "step": "review"}
    looked = send(app, token, CONTACT | own)
    assert looked.status_code == 200, looked.text
    return Buyer(token, phone, kept(looked.text) | {"step": "confirm"}, step, side, number)


def killed(database: Database, folder: Path, all_: list[Buyer]) -> dict[str, list[str]]:
    """What became of each form: by step and side, from the first place to die to the last."""
    url = database.engine.url.render_as_string(hide_password=False)
    job = {"url": url, "folder": str(folder), "now": NOW.isoformat()}
    done = subprocess.run(
        [sys.executable, "-m", "support.mortal"],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}"},
        input=json.dumps(job | {"buyers": [vars(one) for one in all_]}),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    told: dict[str, list[str]] = {}
    for line in done.stdout.splitlines():
        step, side, _number, outcome = line.split()
        told.setdefault(f"{step} {side}", []).append(outcome)
    return told


def count(what: Any, *where: Any) -> int:
    with reading() as session:
        return session.scalar(select(func.count(what)).where(*where)) or 0


def check(one: Buyer, address: str) -> None:
    """The buyer has one order, and everything that belongs to it once."""
    with reading() as session:
        (order,) = session.scalars(select(Order).where(one.found()))
        assert address == f"/don-hang/{order.number}?placed=1"
        lines = session.scalars(select(OrderLine).filter_by(order_id=order.id))
        assert sorted(line.quantity for line in lines) == sorted(UNITS)
        jobs = session.scalars(select(OutboxJob)).all()
        names = sorted(j.name for j in jobs if j.payload.get("order_id") == str(order.id))
        assert names == ["order_event", "order_placed"]
        held = select(func.sum(Reservation.quantity)).filter_by(
            reference=f"order:{order.number}", status=ReservationStatus.HELD
        )
        assert session.scalar(held) == sum(UNITS)
        assert order.total == 500_000 - 50_000  # so much travels free
    assert count(Payment.id, Payment.order_id == order.id) == 1
    assert count(Redemption.id, Redemption.reference == f"order:{order.number}") == 1


def test_an_order_survives_death_at_every_step(
    app: Flask, real_database: Database, skus: list[UUID], tmp_path: Path
) -> None:
    all_ = buyers(app, skus)
    real_database.dispose()
    told = killed(real_database, tmp_path, all_)
    for place, (*deaths, last) in told.items():
        # It died at each of the steps, and beyond the last one it lived.
        assert (set(deaths), last) == ({"died"}, "303"), place
        assert len(deaths) >= (1 if place.startswith("commit") else 20), place
    sent = [one for one in all_ if one.number <= len(told[f"{one.step} {one.side}"])]
    assert count(Order.id) < len(sent)
    for one in sent:
        first, again = (send(app, one.token, one.form) for _time in range(2))
        assert (first.status_code, again.status_code) == (303, 303), (
            one.step,
            one.side,
            first.text,
        )
        assert first.headers["Location"] == again.headers["Location"]
        check(one, first.headers["Location"])
    books(len(sent))
    assert count(CartLine.sku_id) == len(UNITS) * (len(all_) - len(sent))
    assert len(Post(app).fetch()) == len(sent)


def books(orders: int) -> None:
    """Everything adds up for so many orders."""
    assert count(Order.id) == count(Redemption.id) == count(PersonUse.id) == orders
    assert count(Operation.id, Operation.kind == "checkout") == orders
    with reading() as session:
        assert problems(session) == []
        assert session.scalar(select(Promotion.used)) == orders
        assert session.scalar(select(func.sum(Balance.reserved))) == orders * sum(UNITS)

"""Notices of the providers: ten thousand deliveries, shuffled, three in ten of them repeated."""

import os
import random
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

from flask import Flask
from sqlalchemy import func, insert, select

from app.config import DEMO_STAMP_KEY, Settings
from app.core import clock, db
from app.core.db import reading, transaction
from app.factory import create_app
from benchmarks.databases import Maker
from benchmarks.tables import Table
from pos.sales.models import Order, Payment
from pos.sales.payment_codes import code_of
from pos.sales.payment_models import MoneyIn, ProviderEvent, Refund
from pos.sales.payment_status import NoticeStatus
from pos.sales.status import Channel, Delivery, OrderStatus, PaymentStatus, Tender
from tests.builders import make_place
from tests.support import bank, stripe_server

DELIVERIES, REPEATED, THREADS = 10_000, 0.3, 2
AMOUNT, BATCH = 200_000, 500
SECRET = "the messenger's secret of the benchmark"

HEAD = ("Database", "Deliveries", "Notices", "Per second", "Paid once", "Otherwise")
NOTE = (
    "{deliveries} signed deliveries of card and bank notices to the application, {threads} at a time, "
    "shuffled, {repeated:.0%} of them repetitions. Each notice pays one order; `Otherwise` counts "
    "orders with another amount, open notices, money counted twice and refunds."
)

Letter = tuple[str, bytes, dict[str, str]]


def measure(makers: dict[str, Maker], folder: Path) -> Table:
    """Deliver everything on each kind of database and count the effects."""
    rows = [(kind, *_on(make("webhooks"), folder)) for kind, make in makers.items()]
    note = NOTE.format(deliveries=DELIVERIES, threads=THREADS, repeated=REPEATED)
    return Table("Notices of payment providers", note, HEAD, rows)


def _on(url: str, folder: Path) -> tuple[str, ...]:
    app = create_app(_settings(url, folder))
    different = round(DELIVERIES * (1 - REPEATED))
    letters = list(_letters(different))
    chance = random.Random(26)
    bag = letters + chance.choices(letters, k=DELIVERIES - different)
    chance.shuffle(bag)
    with _quiet():
        begin = time.perf_counter()
        _deliver(app, bag)
        seconds = time.perf_counter() - begin
    paid, otherwise = _effects(different)
    db.active().dispose()
    figures = f"{DELIVERIES / seconds:.0f}", str(paid), str(otherwise)
    return str(len(bag)), str(different), *figures


def _settings(url: str, folder: Path) -> Settings:
    return Settings(
        mode="test",
        secret_key="a secret only the benchmark knows",
        database_url=url,
        base_url="http://localhost",
        instance_dir=folder,
        stamp_keys={1: DEMO_STAMP_KEY},
        bank_secrets={"sepay": SECRET},
        stripe_key=stripe_server.KEY,
        stripe_webhook_secret=stripe_server.SECRET,
        stripe_base="http://127.0.0.1:9",  # nothing is asked there
    )


def _letters(different: int) -> Iterator[Letter]:
    """Orders to be paid, and the notice that pays each."""
    now = clock.now()
    with transaction() as session:
        place_id = make_place(session).id
    orders, payments = [], []
    for number in range(different):
        order_id, payment_id = uuid4(), uuid4()
        tender = Tender.CARD if number % 2 else Tender.TRANSFER
        name = {"number": f"PH-26-{number:08}", "place_id": place_id, "language": "vi"}
        times = {"placed_at": now, "recorded_at": now, "pay_until": now + timedelta(days=1)}
        kind = {"channel": Channel.WEB, "status": OrderStatus.PLACED, "delivery": Delivery.SHIP}
        sums = {"subtotal": AMOUNT, "delivery_fee": 0, "rounding": 0, "total": AMOUNT}
        orders.append({"id": order_id} | name | times | kind | sums)
        known = {"id": payment_id, "order_id": order_id, "tender": tender, "amount": AMOUNT}
        code = code_of(payment_id) if tender is Tender.TRANSFER else None
        state = {"status": PaymentStatus.EXPECTED, "created_at": now, "code": code}
        payments.append(known | state | {"reference": f"{number}/1"})
        yield _by_card(payment_id.hex, number) if code is None else _by_bank(code, number)
    for first in range(0, different, BATCH):
        with transaction() as session:
            session.execute(insert(Order), orders[first : first + BATCH])
            session.execute(insert(Payment), payments[first : first + BATCH])


def _by_card(payment: str, number: int) -> Letter:
    page = {
        "id": f"cs_{number}",
        "object": "checkout.session",
        "status": "complete",
        "payment_status": "paid",
        "amount_total": AMOUNT,
        "currency": "vnd",
        "payment_intent": f"pi_{number}",
        "metadata": {"payment_id": payment},
    }
    event = {"id": f"evt_{number}", "type": "checkout.session.completed"}
    told = event | {"created": int(time.time()), "data": {"object": page}}
    return "/thanh-toan/stripe", *stripe_server.signed(told, at=time.time() + 240)


def _by_bank(code: str, number: int) -> Letter:
    told = bank.told("sepay", number, AMOUNT, f"{code} mua nhan", ref=f"FT{number}")
    body, headers = bank.signed("sepay", told, SECRET, clock.now() + timedelta(seconds=240))
    return "/thanh-toan/ngan-hang/sepay", body, dict(headers)


def _deliver(app: Flask, bag: list[Letter]) -> None:
    local = threading.local()

    def bring(letter: Letter) -> int:
        if not hasattr(local, "client"):
            local.client = app.test_client()
        path, body, headers = letter
        return int(local.client.post(path, data=body, headers=headers).status_code)

    with ThreadPoolExecutor(THREADS) as pool:
        refused = [status for status in pool.map(bring, bag) if status != 200]
    if refused:
        raise RuntimeError(f"{len(refused)} deliveries were refused, the first with {refused[0]}")


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


def _effects(different: int) -> tuple[int, int]:
    """Orders paid exactly once, and everything that is otherwise."""
    with reading() as session:
        right = select(func.count(Payment.id)).join(Order, Order.id == Payment.order_id)
        right = right.where(Payment.received == AMOUNT, Order.status == OrderStatus.PAID)
        paid = session.scalar(right) or 0
        came = session.scalar(select(func.count(MoneyIn.id))) or 0
        open_ = select(func.count()).where(ProviderEvent.status != NoticeStatus.DONE)
        others = session.scalar(open_) or 0
        back = session.scalar(select(func.count(Refund.id))) or 0
    return paid, different - paid + abs(came - different) + others + back

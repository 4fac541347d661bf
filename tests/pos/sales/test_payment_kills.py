"""The process dies at every commit, just before or just after it: nobody pays twice, no paid order is
lost, and what goes back goes back once."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import count
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.db import Database, reading, transaction
from builders import BY_NOBODY, make_offered
from builders_payments import TOTAL, make_prepaid, payment_of
from catalog.models import Sku
from pos.sales import cards, orders, paying, refunds
from pos.sales.models import Order
from pos.sales.payment_models import MoneyIn, ProviderEvent, Refund
from pos.sales.payment_status import NoticeStatus, RefundKind, RefundStatus
from pos.sales.status import OrderStatus, PaymentStatus, Tender
from support import bank
from support.payments import BANK_SECRET, door, holder, taking_money, work
from support.stripe_server import Stripe, running, signed

BACK = 30_000
SIDES = ("before", "after")


class Killed(BaseException):
    """The process is gone."""


class Reaper:
    """Kills at the n-th commit from now on, before it or after it."""

    def __init__(self, patch: pytest.MonkeyPatch, side: str) -> None:
        self.left, self.came = 0, False
        commit = Session.commit

        def mortal(session: Session) -> None:
            due = self._due()
            if due and side == "before":
                raise Killed
            commit(session)
            if due:
                raise Killed

        patch.setattr(Session, "commit", mortal)

    def _due(self) -> bool:
        self.left -= 1
        self.came = self.came or self.left == 0
        return self.left == 0

    def strike(self, number: int, act: Callable[[], None]) -> bool:
        """Whether `act` died at its `number`-th commit."""
        self.left, self.came = number, False
        try:
            act()
        except Killed:
            assert self.came
        self.left = 0
        return self.came


@pytest.fixture
def stripe(app: Flask, real_database: Database) -> Iterator[Stripe]:
    with running() as server, taking_money(app, server):
        yield server


@pytest.fixture
def sku(stripe: Stripe) -> Sku:
    with transaction() as session:
        return make_offered(session, TOTAL - 30_000)


def new_order(sku: Sku, tender: Tender) -> Order:
    with transaction() as session:
        order = make_prepaid(session, tender, session.merge(sku))
        assert payment_of(order).received == 0
        return order


def pages(stripe: Stripe, payment_id: UUID) -> list[dict[str, Any]]:
    found = stripe.sessions.values()
    return [s for s in found if s["metadata"]["payment_id"] == str(payment_id)]


def buy(app: Flask, stripe: Stripe, order: Order) -> None:
    """Everything that happens to a card payment; again, it goes on where it stopped."""
    payment_id, browser = payment_of(order).id, holder(app, order.number)
    if not any(s["payment_status"] == "paid" for s in pages(stripe, payment_id)):
        browser.post(f"/don-hang/{order.number}/the")
        stripe.pay(pages(stripe, payment_id)[-1]["id"])
    for told in list(stripe.events):
        door(app, "/thanh-toan/stripe")(*signed(told))
    give_back(payment_id)
    work(app)


def give_back(payment_id: UUID) -> None:
    with transaction() as session:
        order, payment = cards.locked(session, payment_id)
        if order.status is OrderStatus.PAID:
            refunds.request(
                session,
                payment,
                BACK,
                kind=RefundKind.DECIDED,
                reason="Vỡ",
                key=f"back:{payment_id}",
                **BY_NOBODY,
            )


def check(order: Order, *, back: int) -> None:
    with reading() as session:
        found = orders.get(session, order.id)
        payment = payment_of(found)
        assert (found.status, payment.status) == (OrderStatus.PAID, PaymentStatus.SETTLED)
        assert (payment.received, payment.refunded) == (TOTAL, back)
        assert paying.held(found) == TOTAL - back
        came = select(func.count(MoneyIn.id)).filter_by(payment_id=payment.id)
        assert session.scalar(came) == 1
        states = session.scalars(select(Refund.status).filter_by(order_id=order.id)).all()
        assert list(states) == ([RefundStatus.SETTLED] if back else [])
        open_ = select(func.count()).where(ProviderEvent.status != NoticeStatus.DONE)
        assert session.scalar(open_) == 0


@pytest.mark.race
@pytest.mark.parametrize("side", SIDES)
def test_a_card_payment_survives_death_at_every_commit(
    app: Flask, stripe: Stripe, sku: Sku, side: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    reaper = Reaper(monkeypatch, side)
    for number in count(1):
        order = new_order(sku, Tender.CARD)
        payment_id = payment_of(order).id
        died = reaper.strike(number, lambda order=order: buy(app, stripe, order))
        buy(app, stripe, order)
        for minutes in (1, 12, 300):
            work(app, timedelta(minutes=minutes))
        for told in stripe.events:
            door(app, "/thanh-toan/stripe")(*signed(told))
        work(app, timedelta(minutes=310))
        check(order, back=BACK)
        paid = [s for s in pages(stripe, payment_id) if s["payment_status"] == "paid"]
        assert len(pages(stripe, payment_id)) == len(paid) == 1
        assert stripe.charges[paid[0]["payment_intent"]]["amount_refunded"] == BACK
        stripe.events.clear()
        if not died:
            break
    assert number > 8, "there are more commits than that"


@pytest.mark.race
@pytest.mark.parametrize("side", SIDES)
def test_a_transfer_survives_death_at_every_commit(
    app: Flask, stripe: Stripe, sku: Sku, side: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    reaper = Reaper(monkeypatch, side)
    knock = door(app, "/thanh-toan/ngan-hang/sepay")
    for number in count(1):
        order = new_order(sku, Tender.TRANSFER)
        code = str(payment_of(order).code)
        told = bank.told("sepay", number, TOTAL, code, ref=f"FT{number}{side}")
        letter = bank.signed("sepay", told, BANK_SECRET, clock.now())

        def tell(order: Order = order, letter: bank.Letter = letter) -> None:
            holder(app, order.number).post(f"/don-hang/{order.number}/da-chuyen")
            knock(*letter)
            work(app, timedelta(minutes=1))

        died = reaper.strike(number, tell)
        knock(*letter)
        work(app, timedelta(minutes=3))
        check(order, back=0)
        if not died:
            break
    assert number > 3, "there are more commits than that"


@pytest.mark.race
@pytest.mark.parametrize("fault", ["lose", "down"])
def test_an_answer_that_is_lost_charges_nobody_twice(
    app: Flask, stripe: Stripe, sku: Sku, fault: str
) -> None:
    order = new_order(sku, Tender.CARD)
    stripe.faults = [fault, fault]
    holder(app, order.number).post(f"/don-hang/{order.number}/the")
    buy(app, stripe, order)
    stripe.faults = [fault]
    for minutes in (1, 12, 300):
        work(app, timedelta(minutes=minutes))
    for told in stripe.events:
        door(app, "/thanh-toan/stripe")(*signed(told))
    check(order, back=BACK)
    assert len(stripe.charges) == len(stripe.refunds) == 1


@pytest.mark.race
def test_one_notice_brought_by_many_at_once_counts_once(
    app: Flask, stripe: Stripe, sku: Sku
) -> None:
    transfer, card = new_order(sku, Tender.TRANSFER), new_order(sku, Tender.CARD)
    told = bank.told("sepay", 1, TOTAL, str(payment_of(transfer).code))
    letter = bank.signed("sepay", told, BANK_SECRET, clock.now())
    holder(app, card.number).post(f"/don-hang/{card.number}/the")
    event = stripe.pay(pages(stripe, payment_of(card).id)[0]["id"])
    gate = threading.Barrier(12)

    def bring(number: int) -> int:
        gate.wait()
        if number % 2:
            return door(app, "/thanh-toan/ngan-hang/sepay")(*letter)
        return door(app, "/thanh-toan/stripe")(*signed(event))

    with ThreadPoolExecutor(12) as pool:
        assert set(pool.map(bring, range(12))) == {200}
    for order in (transfer, card):
        check(order, back=0)

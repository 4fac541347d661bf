"""Refunds: never more than came, by the way it came, each once."""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.db import Database, reading, transaction
from app.core.outbox import OutboxJob
from builders import BY_NOBODY, NOW
from builders_payments import TOTAL, make_prepaid, payment_of
from pos.sales import paying, refunds
from pos.sales.models import Order, Payment
from pos.sales.payment_models import Refund
from pos.sales.payment_status import RefundKind, RefundStatus
from pos.sales.status import Tender


def paid(session: Session, tender: Tender = Tender.TRANSFER) -> Order:
    order = make_prepaid(session, tender)
    paying.money_came(session, payment_of(order), TOTAL, source="bank", key=order.number, now=NOW)
    return order


def back(session: Session, order: Order, amount: int, key: str, **over: Any) -> Refund:
    values = {"kind": RefundKind.DECIDED, "reason": "Vỡ", "key": key} | BY_NOBODY | over
    return refunds.request(session, payment_of(order), amount, **values)


def test_parts_go_back_until_nothing_is_left(session: Session) -> None:
    order = paid(session)
    back(session, order, 150_000, "a")
    with pytest.raises(refunds.TooMuchBack), session.begin_nested():
        back(session, order, 50_001, "b")
    back(session, order, 50_000, "c")
    assert payment_of(order).refunded == TOTAL


def test_the_same_request_is_one_refund(session: Session) -> None:
    order = paid(session)
    assert back(session, order, 60_000, "a") is back(session, order, 60_000, "a")
    assert payment_of(order).refunded == 60_000


@pytest.mark.parametrize("amount", [0, -5])
def test_nothing_cannot_go_back(session: Session, amount: int) -> None:
    with pytest.raises(refunds.BadRefund):
        back(session, paid(session), amount, "a")


def test_what_has_not_come_cannot_go_back(session: Session) -> None:
    with pytest.raises(refunds.TooMuchBack):
        back(session, make_prepaid(session), 1, "a")


def test_staff_pay_a_transfer_back_and_say_how(session: Session) -> None:
    refund = back(session, paid(session), 60_000, "a")
    with pytest.raises(refunds.NoProof):
        refunds.pay_by_hand(session, refund, "", **BY_NOBODY)
    refunds.pay_by_hand(session, refund, "FT26328123", **BY_NOBODY)
    assert (refund.status, refund.proof) == (RefundStatus.SETTLED, "FT26328123")


def test_card_money_goes_back_by_the_worker(session: Session) -> None:
    refund = back(session, paid(session, Tender.CARD), 60_000, "a")
    (job,) = session.scalars(select(OutboxJob).filter_by(name=refunds.SEND))
    assert job.payload == {"refund_id": str(refund.id)}
    with pytest.raises(refunds.ByProvider):
        refunds.pay_by_hand(session, refund, "Tiền mặt", **BY_NOBODY)


def test_a_failure_that_was_told_is_not_overtaken_by_an_older_success(session: Session) -> None:
    refund = back(session, paid(session, Tender.CARD), 60_000, "a")
    refunds.sent(session, refund, "re_1", now=NOW)
    refunds.fail(session, refund, "lost_or_stolen_card", now=NOW)
    refunds.settle(session, refund, **BY_NOBODY)
    assert refund.status is RefundStatus.FAILED


@pytest.mark.race
def test_many_at_once_never_pay_back_more_than_came(real_database: Database) -> None:
    with transaction() as session:
        order_id = paid(session).id
    gate = threading.Barrier(12)

    def ask(number: int) -> bool:
        gate.wait()
        try:
            with transaction() as session:
                back(session, session.get_one(Order, order_id), 30_000, f"n{number}")
        except refunds.TooMuchBack:
            return False
        return True

    with ThreadPoolExecutor(12) as pool:
        won = sum(pool.map(ask, range(12)))
    with reading() as session:
        payment = session.scalars(select(Payment).filter_by(order_id=order_id)).one()
        assert won == TOTAL // 30_000
        assert payment.refunded == won * 30_000

"""What money does to its order.

Taking the money in advance is the shop's acceptance: an order that is paid in full before its goods
is accepted and paid in one go, also when nobody has looked at it. Whoever sells on these terms has
said by them that the order will be served, and a paid order that waits to be refused would be
neither a contract nor a gift.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import audit
from app.core.db import insert_if_new
from app.core.errors import Rejected
from app.core.outbox import enqueue
from app.core.text import N_
from pos.sales import orders, payments, refunds
from pos.sales.models import Order, Payment
from pos.sales.payment_models import MoneyIn, Refund
from pos.sales.payment_status import RefundKind, RefundStatus
from pos.sales.payments import ENDED
from pos.sales.status import OrderStatus, PaymentStatus, Tender

AT_ONCE = 100
TELL_SHORT = "payment_short"


class NoReason(Rejected):
    """Staff must say why."""

    code = "no_reason"
    message = N_("Say how you know, such as the line of the bank statement.")


class NoMoney(Rejected):
    """Nothing, or less than nothing."""

    code = "no_money"
    message = N_("The amount must be a whole number above zero.")


def money_came(
    session: Session,
    payment: Payment,
    amount: int,
    *,
    source: str,
    key: str,
    now: datetime,
    came_at: datetime | None = None,
    actor_id: UUID | None = None,
    reason: str | None = None,
    provider_ref: str | None = None,
) -> bool:
    """`amount` đồng came for a payment; the same `key` of a `source` counts once.

    Settles the payment when enough has come, else notes the mismatch; what comes again adds to it.
    An order that is paid in full is accepted and paid. What is too much, and everything that comes
    for an order that has ended, is set aside to go back. Locks the order. Returns False for money
    that is known already. Raises `NoMoney`.
    """
    if amount <= 0:
        raise NoMoney
    order = orders.get(session, payment.order_id, lock=True)
    mine = next(p for p in order.payments if p.id == payment.id)
    values = {
        "payment_id": mine.id,
        "source": source,
        "key": key,
        "amount": amount,
        "came_at": came_at or now,
        "recorded_at": now,
        "actor_id": actor_id,
        "reason": reason,
        "provider_ref": provider_ref,
    }
    if not insert_if_new(session, MoneyIn, values):
        return False
    mine.received += amount
    detail = {"payment": str(mine.id), "amount": amount, "source": source, "reason": reason}
    obj = ("order", order.id)
    audit.record(session, "payment.money_came", obj, actor_id=actor_id, now=now, detail=detail)
    _judge(session, mine, now, actor_id)
    _advance(session, order, now, actor_id)
    _return_excess(session, order, mine, f"{source}:{key}", now)
    return True


def _judge(session: Session, payment: Payment, now: datetime, actor_id: UUID | None) -> None:
    if payment.received >= payment.amount:
        payments.settle(session, payment, now=now, actor_id=actor_id)
    elif payment.status is not PaymentStatus.MISMATCHED:
        payments.mismatch(session, payment, now=now, actor_id=actor_id)
        _tell_short(session, payment, now)
    session.flush()


def _tell_short(session: Session, payment: Payment, now: datetime) -> None:
    """When a transfer first falls short, once: the buyer is told how to pay the rest."""
    if payment.tender is Tender.TRANSFER and payment.status is PaymentStatus.MISMATCHED:
        enqueue(session, TELL_SHORT, {"payment_id": str(payment.id)}, now=now)


def held(order: Order) -> int:
    """Đồng that came for the order and are not on their way back."""
    return sum(payment.received - payment.refunded for payment in order.payments)


def missing(payment: Payment) -> int:
    """Đồng that are still to come."""
    return max(0, payment.amount - payment.received)


def _advance(session: Session, order: Order, now: datetime, actor_id: UUID | None) -> None:
    settled = [p for p in order.payments if p.status is PaymentStatus.SETTLED]
    first = any(p.tender.before_goods for p in settled)
    open_ = order.status in (OrderStatus.PLACED, OrderStatus.ACCEPTED)
    if not (first and open_ and held(order) >= order.total):
        return
    if order.status is OrderStatus.PLACED:
        orders.accept(session, order, now=now, actor_id=actor_id)
    orders.move(session, order, OrderStatus.PAID, now=now, actor_id=actor_id)
    order.paid_at = now
    session.flush()


def _return_excess(
    session: Session, order: Order, payment: Payment, key: str, now: datetime
) -> None:
    ended = order.status in ENDED
    excess = held(order) - (0 if ended else order.total - _decided(session, order))
    amount = min(excess, payment.received - payment.refunded)
    if amount > 0:
        kind = RefundKind.ENDED if ended else RefundKind.EXCESS
        refunds.request(
            session,
            payment,
            amount,
            kind=kind,
            reason=kind.label,
            key=f"excess:{key}",
            now=now,
            actor_id=None,
        )


def _decided(session: Session, order: Order) -> int:
    """Đồng that staff decided to pay back: they lower what is due."""
    return sum(
        refund.amount
        for refund in refunds.of_order(session, order.id)
        if refund.kind in (RefundKind.DECIDED, RefundKind.OUTSIDE)
        and refund.status is not RefundStatus.FAILED
    )


def confirm(
    session: Session,
    payment: Payment,
    amount: int,
    reason: str,
    key: str,
    *,
    now: datetime,
    actor_id: UUID | None,
) -> bool:
    """Staff have seen the money themselves. Raises `NoReason`, `NoMoney`."""
    if not reason:
        raise NoReason
    return money_came(
        session,
        payment,
        amount,
        source="staff",
        key=key,
        now=now,
        actor_id=actor_id,
        reason=reason,
    )


def return_for_ended(session: Session, *, now: datetime) -> int:
    """Request back what still lies with orders that have ended; returns for how many payments.

    A refund that failed is left to staff.
    """
    failed = (
        select(Refund.id)
        .where(Refund.payment_id == Payment.id, Refund.status == RefundStatus.FAILED)
        .exists()
    )
    query = (
        select(Payment)
        .join(Order, Order.id == Payment.order_id)
        .where(Order.status.in_(ENDED), Payment.received > Payment.refunded, ~failed)
        .limit(AT_ONCE)
    )
    found = session.scalars(query).all()
    for payment in found:
        order = orders.get(session, payment.order_id, lock=True)
        mine = next(p for p in order.payments if p.id == payment.id)
        payments.give_back(session, mine, now=now, actor_id=None)
    return len(found)

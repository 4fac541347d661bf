"""What the provider says of refunds and disputes, and which of them the worker asks about."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.core.outbox import enqueue
from app.core.types import Json
from pos.sales import orders, refunds
from pos.sales.gateways.base import BackSeen, BackState, BadNotice
from pos.sales.models import Payment
from pos.sales.notices import DONE, Result
from pos.sales.payment_models import Dispute, MoneyIn, Refund
from pos.sales.payment_status import DisputeStatus, NoticeStatus, RefundStatus
from pos.sales.status import Tender
from pos.stock import alerts

TELL_STAFF = "payment_notice"
ASK_AGAIN = timedelta(hours=2)
AT_ONCE = 100
UNKNOWN = Result(NoticeStatus.WAITING, "unknown charge")
TOO_MUCH = Result(NoticeStatus.FLAGGED, "more went back than had come")


def of_charge(session: Session, charge: str | None) -> Payment | None:
    """The payment that a charge paid, if it is known already."""
    if charge is None:
        return None
    query = select(Payment).join(MoneyIn, MoneyIn.payment_id == Payment.id)
    return session.scalars(query.where(MoneyIn.provider_ref == charge).limit(1)).first()


def back_seen(session: Session, told: BackSeen, *, now: datetime) -> Result:
    """Take in how a refund stands, ours or one that was made at the provider itself."""
    refund = _known(session, told)
    if refund is None:
        return _outside(session, told, now)
    orders.get(session, refund.order_id, lock=True)
    session.refresh(refund)
    if told.state is not BackState.FAILED:
        refunds.sent(session, refund, told.provider_ref, now=now)
    if told.state is BackState.SUCCEEDED:
        refunds.settle(session, refund, now=now, actor_id=None)
    if told.state is BackState.FAILED and refund.status is not RefundStatus.FAILED:
        refund.provider_ref = told.provider_ref
        refunds.fail(session, refund, told.why or "failed", now=now)
        tell_staff(session, refund.payment, "refund_failed", refund.amount, now=now)
    return DONE


def _known(session: Session, told: BackSeen) -> Refund | None:
    by = [Refund.provider_ref == told.provider_ref]
    by += [Refund.id == told.refund_id] if told.refund_id else []
    return session.scalars(select(Refund).where(or_(*by)).limit(1)).first()


def _outside(session: Session, told: BackSeen, now: datetime) -> Result:
    payment = of_charge(session, told.charge)
    if payment is None or told.charge is None:
        return UNKNOWN
    if told.state is BackState.FAILED:
        return DONE
    orders.get(session, payment.order_id, lock=True)
    name, charge = told.provider_ref, told.charge
    try:
        with session.begin_nested():
            refunds.outside(
                session,
                payment,
                told.amount,
                f"outside:{name}",
                charge=charge,
                now=now,
                provider_ref=name,
            )
    except refunds.TooMuchBack:
        return TOO_MUCH
    return DONE


def charge_refunded(session: Session, told: Json, *, now: datetime) -> Result:
    """Compare what went back of a charge with what we know; the rest must still be told."""
    charge, total = told.get("payment_intent"), told.get("amount_refunded")
    if not isinstance(charge, str) or not isinstance(total, int):
        raise BadNotice
    if of_charge(session, charge) is None:
        return UNKNOWN
    if total > refunds.back_of(session, charge):
        return Result(NoticeStatus.WAITING, "a refund is not known yet")
    return DONE


def disputed(session: Session, told: Json, made_at: datetime, *, now: datetime) -> Result:
    """Keep how a dispute stands; the newest word counts, in whatever order they come."""
    payment = of_charge(session, told.get("payment_intent"))
    if payment is None:
        return UNKNOWN
    orders.get(session, payment.order_id, lock=True)
    status, name = _dispute_status(told), str(told["id"])
    row = session.scalars(select(Dispute).filter_by(provider_ref=name)).one_or_none()
    if row is not None and (row.told_at > made_at or row.status is status):
        return DONE
    if row is None:
        row = Dispute(payment_id=payment.id, provider_ref=name, amount=int(told["amount"]))
        session.add(row)
    row.status, row.told_at = status, made_at
    row.reason, row.answer_by = str(told.get("reason", "")), _answer_by(told)
    session.flush()
    tell_staff(session, payment, f"dispute_{status.value}", row.amount, now=now)
    return _lost(session, payment, row, str(told["payment_intent"]), now)


def _lost(session: Session, payment: Payment, row: Dispute, charge: str, now: datetime) -> Result:
    """The provider has taken the money of a lost dispute back by itself."""
    if row.status is not DisputeStatus.LOST:
        return DONE
    key = f"dispute:{row.provider_ref}"
    try:
        with session.begin_nested():
            refunds.outside(session, payment, row.amount, key, charge=charge, now=now)
    except refunds.TooMuchBack:
        return TOO_MUCH
    return DONE


def _dispute_status(told: Json) -> DisputeStatus:
    ends = {"lost": DisputeStatus.LOST, "won": DisputeStatus.WON}
    ends["warning_closed"] = DisputeStatus.WON
    if not isinstance(told.get("amount"), int) or "id" not in told:
        raise BadNotice
    return ends.get(str(told.get("status")), DisputeStatus.OPEN)


def _answer_by(told: Json) -> datetime | None:
    details: Any = told.get("evidence_details")
    due = details.get("due_by") if isinstance(details, dict) else None
    return datetime.fromtimestamp(due, UTC) if isinstance(due, int) else None


def tell_staff(
    session: Session, payment: Payment, what: str, amount: int, *, now: datetime
) -> None:
    """Queue a message to those who keep the place of the order."""
    order = orders.get(session, payment.order_id)
    to = alerts.responsible(session, order.place_id, orders.day_of(order))
    told: Json = {
        "what": what,
        "number": order.number,
        "order_id": str(order.id),
        "amount": amount,
        "to": to,
        "at": now.isoformat(),
    }
    enqueue(session, TELL_STAFF, told, now=now)


def queue_again(session: Session, *, now: datetime) -> int:
    """Take up card refunds that were given up by the worker or of which nothing was heard."""
    query = (
        select(Refund)
        .join(Payment, Payment.id == Refund.payment_id)
        .where(Payment.tender == Tender.CARD)
        .where(Refund.status.in_((RefundStatus.REQUESTED, RefundStatus.SENT)))
        .where(Refund.queued_at <= now - ASK_AGAIN)
        .order_by(Refund.queued_at)
        .limit(AT_ONCE)
        .with_for_update(of=Refund, skip_locked=True)
    )
    found = session.scalars(query).all()
    for refund in found:
        refunds.send(session, refund, now=now)
    return len(found)

"""Money that goes back the way it came: requested → sent → settled or failed. Never more than came.

Card refunds are errands of the worker; transfers, and money at a door or a counter, are paid back by
staff, who say how. The guard is the database's: `payment.refunded` never exceeds `payment.received`.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, joinedload

from app.accounts import audit
from app.core.db import insert_if_new
from app.core.errors import Conflict, NotFound, Rejected
from app.core.outbox import enqueue
from app.core.paging import Page
from app.core.text import N_
from pos.sales.models import Order, Payment
from pos.sales.payment_models import MoneyIn, Refund
from pos.sales.payment_status import REFUND_MOVES, RefundKind, RefundStatus
from pos.sales.status import Tender

SEND = "refund_card"
PAGE_SIZE = 50


class TooMuchBack(Conflict):
    """More than came, or than is left of it."""

    code = "too_much_back"
    message = N_("More cannot be paid back than has come and is still there.")


class BadRefund(Rejected):
    """Nothing, or less than nothing."""

    code = "bad_refund"
    message = N_("The amount to pay back must be a whole number above zero.")


class NoProof(Rejected):
    """Staff must say how the money went back."""

    code = "no_proof"
    message = N_("Say how it was paid back, such as the bank's transfer number.")


class ByProvider(Conflict):
    """Card money goes back through the provider, not by hand."""

    code = "by_provider"
    message = N_("Money of a card goes back through its provider, by itself.")


class UnknownRefund(NotFound):
    """No such refund."""

    code = "unknown_refund"
    message = N_("There is no such refund.")


def request(
    session: Session,
    payment: Payment,
    amount: int,
    *,
    kind: RefundKind,
    reason: str,
    key: str,
    now: datetime,
    actor_id: UUID | None,
) -> Refund:
    """Set `amount` đồng of a payment aside to go back; the same `key` does it once.

    Raises `BadRefund`, `TooMuchBack`; the caller's transaction must then be undone.
    """
    if amount <= 0:
        raise BadRefund
    values = {
        "id": uuid4(),
        "payment_id": payment.id,
        "order_id": payment.order_id,
        "key": key,
        "kind": kind,
        "status": RefundStatus.REQUESTED,
        "amount": amount,
        "reason": reason,
        "requested_at": now,
        "requested_by": actor_id,
    }
    if not insert_if_new(session, Refund, values):
        return session.scalars(select(Refund).filter_by(key=key)).one()
    _set_aside(session, payment, amount)
    refund = session.get_one(Refund, values["id"])
    _note(session, refund, "refund.request", now, actor_id)
    if payment.tender is Tender.CARD:
        refund.through = _charge(session, refund)
        send(session, refund, now=now)
    return refund


def _charge(session: Session, refund: Refund) -> str | None:
    """The charge through which it goes back: the newest with enough left, else the fullest."""
    came = select(MoneyIn.provider_ref, func.sum(MoneyIn.amount))
    rows = session.execute(
        came.where(MoneyIn.payment_id == refund.payment_id, MoneyIn.provider_ref.is_not(None))
        .group_by(MoneyIn.provider_ref)
        .order_by(func.max(MoneyIn.id).desc())
    )
    left = {charge: int(total) - back_of(session, charge) for charge, total in rows if charge}
    enough = (charge for charge, total in left.items() if total >= refund.amount)
    return next(enough, max(left, key=lambda charge: left[charge], default=None))


def back_of(session: Session, charge: str) -> int:
    """Đồng of a charge that went back or are on their way."""
    total = select(func.coalesce(func.sum(Refund.amount), 0)).where(
        Refund.through == charge, Refund.status != RefundStatus.FAILED
    )
    return int(session.scalar(total) or 0)


def _set_aside(session: Session, payment: Payment, amount: int) -> None:
    changed = session.execute(
        update(Payment)
        .where(Payment.id == payment.id, Payment.refunded + amount <= Payment.received)
        .values(refunded=Payment.refunded + amount)
        .returning(Payment.id)
        .execution_options(synchronize_session=False)
    ).first()
    if changed is None:
        raise TooMuchBack
    session.refresh(payment, ["refunded"])


def send(session: Session, refund: Refund, *, now: datetime) -> None:
    """Let the worker ask the provider; asking twice pays back once."""
    refund.queued_at = now
    enqueue(session, SEND, {"refund_id": str(refund.id)}, now=now)


def outside(
    session: Session,
    payment: Payment,
    amount: int,
    key: str,
    *,
    charge: str,
    now: datetime,
    provider_ref: str | None = None,
) -> None:
    """Note what was paid back at the provider itself, without us; the same `key` does it once.

    Raises `TooMuchBack`; the caller's transaction must then be undone.
    """
    values = {
        "id": uuid4(),
        "payment_id": payment.id,
        "order_id": payment.order_id,
        "key": key,
        "kind": RefundKind.OUTSIDE,
        "status": RefundStatus.SETTLED,
        "amount": amount,
        "reason": RefundKind.OUTSIDE.label,
        "provider_ref": provider_ref,
        "through": charge,
        "requested_at": now,
        "settled_at": now,
    }
    if insert_if_new(session, Refund, values):
        _set_aside(session, payment, amount)
        refund = session.get_one(Refund, values["id"])
        _note(session, refund, "refund.outside", now, None)


def sent(session: Session, refund: Refund, provider_ref: str, *, now: datetime) -> None:
    """The provider has taken it on."""
    refund.provider_ref = provider_ref
    if refund.status is RefundStatus.REQUESTED:
        _move(session, refund, RefundStatus.SENT, now, None)
        refund.sent_at = now


def settle(
    session: Session,
    refund: Refund,
    *,
    now: datetime,
    actor_id: UUID | None,
    proof: str | None = None,
) -> None:
    """The money is back; said twice it is noted once, and a failure that was told stays."""
    if refund.status in (RefundStatus.SETTLED, RefundStatus.FAILED):
        return
    _move(session, refund, RefundStatus.SETTLED, now, actor_id)
    refund.settled_at, refund.proof = now, proof or refund.proof


def fail(session: Session, refund: Refund, why: str, *, now: datetime) -> None:
    """It did not arrive: the money is with the shop again, and staff must act."""
    if refund.status is RefundStatus.FAILED:
        return
    _move(session, refund, RefundStatus.FAILED, now, None)
    refund.proof = why[:500]
    session.execute(
        update(Payment)
        .where(Payment.id == refund.payment_id)
        .values(refunded=Payment.refunded - refund.amount)
        .execution_options(synchronize_session=False)
    )
    session.refresh(session.get_one(Payment, refund.payment_id), ["refunded"])


def pay_by_hand(
    session: Session, refund: Refund, proof: str, *, now: datetime, actor_id: UUID | None
) -> None:
    """Staff have transferred or handed over the money; `proof` says how.

    Raises `NoProof`, `ByProvider`.
    """
    if not proof:
        raise NoProof
    if refund.payment.tender is Tender.CARD:
        raise ByProvider
    settle(session, refund, now=now, actor_id=actor_id, proof=proof)


def again(session: Session, refund: Refund, *, now: datetime, actor_id: UUID | None) -> Refund:
    """Try a failed refund once more, as a new one. Raises `TooMuchBack`."""
    return request(
        session,
        refund.payment,
        refund.amount,
        kind=refund.kind,
        reason=refund.reason,
        key=f"again:{refund.id}",
        now=now,
        actor_id=actor_id,
    )


def get(session: Session, refund_id: UUID, *, lock: bool = False) -> Refund:
    """The refund with its payment and order. Raises `UnknownRefund`."""
    query = select(Refund).where(Refund.id == refund_id).options(*_PARTS)
    if lock:
        query = query.with_for_update(of=Refund).execution_options(populate_existing=True)
    refund = session.scalar(query)
    if refund is None:
        raise UnknownRefund
    return refund


def listing(
    session: Session, statuses: Sequence[RefundStatus], places: frozenset[UUID] | None, number: int
) -> Page[Refund]:
    """Refunds in these states of orders from these places (None: all), the oldest first."""
    wanted = [Refund.status.in_(statuses)]
    if places is not None:
        wanted.append(Order.place_id.in_(places))
    base = select(Refund).join(Order, Order.id == Refund.order_id).where(*wanted)
    total = session.scalar(select(func.count()).select_from(base.subquery())) or 0
    query = base.options(*_PARTS).order_by(Refund.requested_at, Refund.id)
    rows = session.scalars(query.limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE)).all()
    return Page(rows, number, PAGE_SIZE, total)


_PARTS = (joinedload(Refund.payment), joinedload(Refund.order).joinedload(Order.place))


def of_order(session: Session, order_id: UUID) -> Sequence[Refund]:
    """Every refund of an order, the oldest first."""
    query = select(Refund).filter_by(order_id=order_id).options(joinedload(Refund.payment))
    return session.scalars(query.order_by(Refund.requested_at, Refund.id)).all()


def _move(
    session: Session, refund: Refund, to: RefundStatus, now: datetime, actor_id: UUID | None
) -> None:
    refund.status = REFUND_MOVES.to(refund.status, to)
    session.flush()
    _note(session, refund, f"refund.{to.value}", now, actor_id)


def _note(
    session: Session, refund: Refund, action: str, now: datetime, actor_id: UUID | None
) -> None:
    detail = {"refund": str(refund.id), "amount": refund.amount, "kind": refund.kind.value}
    obj = ("order", refund.order_id)
    audit.record(session, action, obj, actor_id=actor_id, now=now, detail=detail)

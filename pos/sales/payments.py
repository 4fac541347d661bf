"""Money expected and money come: one payment along its table of states."""

from datetime import datetime
from itertools import count
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import audit
from app.core.errors import NotFound, Rejected
from app.core.outbox import enqueue
from app.core.text import N_
from pos.sales import refunds
from pos.sales.models import Order, Payment
from pos.sales.payment_codes import code_of
from pos.sales.payment_status import RefundKind
from pos.sales.status import PAYMENT_MOVES, OrderStatus, PaymentStatus, Tender

# Nothing has been decided about them yet.
OPEN = (
    PaymentStatus.EXPECTED,
    PaymentStatus.CLAIMED,
    PaymentStatus.MISMATCHED,
    PaymentStatus.FAILED,
)
ENDED = (OrderStatus.REFUSED, OrderStatus.CANCELLED, OrderStatus.EXPIRED)
CLOSE_PAGE = "card_close"


class TooLittle(Rejected):
    """The customer has not given enough."""

    code = "too_little"
    message = N_("The amount given does not cover the amount due.")


class NoTransfer(Rejected):
    """Only a transfer is on its way before anybody sees it."""

    code = "no_transfer"
    message = N_("This order is not paid by bank transfer.")


class UnknownPayment(NotFound):
    """No such payment."""

    code = "unknown_payment"
    message = N_("There is no such payment.")


def expect(
    session: Session, order: Order, tender: Tender, amount: int, *, now: datetime
) -> Payment:
    """Note that `amount` đồng should come for the order; a transfer gets its reference."""
    payment = Payment(
        tender=tender,
        status=PaymentStatus.EXPECTED,
        amount=amount,
        reference=f"{order.number}/{len(order.payments) + 1}",
        created_at=now,
        received=0,
        refunded=0,
        attempt=0,
    )
    order.payments.append(payment)
    session.flush()
    if tender is Tender.TRANSFER:
        payment.code = _free_code(session, payment.id)
        session.flush()
    return payment


def _free_code(session: Session, payment_id: UUID) -> str:
    tries = (code_of(payment_id, attempt) for attempt in count())
    return next(c for c in tries if session.scalar(select(Payment.id).filter_by(code=c)) is None)


def get(session: Session, payment_id: UUID) -> Payment:
    """Raises `UnknownPayment`."""
    payment = session.get(Payment, payment_id)
    if payment is None:
        raise UnknownPayment
    return payment


def by_code(session: Session, code: str) -> Payment | None:
    """The payment with this reference, if any."""
    return session.scalars(select(Payment).filter_by(code=code)).one_or_none()


def claim(session: Session, payment: Payment, *, now: datetime, actor_id: UUID | None) -> None:
    """The buyer says that a transfer is on its way. Raises `NoTransfer`, `ForbiddenMove`."""
    if payment.tender is not Tender.TRANSFER:
        raise NoTransfer
    if payment.status not in (PaymentStatus.CLAIMED, PaymentStatus.SETTLED):
        move(session, payment, PaymentStatus.CLAIMED, now=now, actor_id=actor_id)
        payment.claimed_at = now


def settle(
    session: Session,
    payment: Payment,
    *,
    now: datetime,
    actor_id: UUID | None,
    tendered: int | None = None,
) -> None:
    """The money has come; `tendered` is what was handed over in cash, the rest is change.

    A payment that is settled already stays as it is. Raises `TooLittle`, `ForbiddenMove`.
    """
    if payment.status is PaymentStatus.SETTLED:
        return
    if tendered is not None and tendered < payment.amount:
        raise TooLittle
    payment.settled_at, payment.tendered = now, tendered
    payment.received = max(payment.received, payment.amount)
    move(session, payment, PaymentStatus.SETTLED, now=now, actor_id=actor_id)


def collect(session: Session, payment: Payment, *, now: datetime, actor_id: UUID | None) -> None:
    """The carrier has taken the money at the door and owes it to the shop. Raises `ForbiddenMove`."""
    if payment.status is not PaymentStatus.COLLECTED:
        move(session, payment, PaymentStatus.COLLECTED, now=now, actor_id=actor_id)


def mismatch(session: Session, payment: Payment, *, now: datetime, actor_id: UUID | None) -> None:
    """Another amount has come. A state from which that cannot be said stays as it is."""
    if PaymentStatus.MISMATCHED in PAYMENT_MOVES.allowed(payment.status):
        move(session, payment, PaymentStatus.MISMATCHED, now=now, actor_id=actor_id)


def fail(session: Session, payment: Payment, *, now: datetime) -> None:
    """The provider could not take the money; the buyer may try again."""
    if PaymentStatus.FAILED in PAYMENT_MOVES.allowed(payment.status):
        move(session, payment, PaymentStatus.FAILED, now=now, actor_id=None)


def expire(session: Session, payment: Payment, *, now: datetime) -> None:
    """It has not come in time. Raises `ForbiddenMove`."""
    move(session, payment, PaymentStatus.EXPIRED, now=now, actor_id=None)


def cancel(session: Session, payment: Payment, *, now: datetime, actor_id: UUID | None) -> None:
    """It is not needed any more. Raises `ForbiddenMove`."""
    move(session, payment, PaymentStatus.CANCELLED, now=now, actor_id=actor_id)


def end(session: Session, order: Order, *, now: datetime, actor_id: UUID | None) -> None:
    """The order has ended: nothing is expected any more, and what has come goes back.

    Call it with the order in its last state and locked. Pages of card providers are closed by the
    worker; money that comes all the same goes back, too (`paying.money_came`).
    """
    for payment in order.payments:
        if payment.status in OPEN:
            late = order.status is OrderStatus.EXPIRED
            may_expire = PaymentStatus.EXPIRED in PAYMENT_MOVES.allowed(payment.status)
            to = PaymentStatus.EXPIRED if late and may_expire else PaymentStatus.CANCELLED
            move(session, payment, to, now=now, actor_id=actor_id)
            if payment.pay_url is not None:
                enqueue(session, CLOSE_PAGE, {"session": payment.session_ref}, now=now)
        give_back(session, payment, now=now, actor_id=actor_id)


def give_back(session: Session, payment: Payment, *, now: datetime, actor_id: UUID | None) -> None:
    """Request that all that came for an order that has ended goes back; repeated, once."""
    left = payment.received - payment.refunded
    if left > 0:
        refunds.request(
            session,
            payment,
            left,
            kind=RefundKind.ENDED,
            reason=RefundKind.ENDED.label,
            key=f"ended:{payment.id}:{payment.received}",
            now=now,
            actor_id=actor_id,
        )


def cancel_expected(session: Session, order: Order) -> None:
    """Nothing is to be paid any more for what has not come yet."""
    for payment in order.payments:
        if payment.status in OPEN:
            payment.status = PAYMENT_MOVES.to(payment.status, PaymentStatus.CANCELLED)
    session.flush()


def paid(order: Order) -> int:
    """Đồng that have come for the order."""
    return sum(p.amount for p in order.payments if p.status is PaymentStatus.SETTLED)


def move(
    session: Session,
    payment: Payment,
    to: PaymentStatus,
    *,
    now: datetime,
    actor_id: UUID | None,
) -> None:
    """Change the state along the table of moves, audited. Raises `ForbiddenMove`."""
    before = payment.status
    payment.status = PAYMENT_MOVES.to(before, to)
    session.flush()
    # What happens in every sale is named by itself; the rest tells from where it came.
    action = "payment.settle" if to is PaymentStatus.SETTLED else "payment.move"
    detail = {"amount": payment.amount, "tender": payment.tender.value}
    if action == "payment.move":
        detail |= {"before": before.value, "after": to.value}
    obj = ("order", payment.order_id)
    audit.record(session, action, obj, actor_id=actor_id, now=now, detail=detail)

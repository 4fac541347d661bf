"""Money expected and money come. Repeatable on the reference of each payment."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.accounts import audit
from app.core.errors import Rejected
from app.core.text import N_
from pos.sales.models import Order, Payment
from pos.sales.status import PAYMENT_MOVES, PaymentStatus, Tender


class TooLittle(Rejected):
    """The customer has not given enough."""

    code = "too_little"
    message = N_("The amount given does not cover the amount due.")


def expect(
    session: Session, order: Order, tender: Tender, amount: int, *, now: datetime
) -> Payment:
    """Note that `amount` đồng should come for the order."""
    payment = Payment(
        tender=tender,
        status=PaymentStatus.EXPECTED,
        amount=amount,
        reference=f"{order.number}/{len(order.payments) + 1}",
        created_at=now,
    )
    order.payments.append(payment)
    session.flush()
    return payment


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
    payment.status = PAYMENT_MOVES.to(payment.status, PaymentStatus.SETTLED)
    payment.settled_at, payment.tendered = now, tendered
    session.flush()
    detail = {"amount": payment.amount, "tender": payment.tender.value}
    obj = ("order", payment.order_id)
    audit.record(session, "payment.settle", obj, actor_id=actor_id, now=now, detail=detail)


def cancel_expected(session: Session, order: Order) -> None:
    """Nothing is to be paid any more for what has not come yet."""
    for payment in order.payments:
        if payment.status is PaymentStatus.EXPECTED:
            payment.status = PAYMENT_MOVES.to(payment.status, PaymentStatus.CANCELLED)
    session.flush()


def paid(order: Order) -> int:
    """Đồng that have come for the order."""
    return sum(p.amount for p in order.payments if p.status is PaymentStatus.SETTLED)

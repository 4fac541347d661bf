"""What a till session adds up to: the X report while it runs, the Z report when it is closed."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.models import User
from pos.counter import sessions
from pos.counter.models import CashKind, CashMovement, TillSession
from pos.sales.models import Order, Payment
from pos.sales.status import PaymentStatus, Tender


@dataclass(frozen=True)
class Summary:
    """Đồng throughout. `paid_out` is below zero or 0; `expected` is what the drawer should hold."""

    sales: int
    takings: int
    rounding: int
    by_tender: dict[Tender, int]
    float_amount: int
    cash_sales: int
    paid_in: int
    paid_out: int

    @property
    def expected(self) -> int:
        return self.float_amount + self.cash_sales + self.paid_in + self.paid_out


def of(session: Session, till: TillSession) -> Summary:
    """Everything the session has taken so far."""
    reference = sessions.reference_of(till)
    sales, takings, rounding = session.execute(
        select(
            func.count(Order.id),
            func.coalesce(func.sum(Order.total), 0),
            func.coalesce(func.sum(Order.rounding), 0),
        ).where(Order.session_ref == reference)
    ).one()
    cash = _cash(session, till.id)
    return Summary(
        sales=sales,
        takings=int(takings),
        rounding=int(rounding),
        by_tender=_by_tender(session, reference),
        float_amount=cash.get(CashKind.FLOAT, 0),
        cash_sales=cash.get(CashKind.SALE, 0),
        paid_in=cash.get(CashKind.PAY_IN, 0),
        paid_out=cash.get(CashKind.PAY_OUT, 0),
    )


def _cash(session: Session, session_id: UUID) -> dict[CashKind, int]:
    rows = session.execute(
        select(CashMovement.kind, func.sum(CashMovement.amount))
        .where(CashMovement.session_id == session_id)
        .group_by(CashMovement.kind)
    )
    return {kind: int(total) for kind, total in rows}


def _by_tender(session: Session, reference: str) -> dict[Tender, int]:
    rows = session.execute(
        select(Payment.tender, func.sum(Payment.amount))
        .join(Order, Order.id == Payment.order_id)
        .where(Order.session_ref == reference, Payment.status == PaymentStatus.SETTLED)
        .group_by(Payment.tender)
        .order_by(Payment.tender)
    )
    return {tender: int(total) for tender, total in rows}


def movements(session: Session, till: TillSession) -> list[CashMovement]:
    """Cash put in and taken out by hand, in order."""
    by_hand = (CashKind.FLOAT, CashKind.PAY_IN, CashKind.PAY_OUT)
    query = select(CashMovement).where(
        CashMovement.session_id == till.id, CashMovement.kind.in_(by_hand)
    )
    return list(session.scalars(query.order_by(CashMovement.id)))


def sales(session: Session, till: TillSession) -> list[Order]:
    """The session's sales, newest first."""
    query = select(Order).filter_by(session_ref=sessions.reference_of(till))
    return list(session.scalars(query.order_by(Order.placed_at.desc(), Order.number.desc())))


def people(session: Session, till: TillSession) -> dict[UUID, str]:
    """Names of those who opened and closed the session."""
    ids = {till.opened_by, till.closed_by} - {None}
    rows = session.execute(select(User.id, User.name).where(User.id.in_(ids)))
    return {row.id: row.name for row in rows}

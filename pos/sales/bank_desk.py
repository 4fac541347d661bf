"""What staff see of the bank account: entries by state, and the transfers that are still awaited."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from app.core.codes import typed
from app.core.paging import Page
from pos.sales.models import Order, Payment
from pos.sales.payment_models import BankEntry
from pos.sales.payment_status import EntryStatus
from pos.sales.payments import UnknownPayment
from pos.sales.status import PaymentStatus, Tender

PAGE_SIZE = 50
MOST_AWAITED = 200
AWAITED = (PaymentStatus.CLAIMED, PaymentStatus.MISMATCHED, PaymentStatus.EXPECTED)


@dataclass(frozen=True)
class Row:
    """Something with the order that it belongs to, if any."""

    entry: BankEntry
    order: Order | None


@dataclass(frozen=True)
class Awaited:
    """A transfer that should come."""

    payment: Payment
    order: Order


def entries(session: Session, status: EntryStatus, number: int) -> Page[Row]:
    """Entries in this state, newest first."""
    wanted = BankEntry.status == status
    total = session.scalar(select(func.count(BankEntry.id)).where(wanted)) or 0
    query = (
        select(BankEntry, Order)
        .outerjoin(Payment, Payment.id == BankEntry.payment_id)
        .outerjoin(Order, Order.id == Payment.order_id)
        .where(wanted)
        .options(joinedload(BankEntry.payment))
        .order_by(BankEntry.at.desc(), BankEntry.id)
        .limit(PAGE_SIZE)
        .offset((number - 1) * PAGE_SIZE)
    )
    return Page([Row(*row) for row in session.execute(query)], number, PAGE_SIZE, total)


def counts(session: Session) -> Mapping[EntryStatus, int]:
    """How many entries there are in each state."""
    query = select(BankEntry.status, func.count()).group_by(BankEntry.status)
    return {status: int(number) for status, number in session.execute(query)}


def awaited(session: Session) -> Sequence[Awaited]:
    """Transfers that should come; first those of which the buyer says so, then the oldest."""
    query = (
        select(Payment, Order)
        .join(Order, Order.id == Payment.order_id)
        .where(Payment.tender == Tender.TRANSFER, Payment.status.in_(AWAITED))
        .order_by(Payment.claimed_at.is_(None), Payment.created_at)
        .limit(MOST_AWAITED)
    )
    return [Awaited(*row) for row in session.execute(query)]


def find_payment(session: Session, text: str) -> Payment:
    """The transfer with this reference, or of the order with this number. Raises `UnknownPayment`."""
    bare = "".join(c for c in text.upper() if c.isalnum())
    by_code = session.scalars(select(Payment).filter_by(code=bare)).one_or_none()
    number = typed(text)
    query = (
        select(Payment)
        .join(Order, Order.id == Payment.order_id)
        .where(Order.number == f"{number[:2]}-{number[2:4]}-{number[4:]}")
        .where(Payment.tender == Tender.TRANSFER)
        .order_by(Payment.created_at.desc())
    )
    found = by_code or session.scalars(query.limit(1)).first()
    if found is None:
        raise UnknownPayment
    return found

"""Card payments: pages at the provider, and what the provider says of them.

A page is opened in three steps, each safe to repeat: note the attempt, ask the provider under a key
made of payment and attempt, keep the page. If the last step is lost, the next click asks under the
same key and gets the same page.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.core.errors import Conflict
from app.core.outbox import enqueue
from app.core.text import N_
from pos.sales import orders, paying, payments
from pos.sales.gateways.base import Page, PageSeen, PageState, PageWish
from pos.sales.gateways.stripe import CURRENCY, MOST
from pos.sales.models import Order, Payment
from pos.sales.notices import DONE, Result
from pos.sales.payment_status import NoticeStatus
from pos.sales.status import OrderStatus, PaymentStatus, Tender

SOURCE = "stripe"
LOOK = "card_look"
# The provider wants half an hour at least between asking for a page and its end.
PAGE_LIVES = timedelta(minutes=35)
SAME_ATTEMPT = timedelta(minutes=4)
# Without a notice for so long, the provider is asked; again after the second span, up to the third.
SILENT = timedelta(minutes=5)
ASK_AGAIN = timedelta(minutes=15)
FORGET = timedelta(days=2)
AT_ONCE = 100
PAYABLE = (PaymentStatus.EXPECTED, PaymentStatus.FAILED)

Address = Callable[[str], str]


class NotPayable(Conflict):
    """Paid already, ended, or too late."""

    code = "not_payable"
    message = N_("This order cannot be paid by card now.")


class TooDear(Conflict):
    """More than one charge may hold."""

    code = "too_dear"
    message = N_("A card payment may be %(most)s đồng at most. Please pay by bank transfer.")


@dataclass(frozen=True)
class Begun:
    """An attempt: `page` when it is open already, else what to ask for."""

    attempt: int
    wish: PageWish
    page: Page | None


def begin(
    session: Session, payment_id: UUID, back_to: str, *, now: datetime, language: str
) -> Begun:
    """Note an attempt to pay by card; `back_to` is the order's address. Locks the order.

    Raises `NotPayable`, `TooDear`.
    """
    order, payment = locked(session, payment_id)
    _check(order, payment, now)
    if payment.session_ref is None or not _alive(payment, now):
        _next_attempt(payment, now)
    started = payment.started_at or now
    wish = PageWish(
        key=f"pay-{payment.id}-{payment.attempt}",
        payment_id=payment.id,
        order_number=order.number,
        amount=payment.amount,
        email=order.contact_email,
        language=language,
        success_url=f"{back_to}?paid=1",
        cancel_url=back_to,
        expires_at=started + PAGE_LIVES,
    )
    known = payment.session_ref is not None and payment.pay_url is not None
    page = Page(payment.session_ref or "", payment.pay_url or "") if known else None
    return Begun(payment.attempt, wish, page)


def unheard(session: Session, payment_id: UUID, *, now: datetime) -> str | None:
    """The last page when its time is over and nothing was heard of it: ask before opening another."""
    payment = payments.get(session, payment_id)
    silent = payment.pay_url is not None and payment.status in PAYABLE
    return payment.session_ref if silent and not _alive(payment, now) else None


def _check(order: Order, payment: Payment, now: datetime) -> None:
    waits = order.status in (OrderStatus.PLACED, OrderStatus.ACCEPTED)
    late = order.pay_until is not None and order.pay_until <= now
    if payment.tender is not Tender.CARD or payment.status not in PAYABLE or not waits or late:
        raise NotPayable
    if payment.amount > MOST:
        raise TooDear(most=MOST)


def _alive(payment: Payment, now: datetime) -> bool:
    started = payment.started_at
    return payment.pay_url is not None and started is not None and now < started + PAGE_LIVES


def _next_attempt(payment: Payment, now: datetime) -> None:
    """Count on, unless the last attempt is fresh and its page was never kept."""
    started = payment.started_at
    if payment.session_ref is None and started is not None and now < started + SAME_ATTEMPT:
        return
    payment.attempt, payment.started_at = payment.attempt + 1, now
    payment.session_ref, payment.pay_url = None, None


def opened(session: Session, payment_id: UUID, attempt: int, page: Page) -> None:
    """Keep the page of an attempt, unless a later attempt has begun."""
    _order, payment = locked(session, payment_id)
    if payment.attempt == attempt:
        payment.session_ref, payment.pay_url = page.session_ref, page.url


def give_up(session: Session, payment_id: UUID, attempt: int) -> None:
    """The provider has refused the page: the next try is another attempt."""
    _order, payment = locked(session, payment_id)
    if payment.attempt == attempt:
        payment.started_at = None


def locked(session: Session, payment_id: UUID) -> tuple[Order, Payment]:
    """A payment with its order, which is locked. Raises `UnknownPayment`."""
    payment = payments.get(session, payment_id)
    order = orders.get(session, payment.order_id, lock=True)
    return order, next(p for p in order.payments if p.id == payment_id)


def seen(session: Session, told: PageSeen, *, now: datetime, failed: bool = False) -> Result:
    """Take in what the provider says of a page, by notice or when asked.

    The money of a page counts once, by the name of the page. Another amount or currency than was
    asked for is left to staff and settles nothing. `failed`: the money could not be taken.
    """
    payment = _of(session, told)
    if payment is None:
        return Result(NoticeStatus.WAITING, "unknown payment")
    order, mine = locked(session, payment.id)
    if told.state is PageState.PAID:
        return _paid(session, mine, told, now)
    ended = told.state is PageState.EXPIRED or failed
    if ended and mine.session_ref == told.session_ref:
        mine.pay_url = None
        if failed and order.status in (OrderStatus.PLACED, OrderStatus.ACCEPTED):
            payments.fail(session, mine, now=now)
    return DONE


def _of(session: Session, told: PageSeen) -> Payment | None:
    if told.payment_id is not None:
        return session.get(Payment, told.payment_id)
    query = select(Payment).filter_by(session_ref=told.session_ref)
    return session.scalars(query).one_or_none()


def _paid(session: Session, payment: Payment, told: PageSeen, now: datetime) -> Result:
    if told.currency != CURRENCY or told.amount != payment.amount:
        payments.mismatch(session, payment, now=now, actor_id=None)
        found = f"{told.amount} {told.currency}"
        return Result(NoticeStatus.FLAGGED, f"{found} instead of {payment.amount} {CURRENCY}")
    payment.pay_url = None if payment.session_ref == told.session_ref else payment.pay_url
    paying.money_came(
        session,
        payment,
        told.amount,
        source=SOURCE,
        key=told.session_ref,
        now=now,
        provider_ref=told.charge,
    )
    return DONE


def queue_looks(session: Session, *, now: datetime) -> int:
    """Have the provider asked about pages of which nothing was heard; returns how many."""
    query = (
        select(Payment)
        .where(Payment.tender == Tender.CARD, Payment.status != PaymentStatus.SETTLED)
        .where(Payment.session_ref.is_not(None), Payment.pay_url.is_not(None))
        .where(Payment.started_at.between(now - FORGET, now - SILENT))
        .where(or_(Payment.asked_at.is_(None), Payment.asked_at <= now - ASK_AGAIN))
        .order_by(Payment.started_at)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    found = session.scalars(query).all()
    for payment in found:
        payment.asked_at = now
        enqueue(session, LOOK, {"session": payment.session_ref}, now=now)
    return len(found)

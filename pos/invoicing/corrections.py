"""Corrections of issued invoices: by adjustment or replacement, never by edit.

An invoice that was adjusted is adjusted again, one that was replaced is replaced again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, aliased, joinedload

from app.core.clock import local_day
from app.core.errors import Conflict, Rejected
from app.core.text import N_
from app.core.types import Json
from pos.invoicing import amendments, document, invoices
from pos.invoicing.document import Buyer, Seller
from pos.invoicing.models import EInvoice
from pos.invoicing.status import InvoiceKind, InvoiceStatus
from pos.sales import refunds
from pos.sales.models import Order
from pos.sales.payment_models import Refund
from pos.sales.payment_status import RefundKind, RefundStatus

# Money that came too much was never part of a sale.
OF_SALES = tuple(kind for kind in RefundKind if kind is not RefundKind.EXCESS)
GONE_BACK = (RefundStatus.SENT, RefundStatus.SETTLED)
ADJUSTABLE = (InvoiceStatus.ISSUED, InvoiceStatus.ADJUSTED)
MOST_PROPOSED = 200


class NotCorrectable(Conflict):
    """Only the last issued invoice of an order can be corrected."""

    code = "not_correctable"
    message = N_("This invoice cannot be corrected so: it is not issued, or corrected otherwise.")


class CorrectionOpen(Conflict):
    """Another correction is on its way."""

    code = "correction_open"
    message = N_("Another correction of this invoice is on its way. Wait until it is issued.")


class TooMuchOff(Rejected):
    """More than the invoice holds."""

    code = "too_much_off"
    message = N_("Only amounts from 1 đồng to what is left of the invoice can be taken off.")


def adjust(
    session: Session,
    invoice_id: UUID,
    amount: int,
    reason: str,
    *,
    key: str,
    now: datetime,
    actor_id: UUID | None,
) -> EInvoice:
    """Take `amount` đồng off an issued invoice; the same `key` does it once.

    Raises `NotCorrectable`, `CorrectionOpen`, `TooMuchOff`, `NoReason`.
    """
    old = invoices.get(session, invoice_id, lock=True)
    known = _known(session, key)
    if known is not None:
        return known
    _check(session, old, reason, ADJUSTABLE)
    rest = left(session, old)
    if not 1 <= amount <= sum(rest.values()):
        raise TooMuchOff
    named, day = _named(old, reason), local_day(now)
    made = amendments.adjustment(key, old.document, rest, amount, named, day)
    return _keep(session, old, made, key=key, now=now, actor_id=actor_id)


def replace(
    session: Session,
    invoice_id: UUID,
    seller: Seller,
    buyer: Buyer | None,
    reason: str,
    *,
    fresh: bool,
    key: str,
    now: datetime,
    actor_id: UUID | None,
) -> EInvoice:
    """Make the whole invoice anew for `buyer`; `fresh` takes VAT from the classes of the products.

    The same `key` does it once. Raises `NotCorrectable`, `CorrectionOpen`, `NoReason`.
    """
    old = invoices.get(session, invoice_id, lock=True)
    known = _known(session, key)
    if known is not None:
        return known
    _check(session, old, reason, (InvoiceStatus.ISSUED,))
    day, said = local_day(now), old.document
    if fresh:
        sale = invoices.sale_of(session, old.order, fresh=True)
        said = document.build(key, sale, seller, buyer, day)
    made = amendments.replacement(key, said, buyer, _named(old, reason), day)
    return _keep(session, old, made, key=key, now=now, actor_id=actor_id)


def _keep(
    session: Session, old: EInvoice, made: Json, *, key: str, now: datetime, actor_id: UUID | None
) -> EInvoice:
    return invoices.keep(
        session, old.order_id, made, key=key, now=now, actor_id=actor_id, corrects=old
    )


def _known(session: Session, key: str) -> EInvoice | None:
    return session.scalar(select(EInvoice).filter_by(key=key))


def _check(session: Session, old: EInvoice, reason: str, states: Sequence[InvoiceStatus]) -> None:
    if not reason:
        raise invoices.NoReason
    if old.status not in states or old.kind is InvoiceKind.ADJUSTMENT:
        raise NotCorrectable
    if any(one.issued_at is None for one in of(session, old.id)):
        raise CorrectionOpen


def _named(old: EInvoice, reason: str) -> Json:
    """How a correction names what it corrects."""
    issued_on = local_day(old.issued_at).isoformat() if old.issued_at else None
    return {
        "key": old.key,
        "symbol": old.symbol,
        "number": old.number,
        "tax_code": old.tax_code,
        "issued_on": issued_on,
        "reason": reason,
    }


def of(session: Session, invoice_id: UUID) -> Sequence[EInvoice]:
    """The corrections of an invoice, the oldest first."""
    query = select(EInvoice).filter_by(corrects_id=invoice_id)
    return session.scalars(query.order_by(EInvoice.made_at, EInvoice.id)).all()


def left(session: Session, invoice: EInvoice) -> dict[int, int]:
    """Đồng left on each line after the adjustments that were made."""
    made = [one.document for one in of(session, invoice.id) if one.kind is InvoiceKind.ADJUSTMENT]
    return amendments.left(invoice.document, made)


@dataclass(frozen=True)
class Proposal:
    """Money that went back, and the issued invoice that still speaks of it."""

    refund: Refund
    invoice: EInvoice


def proposals(session: Session, places: frozenset[UUID] | None) -> list[Proposal]:
    """Refunds of invoiced sales without an adjustment, the oldest first; from these places."""
    answer = aliased(EInvoice)
    query = (
        select(Refund, EInvoice)
        .join(EInvoice, EInvoice.order_id == Refund.order_id)
        .join(Order, Order.id == Refund.order_id)
        .where(EInvoice.kind != InvoiceKind.ADJUSTMENT, EInvoice.status.in_(ADJUSTABLE))
        .where(Refund.status.in_(GONE_BACK), Refund.kind.in_(OF_SALES))
        .where(~exists().where(answer.refund_id == Refund.id))
        .options(joinedload(EInvoice.order))
        .order_by(Refund.requested_at, Refund.id)
        .limit(MOST_PROPOSED)
    )
    if places is not None:
        query = query.where(Order.place_id.in_(places))
    return [Proposal(refund, invoice) for refund, invoice in session.execute(query)]


def adjust_for(
    session: Session, refund_id: UUID, *, now: datetime, actor_id: UUID | None
) -> EInvoice:
    """Take a refund off the invoice of its order, once.

    Raises `UnknownRefund`, `NotCorrectable` and what `adjust` raises.
    """
    refund = refunds.get(session, refund_id)
    fitting = (
        select(EInvoice.id)
        .where(EInvoice.order_id == refund.order_id, EInvoice.status.in_(ADJUSTABLE))
        .where(EInvoice.kind != InvoiceKind.ADJUSTMENT)
    )
    invoice_id = session.scalar(fitting)
    if invoice_id is None or refund.status not in GONE_BACK or refund.kind not in OF_SALES:
        raise NotCorrectable
    made = adjust(
        session,
        invoice_id,
        refund.amount,
        refund.reason,
        key=f"refund:{refund.id}",
        now=now,
        actor_id=actor_id,
    )
    made.refund_id = refund.id
    return made

"""The way of an invoice to its provider and back: queued → sent → issued or refused.

A number is given in the transaction before the first ask and stays with the invoice, so that a lost
answer, a kill or a repetition never costs a second one.
"""

from datetime import datetime
from uuid import UUID

import structlog
from sqlalchemy.orm import Session

from app.core.clock import now as moment
from app.core.db import transaction
from app.core.series import next_number
from app.core.types import Json
from catalog.vat import Regime
from pos.invoicing import invoices
from pos.invoicing.models import EInvoice
from pos.invoicing.providers.base import Answer, Ask, InvoiceRefused, InvoicesDown, Provider
from pos.invoicing.status import ISSUED, OPEN, InvoiceKind, InvoiceStatus

log = structlog.get_logger()


class AnotherNumber(Exception):
    """The provider has answered a second number to one key; a person must look at it."""


def run(provider: Provider, payload: Json) -> None:
    """Errand of the worker: ask the provider for one invoice. Raises `InvoicesDown`: tried again."""
    if not provider.ready:
        raise InvoicesDown
    invoice_id = UUID(payload["invoice_id"])
    with transaction() as session:
        started = begin(session, invoice_id, provider, now=moment())
    if started is None:
        return
    ask, again = started
    try:
        answer = (provider.look(ask) if again else None) or provider.issue(ask)
    except InvoiceRefused as error:
        with transaction() as session:
            refused(session, invoice_id, str(error.params.get("why", error)), now=moment())
        return
    except InvoicesDown as error:
        with transaction() as session:
            invoices.get(session, invoice_id, lock=True).last_error = error.message
        raise
    with transaction() as session:
        finish(session, invoice_id, answer, now=moment())


def begin(
    session: Session, invoice_id: UUID, provider: Provider, *, now: datetime
) -> tuple[Ask, bool] | None:
    """Give it its number and note that it is sent; None when there is nothing to do.

    The second value says whether it may have been asked for before.
    """
    invoice = invoices.get(session, invoice_id, lock=True)
    if invoice.status not in OPEN:
        return None
    again = invoice.sent_at is not None
    if provider.letters is not None and invoice.number is None:
        invoice.symbol = symbol_of(invoice, provider.letters)
        invoice.number = next_number(session, f"invoice:{invoice.symbol}")
    invoice.provider, invoice.attempts = provider.name, invoice.attempts + 1
    if invoice.status is InvoiceStatus.QUEUED:
        invoice.sent_at = invoice.sent_at or now
        invoices.move(session, invoice, InvoiceStatus.SENT, now=now)
    return Ask(invoice.key, invoice.document, invoice.symbol, invoice.number), again


def symbol_of(invoice: EInvoice, letters: str) -> str:
    """`1C26MAA`: form, with code, year, cash register, the seller's letters (TT 78/2021, TT 32/2025)."""
    said = invoice.document
    form = 1 if said["regime"] == Regime.DEDUCTION.value else 2
    return f"{form}C{str(said['made_on'])[2:4]}M{letters}"


def finish(session: Session, invoice_id: UUID, answer: Answer, *, now: datetime) -> None:
    """Note the answer; heard twice it is noted once. Raises `AnotherNumber`."""
    invoice = invoices.get(session, invoice_id, lock=True)
    given = (invoice.symbol, invoice.number)
    if invoice.number is not None and given != (answer.symbol, answer.number):
        raise AnotherNumber
    if invoice.status in ISSUED:
        return
    invoice.symbol, invoice.number = answer.symbol, answer.number
    invoice.tax_code, invoice.lookup_url = answer.tax_code, answer.lookup_url
    invoice.issued_at, invoice.last_error = now, None
    invoices.move(session, invoice, InvoiceStatus.ISSUED, now=now)
    if invoice.corrects_id is not None:
        _mark(session, invoice.corrects_id, invoice.kind, now)


def _mark(session: Session, invoice_id: UUID, by: InvoiceKind, now: datetime) -> None:
    """The invoice that was corrected says so from now on; its content stays."""
    old = invoices.get(session, invoice_id, lock=True)
    replaced = by is InvoiceKind.REPLACEMENT
    to = InvoiceStatus.REPLACED if replaced else InvoiceStatus.ADJUSTED
    if old.status is not to:
        invoices.move(session, old, to, now=now)


def refused(session: Session, invoice_id: UUID, why: str, *, now: datetime) -> None:
    """The provider says no; staff mend the data and send it again under the same number."""
    invoice = invoices.get(session, invoice_id, lock=True)
    if invoice.status is InvoiceStatus.SENT:
        invoice.last_error = why[:500]
        invoices.move(session, invoice, InvoiceStatus.FAILED, now=now)
        log.warning("invoice refused", invoice=str(invoice_id))

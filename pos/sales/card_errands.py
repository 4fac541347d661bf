"""Errands of the worker at the card provider. They run outside any transaction: read, ask, write."""

from datetime import datetime
from uuid import UUID

import structlog
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.db import reading, transaction
from app.core.types import Json
from pos.sales import card_refunds, cards, notices, payments, refunds
from pos.sales.gateways.base import BackSeen, BackState, BackWish, Cards, ProviderRefused
from pos.sales.notices import Notice
from pos.sales.payment_models import ProviderEvent, Refund
from pos.sales.payment_status import NoticeStatus, RefundStatus

log = structlog.get_logger()


class NoProvider(Exception):
    """There is something to do at a provider that is not set up any more."""


def _there(provider: Cards | None) -> Cards:
    if provider is None:
        raise NoProvider
    return provider


def pay_back(provider: Cards | None, payload: Json) -> None:
    """Pay a refund back, or ask how it stands. Raises `ProviderDown`: the queue tries again."""
    with reading() as session:
        refund = refunds.get(session, UUID(payload["refund_id"]))
    if refund.status in (RefundStatus.SETTLED, RefundStatus.FAILED):
        return
    told = _ask_back(_there(provider), refund)
    with transaction() as session:
        card_refunds.back_seen(session, told, now=now())


def _ask_back(provider: Cards, refund: Refund) -> BackSeen:
    try:
        if refund.provider_ref is not None:
            return provider.look_back(refund.provider_ref)
        return provider.pay_back(BackWish(refund.id, refund.through or "", refund.amount))
    except ProviderRefused as error:
        name, why = f"refused-{refund.id}", str(error)
        return BackSeen(name, BackState.FAILED, refund.amount, refund.through, refund.id, why)


def look(provider: Cards | None, payload: Json) -> None:
    """Ask how a payment page stands and take the answer in as if it had been told."""
    told = _there(provider).look(payload["session"])
    moment = now()
    with transaction() as session:
        result = cards.seen(session, told, now=moment)
        if result.status is NoticeStatus.FLAGGED:
            _flag(session, told.session_ref, result.note, moment)


def _flag(session: Session, session_ref: str, note: str | None, moment: datetime) -> None:
    """Show staff what was found though nobody told it."""
    found = {"session": session_ref}
    notice = Notice(cards.SOURCE, f"look:{session_ref}", "look", found, moment)
    key = notices.keep(session, notice, now=moment)
    if key is not None:
        event = session.get_one(ProviderEvent, key)
        event.status, event.note = NoticeStatus.FLAGGED, note


def close(provider: Cards | None, payload: Json) -> None:
    """Close the page of an order that has ended. What was paid there meanwhile is told as ever."""
    try:
        _there(provider).close(payload["session"])
    except ProviderRefused as error:
        # It was paid or closed in this very moment.
        log.info("page not closed", why=str(error))


CLOSE, LOOK, SEND = payments.CLOSE_PAGE, cards.LOOK, refunds.SEND

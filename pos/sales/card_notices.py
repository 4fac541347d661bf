"""Notices of the card provider, by kind. Any order, any number of times."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import Session

from app.core.types import Json
from pos.sales import card_refunds, cards
from pos.sales.gateways.base import BadNotice
from pos.sales.gateways.stripe import back_seen, page_seen
from pos.sales.notices import DONE, Notice, Result
from pos.sales.payment_models import ProviderEvent
from pos.sales.payment_status import NoticeStatus

PROVIDER = cards.SOURCE

Taker = Callable[[Session, Json, ProviderEvent, datetime], Result]


def notice_of(told: Json) -> Notice:
    """A signed event as a notice."""
    made_at = datetime.fromtimestamp(told["created"], UTC)
    return Notice(PROVIDER, told["id"][:200], told["type"][:100], told, made_at)


def take(session: Session, event: ProviderEvent, now: datetime) -> Result:
    """Handler of a kept event; kinds that nobody waits for are done at once."""
    taker = _TAKERS.get(event.kind)
    told: Any = (event.body.get("data") or {}).get("object")
    if taker is None:
        return DONE
    try:
        if not isinstance(told, dict):
            raise BadNotice
        return taker(session, told, event, now)
    except BadNotice as error:
        return Result(NoticeStatus.FLAGGED, error.code)


def _page(session: Session, told: Json, _event: ProviderEvent, now: datetime) -> Result:
    return cards.seen(session, page_seen(told), now=now)


def _failed(session: Session, told: Json, _event: ProviderEvent, now: datetime) -> Result:
    return cards.seen(session, page_seen(told), now=now, failed=True)


def _refund(session: Session, told: Json, _event: ProviderEvent, now: datetime) -> Result:
    return card_refunds.back_seen(session, back_seen(told), now=now)


def _charge(session: Session, told: Json, _event: ProviderEvent, now: datetime) -> Result:
    return card_refunds.charge_refunded(session, told, now=now)


def _dispute(session: Session, told: Json, event: ProviderEvent, now: datetime) -> Result:
    return card_refunds.disputed(session, told, event.made_at, now=now)


_TAKERS: Mapping[str, Taker] = {
    "checkout.session.completed": _page,
    "checkout.session.async_payment_succeeded": _page,
    "checkout.session.async_payment_failed": _failed,
    "checkout.session.expired": _page,
    "refund.created": _refund,
    "refund.updated": _refund,
    "refund.failed": _refund,
    "charge.refund.updated": _refund,
    "charge.refunded": _charge,
    "charge.dispute.created": _dispute,
    "charge.dispute.updated": _dispute,
    "charge.dispute.closed": _dispute,
}

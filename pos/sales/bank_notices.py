"""Notices of the bank's messengers: kept as they came, then taken into the account's lines."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.core.types import Json
from pos.sales import bank_entries
from pos.sales.bank_lines import line_of
from pos.sales.gateways.base import BadNotice
from pos.sales.notices import DONE, Notice, Result
from pos.sales.payment_models import ProviderEvent
from pos.sales.payment_status import NoticeStatus

KIND = "movement"


def notice_of(source: str, told: Json) -> Notice:
    """One movement as a notice. Raises `BadNotice`."""
    line = line_of(source, told)
    return Notice(source, line.provider_id, KIND, told, line.at)


def take(session: Session, event: ProviderEvent, now: datetime) -> Result:
    """Handler of a kept movement."""
    try:
        line = line_of(event.provider, event.body)
    except BadNotice as error:
        return Result(NoticeStatus.FLAGGED, error.code)
    bank_entries.take(session, event.provider, line, now=now)
    return DONE

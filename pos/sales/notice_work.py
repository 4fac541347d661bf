"""Who works off which notice; also as the job of the worker."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from app.core.types import Json
from pos.sales import bank_notices, card_notices, notices
from pos.sales.bank_lines import SOURCES
from pos.sales.notices import Handler

HANDLERS: Mapping[str, Handler] = {
    card_notices.PROVIDER: card_notices.take,
    **dict.fromkeys(SOURCES, bank_notices.take),
}


def job(session: Session, payload: Json, now: datetime) -> None:
    """Work off one kept notice."""
    notices.work_off(session, int(payload["notice_id"]), HANDLERS, now=now)

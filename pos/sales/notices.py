"""Notices of providers: kept as they came before anything is done, then worked off once each.

The page that receives one tries at once; what failed, waited for its order or was cut off in
between is taken up again by the worker.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from app.accounts import audit
from app.core.db import insert_if_new
from app.core.errors import NotFound
from app.core.outbox import enqueue
from app.core.paging import Page
from app.core.text import N_
from app.core.types import Json
from pos.sales.payment_models import ProviderEvent
from pos.sales.payment_status import NoticeStatus

WORK = "provider_notice"
AGAIN = timedelta(seconds=30)
GIVEN_UP = timedelta(days=3)
AT_ONCE = 200
PAGE_SIZE = 50
OPEN = (NoticeStatus.NEW, NoticeStatus.WAITING)


class UnknownNotice(NotFound):
    """No such notice."""

    code = "unknown_notice"
    message = N_("There is no such notice.")


@dataclass(frozen=True)
class Notice:
    """What a provider tells, with its own number for it."""

    provider: str
    event_id: str
    kind: str
    body: Json
    made_at: datetime


@dataclass(frozen=True)
class Result:
    """What became of a notice, with a word for staff."""

    status: NoticeStatus
    note: str | None = None


DONE = Result(NoticeStatus.DONE)

Handler = Callable[[Session, ProviderEvent, datetime], Result]


def keep(session: Session, notice: Notice, *, now: datetime) -> int | None:
    """Keep a notice; its key, or None when it is known already and was worked off."""
    values = {
        "provider": notice.provider,
        "event_id": notice.event_id,
        "kind": notice.kind,
        "body": notice.body,
        "made_at": notice.made_at,
        "received_at": now,
        "status": NoticeStatus.NEW,
        "tries": 0,
    }
    insert_if_new(session, ProviderEvent, values)
    known = session.execute(
        select(ProviderEvent.id, ProviderEvent.status).filter_by(
            provider=notice.provider, event_id=notice.event_id
        )
    ).one()
    return known.id if known.status in OPEN else None


def work_off(
    session: Session, key: int, handlers: Mapping[str, Handler], *, now: datetime
) -> NoticeStatus:
    """Do what a notice asks for unless that was done; one worker at a time."""
    query = select(ProviderEvent).where(ProviderEvent.id == key).with_for_update()
    event = session.scalars(query.execution_options(populate_existing=True)).one()
    if event.status not in OPEN:
        return event.status
    result = handlers[event.provider](session, event, now)
    late = result.status is NoticeStatus.WAITING and now - event.received_at > GIVEN_UP
    event.status = NoticeStatus.FLAGGED if late else result.status
    event.note, event.tries, event.tried_at = result.note, event.tries + 1, now
    session.flush()
    return event.status


def queue_open(session: Session, *, now: datetime) -> int:
    """Give what is not worked off yet to the worker, each in a transaction of its own."""
    before = now - AGAIN
    query = (
        select(ProviderEvent)
        .where(ProviderEvent.status.in_(OPEN), ProviderEvent.received_at <= before)
        .where(or_(ProviderEvent.tried_at.is_(None), ProviderEvent.tried_at <= before))
        .order_by(ProviderEvent.id)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    found = session.scalars(query).all()
    for event in found:
        # Also when it fails it is not tried again at once.
        event.tried_at = now
        enqueue(session, WORK, {"notice_id": event.id}, now=now)
    return len(found)


def dismiss(session: Session, key: int, *, now: datetime, actor_id: UUID | None) -> None:
    """Staff have looked into a notice that could not be worked off. Raises `UnknownNotice`."""
    query = select(ProviderEvent).where(ProviderEvent.id == key).with_for_update()
    event = session.scalars(query).one_or_none()
    if event is None:
        raise UnknownNotice
    if event.status is NoticeStatus.FLAGGED:
        event.status = NoticeStatus.DONE
        session.flush()
        detail = {"provider": event.provider, "event": event.event_id, "note": event.note}
        obj = ("notice", event.id)
        audit.record(session, "notice.dismiss", obj, actor_id=actor_id, now=now, detail=detail)


def flagged(session: Session, number: int) -> Page[ProviderEvent]:
    """What staff must look at, newest first."""
    wanted = ProviderEvent.status == NoticeStatus.FLAGGED
    total = session.scalar(select(func.count(ProviderEvent.id)).where(wanted)) or 0
    query = select(ProviderEvent).where(wanted).order_by(ProviderEvent.id.desc())
    rows = session.scalars(query.limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE)).all()
    return Page(rows, number, PAGE_SIZE, total)

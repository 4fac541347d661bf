"""Telling events to webhooks: one delivery for each pair, tried until it is done or given up."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.orm import Session, joinedload, selectinload

from app.api import webhooks
from app.api.models import (
    DeliveryState,
    EventType,
    Webhook,
    WebhookAttempt,
    WebhookDelivery,
    WebhookEvent,
)
from app.core.codes import Randomness, uuid7
from app.core.db import insert_if_new
from app.core.errors import Conflict, NotFound
from app.core.outbox import MAX_ATTEMPTS, enqueue
from app.core.paging import Page
from app.core.text import N_
from app.core.types import Json

SEND = "webhook_send"
MOST_ANSWER = 500  # letters of an answer that are kept
PAGE_SIZE = 50
# The waits of the outbox add up to less than this; what waits longer has been left behind.
LEFT_BEHIND = timedelta(hours=3)


class UnknownDelivery(NotFound):
    """No such delivery."""

    code = "unknown_delivery"
    message = N_("This delivery does not exist.")


class StillTrying(Conflict):
    """It has arrived, or will be tried again by itself."""

    code = "still_trying"
    message = N_("This has arrived already or will be tried again by itself.")


@dataclass(frozen=True)
class Happening:
    """Something to tell; the same `subject` is told once."""

    type: EventType
    subject: str
    data: Json
    at: datetime


@dataclass(frozen=True)
class Outcome:
    """What came of one call. `status` is empty when nobody answered, and `trouble` says why."""

    status: int | None
    millis: int
    answer: str = ""
    trouble: str | None = None

    @property
    def good(self) -> bool:
        """Whether the receiver has it: only a 2xx says so; redirects are not followed."""
        return self.status is not None and 200 <= self.status < 300


def tell(
    session: Session,
    happening: Happening,
    to: Iterable[Webhook],
    *,
    now: datetime,
    randomness: Randomness,
) -> int:
    """Queue an event for these webhooks; returns how many, 0 for what was told before."""
    event_id = uuid7(happening.at, randomness)
    values = {
        "id": event_id,
        "type": happening.type,
        "subject": happening.subject,
        "data": happening.data,
        "created_at": happening.at,
    }
    if not insert_if_new(session, WebhookEvent, values):
        return 0
    return len([_queue(session, webhook, event_id, now) for webhook in to])


def _queue(session: Session, webhook: Webhook, event_id: UUID, now: datetime) -> WebhookDelivery:
    delivery = WebhookDelivery(
        webhook_id=webhook.id,
        event_id=event_id,
        state=DeliveryState.WAITING,
        created_at=now,
        changed_at=now,
    )
    session.add(delivery)
    session.flush()
    enqueue(session, SEND, {"delivery": str(delivery.id)}, now=now)
    return delivery


def send_test(session: Session, webhook: Webhook, *, now: datetime, randomness: Randomness) -> None:
    """Queue a test event for one webhook."""
    data: Json = {"text": "Phố Hiến"}
    key = f"test:{uuid7(now, randomness)}"
    happening = Happening(EventType.TEST, key, data, now)
    tell(session, happening, [webhook], now=now, randomness=randomness)


def to_send(session: Session, delivery_id: UUID) -> WebhookDelivery | None:
    """The delivery, when it still waits."""
    query = select(WebhookDelivery).filter_by(id=delivery_id, state=DeliveryState.WAITING)
    parts = joinedload(WebhookDelivery.webhook), joinedload(WebhookDelivery.event)
    return session.scalar(query.options(*parts))


def note(session: Session, delivery_id: UUID, outcome: Outcome, *, now: datetime) -> DeliveryState:
    """Log what came of a call; returns how the delivery stands then.

    What fails for the last time is given up and waits for staff.
    """
    delivery = _get(session, delivery_id)
    session.add(
        WebhookAttempt(
            delivery_id=delivery.id,
            at=now,
            status=outcome.status,
            millis=outcome.millis,
            answer=outcome.answer.replace("\0", "")[:MOST_ANSWER],
            trouble=outcome.trouble,
        )
    )
    delivery.attempts, delivery.changed_at = delivery.attempts + 1, now
    if outcome.good:
        delivery.state = DeliveryState.DONE
    elif delivery.attempts >= MAX_ATTEMPTS:
        delivery.state = DeliveryState.DEAD
    session.flush()
    return delivery.state


def resend(session: Session, delivery_id: UUID, *, now: datetime) -> WebhookDelivery:
    """Try again what was given up or left behind, with the same event.

    Raises `UnknownDelivery`, `StillTrying`, and `UnknownWebhook` while it is switched off.
    """
    delivery = _get(session, delivery_id)
    if not webhooks.get(session, delivery.webhook_id).active:
        raise webhooks.UnknownWebhook
    given_up = (WebhookDelivery.state == DeliveryState.DEAD) | _left_behind(now)
    # Of two who press at once, one is too late.
    again = update(WebhookDelivery).where(WebhookDelivery.id == delivery_id, given_up)
    values = {"state": DeliveryState.WAITING, "attempts": 0, "changed_at": now}
    done = session.execute(again.values(values).returning(WebhookDelivery.id)).first()
    if done is None:
        raise StillTrying
    enqueue(session, SEND, {"delivery": str(delivery_id)}, now=now)
    session.refresh(delivery)
    return delivery


def _left_behind(now: datetime) -> ColumnElement[bool]:
    waits = WebhookDelivery.state == DeliveryState.WAITING
    return waits & (WebhookDelivery.changed_at < now - LEFT_BEHIND)


def _get(session: Session, delivery_id: UUID) -> WebhookDelivery:
    found = session.get(WebhookDelivery, delivery_id, with_for_update=True)
    if found is None:
        raise UnknownDelivery
    return found


def log_of(session: Session, webhook_id: UUID, number: int) -> Page[WebhookDelivery]:
    """What was told to one webhook and how it went, newest first."""
    mine = WebhookDelivery.webhook_id == webhook_id
    total = session.scalar(select(func.count(WebhookDelivery.id)).where(mine)) or 0
    query = (
        select(WebhookDelivery)
        .where(mine)
        .options(joinedload(WebhookDelivery.event), selectinload(WebhookDelivery.log))
        .order_by(WebhookDelivery.created_at.desc(), WebhookDelivery.id.desc())
        .limit(PAGE_SIZE)
        .offset((number - 1) * PAGE_SIZE)
    )
    return Page(session.scalars(query).all(), number, PAGE_SIZE, total)


def to_look_at(session: Session, now: datetime) -> Sequence[WebhookDelivery]:
    """What was given up or left behind, of webhooks that are told; the newest."""
    query = (
        select(WebhookDelivery)
        .join(Webhook)
        .where(Webhook.active)
        .where(or_(WebhookDelivery.state == DeliveryState.DEAD, _left_behind(now)))
        .options(joinedload(WebhookDelivery.event), joinedload(WebhookDelivery.webhook))
        .options(selectinload(WebhookDelivery.log))
        .order_by(WebhookDelivery.created_at.desc(), WebhookDelivery.id.desc())
        .limit(PAGE_SIZE)
    )
    return session.scalars(query).all()

"""Webhooks: addresses of other programs that want to be told, and the secret each is signed with."""

import hashlib
import hmac
import ipaddress
from base64 import urlsafe_b64encode
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.accounts import audit
from app.api.models import DeliveryState, EventType, Webhook, WebhookDelivery
from app.core.errors import Conflict, NotFound, Rejected
from app.core.text import N_
from app.core.types import Json
from catalog import channels

MOST = 50


class UnknownWebhook(NotFound):
    """No such webhook."""

    code = "unknown_webhook"
    message = N_("This webhook does not exist.")


class BadAddress(Rejected):
    """Not an address that may be called."""

    code = "bad_webhook_address"
    message = N_("Give an https address with a public host name, without user name and port.")


class NothingWanted(Rejected):
    """A webhook must want to be told of something."""

    code = "nothing_wanted"
    message = N_("Choose at least one event.")


class TooManyWebhooks(Conflict):
    """Each event costs one call for each webhook."""

    code = "too_many_webhooks"
    message = N_("There are too many webhooks already. Switch one off first.")


@dataclass(frozen=True)
class Asked:
    """What a webhook shall be: for whom, where, and told of what."""

    note: str
    url: str
    events: Collection[EventType]


def add(session: Session, asked: Asked, *, now: datetime, actor_id: UUID | None) -> Webhook:
    """Add a webhook, told from now on. Raises `BadAddress`, `NothingWanted`, `TooManyWebhooks`."""
    events = [event for event in EventType if event in asked.events and event is not EventType.TEST]
    if not events:
        raise NothingWanted
    if not is_callable(asked.url):
        raise BadAddress
    if len(active(session)) >= MOST:
        raise TooManyWebhooks
    webhook = Webhook(
        note=asked.note,
        url=asked.url,
        events=" ".join(event.value for event in events),
        active=True,
        secret_no=1,
        created_at=now,
        created_by=actor_id,
    )
    session.add(webhook)
    session.flush()
    detail = {"note": webhook.note, "url": webhook.url, "events": webhook.events}
    _note(session, "webhook.add", webhook, now, actor_id, detail)
    return webhook


def is_callable(url: str) -> bool:
    """Whether an address is https with the name of a host; whether that is a public one shows when
    it is called."""
    parts = channels.safe(url)
    host = str(parts.hostname) if parts else ""
    with suppress(ValueError):
        ipaddress.ip_address(host)
        return False
    return parts is not None and "." in host.strip(".") and not parts.fragment


def get(session: Session, webhook_id: UUID, *, lock: bool = False) -> Webhook:
    """The webhook. Raises `UnknownWebhook`."""
    found = session.get(Webhook, webhook_id, with_for_update=lock)
    if found is None:
        raise UnknownWebhook
    return found


def active(session: Session) -> Sequence[Webhook]:
    """Those that are told, the oldest first."""
    query = select(Webhook).filter_by(active=True).order_by(Webhook.created_at, Webhook.id)
    return session.scalars(query).all()


def listing(session: Session) -> Sequence[Webhook]:
    """All of them, those that are told first."""
    query = select(Webhook).order_by(Webhook.active.desc(), Webhook.created_at.desc(), Webhook.id)
    return session.scalars(query).all()


def switch(
    session: Session, webhook_id: UUID, on: bool, *, now: datetime, actor_id: UUID | None
) -> Webhook:
    """Stop or go on telling; what waits is given up when it stops. Raises `UnknownWebhook`."""
    webhook = get(session, webhook_id, lock=True)
    if webhook.active != on:
        webhook.active = on
        _note(session, "webhook.on" if on else "webhook.off", webhook, now, actor_id)
    if not on:
        waiting = update(WebhookDelivery).filter_by(
            webhook_id=webhook.id, state=DeliveryState.WAITING
        )
        session.execute(waiting.values(state=DeliveryState.DEAD, changed_at=now))
    return webhook


def renew_secret(
    session: Session, webhook_id: UUID, *, now: datetime, actor_id: UUID | None
) -> Webhook:
    """From now on sign with another secret. Raises `UnknownWebhook`."""
    webhook = get(session, webhook_id, lock=True)
    webhook.secret_no += 1
    _note(session, "webhook.renew_secret", webhook, now, actor_id)
    return webhook


def secret_of(webhook: Webhook, secret_key: str) -> str:
    """The secret of a webhook: computed from that of the installation, so that none is stored."""
    named = f"webhook:{webhook.id}:{webhook.secret_no}".encode()
    mark = hmac.digest(secret_key.encode(), named, hashlib.sha256)
    return "whsec_" + urlsafe_b64encode(mark).decode().rstrip("=")


def _note(
    session: Session,
    action: str,
    webhook: Webhook,
    now: datetime,
    actor_id: UUID | None,
    detail: Json | None = None,
) -> None:
    obj = ("webhook", webhook.id)
    audit.record(session, action, obj, actor_id=actor_id, now=now, detail=detail)
    session.flush()

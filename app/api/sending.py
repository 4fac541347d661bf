"""The errand of the worker that sends one delivery, outside any transaction.

A worker that dies after the receiver had it sends it again: the id stays the same.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from app.api import deliveries, webhooks
from app.api.events import stamp
from app.api.models import DeliveryState, WebhookEvent
from app.api.outgoing import Post
from app.core import clock
from app.core.db import reading, transaction
from app.core.types import Json

AGENT = "PhoHien/1.0 (+webhook)"
SIGNATURE = "Phohien-Signature"


class NotDelivered(Exception):
    """The receiver does not have it yet; the outbox tries again."""


def send(secret_key: str, post: Post, payload: Json) -> None:
    """Send the delivery that `payload` names, unless it is done. Raises `NotDelivered`."""
    key = UUID(payload["delivery"])
    with reading() as session:
        delivery = deliveries.to_send(session, key)
    if delivery is None:
        return
    body = body_of(delivery.event)
    secret = webhooks.secret_of(delivery.webhook, secret_key)
    outcome = post(delivery.webhook.url, headers_of(body, secret, clock.now()), body)
    with transaction() as session:
        state = deliveries.note(session, key, outcome, now=clock.now())
    if state is DeliveryState.WAITING:
        raise NotDelivered(outcome.trouble or f"status {outcome.status}")


def body_of(event: WebhookEvent) -> bytes:
    """The event as JSON, the same at each try."""
    body = {
        "id": str(event.id),
        "type": event.type.value,
        "created": stamp(event.created_at),
        "data": event.data,
    }
    return json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def headers_of(body: bytes, secret: str, now: datetime) -> Mapping[str, str]:
    """What goes along, the signature over time and body included."""
    return {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": AGENT,
        "Connection": "close",
        SIGNATURE: signature(body, secret, int(now.timestamp())),
    }


def signature(body: bytes, secret: str, at: int) -> str:
    """`t=<seconds since 1970>,v1=<HMAC-SHA256 of "t.body", hexadecimal>`."""
    mark = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={at},v1={mark}"

"""Tokens, webhooks and what was told to them, made through the verbs."""

import os
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.api import deliveries, tokens, webhooks
from app.api.deliveries import Outcome
from app.api.models import ApiToken, DeliveryState, EventType, Scope, Webhook, WebhookDelivery
from app.core.outbox import MAX_ATTEMPTS
from builders import BY_NOBODY, NOW

HOOK = "https://nhan.example.vn/phohien"
ALL = tuple(kind for kind in EventType if kind is not EventType.TEST)


def make_token(session: Session, *scopes: Scope, **over: Any) -> tuple[ApiToken, str]:
    """A token that opens everything, or just these scopes, and its text."""
    asked = tokens.Asked("Sàn thương mại", scopes or tuple(Scope), **over)
    return tokens.issue(session, asked, randomness=os.urandom, **BY_NOBODY)


def make_webhook(session: Session, *events: EventType, url: str = HOOK) -> Webhook:
    """A webhook that is told of everything, or of these events."""
    asked = webhooks.Asked("Phần mềm kho", url, events or ALL)
    return webhooks.add(session, asked, **BY_NOBODY)


def make_delivery(session: Session, webhook: Webhook) -> WebhookDelivery:
    """A test event that waits to be sent."""
    deliveries.send_test(session, webhook, now=NOW, randomness=os.urandom)
    mine = select(WebhookDelivery).filter_by(webhook_id=webhook.id)
    return session.scalars(mine.order_by(WebhookDelivery.id.desc())).all()[0]


def make_dead(session: Session, webhook: Webhook) -> WebhookDelivery:
    """A delivery that was given up."""
    delivery = make_delivery(session, webhook)
    for _try in range(MAX_ATTEMPTS):
        deliveries.note(session, delivery.id, Outcome(500, 12, "bận"), now=NOW)
    assert delivery.state is DeliveryState.DEAD
    return delivery

"""What is told: moves of orders, articles that run short, recognitions that have ended.

No event names a person: who may know more reads it with a token.
"""

import secrets
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from app.api import deliveries, webhooks
from app.api.deliveries import Happening
from app.api.models import EventType, Webhook, WebhookEvent
from app.core import outbox
from app.core.clock import local_day, local_midnight
from app.core.types import Json
from catalog import recognitions
from catalog.models import Product, Sku
from catalog.recognition_models import Recognition
from pos.sales.models import Order
from pos.stock.models import StockAlert

ORDER = "order_event"
# How far back the sweep looks for what was not told, as after an outage.
BACK = timedelta(days=7)


def order_event(session: Session, payload: Json, now: datetime) -> None:
    """A job: tell of one move of an order. When nobody listens, it does away with all that wait."""
    wanted = _wanting(session, EventType.parse(f"order.{payload['to']}"))
    if not wanted:
        _drop_unheard(session, now)
        return
    order = session.get_one(Order, UUID(payload["order_id"]))
    at = datetime.fromisoformat(payload["at"])
    kind = EventType.parse(f"order.{payload['to']}")
    data = {"order": order_data(order) | {"status": payload["to"]}}
    subject = f"order:{order.id}:{payload['at']}"
    told = Happening(kind, subject, data, at)
    to = [webhook for webhook in wanted if webhook.created_at <= at]
    if to:
        deliveries.tell(session, told, to, now=now, randomness=secrets.token_bytes)


def _drop_unheard(session: Session, now: datetime) -> None:
    if webhooks.active(session):
        return
    # Then once more: nothing may be dropped that happened after somebody began to listen.
    keys = outbox.waiting(session, ORDER, now)
    if keys and not webhooks.active(session):
        outbox.finish(session, keys, now)


def order_data(order: Order) -> Json:
    """What an event says of an order. Money in đồng."""
    return {
        "number": order.number,
        "channel": order.channel.value,
        "place": order.place.code,
        "total": order.total,
        "currency": "VND",
        "placed_at": stamp(order.placed_at),
    }


def sweep(session: Session, *, now: datetime) -> int:
    """Tell of what nobody queues: short articles and ended recognitions; returns how many events.

    Running again tells nothing twice.
    """
    told = 0
    for kind, found in ((EventType.STOCK_LOW, _short), (EventType.RECOGNITION_ENDED, _ended)):
        wanted = _wanting(session, kind)
        if not wanted:
            continue
        since = max(now - BACK, min(webhook.created_at for webhook in wanted))
        for happening in list(found(session, since, now)):
            to = [webhook for webhook in wanted if webhook.created_at <= happening.at]
            if to:
                random = secrets.token_bytes
                told += bool(deliveries.tell(session, happening, to, now=now, randomness=random))
    return told


def _wanting(session: Session, kind: EventType) -> Sequence[Webhook]:
    return [webhook for webhook in webhooks.active(session) if kind in webhook.wanted]


def _known(session: Session, kind: EventType, since: datetime) -> set[str]:
    query = select(WebhookEvent.subject).where(WebhookEvent.type == kind)
    return set(session.scalars(query.where(WebhookEvent.created_at >= since)))


def _short(session: Session, since: datetime, _now: datetime) -> Iterator[Happening]:
    known = _known(session, EventType.STOCK_LOW, since)
    query = (
        select(StockAlert)
        .where(StockAlert.raised_at >= since)
        .options(joinedload(StockAlert.place))
        .options(joinedload(StockAlert.sku).joinedload(Sku.product))
        .order_by(StockAlert.raised_at, StockAlert.id)
    )
    for alert in session.scalars(query):
        data: Json = {
            "sku": alert.sku.code,
            "product": alert.sku.product.slug,
            "place": alert.place.code,
            "left": alert.left,
            "threshold": alert.threshold,
            "unit": alert.sku.unit.value,
        }
        subject = f"stock_alert:{alert.id}"
        if subject not in known:
            yield Happening(EventType.STOCK_LOW, subject, data, alert.raised_at)


def _ended(session: Session, since: datetime, now: datetime) -> Iterator[Happening]:
    """Recognitions whose last day is over or that were revoked; at the midnight when that was so."""
    first, day = local_day(since), local_day(now)
    known = _known(session, EventType.RECOGNITION_ENDED, local_midnight(first))
    lapsed = (Recognition.valid_until >= first - timedelta(days=1)) & (
        Recognition.valid_until < day
    )
    revoked = (Recognition.revoked_on >= first) & (Recognition.revoked_on <= day)
    query = (
        select(Recognition)
        .where(Recognition.decision_id.is_not(None), or_(lapsed, revoked))
        .options(joinedload(Recognition.product), joinedload(Recognition.decision))
        .order_by(Recognition.id)
    )
    for row in session.scalars(query):
        subject, ended = f"recognition:{row.id}", _ended_on(row)
        at = local_midnight(ended)
        if subject not in known and at >= local_midnight(first) and ended <= day:
            yield Happening(EventType.RECOGNITION_ENDED, subject, _of(session, row, day), at)


def _ended_on(row: Recognition) -> date:
    """The first day without it."""
    days = [row.revoked_on, row.valid_until and row.valid_until + timedelta(days=1)]
    return min(day for day in days if day)


def _of(session: Session, row: Recognition, day: date) -> Json:
    product: Product = row.product
    return {
        "product": product.slug,
        "stars": row.stars,
        "decision": row.decision.number if row.decision else None,
        "ended_on": _ended_on(row).isoformat(),
        "revoked": row.revoked_on is not None and row.revoked_on == _ended_on(row),
        "stars_now": recognitions.view(session, product.id, day).shown_stars,
    }


def stamp(moment: datetime) -> str:
    """A time as it is written out: ISO 8601, UTC, to the second."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")

"""What is told to whom: moves of orders, short articles, ended recognitions; each once."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.api import events, webhooks
from app.api.models import EventType, WebhookDelivery, WebhookEvent
from app.core.outbox import OutboxJob, enqueue
from app.jobs import JOBS
from builders import (
    BY_NOBODY,
    NOW,
    TODAY,
    make_offered,
    make_order,
    make_place,
    recognise,
    stock_up,
)
from builders_api import make_webhook
from catalog import products
from catalog.models import Sku
from pos.sales import orders
from pos.stock import alerts


@pytest.fixture
def sku(session: Session) -> Sku:
    return make_offered(session)


def work(session: Session) -> None:
    """Run the queued events as the worker does."""
    for job in session.scalars(select(OutboxJob).filter_by(name=events.ORDER, done_at=None)):
        JOBS[job.name](session, job.payload, NOW)
        job.done_at = NOW
    session.flush()


def told(session: Session) -> list[WebhookEvent]:
    return list(session.scalars(select(WebhookEvent).order_by(WebhookEvent.id)))


def types(session: Session) -> list[str]:
    return [event.type.value for event in told(session)]


def deliveries_of(session: Session) -> list[WebhookDelivery]:
    return list(session.scalars(select(WebhookDelivery)))


def test_placing_and_moving_an_order_is_told(session: Session, sku: Sku) -> None:
    make_webhook(session)
    order = make_order(session, sku, 2)
    orders.accept(session, order, now=NOW + timedelta(minutes=1), actor_id=None)
    work(session)
    assert types(session) == ["order.placed", "order.accepted"]
    placed = told(session)[0].data["order"]
    assert (placed["number"], placed["status"], placed["total"]) == (order.number, "placed", 280000)


def test_an_event_names_no_person(session: Session, sku: Sku) -> None:
    make_webhook(session)
    order = make_order(session, sku)
    work(session)
    text = str(told(session)[0].data)
    assert order.contact_name is not None
    assert order.contact_phone is not None
    assert order.contact_name not in text
    assert order.contact_phone not in text


def test_without_anyone_to_tell_nothing_is_kept(session: Session, sku: Sku) -> None:
    make_webhook(session, EventType.SHIPPED)
    make_order(session, sku)
    work(session)
    assert told(session) == []


def test_when_nobody_listens_one_job_does_away_with_all(session: Session, sku: Sku) -> None:
    for _order in range(3):
        make_order(session, sku)
    later = NOW + timedelta(hours=1)
    enqueue(session, events.ORDER, {}, now=later)
    first, *_others = session.scalars(select(OutboxJob).filter_by(name=events.ORDER))
    events.order_event(session, first.payload, NOW)
    left = session.scalars(select(OutboxJob).filter_by(name=events.ORDER, done_at=None))
    assert [job.run_at for job in left] == [later]


def test_as_long_as_somebody_listens_each_job_is_looked_at(session: Session, sku: Sku) -> None:
    make_webhook(session, EventType.SHIPPED)
    for _order in range(2):
        make_order(session, sku)
    jobs = session.scalars(select(OutboxJob).filter_by(name=events.ORDER)).all()
    events.order_event(session, jobs[0].payload, NOW)
    assert [job.done_at for job in jobs] == [None, None]


def test_each_webhook_is_told_of_what_it_wants(session: Session, sku: Sku) -> None:
    wants = make_webhook(session, EventType.PLACED)
    make_webhook(session, EventType.PAID)
    off = make_webhook(session, EventType.PLACED)
    webhooks.switch(session, off.id, False, **BY_NOBODY)
    make_order(session, sku)
    work(session)
    assert [row.webhook_id for row in deliveries_of(session)] == [wants.id]


def test_a_job_that_runs_twice_tells_once(session: Session, sku: Sku) -> None:
    make_webhook(session)
    order = make_order(session, sku)
    payload = {"order_id": str(order.id), "to": "placed", "at": NOW.isoformat()}
    for _time in range(2):
        events.order_event(session, payload, NOW)
    assert len(deliveries_of(session)) == 1


def swept(session: Session, at: datetime = NOW) -> int:
    session.flush()
    return events.sweep(session, now=at)


def test_an_article_that_runs_short_is_told_once(session: Session, sku: Sku) -> None:
    make_webhook(session)
    shop = make_place(session)
    products.set_low_stock(session, sku, 5, **BY_NOBODY)
    stock_up(session, shop, sku, 4)
    alerts.sweep(session, day=TODAY, now=NOW)
    assert (swept(session), swept(session)) == (1, 0)
    found = told(session)[0]
    assert found.type is EventType.STOCK_LOW
    assert (found.data["sku"], found.data["place"], found.data["left"]) == (sku.code, shop.code, 4)


def test_what_was_before_the_webhook_is_not_told(session: Session, sku: Sku) -> None:
    products.set_low_stock(session, sku, 5, **BY_NOBODY)
    stock_up(session, make_place(session), sku, 4)
    alerts.sweep(session, day=TODAY, now=NOW - timedelta(hours=1))
    recognise(session, sku.product, 4, valid_until=TODAY - timedelta(days=1))
    make_webhook(session)
    assert swept(session) == 0


@pytest.mark.parametrize(("days", "due"), [(2, 0), (3, 1), (9, 1)])
def test_a_recognition_is_told_of_after_its_last_day(
    session: Session, sku: Sku, days: int, due: int
) -> None:
    make_webhook(session)
    recognise(session, sku.product, 4, valid_until=TODAY + timedelta(days=2))
    at = NOW + timedelta(days=days)
    assert (swept(session, at), swept(session, at)) == (due, 0)


def test_it_says_which_stars_the_product_has_now(session: Session, sku: Sku) -> None:
    make_webhook(session)
    ended = recognise(session, sku.product, 4, valid_until=TODAY)
    recognise(session, sku.product, 3)
    swept(session, NOW + timedelta(days=1))
    data: Any = told(session)[0].data
    assert (data["stars"], data["stars_now"], data["ended_on"]) == (4, 3, "2026-11-25")
    assert data["decision"] == ended.decision.number  # type: ignore[union-attr]

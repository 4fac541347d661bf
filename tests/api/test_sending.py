"""Sending to a receiver on this machine: signed, tried again, given up, never twice after success."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from app.api import deliveries, events, sending, webhooks
from app.api.models import DeliveryState, EventType, WebhookAttempt, WebhookDelivery
from app.core import db
from app.core.db import reading, transaction
from app.core.outbox import MAX_ATTEMPTS, OutboxJob
from app.jobs import JOBS, run_due
from builders import BY_NOBODY, NOW, make_offered, make_order
from builders_api import make_delivery, make_webhook
from pos.sales import orders
from support.answers import check
from support.receiver import Receiver

SECRET_KEY = "a secret only the tests know, 32+"


def work(receiver: Receiver, now: datetime = NOW) -> int:
    """The worker, with the receiver behind every name."""
    errand = partial(sending.send, SECRET_KEY, receiver.post)
    jobs = JOBS | {"order_placed": lambda *_all: None}
    return run_due(now, jobs, {deliveries.SEND: errand})


def begun(*types: EventType) -> tuple[UUID, str]:
    """A delivery that waits, and the secret of its webhook."""
    with transaction() as session:
        webhook = make_webhook(session, *types)
        return make_delivery(session, webhook).id, webhooks.secret_of(webhook, SECRET_KEY)


def state_of(delivery_id: UUID) -> DeliveryState:
    with reading() as session:
        return session.get_one(WebhookDelivery, delivery_id).state


def log_of(delivery_id: UUID) -> list[WebhookAttempt]:
    with reading() as session:
        query = select(WebhookAttempt).filter_by(delivery_id=delivery_id)
        return list(session.scalars(query.order_by(WebhookAttempt.id)))


def genuine(headers: Mapping[str, str], body: bytes, secret: str) -> bool:
    """What a receiver does, written anew."""
    parts = dict(part.split("=", 1) for part in headers["Phohien-Signature"].split(","))
    mark = hmac.new(secret.encode(), parts["t"].encode() + b"." + body, hashlib.sha256)
    return mark.hexdigest() == parts["v1"] and abs(int(parts["t"]) - NOW.timestamp()) < 300


def test_what_arrives_is_signed_and_as_documented(
    real_database: db.Database, receiver: Receiver
) -> None:
    delivery, secret = begun()
    work(receiver)
    headers, body = receiver.got[0]
    assert genuine(headers, body, secret)
    assert not genuine(headers, body + b" ", secret)
    assert not genuine(headers, body, secret + "x")
    check(json.loads(body), {"$ref": "#/components/schemas/Event"})
    assert state_of(delivery) is DeliveryState.DONE
    kept = log_of(delivery)[0]
    assert (kept.status, kept.answer, kept.trouble) == (200, "nhận rồi", None)


def test_a_failure_is_tried_again_with_the_same_event(
    real_database: db.Database, receiver: Receiver
) -> None:
    delivery, _secret = begun()
    receiver.answers = [503, 302]
    work(receiver)
    assert work(receiver, NOW + timedelta(seconds=1)) == 0
    work(receiver, NOW + timedelta(seconds=3))
    work(receiver, NOW + timedelta(seconds=9))
    assert [row.status for row in log_of(delivery)] == [503, 302, 200]
    assert len({body for _headers, body in receiver.got}) == 1
    assert state_of(delivery) is DeliveryState.DONE


def test_nothing_is_sent_again_after_success(
    real_database: db.Database, receiver: Receiver
) -> None:
    delivery, _secret = begun()
    work(receiver)
    with transaction() as session:
        job = session.scalars(select(OutboxJob).filter_by(name=deliveries.SEND)).one()
        job.done_at = None
        with pytest.raises(deliveries.StillTrying):
            deliveries.resend(session, delivery, now=NOW)
    work(receiver, NOW + timedelta(hours=1))
    assert len(receiver.got) == 1


def exhausted(receiver: Receiver) -> UUID:
    delivery, _secret = begun()
    receiver.answers = [500] * MAX_ATTEMPTS
    for hours in range(MAX_ATTEMPTS + 3):
        work(receiver, NOW + timedelta(hours=2 * hours))
    return delivery


def test_it_is_given_up_after_the_last_try(real_database: db.Database, receiver: Receiver) -> None:
    delivery = exhausted(receiver)
    assert state_of(delivery) is DeliveryState.DEAD
    assert len(receiver.got) == len(log_of(delivery)) == MAX_ATTEMPTS
    with reading() as session:
        found = deliveries.to_look_at(session, NOW)
        assert [row.id for row in found] == [delivery]
        assert list(session.scalars(select(OutboxJob).filter_by(done_at=None))) == []


def test_staff_can_send_it_again(real_database: db.Database, receiver: Receiver) -> None:
    delivery, late = exhausted(receiver), NOW + timedelta(days=3)
    with transaction() as session:
        deliveries.resend(session, delivery, now=late)
    with transaction() as session, pytest.raises(deliveries.StillTrying):
        deliveries.resend(session, delivery, now=late)
    work(receiver, late)
    assert state_of(delivery) is DeliveryState.DONE
    assert len({json.loads(body)["id"] for _headers, body in receiver.got}) == 1


def test_what_is_switched_off_gets_nothing(real_database: db.Database, receiver: Receiver) -> None:
    delivery, _secret = begun()
    with transaction() as session:
        webhook = session.get_one(WebhookDelivery, delivery).webhook
        webhooks.switch(session, webhook.id, False, **BY_NOBODY)
    work(receiver)
    assert receiver.got == []
    assert state_of(delivery) is DeliveryState.DEAD


def test_a_new_secret_signs_from_then_on(real_database: db.Database, receiver: Receiver) -> None:
    delivery, old = begun()
    with transaction() as session:
        webhook = session.get_one(WebhookDelivery, delivery).webhook
        renewed = webhooks.renew_secret(session, webhook.id, **BY_NOBODY)
        new = webhooks.secret_of(renewed, SECRET_KEY)
    work(receiver)
    assert genuine(*receiver.got[0], new)
    assert not genuine(*receiver.got[0], old)


def test_an_order_is_told_of_in_the_order_of_its_moves(
    real_database: db.Database, receiver: Receiver
) -> None:
    with transaction() as session:
        make_webhook(session)
        order = make_order(session, make_offered(session))
        orders.accept(session, order, now=NOW + timedelta(seconds=5), actor_id=None)
    for seconds in (10, 20):
        work(receiver, NOW + timedelta(seconds=seconds))
    sent = [json.loads(body) for _headers, body in receiver.got]
    assert [one["type"] for one in sent] == ["order.placed", "order.accepted"]
    assert sorted(one["id"] for one in sent) == [one["id"] for one in sent]


def test_after_a_failure_the_ids_still_tell_the_order(
    real_database: db.Database, receiver: Receiver
) -> None:
    receiver.answers = [500]
    with transaction() as session:
        make_webhook(session)
        order = make_order(session, make_offered(session))
        orders.accept(session, order, now=NOW + timedelta(seconds=5), actor_id=None)
    for seconds in (10, 20, 30):
        work(receiver, NOW + timedelta(seconds=seconds))
    sent: list[Any] = [json.loads(body) for _headers, body in receiver.got]
    assert [one["type"] for one in sent] == ["order.placed", "order.accepted", "order.placed"]
    assert sorted(sent, key=lambda one: str(one["id"]))[-1]["type"] == "order.accepted"


def test_a_move_that_is_undone_is_told_to_nobody(
    real_database: db.Database, receiver: Receiver
) -> None:
    with transaction() as session:
        make_webhook(session)
        sku = make_offered(session)
    with pytest.raises(RuntimeError), transaction() as session:
        make_order(session, sku)
        raise RuntimeError
    work(receiver, NOW + timedelta(seconds=10))
    assert receiver.got == []
    with reading() as session:
        assert list(session.scalars(select(OutboxJob).filter_by(name=events.ORDER))) == []

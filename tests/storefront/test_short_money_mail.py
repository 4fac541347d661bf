"""Who transferred too little is told once how to pay the rest."""

from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from app.core import db
from app.core.db import transaction
from app.core.outbox import OutboxJob
from app.errands import errands
from builders import NOW, make_offered
from builders_sales import make_prepaid
from pos.sales import paying, payments
from pos.sales.models import Order, Payment
from pos.sales.status import OrderStatus
from support.payments import taking_money


@pytest.fixture
def shop(app: Flask) -> Iterator[Flask]:
    with taking_money(app):
        yield app


@pytest.fixture
def order(real_database: db.Database) -> Order:
    with transaction() as session:
        return make_prepaid(session, make_offered(session))


def comes(order: Order, amount: int, key: str) -> None:
    with transaction() as session:
        payment = session.scalars(select(Payment).filter_by(order_id=order.id)).one()
        paying.money_came(session, payment, amount, source="bank", key=key, now=NOW)


def queued() -> list[dict[str, str]]:
    with transaction() as session:
        jobs = session.scalars(select(OutboxJob).filter_by(name=paying.TELL_SHORT))
        return [job.payload for job in jobs]


def sent(app: Flask) -> list[EmailMessage]:
    folder: Path = app.extensions["phohien_settings"].instance_dir / "mail"
    for old in folder.glob("payment_short*.eml"):
        old.unlink()
    for payload in queued():
        errands(app)[paying.TELL_SHORT](payload)
    found = [
        message_from_bytes(file.read_bytes(), policy=policy.default)
        for file in folder.glob("payment_short*.eml")
    ]
    return [message for message in found if isinstance(message, EmailMessage)]


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_message_says_what_is_missing_and_how_to_pay_it(
    shop: Flask, order: Order, language: str
) -> None:
    with transaction() as session:
        session.get_one(Order, order.id).language = language
        code = payments.get(session, order.payments[0].id).code
    comes(order, 55_000, "1")
    (message,) = sent(shop)
    assert order.number in str(message["Subject"])
    plain, html = message.get_body(("plain",)), message.get_body(("html",))
    assert plain is not None
    assert html is not None
    for text in (plain.get_content(), html.get_content()):
        for told in ("55.000", "155.000", "100.000", str(code), f"/thanh-toan/vietqr/{code}.png"):
            assert told in text, told
        assert ("remaining" if language == "en" else "còn lại") in text


def test_it_is_told_once_however_often_a_part_comes(shop: Flask, order: Order) -> None:
    for number in range(3):
        comes(order, 10_000, str(number))
    assert len(queued()) == 1


def test_nothing_is_told_when_all_has_come_or_it_is_over(shop: Flask, order: Order) -> None:
    comes(order, 55_000, "1")
    with transaction() as session:
        session.get_one(Order, order.id).status = OrderStatus.CANCELLED
    assert sent(shop) == []
    with transaction() as session:
        session.get_one(Order, order.id).status = OrderStatus.ACCEPTED
    comes(order, 100_000, "2")
    assert sent(shop) == []


def test_who_gave_no_address_gets_nothing(shop: Flask, order: Order) -> None:
    comes(order, 55_000, "1")
    with transaction() as session:
        session.get_one(Order, order.id).contact_email = None
    assert sent(shop) == []


def test_all_at_once_is_no_message(shop: Flask, order: Order) -> None:
    comes(order, 155_000, "1")
    assert queued() == []

"""Messages about an order: both languages, both parts, nothing a buyer typed becomes markup."""

from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from flask import Flask

from app.core import db
from app.errands import errands
from builders import make_offered
from builders_sales import make_prepaid
from pos.sales.models import Order
from pos.sales.status import OrderStatus

MOVES = ["accepted", "paid", "packed", "shipped", "delivered", "failed", "returned", "refused"]


@pytest.fixture
def order(real_database: db.Database) -> Order:
    with db.transaction() as session:
        return make_prepaid(session, make_offered(session))


def sent(app: Flask, name: str, payload: dict[str, str]) -> EmailMessage:
    errands(app)[name](payload)
    folder: Path = app.extensions["phohien_settings"].instance_dir / "mail"
    newest = max(folder.glob("*.eml"), key=lambda path: path.stat().st_mtime_ns)
    message = message_from_bytes(newest.read_bytes(), policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def parts(message: EmailMessage) -> tuple[str, str]:
    plain, html = message.get_body(("plain",)), message.get_body(("html",))
    assert plain is not None
    assert html is not None
    return plain.get_content(), html.get_content()


def change(order: Order, **values: object) -> None:
    with db.transaction() as session:
        found = session.get_one(Order, order.id)
        for name, value in values.items():
            setattr(found, name, value)


def test_the_confirmation_says_how_long_the_goods_are_kept(app: Flask, order: Order) -> None:
    plain, html = parts(sent(app, "order_placed", {"order_id": str(order.id)}))
    for text in (plain, html):
        assert order.number in text
        assert "10:00 25/11/2026" in text
        assert "155.000" in text


@pytest.mark.parametrize("to", [*MOVES, "cancelled", "expired"])
@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_move_is_told_in_both_languages(
    app: Flask, order: Order, to: str, language: str
) -> None:
    change(order, language=language)
    message = sent(app, "order_moved", {"order_id": str(order.id), "to": to})
    plain, html = parts(message)
    greeting = "Kính gửi" if language == "vi" else "Dear"
    assert plain.startswith(greeting)
    assert f'<html lang="{language}">' in html
    assert message["Message-ID"].startswith(f"<order_moved.{order.number}-{to}@")


def test_no_two_moves_are_told_in_the_same_words(app: Flask, order: Order) -> None:
    payload = {"order_id": str(order.id)}
    texts = [parts(sent(app, "order_moved", payload | {"to": to}))[0] for to in MOVES]
    assert len(set(texts)) == len(MOVES)


def test_what_a_buyer_typed_stays_text(app: Flask, order: Order) -> None:
    change(order, contact_name="<b>Bình</b>", address="<img src=x>")
    payload = {"order_id": str(order.id), "to": OrderStatus.SHIPPED.value}
    plain, html = parts(sent(app, "order_moved", payload))
    assert "<b>Bình</b>" in plain
    assert "&lt;b&gt;Bình" in html
    assert "<img" not in html


def test_without_an_address_nothing_is_sent(app: Flask, order: Order) -> None:
    change(order, contact_email=None)
    errands(app)["order_placed"]({"order_id": str(order.id)})
    folder: Path = app.extensions["phohien_settings"].instance_dir / "mail"
    assert list(folder.glob(f"*{order.number}*")) == []

"""What buyers see and do to pay beforehand."""

from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
import zxingcpp
from flask import Flask
from PIL import Image
from sqlalchemy.orm import Session

from builders import BY_NOBODY, NOW
from builders_payments import TOTAL, make_prepaid, payment_of
from pos.sales import orders, paying, payments
from pos.sales.gateways import vietqr
from pos.sales.models import Order
from pos.sales.status import OrderStatus, PaymentStatus, Tender
from support.browser import Browser
from support.payments import holder, taking_money
from support.stripe_server import Stripe, running


@pytest.fixture
def stripe(app: Flask) -> Iterator[Stripe]:
    with running() as server, taking_money(app, server):
        yield server


@pytest.fixture
def order(session: Session, stripe: Stripe) -> Order:
    placed = make_prepaid(session)
    session.commit()
    return placed


@pytest.fixture
def card(session: Session, stripe: Stripe) -> Order:
    placed = make_prepaid(session, Tender.CARD)
    session.commit()
    return placed


def panel(app: Flask, order: Order, **more: Any) -> str:
    """The part of the order's page about paying."""
    with app.test_request_context("/?lang=en", **more):
        return app.jinja_env.get_template("storefront/_pay.html").render(
            order=order, csrf=lambda: "", **_globals(app)
        )


def _globals(app: Flask) -> dict[str, Any]:
    found: dict[str, Any] = {}
    app.update_template_context(found)
    return found


def status(session: Session, order: Order) -> tuple[OrderStatus, PaymentStatus]:
    session.expire_all()
    found = orders.get(session, order.id)
    return found.status, payment_of(found).status


def test_the_code_asks_for_the_amount_under_the_reference(visitor: Browser, order: Order) -> None:
    code = payment_of(order).code
    picture = visitor.get(f"/thanh-toan/vietqr/{code}.png")
    assert picture.mimetype == "image/png"
    (found,) = zxingcpp.read_barcodes(Image.open(BytesIO(picture.data)))
    asked = vietqr.read(found.text)
    assert asked == vietqr.Code("970436", "0011004455667", TOTAL, code or "")
    assert visitor.get(f"/thanh-toan/vietqr/{code}.svg").text.startswith("<svg")


def test_a_second_code_asks_for_what_is_missing(
    session: Session, visitor: Browser, order: Order
) -> None:
    payment = payment_of(order)
    paying.money_came(session, payment, 150_000, source="bank", key="1", now=NOW)
    session.commit()
    picture = visitor.get(f"/thanh-toan/vietqr/{payment.code}.png")
    (found,) = zxingcpp.read_barcodes(Image.open(BytesIO(picture.data)))
    assert vietqr.read(found.text).amount == 50_000


@pytest.mark.parametrize("code", ["PH22222222", "PHxxxxxxxx", "PH"])
def test_codes_that_nobody_was_given_are_not_found(
    visitor: Browser, stripe: Stripe, code: str
) -> None:
    assert visitor.get(f"/thanh-toan/vietqr/{code}.svg").status_code == 404


def test_the_panel_says_where_to_transfer_to(app: Flask, order: Order) -> None:
    text = panel(app, order)
    for part in ("Vietcombank", "0011004455667", "HTX PHO HIEN", payment_of(order).code, "200.000"):
        assert str(part) in text
    assert "10:00 25/11/2026" in text
    assert "I have paid" in text


def test_the_panel_follows_what_happens(app: Flask, session: Session, order: Order) -> None:
    payments.claim(session, payment_of(order), **BY_NOBODY)
    assert "on its way" in panel(app, order)
    assert "I have paid" not in panel(app, order)
    paying.money_came(session, payment_of(order), 150_000, source="b", key="1", now=NOW)
    short = panel(app, order).replace("\u00a0", " ")
    assert "150.000 ₫ have come, 50.000 ₫ are missing" in short
    paying.money_came(session, payment_of(order), 50_000, source="b", key="2", now=NOW)
    assert "We have received" in panel(app, order)
    assert "Vietcombank" not in panel(app, order)


def test_the_panel_of_a_late_order_asks_for_nothing(
    app: Flask, session: Session, order: Order
) -> None:
    orders.expire(session, order, now=NOW)
    assert "The time to pay is over" in panel(app, order)
    assert "Vietcombank" not in panel(app, order)


def test_another_amount_on_a_card_asks_for_patience(
    app: Flask, session: Session, card: Order
) -> None:
    payments.mismatch(session, payment_of(card), **BY_NOBODY)
    assert "please do not pay again" in panel(app, card)
    assert "Pay 200" not in panel(app, card)


def test_a_message_says_where_to_transfer_to(app: Flask, session: Session, order: Order) -> None:
    with app.test_request_context("/?lang=vi"):
        template = app.jinja_env.get_template("email/_transfer.txt")
        values = _globals(app) | {"base_url": "http://localhost"}
        text = template.render(order=order, **values)
        other = template.render(order=make_prepaid(session, Tender.CARD), **values)
    code = payment_of(order).code
    assert f"Nội dung chuyển khoản: {code}" in text
    assert f"http://localhost/thanh-toan/vietqr/{code}.png" in text
    assert other.strip() == ""


def test_other_ways_of_paying_have_no_panel(app: Flask, session: Session, stripe: Stripe) -> None:
    order = make_prepaid(session, Tender.ON_DELIVERY)
    assert panel(app, order).strip() == ""


def test_only_the_holder_says_that_it_is_paid(
    app: Flask, session: Session, visitor: Browser, order: Order
) -> None:
    path = f"/don-hang/{order.number}/da-chuyen"
    assert visitor.post(path).status_code == 404
    for _ in range(2):
        assert holder(app, order.number).post(path).status_code == 303
    assert status(session, order) == (OrderStatus.PLACED, PaymentStatus.CLAIMED)


def test_the_card_button_opens_one_page(
    app: Flask, session: Session, card: Order, stripe: Stripe
) -> None:
    browser, path = holder(app, card.number), f"/don-hang/{card.number}/the"
    for _ in range(2):
        page = browser.follow(browser.post(path))
        assert f'content="0;url={stripe.base}/c/pay/cs_test_1"' in page.text
    assert list(stripe.sessions) == ["cs_test_1"]
    (made,) = stripe.sessions.values()
    assert made["amount_total"] == TOTAL
    assert made["success_url"] == f"http://localhost/don-hang/{card.number}?paid=1"


def test_strangers_open_no_card_page(
    app: Flask, visitor: Browser, card: Order, stripe: Stripe
) -> None:
    assert visitor.post(f"/don-hang/{card.number}/the").status_code == 404
    assert visitor.get(f"/don-hang/{card.number}/the").status_code == 404
    assert stripe.sessions == {}


def test_a_provider_that_is_down_is_said_and_the_next_click_works(
    app: Flask, card: Order, stripe: Stripe
) -> None:
    browser, path = holder(app, card.number), f"/don-hang/{card.number}/the"
    stripe.faults = ["lose", "down"]
    back = browser.post(path)
    assert back.headers["Location"] == f"/don-hang/{card.number}"
    browser.post(path)
    assert len(stripe.sessions) == 1


def test_what_the_provider_refuses_is_asked_anew(app: Flask, card: Order, stripe: Stripe) -> None:
    browser, path = holder(app, card.number), f"/don-hang/{card.number}/the"
    stripe.faults = ["refuse"]
    browser.post(path)
    assert browser.post(path).headers["Location"] == path
    assert len(stripe.answers) == 1


def test_a_page_of_which_nothing_was_heard_is_asked_about_before_another_is_opened(
    app: Flask, session: Session, card: Order, stripe: Stripe
) -> None:
    browser, path = holder(app, card.number), f"/don-hang/{card.number}/the"
    browser.post(path)
    stripe.pay("cs_test_1")
    payment_of(card).started_at = NOW - timedelta(minutes=40)
    session.commit()
    browser.post(path)
    assert status(session, card) == (OrderStatus.PAID, PaymentStatus.SETTLED)
    assert list(stripe.sessions) == ["cs_test_1"]


def test_a_page_whose_time_is_over_makes_room_for_another(
    app: Flask, session: Session, card: Order, stripe: Stripe
) -> None:
    browser, path = holder(app, card.number), f"/don-hang/{card.number}/the"
    browser.post(path)
    stripe.run_out("cs_test_1")
    session.expire_all()
    payment_of(card).started_at = NOW - timedelta(minutes=40)
    session.commit()
    page = browser.follow(browser.post(path))
    _over, open_ = stripe.sessions
    assert f"{stripe.base}/c/pay/{open_}" in page.text


@pytest.mark.parametrize("when", ["late", "ended", "paid"])
def test_what_is_not_to_be_paid_opens_no_page(
    app: Flask, session: Session, card: Order, stripe: Stripe, when: str
) -> None:
    if when == "late":
        card.pay_until = NOW - timedelta(seconds=1)
    if when == "ended":
        orders.cancel(session, card, "Đổi ý", **BY_NOBODY)
    if when == "paid":
        paying.money_came(session, payment_of(card), TOTAL, source="s", key="1", now=NOW)
    session.commit()
    back = holder(app, card.number).post(f"/don-hang/{card.number}/the")
    assert back.headers["Location"] == f"/don-hang/{card.number}"
    assert stripe.sessions == {}

"""Notices of the providers through the door: signed, kept, worked off once, in any order."""

import json
import random
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.models import Role
from app.core import clock
from app.core.outbox import OutboxJob
from builders import BY_NOBODY, NOW, make_offered, make_user
from builders_payments import TOTAL, make_prepaid, payment_of
from pos.sales import card_refunds, cards, orders, paying, payments, refunds
from pos.sales.gateways.base import Page
from pos.sales.models import Order, Payment
from pos.sales.payment_models import BankEntry, Dispute, MoneyIn, ProviderEvent, Refund
from pos.sales.payment_status import DisputeStatus, NoticeStatus, RefundKind, RefundStatus
from pos.sales.status import OrderStatus, PaymentStatus, Tender
from support import bank
from support.payments import BANK_SECRET, door, holder, taking_money, work
from support.post import Post
from support.stripe_server import SECRET, Stripe, running, signed

Bring = Callable[[dict[str, Any]], int]


@pytest.fixture
def stripe(app: Flask, session: Session) -> Iterator[Stripe]:
    with running() as server, taking_money(app, server):
        yield server


@pytest.fixture
def card(session: Session, stripe: Stripe) -> Order:
    order = make_prepaid(session, Tender.CARD)
    session.commit()
    return order


@pytest.fixture
def bring(app: Flask, stripe: Stripe) -> Bring:
    knock = door(app, "/thanh-toan/stripe")
    return lambda event: knock(*signed(event))


def opened(app: Flask, order: Order, stripe: Stripe) -> str:
    known = set(stripe.sessions)
    holder(app, order.number).post(f"/don-hang/{order.number}/the")
    (name,) = set(stripe.sessions) - known
    return name


def state(session: Session, order: Order) -> tuple[OrderStatus, PaymentStatus]:
    session.expire_all()
    found = orders.get(session, order.id)
    return found.status, payment_of(found).status


PAID = (OrderStatus.PAID, PaymentStatus.SETTLED)
PLACED = (OrderStatus.PLACED, PaymentStatus.EXPECTED)


def notice(session: Session, event: dict[str, Any]) -> ProviderEvent:
    return session.scalars(select(ProviderEvent).filter_by(event_id=event["id"])).one()


def paid_by_card(app: Flask, session: Session, order: Order, stripe: Stripe, bring: Bring) -> str:
    name = opened(app, order, stripe)
    assert bring(stripe.pay(name)) == 200
    return str(stripe.sessions[name]["payment_intent"])


def test_a_notice_pays_the_order_once(
    app: Flask, session: Session, card: Order, stripe: Stripe, bring: Bring
) -> None:
    event = stripe.pay(opened(app, card, stripe))
    assert [bring(event) for _ in range(3)] == [200] * 3
    assert state(session, card) == PAID
    assert session.scalar(select(func.count(MoneyIn.id))) == 1
    assert notice(session, event).body == event


def test_forged_and_stale_notices_are_refused_and_not_kept(
    app: Flask, session: Session, card: Order, stripe: Stripe
) -> None:
    event, knock = stripe.pay(opened(app, card, stripe)), door(app, "/thanh-toan/stripe")
    body, headers = signed(event)
    late = clock.now().timestamp() - 301
    for letter in [
        (body, {}),
        (body.replace(b"200000", b"200001"), headers),
        signed(event, "whsec_forged"),
        signed(event, SECRET, late),
    ]:
        assert knock(*letter) == 403
    assert session.scalar(select(func.count(ProviderEvent.id))) == 0
    assert state(session, card) == PLACED


def test_without_settings_there_is_no_door(app: Flask, session: Session) -> None:
    assert door(app, "/thanh-toan/stripe")(b"{}", {}) == 404
    assert door(app, "/thanh-toan/ngan-hang/sepay")(b"{}", {}) == 404


@pytest.mark.parametrize(("amount", "currency"), [(TOTAL - 1, "vnd"), (TOTAL, "usd")])
def test_another_amount_or_currency_is_left_to_staff(
    app: Flask,
    session: Session,
    card: Order,
    stripe: Stripe,
    bring: Bring,
    amount: int,
    currency: str,
) -> None:
    event = stripe.pay(opened(app, card, stripe), amount, currency)
    assert bring(event) == 200
    assert state(session, card) == (OrderStatus.PLACED, PaymentStatus.MISMATCHED)
    kept = notice(session, event)
    assert (kept.status, kept.note) == (
        NoticeStatus.FLAGGED,
        f"{amount} {currency} instead of {TOTAL} vnd",
    )


def test_a_notice_of_an_unknown_payment_waits_and_is_shown_to_staff_in_the_end(
    app: Flask, session: Session, stripe: Stripe, bring: Bring
) -> None:
    told = {
        "id": "cs_elsewhere",
        "status": "complete",
        "payment_status": "paid",
        "amount_total": 5,
        "currency": "vnd",
        "metadata": {"payment_id": "01920000-0000-7000-8000-000000000000"},
    }
    event = stripe.tell("checkout.session.completed", told)
    assert bring(event) == 200
    assert notice(session, event).status is NoticeStatus.WAITING
    work(app, timedelta(days=4))
    session.expire_all()
    assert notice(session, event).status is NoticeStatus.FLAGGED


def test_a_notice_before_its_order_is_taken_up_by_the_worker(
    app: Flask, session: Session, stripe: Stripe, bring: Bring
) -> None:
    early = uuid4()
    page = {"id": "cs_early", "status": "open", "amount_total": TOTAL}
    stripe.sessions["cs_early"] = page | {"metadata": {"payment_id": str(early)}}
    event = stripe.pay("cs_early")
    assert bring(event) == 200
    assert notice(session, event).status is NoticeStatus.WAITING
    order = make_prepaid(session, Tender.CARD)
    payment_of(order).id = early
    session.commit()
    work(app, timedelta(minutes=1))
    assert state(session, order) == PAID


def test_a_notice_that_never_comes_is_asked_for(
    app: Flask, session: Session, card: Order, stripe: Stripe, bring: Bring
) -> None:
    lost = stripe.pay(opened(app, card, stripe))
    work(app, timedelta(minutes=4))
    assert state(session, card) == PLACED
    work(app, timedelta(minutes=6))
    assert state(session, card) == PAID
    bring(lost)
    assert session.scalar(select(func.count(MoneyIn.id))) == 1


def test_what_is_found_wrong_when_asked_is_shown_to_staff(
    app: Flask, session: Session, card: Order, stripe: Stripe
) -> None:
    stripe.pay(opened(app, card, stripe), 5)
    work(app, timedelta(minutes=6))
    (kept,) = session.scalars(select(ProviderEvent))
    assert (kept.kind, kept.status) == ("look", NoticeStatus.FLAGGED)


def test_a_page_that_ran_out_makes_room_for_another(
    app: Flask, session: Session, card: Order, stripe: Stripe, bring: Bring
) -> None:
    first = opened(app, card, stripe)
    bring(stripe.run_out(first))
    second = opened(app, card, stripe)
    assert first != second
    bring(stripe.pay(second))
    assert state(session, card) == PAID


def test_a_payment_that_came_to_nothing_can_be_tried_again(
    app: Flask, session: Session, card: Order, stripe: Stripe, bring: Bring
) -> None:
    failed = stripe.could_not(opened(app, card, stripe))
    bring(failed)
    assert state(session, card) == (OrderStatus.PLACED, PaymentStatus.FAILED)
    bring(stripe.pay(opened(app, card, stripe)))
    bring(failed)
    assert state(session, card) == PAID


def test_money_of_an_order_that_expired_goes_back_through_the_provider(
    app: Flask, session: Session, card: Order, stripe: Stripe, bring: Bring
) -> None:
    event = stripe.pay(opened(app, card, stripe))
    orders.expire(session, session.merge(card), now=NOW)
    session.commit()
    bring(event)
    work(app)
    session.expire_all()
    (refund,) = session.scalars(select(Refund))
    assert (refund.status, refund.kind) == (RefundStatus.SETTLED, RefundKind.ENDED)
    assert [r["amount"] for r in stripe.refunds.values()] == [TOTAL]


def test_an_order_that_ends_closes_its_page(
    app: Flask, session: Session, card: Order, stripe: Stripe
) -> None:
    name = opened(app, card, stripe)
    session.expire_all()
    found = orders.get(session, card.id, lock=True)
    found.status = OrderStatus.EXPIRED
    payments.end(session, found, **BY_NOBODY)
    session.commit()
    work(app)
    assert stripe.sessions[name]["status"] == "expired"


def decided(session: Session, order: Order, amount: int, key: str = "form") -> Refund:
    session.expire_all()
    found = orders.get(session, order.id, lock=True)
    refund = refunds.request(
        session,
        payment_of(found),
        amount,
        kind=RefundKind.DECIDED,
        reason="Vỡ",
        key=key,
        **BY_NOBODY,
    )
    session.commit()
    return refund


def test_parts_go_back_once_each_however_often_it_is_told(
    app: Flask, session: Session, card: Order, stripe: Stripe, bring: Bring
) -> None:
    charge = paid_by_card(app, session, card, stripe, bring)
    for key, amount in (("a", 50_000), ("b", 30_000)):
        decided(session, card, amount, key)
    stripe.faults = ["lose"]
    work(app)
    work(app, timedelta(minutes=2))
    told = stripe.events[1:]
    random.Random(4).shuffle(told)
    assert {bring(event) for event in [*told, *told]} == {200}
    session.expire_all()
    states = session.scalars(select(Refund.status)).all()
    assert list(states) == [RefundStatus.SETTLED] * 2
    assert stripe.charges[charge]["amount_refunded"] == 80_000
    assert all(n.status is NoticeStatus.DONE for n in session.scalars(select(ProviderEvent)))


def test_a_refund_survives_a_provider_that_is_away_for_an_hour(
    app: Flask, session: Session, card: Order, stripe: Stripe, bring: Bring
) -> None:
    paid_by_card(app, session, card, stripe, bring)
    refund = decided(session, card, 50_000)
    stripe.down = True
    for minutes in range(0, 60, 2):
        work(app, timedelta(minutes=minutes))
    session.expire_all()
    assert refund.status is RefundStatus.REQUESTED
    stripe.down = False
    for hours in (1, 2, 3, 4):
        work(app, timedelta(hours=hours))
    session.expire_all()
    assert refund.status is RefundStatus.SETTLED
    assert len(stripe.refunds) == 1


def test_a_refund_that_comes_back_is_told_to_staff(
    app: Flask, session: Session, card: Order, stripe: Stripe, bring: Bring
) -> None:
    officer = make_user(session, Role.OFFICER)
    session.commit()
    paid_by_card(app, session, card, stripe, bring)
    refund = decided(session, card, 50_000)
    work(app)
    post = Post(app)
    bring(stripe.refund_fails(next(iter(stripe.refunds))))
    session.expire_all()
    assert (refund.status, payment_of(card).refunded) == (RefundStatus.FAILED, 0)
    notes = [m for m in post.fetch() if m["To"] == officer.email]
    assert [m["Subject"] for m in notes] == [f"Đơn hàng {card.number}: hoàn tiền không thành"]


def test_what_the_provider_refuses_to_pay_back_fails(
    app: Flask, session: Session, card: Order, stripe: Stripe, bring: Bring
) -> None:
    paid_by_card(app, session, card, stripe, bring)
    refund = decided(session, card, 50_000)
    stripe.faults = ["refuse"]
    work(app)
    session.expire_all()
    assert refund.status is RefundStatus.FAILED
    assert "card_declined" in (refund.proof or "")


def test_a_refund_that_is_slow_is_on_its_way_until_it_is_told(
    app: Flask, session: Session, card: Order, stripe: Stripe, bring: Bring
) -> None:
    paid_by_card(app, session, card, stripe, bring)
    stripe.refund_status = "pending"
    refund = decided(session, card, 50_000)
    work(app)
    session.expire_all()
    assert refund.status is RefundStatus.SENT
    (told,) = stripe.refunds.values()
    told["status"] = "succeeded"
    work(app, timedelta(hours=3))
    session.expire_all()
    assert refund.status is RefundStatus.SETTLED


def test_what_was_paid_back_at_the_provider_itself_is_noted_once(
    app: Flask, session: Session, card: Order, stripe: Stripe, bring: Bring
) -> None:
    charge = paid_by_card(app, session, card, stripe, bring)
    stripe.give_back(charge, 20_000)
    created, refunded = stripe.events[-2:]
    for event in (refunded, created, created):
        bring(event)
    assert notice(session, refunded).status is NoticeStatus.WAITING
    work(app, timedelta(minutes=2))
    session.expire_all()
    assert notice(session, refunded).status is NoticeStatus.DONE
    (refund,) = session.scalars(select(Refund))
    assert (refund.kind, refund.amount) == (RefundKind.OUTSIDE, 20_000)


@pytest.mark.parametrize("backwards", [False, True])
def test_disputes_end_as_they_were_decided_in_any_order(
    app: Flask,
    session: Session,
    card: Order,
    stripe: Stripe,
    bring: Bring,
    backwards: bool,
) -> None:
    charge = paid_by_card(app, session, card, stripe, bring)
    told = [stripe.dispute(charge), stripe.dispute(charge, "lost")]
    told[1]["created"] += 60
    for event in reversed(told) if backwards else told:
        assert bring(event) == 200
    (dispute,) = session.scalars(select(Dispute))
    assert (dispute.status, dispute.amount) == (DisputeStatus.LOST, TOTAL)
    session.expire_all()
    assert payment_of(orders.get(session, card.id)).refunded == TOTAL
    queued = session.scalars(select(OutboxJob.payload).filter_by(name=card_refunds.TELL_STAFF))
    assert [p["what"] for p in queued][-1 if not backwards else 0] == "dispute_lost"


def test_events_nobody_waits_for_and_events_without_sense_do_no_harm(
    app: Flask, session: Session, stripe: Stripe, bring: Bring
) -> None:
    other = stripe.tell("customer.created", {"id": "cus"})
    broken = stripe.tell("checkout.session.completed", {"id": "cs"})
    empty = stripe.tell("charge.dispute.created", {})
    assert [bring(event) for event in (other, broken, empty)] == [200] * 3
    states = [notice(session, event).status for event in (other, broken, empty)]
    assert states == [NoticeStatus.DONE, NoticeStatus.FLAGGED, NoticeStatus.WAITING]


@pytest.mark.parametrize("source", ["sepay", "casso"])
def test_a_movement_of_the_bank_pays_the_order_once(
    app: Flask, session: Session, stripe: Stripe, source: str
) -> None:
    order = make_prepaid(session)
    session.commit()
    told = bank.told(source, amount=TOTAL, text=f"{payment_of(order).code} mua nhan")
    letter, knock = (
        bank.signed(source, told, BANK_SECRET, clock.now()),
        door(app, f"/thanh-toan/ngan-hang/{source}"),
    )
    assert [knock(*letter) for _ in range(3)] == [200] * 3
    assert state(session, order) == PAID
    assert session.scalar(select(func.count(BankEntry.id))) == 1
    body, headers = letter
    # One signs the letter, the other what stands in it.
    assert knock(body + b" ", headers) == (403 if source == "sepay" else 200)
    assert knock(body, {}) == 403
    assert door(app, "/thanh-toan/ngan-hang/other")(body, headers) == 404


def test_what_fails_while_it_is_worked_off_is_taken_up_again(
    app: Flask, session: Session, stripe: Stripe, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = make_prepaid(session)
    session.commit()
    told = bank.told("sepay", amount=TOTAL, text=str(payment_of(order).code))

    def broken(*_args: object, **_more: object) -> None:
        raise RuntimeError("no")

    with monkeypatch.context() as patch:
        patch.setattr(paying, "_judge", broken)
        letter = bank.signed("sepay", told, BANK_SECRET, clock.now())
        assert door(app, "/thanh-toan/ngan-hang/sepay")(*letter) == 200
    assert state(session, order) == PLACED
    work(app, timedelta(minutes=1))
    assert state(session, order) == PAID


def test_three_hundred_notices_shuffled_and_doubled_have_one_effect_each(
    app: Flask, session: Session, stripe: Stripe
) -> None:
    sku, letters, by_bank = make_offered(session, TOTAL - 30_000), [], []
    placed = [
        make_prepaid(session, tender, sku)
        for tender in (Tender.CARD, Tender.TRANSFER)
        for _ in range(150)
    ]
    session.commit()
    for number, order in enumerate(placed):
        payment = payment_of(order)
        if payment.tender is Tender.TRANSFER:
            told = bank.told("sepay", number, TOTAL, str(payment.code), ref=f"FT{number}")
            by_bank.append(bank.signed("sepay", told, BANK_SECRET, clock.now()))
            continue
        name = f"cs_{number}"
        cards.opened(session, payment.id, payment.attempt, Page(name, "http://x"))
        stripe.sessions[name] = {"id": name, "status": "open", "amount_total": TOTAL}
        stripe.sessions[name]["metadata"] = {"payment_id": str(payment.id)}
        letters.append(signed(stripe.pay(name)))
    session.commit()
    for path, bag in (("stripe", letters), ("ngan-hang/sepay", by_bank)):
        messenger = bank.Messenger(door(app, f"/thanh-toan/{path}"), seed=7)
        statuses = list(messenger.bring(bag, twice=0.3))
        assert set(statuses) == {200}
        assert len(statuses) > 170
    session.expire_all()
    counted = select(func.count(), func.min(Payment.received), func.max(Payment.received))
    assert session.execute(counted).one() == (300, TOTAL, TOTAL)
    assert set(session.scalars(select(Order.status))) == {OrderStatus.PAID}
    assert session.scalar(select(func.count(Refund.id))) == 0


def test_no_secret_stands_in_what_is_kept(
    app: Flask, session: Session, card: Order, stripe: Stripe, bring: Bring
) -> None:
    paid_by_card(app, session, card, stripe, bring)
    kept = json.dumps([event.body for event in session.scalars(select(ProviderEvent))])
    assert SECRET not in kept

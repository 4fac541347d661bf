"""The card provider through its own library, against a server on loopback."""

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from builders import NOW
from pos.sales.gateways.base import (
    BackState,
    BackWish,
    BadNotice,
    ForgedNotice,
    PageState,
    PageWish,
    ProviderDown,
    ProviderRefused,
)
from pos.sales.gateways.stripe import StripeCards
from support.stripe_server import KEY, SECRET, Stripe, running, signed

WISH = PageWish(
    key="pay-1",
    payment_id=uuid4(),
    order_number="PH-26-ABCDEFGH",
    amount=200_000,
    email="lan@example.vn",
    language="vi",
    success_url="http://localhost/don-hang/1?paid=1",
    cancel_url="http://localhost/don-hang/1",
    expires_at=NOW + timedelta(minutes=35),
)


@pytest.fixture(scope="module")
def server() -> Iterator[Stripe]:
    with running() as stripe:
        yield stripe


@pytest.fixture
def cards(server: Stripe) -> StripeCards:
    server.__init__(base=server.base)  # type: ignore[misc]
    return StripeCards(KEY, SECRET, server.base, retries=0)


def paid(server: Stripe, cards: StripeCards) -> str:
    page = cards.open_page(WISH)
    server.pay(page.session_ref)
    return cards.look(page.session_ref).charge or ""


def test_a_page_is_in_whole_dong_and_knows_its_payment(server: Stripe, cards: StripeCards) -> None:
    page = cards.open_page(WISH)
    seen = cards.look(page.session_ref)
    assert (seen.amount, seen.currency, seen.payment_id) == (200_000, "vnd", WISH.payment_id)
    assert seen.state is PageState.OPEN
    assert page.url.startswith(server.base)


def test_the_same_key_gives_the_same_page(server: Stripe, cards: StripeCards) -> None:
    assert cards.open_page(WISH) == cards.open_page(WISH)
    assert len(server.sessions) == 1
    with pytest.raises(ProviderRefused):
        cards.open_page(replace(WISH, amount=1))


def test_a_lost_answer_is_asked_for_again(server: Stripe, cards: StripeCards) -> None:
    server.faults = ["lose"]
    with pytest.raises(ProviderDown):
        cards.open_page(WISH)
    cards.open_page(WISH)
    assert len(server.sessions) == 1


def test_a_page_that_is_paid_cannot_be_closed(server: Stripe, cards: StripeCards) -> None:
    first, second = cards.open_page(WISH), cards.open_page(replace(WISH, key="pay-2"))
    server.pay(first.session_ref)
    for page in (first, second, second):
        cards.close(page.session_ref)
    states = [cards.look(page.session_ref).state for page in (first, second)]
    assert states == [PageState.PAID, PageState.EXPIRED]


def test_a_refund_of_one_name_is_paid_once_even_when_keys_are_forgotten(
    server: Stripe, cards: StripeCards
) -> None:
    wish = BackWish(uuid4(), paid(server, cards), 50_000)
    first = cards.pay_back(wish)
    server.answers.clear()
    assert cards.pay_back(wish) == first == cards.look_back(first.provider_ref)
    assert first.state is BackState.SUCCEEDED
    assert server.charges[wish.charge]["amount_refunded"] == 50_000


def test_more_than_was_paid_is_refused(server: Stripe, cards: StripeCards) -> None:
    with pytest.raises(ProviderRefused, match="charge_already_refunded"):
        cards.pay_back(BackWish(uuid4(), paid(server, cards), 200_001))


def test_a_provider_that_is_down_or_away_says_so(server: Stripe, cards: StripeCards) -> None:
    server.down = True
    with pytest.raises(ProviderDown):
        cards.check()
    away = StripeCards(KEY, SECRET, "http://127.0.0.1:9", retries=0)
    with pytest.raises(ProviderDown):
        away.check()


def test_a_wrong_key_is_told_without_showing_it(server: Stripe, cards: StripeCards) -> None:
    other = StripeCards("rk_test_another", SECRET, server.base, retries=0)
    with pytest.raises(ProviderRefused) as refused:
        other.check()
    assert "another" not in str(refused.value)
    assert cards.check() == "test"


def test_notices_must_be_signed_and_fresh(server: Stripe, cards: StripeCards) -> None:
    event = server.tell("checkout.session.expired", {"id": "cs"})
    body, headers = signed(event)
    assert cards.read_notice(body, headers["Stripe-Signature"]) == event
    forged = [
        (body + b" ", headers["Stripe-Signature"]),
        (body, ""),
        (body, "t=1"),
        (b"\xff", headers["Stripe-Signature"]),
        (body, signed(event, "whsec_other")[1]["Stripe-Signature"]),
        (body, signed(event, at=time.time() - 301)[1]["Stripe-Signature"]),
    ]
    for letter, signature in forged:
        with pytest.raises(ForgedNotice):
            cards.read_notice(letter, signature)


@pytest.mark.parametrize("told", [[], {}, {"id": 5, "type": "x", "created": 1, "data": {}}])
def test_a_signed_notice_without_sense_is_refused(cards: StripeCards, told: object) -> None:
    body, headers = signed(told)  # type: ignore[arg-type]
    with pytest.raises(BadNotice):
        cards.read_notice(body, headers["Stripe-Signature"])

"""Guessing codes of vouchers is stopped; ordering without one is not."""

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy.orm import Session

from app.storefront import voucher_tries
from builders import NOW, make_depot, make_offered, stock_up
from builders_promotions import make_voucher
from catalog.models import Sku
from support.browser import Browser
from support.checkout import order, review

WRONG = "KHONGCO"


@pytest.fixture
def sku(session: Session) -> Sku:
    made = make_offered(session, 100_000)
    stock_up(session, make_depot(session), made, 100)
    make_voucher(session, "NHAN2026")
    session.commit()
    return made


def buyer(app: Flask, sku: Sku) -> Browser:
    visitor = Browser(app)
    visitor.post("/gio-hang/them", {"sku": sku.id, "quantity": 2})
    return visitor


@pytest.fixture
def cart(app: Flask, sku: Sku) -> Browser:
    return buyer(app, sku)


def guess(visitor: Browser, times: int) -> None:
    for _ in range(times):
        assert review(visitor, voucher=WRONG).status_code == 422


def test_after_ten_wrong_codes_even_a_right_one_has_to_wait(cart: Browser) -> None:
    guess(cart, voucher_tries.OF_VISITOR)
    refused = review(cart, voucher="NHAN2026")
    assert refused.status_code == 429
    assert "Hãy đợi 15 phút hoặc đặt hàng không dùng mã" in refused.text
    assert 'id="voucher-error"' in refused.text


def test_without_a_code_one_can_still_order(cart: Browser) -> None:
    guess(cart, voucher_tries.OF_VISITOR)
    assert "/don-hang/PH-26-" in order(cart)


def test_after_a_while_codes_are_taken_again(cart: Browser) -> None:
    guess(cart, voucher_tries.OF_VISITOR)
    with time_machine.travel(NOW + timedelta(minutes=16), tick=True):
        assert review(cart, voucher="NHAN2026").status_code == 200


def test_a_right_code_counts_as_no_guess(cart: Browser) -> None:
    for _ in range(voucher_tries.OF_VISITOR + 1):
        assert review(cart, voucher="NHAN2026").status_code == 200


def test_a_neighbour_behind_the_same_address_is_not_stopped_with_the_guesser(
    app: Flask, sku: Sku, cart: Browser
) -> None:
    guess(cart, voucher_tries.OF_VISITOR)
    assert review(buyer(app, sku), voucher="NHAN2026").status_code == 200


def test_new_carts_do_not_help_who_guesses_from_one_address(app: Flask, sku: Sku) -> None:
    for _ in range(voucher_tries.OF_ADDRESS // voucher_tries.OF_VISITOR):
        guess(buyer(app, sku), voucher_tries.OF_VISITOR)
    assert review(buyer(app, sku), voucher="NHAN2026").status_code == 429

"""A former price is shown only when it was truly asked, and lately, and for the same quantity."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from app.accounts.models import Role
from builders import BY_NOBODY, NOW, TODAY, make_offered, make_product, make_sku, make_user
from catalog import price_history, pricing
from catalog.price_history import Step
from catalog.pricing import PastPrice
from support.browser import Browser


def step(days_ago: int, amount: int, per: int = 1, *, own: bool = False) -> Step:
    return Step(TODAY - timedelta(days=days_ago), amount, per, own)


@pytest.mark.parametrize(
    ("steps", "was"),
    [
        ([step(100, 120), step(5, 100)], 120),
        ([step(100, 120), step(5, 130)], None),  # dearer now
        ([step(5, 100)], None),  # never another price
        ([], None),
        ([step(200, 120), step(91, 100)], None),  # cheap for too long
        ([step(200, 120), step(90, 100)], 120),
        ([step(200, 100), step(20, 150), step(5, 110)], None),  # made dear before
        ([step(200, 100), step(36, 150), step(5, 110)], 150),  # 100 had ended before the 30 days
        ([step(200, 100), step(35, 150), step(5, 110)], 150),
        ([step(200, 100), step(34, 150), step(5, 110)], None),
        ([step(100, 120), step(5, 100), step(-3, 90)], 120),  # one to come does not count
        ([step(100, 1200, 10), step(5, 100)], None),  # another quantity
        ([step(100, 120, own=True), step(5, 100)], None),  # the channel's own goes on
        ([step(100, 120), step(5, 100, own=True)], 120),
        ([step(100, 120), step(50, 120), step(5, 100)], 120),
    ],
)
def test_when_a_former_price_may_be_shown(steps: list[Step], was: int | None) -> None:
    assert price_history.was(steps, TODAY) == was


STEPS = st.lists(
    st.builds(
        Step,
        st.dates(date(2026, 6, 1), date(2026, 12, 31)),
        st.integers(1, 20),
        st.just(1),
        st.booleans(),
    ),
    unique_by=lambda s: (s.begins, s.own),
)


@given(STEPS)
def test_it_was_asked_in_the_thirty_days_and_nothing_was_cheaper(steps: list[Step]) -> None:
    shown = price_history.was(steps, TODAY)
    if shown is None:
        return
    asked = [s for s in price_history.spells(steps) if s.begins <= TODAY]
    now = asked[-1]
    daily = [
        max((s for s in asked if s.begins <= day), key=lambda s: s.begins).amount
        for n in range(1, 31)
        if (day := now.begins - timedelta(days=n)) >= asked[0].begins
    ]
    assert shown > now.amount
    assert shown == min(daily)


@given(STEPS)
def test_the_last_year_ends_with_what_is_asked_now(steps: list[Step]) -> None:
    kept = price_history.last_year(steps, TODAY)
    assert all(spell.begins <= TODAY for spell in kept)
    assert [s.begins for s in kept] == sorted((s.begins for s in kept), reverse=True)


def test_prices_of_what_is_offered_cannot_be_rewritten(session: Session) -> None:
    sku = make_offered(session)
    with pytest.raises(PastPrice):
        pricing.change_price(session, sku, 1, valid_from=TODAY - timedelta(days=1), **BY_NOBODY)
    pricing.change_price(session, sku, 1, valid_from=TODAY, **BY_NOBODY)
    draft = make_sku(session, product=make_product(session))
    past = TODAY - timedelta(days=9)
    assert pricing.change_price(session, draft, 1, valid_from=past, **BY_NOBODY).set_at == NOW


def test_the_page_shows_it_and_the_form_refuses_the_past(
    session: Session, visitor: Browser
) -> None:
    sku = make_offered(session, price=125_000)
    session.commit()
    assert "price-was" not in visitor.get(f"/san-pham/{sku.product.slug}").text
    pricing.set_price(session, sku, 150_000, valid_from=TODAY - timedelta(days=60), **BY_NOBODY)
    pricing.set_price(session, sku, 99_000, valid_from=TODAY, **BY_NOBODY)
    session.commit()
    officer = visitor.sign_in(make_user(session, Role.OFFICER))
    form = {"price-amount": "5000", "price-channel": "any", "price-valid_from": "2026-11-01"}
    answer = officer.post(f"/quan-ly/quy-cach/{sku.id}/gia", form)
    assert answer.status_code == 422
    assert "từ hôm nay" in answer.text

"""Guests are asked one by one, in empty boxes; what they agree to is kept and can be taken back."""

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.accounts import consents
from app.accounts.models import Consent, ConsentPurpose
from app.storefront import guest_consents
from app.storefront.consent_models import GuestConsent
from builders import NOW, make_depot, make_offered, stock_up
from pos.sales.models import Order
from support.browser import Browser
from support.checkout import PAGE, confirm, order, review

P = ConsentPurpose


@pytest.fixture
def cart(session: Session, visitor: Browser) -> Browser:
    sku = make_offered(session, 100_000)
    stock_up(session, make_depot(session), sku, 10)
    session.commit()
    visitor.post("/gio-hang/them", {"sku": sku.id, "quantity": 1})
    return visitor


def only_order(session: Session) -> Order:
    session.expire_all()
    return session.scalars(select(Order)).one()


def test_the_boxes_are_separate_and_empty(cart: Browser) -> None:
    page = cart.get(PAGE).text
    for purpose in P:
        box = page[page.index(f'id="{purpose.value}"') - 60 :][:200]
        assert 'type="checkbox"' in box
        assert "checked" not in box


def test_nothing_is_kept_of_who_agrees_to_nothing(session: Session, cart: Browser) -> None:
    order(cart)
    assert guest_consents.history(session, only_order(session).id) == []


def test_a_consent_is_kept_with_time_version_and_the_sentence_shown(
    session: Session, cart: Browser
) -> None:
    order(cart, news="y")
    (row,) = guest_consents.held(session, only_order(session).id)
    assert (row.purpose, row.language) == (P.NEWS, "vi")
    assert row.given_at is not None
    assert row.given_at >= NOW
    assert row.text_version == consents.TEXT_VERSION
    assert row.said.startswith("Cửa hàng được gửi thư cho tôi")
    assert session.scalars(select(Consent)).all() == []


def test_the_same_form_sent_twice_is_one_consent(session: Session, cart: Browser) -> None:
    page = review(cart, personal_offers="y").text
    confirm(cart, page)
    confirm(cart, page)
    assert len(guest_consents.history(session, only_order(session).id)) == 1


def test_news_need_an_address_to_go_to(cart: Browser) -> None:
    refused = review(cart, news="y", email="")
    assert refused.status_code == 422
    assert 'id="news-error"' in refused.text


def test_a_consent_is_taken_back_on_the_page_of_the_order(
    session: Session, app: Flask, cart: Browser
) -> None:
    page = order(cart, news="y", personal_offers="y")
    found = only_order(session)
    path = f"/don-hang/{found.number}/rut-dong-y"
    assert cart.get(page).text.count(path) == 2
    assert Browser(app).post(path, {"purpose": "news"}).status_code == 404
    assert len(guest_consents.held(session, found.id)) == 2
    for _again in range(2):
        assert cart.post(path, {"purpose": "news"}).status_code == 303
    session.expire_all()
    assert [row.purpose for row in guest_consents.held(session, found.id)] == [P.PERSONAL_OFFERS]
    assert len(guest_consents.history(session, found.id)) == 3
    cart.post(path, {"purpose": "everything"})
    assert len(guest_consents.held(session, found.id)) == 1


def test_the_database_refuses_to_change_what_was_agreed(session: Session, cart: Browser) -> None:
    order(cart, news="y")
    assert session.scalars(select(GuestConsent)).one()
    with pytest.raises(DBAPIError):
        session.execute(text("UPDATE guest_consent SET said = 'x'"))

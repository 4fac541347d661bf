"""Staff link a product to other shops; shoppers see the links that are not dead."""

import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts.models import Role
from app.core.db import Database, reading, transaction
from builders import make_product, make_user
from catalog.models import Product
from catalog.offer_models import ChannelLink, LinkState
from support.browser import Browser

URL = "https://postmart.vn/nhan-say"


@pytest.fixture
def officer(app: Flask, database: Database) -> Browser:
    with transaction() as session:
        user = make_user(session, Role.OFFICER)
    return Browser(app).sign_in(user)


@pytest.fixture
def product(database: Database) -> Product:
    with transaction() as session:
        return make_product(session, publish=True)


def address(product: Product) -> str:
    return f"/quan-ly/san-pham/{product.id}/kenh-ban"


def links() -> list[ChannelLink]:
    with reading() as session:
        return list(session.scalars(select(ChannelLink)))


def test_a_link_is_added_shown_to_everyone_and_removed(
    officer: Browser, visitor: Browser, product: Product
) -> None:
    shop_page = f"/san-pham/{product.slug}"
    assert "postmart" not in visitor.get(shop_page).get_data(as_text=True)
    page = officer.follow(officer.post(address(product), {"url": URL})).get_data(as_text=True)
    assert URL in page
    shown = visitor.get(shop_page).get_data(as_text=True)
    assert f'href="{URL}" rel="nofollow noopener">PostMart' in shown
    answer = officer.post(f"{address(product)}/{links()[0].id}/xoa")
    assert answer.status_code == 303
    assert links() == []


def test_a_dead_link_is_hidden_from_shoppers_and_first_in_the_list_of_the_staff(
    officer: Browser, visitor: Browser, product: Product
) -> None:
    for url in (f"{URL}-1", f"{URL}-2"):
        officer.post(address(product), {"url": url})
    with transaction() as session:
        dead = session.scalars(select(ChannelLink).filter_by(url=f"{URL}-2")).one()
        dead.state, dead.answer, dead.checked_at = LinkState.DEAD, "404", dead.created_at
    shown = visitor.get(f"/san-pham/{product.slug}").get_data(as_text=True)
    assert f"{URL}-1" in shown
    assert f"{URL}-2" not in shown
    listed = officer.get("/quan-ly/kenh-ban/").get_data(as_text=True)
    assert listed.index(f"{URL}-2") < listed.index(f"{URL}-1")


@pytest.mark.parametrize("url", ["", "http://postmart.vn/x", "https://evil.example/", "x" * 600])
def test_what_is_no_page_of_a_shop_comes_back_with_a_reason(
    officer: Browser, product: Product, url: str
) -> None:
    answer = officer.post(address(product), {"url": url})
    assert answer.status_code == 422
    assert "field-error" in answer.text or "notice-stop" in answer.text
    assert links() == []


def test_the_same_link_twice_is_a_conflict(officer: Browser, product: Product) -> None:
    assert officer.post(address(product), {"url": URL}).status_code == 303
    assert officer.post(address(product), {"url": URL}).status_code == 409


def test_a_link_of_another_product_is_not_found(officer: Browser, product: Product) -> None:
    with transaction() as session:
        other = make_product(session)
    officer.post(address(other), {"url": URL})
    assert officer.post(f"{address(product)}/{links()[0].id}/xoa").status_code == 404


def test_a_producer_sees_the_own_links_and_changes_none(
    app: Flask, officer: Browser, product: Product
) -> None:
    officer.post(address(product), {"url": URL})
    with transaction() as session:
        own = make_user(session, Role.PRODUCER, f"producer:{product.producer_id}")
        maker = make_product(session).producer_id
        other = make_user(session, Role.PRODUCER, f"producer:{maker}")
    producer, stranger = Browser(app).sign_in(own), Browser(app).sign_in(other)
    assert URL in producer.get("/quan-ly/kenh-ban/").get_data(as_text=True)
    assert URL not in stranger.get("/quan-ly/kenh-ban/").get_data(as_text=True)
    assert producer.post(address(product), {"url": f"{URL}-2"}).status_code == 403
    assert producer.post(f"{address(product)}/{links()[0].id}/xoa").status_code == 403
    assert len(links()) == 1

"""Pages are drawn once for the same data, and never shown for other data."""

import pytest
from flask import Flask, template_rendered
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.core import db
from app.core.page_memo import PageMemo
from builders import TODAY, make_offered, make_place, recognise, set_price, stock_up
from catalog.models import PriceChannel, Sku
from support.browser import Browser


def test_the_same_data_are_drawn_once() -> None:
    memo, drawn = PageMemo(100), []

    def draw() -> str:
        drawn.append(1)
        return "trang"

    assert memo.get("a", draw) == memo.get("a", draw) == b"trang"
    assert memo.get("b", draw) == b"trang"
    assert len(drawn) == 2


def test_what_was_not_asked_for_lately_makes_room() -> None:
    memo = PageMemo(10)
    memo.get("a", lambda: "12345")
    memo.get("b", lambda: "12345")
    memo.get("a", lambda: "other")
    memo.get("c", lambda: "12345")
    assert memo.get("a", lambda: "other") == b"12345"
    assert memo.get("b", lambda: "other") == b"other"


def test_what_is_larger_than_all_room_is_not_kept() -> None:
    memo = PageMemo(3)
    assert memo.get("a", lambda: "1234") == b"1234"
    assert memo.get("a", lambda: "5678") == b"5678"


@pytest.fixture
def sku(session: Session) -> Sku:
    sku = make_offered(session, 100_000, name_vi="Long nhãn sấy")
    stock_up(session, make_place(session), sku, 5)
    session.commit()
    return sku


@pytest.fixture
def guest(app: Flask, database: db.Database) -> FlaskClient:
    """Someone without any cookie."""
    return app.test_client()


def pages(sku: Sku) -> list[str]:
    return ["/", "/san-pham", f"/san-pham/{sku.product.slug}"]


def test_a_page_looks_the_same_drawn_or_remembered(guest: FlaskClient, sku: Sku) -> None:
    for path in pages(sku):
        assert guest.get(path).text == guest.get(path).text


def test_a_new_price_is_on_every_page_at_once(
    session: Session, guest: FlaskClient, sku: Sku
) -> None:
    for path in pages(sku)[1:]:
        assert "100.000" in guest.get(path).text
    set_price(session, sku, 140_000, valid_from=TODAY, channel=PriceChannel.WEB)
    session.commit()
    for path in pages(sku)[1:]:
        page = guest.get(path).text
        assert "140.000" in page


def test_new_stars_and_sold_out_goods_show_at_once(
    session: Session, guest: FlaskClient, sku: Sku
) -> None:
    path = f"/san-pham/{sku.product.slug}"
    assert "OCOP 4 sao" not in guest.get(path).text
    recognise(session, sku.product, 4)
    session.commit()
    for each in pages(sku):
        assert "OCOP 4 sao" in guest.get(each).text


def test_languages_and_addresses_have_pages_of_their_own(guest: FlaskClient, sku: Sku) -> None:
    path = f"/san-pham/{sku.product.slug}"
    vietnamese, english = guest.get(path).text, guest.get(f"{path}?lang=en").text
    assert '<html lang="vi">' in vietnamese
    assert '<html lang="en">' in english


def test_who_has_a_session_gets_a_page_with_a_token(
    guest: FlaskClient, visitor: Browser, sku: Sku
) -> None:
    path = f"/san-pham/{sku.product.slug}"
    for _ in range(2):
        assert 'name="csrf_token" value=""' in guest.get(path).text
        assert 'name="csrf_token" value=""' not in visitor.get(path).text


def test_a_cart_is_counted_on_the_page_of_its_owner_only(
    app: Flask, guest: FlaskClient, sku: Sku
) -> None:
    guest.get("/san-pham")
    buyer = app.test_client()
    form = {"sku": str(sku.id), "quantity": "1"}
    buyer.post("/gio-hang/them", data=form, headers={"Origin": "http://localhost"})
    count = '<span class="badge badge-count">1</span>'
    assert count in buyer.get("/san-pham").text
    assert count not in guest.get("/san-pham").text


def test_a_page_is_drawn_once_for_all_guests(app: Flask, guest: FlaskClient, sku: Sku) -> None:
    drawn: list[str] = []
    with template_rendered.connected_to(lambda _app, template, **_: drawn.append(template.name)):
        for _ in range(3):
            for path in pages(sku):
                guest.get(path)
    assert [name for name in drawn if name.startswith("storefront/")] == [
        "storefront/home.html",
        "storefront/listing.html",
        "storefront/product.html",
    ]

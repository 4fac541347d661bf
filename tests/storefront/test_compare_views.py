"""Products side by side: chosen with forms, shown under an address that can be passed on."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.core import db
from app.storefront import comparison
from builders import (
    BY_NOBODY,
    TODAY,
    make_offered,
    make_place,
    make_producer,
    make_review,
    recognise,
    stock_up,
)
from catalog import products
from catalog.models import Sku
from catalog.recognition_models import Evidence, EvidenceKind, Recognition
from support.browser import Browser
from support.statements import counted

PAGE = "/so-sanh"
HERE = {"Origin": "http://localhost"}


@pytest.fixture
def two(session: Session) -> list[Sku]:
    first = make_offered(session, 100_000, name_vi="Long nhãn")
    other = make_producer(session, name="HTX Sen", slug="htx-sen")
    second = make_offered(session, 80_000, name_vi="Hạt sen", producer=other)
    recognise(session, first.product, 4)
    stock_up(session, make_place(session), first, 5)
    session.commit()
    return [first, second]


@pytest.fixture
def guest(app: Flask, database: db.Database) -> FlaskClient:
    """Someone without any cookie."""
    return app.test_client()


def choose(guest: FlaskClient, slug: str, **more: str) -> TestResponse:
    return guest.post(PAGE, data={"add": slug} | more, headers=HERE)


def table_of(session: Session, *slugs: str) -> comparison.Table:
    told = comparison.facts(session, slugs, TODAY)
    return comparison.table(told, slugs, TODAY)


def test_two_products_stand_side_by_side_in_the_order_asked_for(
    session: Session, two: list[Sku]
) -> None:
    table = table_of(session, "hat-sen", "long-nhan")
    assert table.slugs == ["hat-sen", "long-nhan"]
    assert [c.cheapest.price.amount for c in table.columns if c.cheapest and c.cheapest.price] == [
        80_000,
        100_000,
    ]
    assert [c.recognition.stars for c in table.columns] == [None, 4]
    assert [c.available for c in table.columns] == [0, 5]


def test_rows_that_differ_are_known(session: Session, two: list[Sku]) -> None:
    differing = table_of(session, "hat-sen", "long-nhan").differing
    assert {"stars", "price", "producer", "available"} <= differing
    assert "rating" not in differing
    assert table_of(session, "hat-sen").differing == frozenset()


def test_only_papers_in_force_count(session: Session, two: list[Sku]) -> None:
    product = two[0].product
    for number, until in (("CU", TODAY - timedelta(1)), ("MOI", TODAY), ("MAI", None)):
        paper = Evidence(
            product_id=product.id,
            kind=EvidenceKind.VIETGAP,
            number=number,
            valid_until=until,
            created_at=BY_NOBODY["now"],
        )
        session.add(paper)
    session.flush()
    (column,) = table_of(session, "long-nhan").columns
    assert {paper.number for paper in column.papers} == {"MOI", "MAI"}


def test_what_is_withdrawn_or_unknown_is_left_out_and_said(
    session: Session, visitor: Browser, two: list[Sku]
) -> None:
    products.withdraw(session, two[1].product, reason="Hết vụ", **BY_NOBODY)
    session.commit()
    page = visitor.get(f"{PAGE}?sp=long-nhan&sp=hat-sen&sp=khong-co").text
    assert "Hạt sen" not in page
    assert "không còn bán" in page
    assert table_of(session, "hat-sen", "khong-co").gone == 2


def test_the_page_says_what_differs_and_stays_out_of_search(
    session: Session, visitor: Browser, two: list[Sku]
) -> None:
    make_review(session, two[0])
    until = session.scalars(select(Recognition.valid_until)).one()
    session.commit()
    page = visitor.get(f"{PAGE}?sp=long-nhan&sp=hat-sen").text
    assert '<meta name="robots" content="noindex">' in page
    assert page.count('class="compare-mark"') >= 5
    assert f"{until:%d/%m/%Y}" in page
    assert "/5</strong>" in page


def test_a_choice_is_kept_and_the_way_back_is_the_same_place(
    guest: FlaskClient, two: list[Sku]
) -> None:
    answer = choose(guest, "long-nhan", next="/san-pham?page=1")
    assert (answer.status_code, answer.location) == (303, "/san-pham?page=1#sp-long-nhan")
    choose(guest, "hat-sen")
    assert "So sánh (2)" in guest.get("/san-pham").text
    assert guest.get(PAGE).location == f"{PAGE}?sp=long-nhan&sp=hat-sen"


def test_taking_one_out_and_clearing(guest: FlaskClient, two: list[Sku]) -> None:
    for sku in two:
        choose(guest, sku.product.slug)
    shown = {"sp": ["long-nhan", "hat-sen"], "remove": "long-nhan"}
    answer = guest.post(PAGE, data=shown, headers=HERE)
    assert answer.location == f"{PAGE}?sp=hat-sen"
    assert "So sánh (1)" in guest.get("/san-pham").text
    guest.post(PAGE, data={"clear": "1"}, headers=HERE)
    assert "So sánh (" not in guest.get("/san-pham").text
    assert guest.get(PAGE).status_code == 200


def test_a_fifth_product_is_refused_in_words(session: Session, guest: FlaskClient) -> None:
    for number in range(5):
        make_offered(session, name_vi=f"Sp {number}")
    session.commit()
    for number in range(5):
        answer = choose(guest, f"sp-{number}")
    assert answer.location == f"{PAGE}?" + "&".join(f"sp=sp-{n}" for n in range(4))
    assert "nhiều nhất 4 sản phẩm" in guest.get(answer.location).text


@pytest.mark.parametrize("sent", ["../x", "a~b", "%00", "x" * 2000, "<b>"])
def test_nonsense_is_no_choice(guest: FlaskClient, two: list[Sku], sent: str) -> None:
    assert choose(guest, sent).status_code == 303
    assert guest.get_cookie("so_sanh") is None
    assert guest.get(PAGE, query_string={"sp": sent}).status_code == 200
    guest.set_cookie("so_sanh", sent)
    assert guest.get("/san-pham").status_code == 200


def test_a_way_back_to_another_site_is_not_taken(guest: FlaskClient, two: list[Sku]) -> None:
    answer = choose(guest, "long-nhan", next="https://example.com/")
    assert answer.location.startswith("/so-sanh")


def test_a_choice_shows_to_nobody_else(app: Flask, guest: FlaskClient, two: list[Sku]) -> None:
    before = guest.get("/san-pham").text
    other = app.test_client()
    choose(other, "long-nhan")
    assert "So sánh (1)" in other.get("/san-pham").text
    assert guest.get("/san-pham").text == before


def test_another_site_cannot_choose(guest: FlaskClient, two: list[Sku]) -> None:
    answer = guest.post(PAGE, data={"add": "long-nhan"}, headers={"Origin": "https://x.example"})
    assert answer.status_code == 400


def test_four_products_cost_no_more_statements_than_one(
    session: Session, database: db.Database, guest: FlaskClient, two: list[Sku]
) -> None:
    for number in range(2):
        recognise(session, make_offered(session, name_vi=f"Sp {number}").product)
    session.commit()
    with counted(database) as statements:
        page = guest.get(f"{PAGE}?sp=long-nhan&sp=hat-sen&sp=sp-0&sp=sp-1").text
    assert page.count('<th scope="col">') == 4
    assert len(statements) <= 3, "\n\n".join(statements)

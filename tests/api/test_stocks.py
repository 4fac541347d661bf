"""What is in stock, as programs read it."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from builders import make_depot, make_offered, make_order, make_place, stock_up
from catalog.models import Sku
from support.answers import checked
from support.browser import Browser


@pytest.fixture
def sku(session: Session) -> Sku:
    offered = make_offered(session)
    session.flush()
    return offered


def asked(visitor: Browser, *codes: str) -> Any:
    return checked(visitor.get("/api/v1/availability", query_string=[("sku", c) for c in codes]))


def test_it_says_where_and_how_many(session: Session, visitor: Browser, sku: Sku) -> None:
    shop, depot = make_place(session, name="Chợ"), make_depot(session)
    stock_up(session, shop, sku, 5)
    stock_up(session, depot, sku, 7)
    item = asked(visitor, sku.code)["items"][0]
    assert {(at["code"], at["available"]) for at in item["places"]} == {
        (shop.code, 5),
        (depot.code, 7),
    }
    assert item["by_post"] == 7


def test_goods_set_aside_are_not_in_it(session: Session, visitor: Browser, sku: Sku) -> None:
    depot = make_depot(session)
    stock_up(session, depot, sku, 7)
    make_order(session, sku, 3, source=depot)
    assert asked(visitor, sku.code)["items"][0]["by_post"] == 4


def test_services_are_without_limit(session: Session, visitor: Browser, sku: Sku) -> None:
    sku.product.counted = False
    session.flush()
    item = asked(visitor, sku.code)["items"][0]
    assert (item["counted"], item["by_post"], item["places"]) == (False, None, [])


def test_unknown_articles_are_named_and_the_order_is_kept(
    session: Session, visitor: Browser, sku: Sku
) -> None:
    other = make_offered(session)
    session.flush()
    found = asked(visitor, other.code, "KHONG-CO", sku.code, other.code)
    assert [item["sku"] for item in found["items"]] == [other.code, sku.code]
    assert found["unknown"] == ["KHONG-CO"]


@pytest.mark.parametrize("codes", [[], ["A"] * 51, ["A" * 61], ["\0"]])
def test_too_few_too_many_or_impossible_codes_are_refused(
    visitor: Browser, codes: list[str]
) -> None:
    answer = visitor.get("/api/v1/availability", query_string=[("sku", c) for c in codes])
    assert (answer.status_code, checked(answer)["code"]) == (422, "bad_input")

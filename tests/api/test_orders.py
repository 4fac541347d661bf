"""Orders as programs read them: only with a token, and only within its reach."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.accounts.access import place_scope, producer_scope
from app.api.models import Scope
from builders import NOW, make_depot, make_offered, make_order, stock_up
from builders_api import make_token
from catalog.models import Sku
from pos.sales import orders
from pos.sales.lines import Item
from pos.sales.models import Order
from support.answers import checked
from support.browser import Browser


@pytest.fixture
def sku(session: Session) -> Sku:
    return make_offered(session)


def asked(
    session: Session, visitor: Browser, path: str = "", reach: str = "*", **query: Any
) -> Any:
    text = make_token(session, Scope.ORDERS, reach=reach)[1]
    headers = {"Authorization": f"Bearer {text}"}
    return checked(visitor.get(f"/api/v1/orders{path}", headers=headers, query_string=query))


def numbers(session: Session, visitor: Browser, **query: Any) -> list[str]:
    return [item["number"] for item in asked(session, visitor, **query)["items"]]


def test_an_order_has_lines_sums_and_buyer(session: Session, visitor: Browser, sku: Sku) -> None:
    order = make_order(session, sku, 2)
    found = asked(session, visitor, f"/{order.number}")
    assert found["status"] == "placed"
    assert [(line["sku"], line["quantity"]) for line in found["lines"]] == [(sku.code, 2)]
    assert found["sums"]["total"] == 280_000
    assert found["contact"]["phone"] == "+84912345678"


def test_a_token_of_a_place_sees_its_orders_alone(
    session: Session, visitor: Browser, sku: Sku
) -> None:
    here, there = make_order(session, sku), make_order(session, sku)
    reach = place_scope(here.place_id)
    assert numbers(session, visitor, reach=reach) == [here.number]
    refused = asked(session, visitor, f"/{there.number}", reach)
    assert refused["code"] == "no_such_order"


def test_a_token_of_a_producer_sees_its_lines_and_nobody_s_name(
    session: Session, visitor: Browser, sku: Sku
) -> None:
    other, depot = make_offered(session), make_depot(session)
    for one in (sku, other):
        stock_up(session, depot, one, 10)
    items = [Item(sku.id, 1), Item(other.id, 3)]
    order = make_order(session, sku, items=items, source=depot)
    make_order(session, other)
    mine = producer_scope(sku.product.producer_id)  # type: ignore[arg-type]
    assert numbers(session, visitor, reach=mine) == [order.number]
    found = asked(session, visitor, f"/{order.number}", mine)
    assert [line["sku"] for line in found["lines"]] == [sku.code]
    assert (found["sums"], found["contact"]) == (None, None)


def moved(session: Session, order: Order, days: int) -> None:
    orders.accept(session, order, now=NOW + timedelta(days=days), actor_id=None)


def test_state_and_time_of_change_narrow_the_list(
    session: Session, visitor: Browser, sku: Sku
) -> None:
    still, accepted = make_order(session, sku), make_order(session, sku)
    moved(session, accepted, 1)
    since = (NOW + timedelta(hours=1)).isoformat()
    assert numbers(session, visitor, status="placed") == [still.number]
    assert numbers(session, visitor, updated_since=since) == [accepted.number]
    assert asked(session, visitor, f"/{accepted.number}")["updated_at"] == "2026-11-25T03:00:00Z"
    assert numbers(session, visitor, updated_since=(NOW + timedelta(days=2)).isoformat()) == []


@pytest.mark.parametrize(
    "query", [{"status": "lost"}, {"limit": "101"}, {"page": "0"}, {"updated_since": "2026-11-24"}]
)
def test_impossible_choices_are_named(session: Session, visitor: Browser, query: Any) -> None:
    found = asked(session, visitor, **query)
    assert (found["status"], found["errors"][0]["field"]) == (422, next(iter(query)))

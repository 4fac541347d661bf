"""The till's questions over HTTP: stable codes, the right point only, one effect per key."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.access import place_scope
from app.accounts.models import Role
from builders import BY_NOBODY, NOW, TODAY, make_place, make_sku, make_user, stock_up
from catalog import products
from catalog.models import Sku
from pos.counter import sessions
from pos.sales.models import Order
from support.browser import Browser
from support.counter import Counter, make_counter, stamped


@pytest.fixture
def counter(session: Session, visitor: Browser) -> Counter:
    """A counter whose cashier is signed in."""
    made = make_counter(session)
    session.commit()
    visitor.sign_in(made.cashier)
    return made


def goods(session: Session, counter: Counter, quantity: int = 10) -> Sku:
    sku = make_sku(session)
    products.publish(session, sku.product, day=TODAY, **BY_NOBODY)
    stock_up(session, counter.shop, sku, quantity)
    session.commit()
    return sku


def sale(counter: Counter, sku: Sku, **over: Any) -> dict[str, Any]:
    line = {"sku_id": str(sku.id), "quantity": 2, "unit_price": 125_000}
    return {
        "session": str(counter.till.id),
        "key": str(uuid4()),
        "lines": [line],
        "tendered": 500_000,
        "sold_at": NOW.isoformat(),
    } | over


def ask(visitor: Browser, counter: Counter, what: str, **values: str) -> Any:
    query = {"session": str(counter.till.id)} | values
    return visitor.get(f"/pos/api/{what}", query_string=query)


def test_a_scan_tells_article_price_lot_and_stock(
    session: Session, visitor: Browser, counter: Counter
) -> None:
    sku = goods(session, counter)
    body = ask(visitor, counter, "scan", code=sku.gtin or "").get_json()
    assert body["sku_id"] == str(sku.id)
    assert (body["name"], body["pack"]) == (sku.product.name_vi, sku.name_vi)
    assert (body["price"], body["on_hand"], body["serial"], body["stars"]) == (
        125_000,
        10,
        None,
        None,
    )
    assert body["lot"]["expires_on"] == (TODAY + timedelta(days=335)).isoformat()


def test_a_scanned_stamp_carries_its_serial(
    session: Session, visitor: Browser, counter: Counter
) -> None:
    sku = goods(session, counter)
    _batch, serials = stamped(session, sku)
    session.commit()
    assert ask(visitor, counter, "scan", code=serials[0].lower()).get_json()["serial"] == serials[0]


def test_an_unknown_code_has_a_stable_answer(visitor: Browser, counter: Counter) -> None:
    response = ask(visitor, counter, "scan", code="khong-co")
    assert (response.status_code, response.get_json()["code"]) == (404, "unknown_code")


def test_search_and_keys_list_articles(
    session: Session, visitor: Browser, counter: Counter
) -> None:
    sku = goods(session, counter)
    for response in (
        ask(visitor, counter, "search", q=sku.product.name_vi),
        ask(visitor, counter, "keys"),
    ):
        assert [item["sku_id"] for item in response.get_json()["articles"]] == [str(sku.id)]


def test_a_sale_is_answered_with_number_change_and_receipt(
    session: Session, visitor: Browser, counter: Counter
) -> None:
    response = visitor.send("/pos/api/sales", sale(counter, goods(session, counter)))
    assert response.status_code == 200
    body = response.get_json()
    number = f"{counter.till.register.code}-A-000001"
    assert body == {
        "number": number,
        "total": 250_000,
        "change": 250_000,
        "discrepancies": [],
        "receipt_url": f"/pos/receipts/{number}",
    }
    assert number in visitor.get(body["receipt_url"]).get_data(as_text=True)


def test_the_same_sale_sent_twice_is_booked_once(
    session: Session, visitor: Browser, counter: Counter
) -> None:
    body = sale(counter, goods(session, counter))
    answers = [visitor.send("/pos/api/sales", body).get_json() for _n in range(2)]
    assert answers[0] == answers[1]
    assert session.scalar(select(func.count(Order.id))) == 1


def test_another_sale_under_the_same_key_is_a_conflict(
    session: Session, visitor: Browser, counter: Counter
) -> None:
    body = sale(counter, goods(session, counter))
    visitor.send("/pos/api/sales", body)
    response = visitor.send("/pos/api/sales", body | {"tendered": 300_000})
    assert (response.status_code, response.get_json()["code"]) == (409, "key_reused")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"tendered": "500000"}, "tendered"),
        ({"tendered": 1.5}, "tendered"),
        ({"tendered": True}, "tendered"),
        ({"tendered": -1}, "tendered"),
        ({"tendered": None}, "tendered"),
        ({"key": "one"}, "key"),
        ({"session": 1}, "session"),
        ({"sold_at": "2026-11-24T10:00:00"}, "sold_at"),
        ({"lines": []}, "lines"),
        ({"lines": {}}, "lines"),
        ({"lines": [{"sku_id": str(uuid4()), "quantity": 0, "unit_price": 1}]}, "lines.0.quantity"),
        ({"lines": [{"sku_id": str(uuid4()), "quantity": 1}]}, "lines.0.unit_price"),
        ({"discount": 10}, "discount"),
    ],
)
def test_a_body_that_is_no_sale_names_the_field(
    session: Session, visitor: Browser, counter: Counter, change: dict[str, Any], field: str
) -> None:
    response = visitor.send("/pos/api/sales", sale(counter, goods(session, counter), **change))
    body = response.get_json()
    assert (response.status_code, body["code"]) == (422, "bad_input")
    assert body["detail"][0]["field"] == field
    assert field in body["message"]


@pytest.mark.parametrize("serial", ["", "abc\0", "a" * 16, 1])
def test_a_serial_is_digits_and_capitals(
    session: Session, visitor: Browser, counter: Counter, serial: object
) -> None:
    body = sale(counter, goods(session, counter))
    body["lines"][0]["serials"] = [serial]
    response = visitor.send("/pos/api/sales", body)
    assert response.get_json()["detail"][0]["field"] == "lines.0.serials.0"


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"null", b'{"key": NaN}', b"\xff"])
def test_bad_json_is_said_to_be_unreadable(visitor: Browser, counter: Counter, data: bytes) -> None:
    headers = {"X-CSRFToken": visitor.token, "Content-Type": "application/json"}
    response = visitor.client.post("/pos/api/sales", data=data, headers=headers)
    assert (response.status_code, response.get_json()["code"]) == (422, "bad_input")


def test_too_little_money_is_refused(session: Session, visitor: Browser, counter: Counter) -> None:
    body = sale(counter, goods(session, counter), tendered=249_999)
    response = visitor.send("/pos/api/sales", body)
    assert (response.status_code, response.get_json()["code"]) == (422, "too_little")
    assert session.scalar(select(func.count(Order.id))) == 0


def test_a_closed_session_answers_nothing_but_repeats(
    session: Session, visitor: Browser, counter: Counter
) -> None:
    sku = goods(session, counter)
    sent = sale(counter, sku)
    first = visitor.send("/pos/api/sales", sent)
    till = sessions.get(session, counter.till.id)
    who = counter.cashier.id
    sessions.close(session, till, 750_000, "", limit=0, now=NOW, actor_id=who)
    session.commit()
    late = visitor.send("/pos/api/sales", sale(counter, sku))
    scan = ask(visitor, counter, "scan", code=sku.code)
    for response in (late, scan):
        assert (response.status_code, response.get_json()["code"]) == (409, "session_closed")
    assert visitor.send("/pos/api/sales", sent).get_json() == first.get_json()


@pytest.mark.parametrize("role", [Role.CASHIER, Role.OFFICER, Role.PRODUCER])
def test_a_stranger_to_the_point_is_kept_out(
    session: Session, visitor: Browser, counter: Counter, role: Role
) -> None:
    sku = goods(session, counter)
    scope = place_scope(make_place(session).id) if role is Role.CASHIER else "*"
    stranger = make_user(session, role, scope)
    session.commit()
    visitor.sign_in(stranger)
    asked = [ask(visitor, counter, what) for what in ("scan", "search", "keys")]
    for response in [*asked, visitor.send("/pos/api/sales", sale(counter, sku))]:
        assert (response.status_code, response.get_json()["code"]) == (403, "no_right")


def test_a_guest_is_asked_to_sign_in(app: Any, session: Session, counter: Counter) -> None:
    guest = Browser(app)
    for response in (
        ask(guest, counter, "keys"),
        guest.send("/pos/api/sales", sale(counter, make_sku(session))),
    ):
        assert (response.status_code, response.get_json()["code"]) == (401, "http_401")


def test_a_sale_without_token_is_refused(
    session: Session, visitor: Browser, counter: Counter
) -> None:
    body = sale(counter, goods(session, counter))
    response = visitor.client.post("/pos/api/sales", json=body)
    assert (response.status_code, response.get_json()["code"]) == (400, "csrf")


@pytest.mark.parametrize(
    ("key", "status"), [("", 422), ("x", 422), ("0c46dcb9-e2a6-495b-a1e8-bb94b74f7200", 404)]
)
def test_the_session_must_be_one(visitor: Browser, counter: Counter, key: str, status: int) -> None:
    response = visitor.get("/pos/api/keys", query_string={"session": key})
    assert response.status_code == status

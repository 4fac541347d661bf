"""Stamps as programs look them up: honest words, and no scan."""

from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from builders import activate, make_batch, make_depot, make_offered, recognise, serial_of, stock_up
from support.answers import checked
from support.browser import Browser
from traceability import lots
from traceability.models import Lot, Scan, StampBatch

REASON: dict[str, Any] = {"reason": "nghi nhiễm mốc"}


@pytest.fixture
def batch(session: Session) -> StampBatch:
    sku = make_offered(session)
    recognise(session, sku.product, 4)
    made = make_batch(session, stock_up(session, make_depot(session), sku, 50), 20)
    activate(session, made, 0, 9)
    return made


def test_the_answer_is_that_of_the_page_and_no_scan(
    session: Session, visitor: Browser, batch: StampBatch
) -> None:
    serial = serial_of(batch, 0)
    found = checked(
        visitor.get(f"/api/v1/stamps/{serial.lower()}", headers={"Accept-Language": "en"})
    )
    assert (found["answer"], found["text"]) == ("active", "This stamp was issued and put into use")
    assert found["recognition"]["stars"] == 4
    assert (found["scans"], found["counted_as_scan"]) == (0, False)
    assert session.scalar(select(func.count(Scan.id))) == 0


def test_a_recalled_lot_comes_before_everything_and_without_stars(
    session: Session, visitor: Browser, batch: StampBatch
) -> None:
    lot = session.get_one(Lot, batch.lot_id)
    lots.recall(session, lot, now=lot.created_at, actor_id=None, **REASON)
    found = checked(visitor.get(f"/api/v1/stamps/{serial_of(batch, 0)}"))
    assert (found["answer"], found["recognition"]) == ("recalled", None)


def test_many_are_answered_in_their_order(
    session: Session, visitor: Browser, batch: StampBatch
) -> None:
    asked = [serial_of(batch, 15), "abc", "0" * 16, serial_of(batch, 3)]
    answer = visitor.client.post("/api/v1/stamps/verify", json={"serials": asked})
    items = checked(answer)["items"]
    assert [item["asked"] for item in items] == asked
    assert [item["answer"] for item in items] == [
        "not_activated",
        "malformed",
        "unknown",
        "active",
    ]
    assert session.scalar(select(func.count(Scan.id))) == 0


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_no_answer_says_that_goods_are_genuine(
    visitor: Browser, batch: StampBatch, lang: str
) -> None:
    path = f"/api/v1/stamps/{serial_of(batch, 0)}"
    text = visitor.get(path, headers={"Accept-Language": lang}).text.lower()
    assert not any(word in text for word in ("hàng thật", "chính hãng", "genuine", "authentic"))
    assert ("sao chép" if lang == "vi" else "can be copied") in text


@pytest.mark.parametrize(
    "body", [{}, {"serials": []}, {"serials": ["A"] * 101}, {"x": 1}, [], None]
)
def test_what_is_no_question_is_refused(visitor: Browser, body: Any) -> None:
    answer = visitor.client.post("/api/v1/stamps/verify", json=body)
    assert (answer.status_code, checked(answer)["code"]) == (422, "bad_input")


def test_another_kind_of_body_is_refused(visitor: Browser) -> None:
    answer = visitor.client.post("/api/v1/stamps/verify", data={"serials": "A"})
    assert checked(answer)["errors"] == [{"field": "body", "problem": "json_type"}]

"""One effect per key."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.operations import BadKey, KeyReused, Operation, Outcome, body_hash, once
from app.core.series import next_number
from app.core.types import Json
from builders import NOW


def run(session: Session, key: str, body: object, kind: str = "sale") -> Outcome:
    def effect(_operation: UUID) -> Json:
        return {"number": next_number(session, "sales")}

    return once(session, kind=kind, key=key, body=body, now=NOW, effect=effect)


def test_a_repeat_gets_the_first_answer_and_has_no_effect(session: Session) -> None:
    first = run(session, "a", {"total": 5, "lines": [1]})
    again = run(session, "a", {"lines": [1], "total": 5})
    assert (first.repeated, again.repeated) == (False, True)
    assert (again.operation_id, again.result) == (first.operation_id, {"number": 1})
    assert next_number(session, "sales") == 2


def test_the_same_key_with_another_body_is_refused_and_changes_nothing(session: Session) -> None:
    run(session, "a", {"total": 5})
    with pytest.raises(KeyReused):
        run(session, "a", {"total": 6})
    assert run(session, "a", {"total": 5}).result == {"number": 1}


def test_a_key_counts_within_its_kind(session: Session) -> None:
    assert run(session, "a", {}).result == {"number": 1}
    assert run(session, "a", {}, kind="refund").result == {"number": 2}


def test_the_effect_knows_its_operation(session: Session) -> None:
    seen: list[UUID] = []

    def effect(operation: UUID) -> Json:
        seen.append(operation)
        return {}

    outcome = once(session, kind="sale", key="a", body=1, now=NOW, effect=effect)
    assert seen == [outcome.operation_id]
    assert session.get_one(Operation, outcome.operation_id).created_at == NOW


@pytest.mark.parametrize("key", ["", "x" * 201])
def test_a_key_must_be_there_and_not_too_long(session: Session, key: str) -> None:
    with pytest.raises(BadKey):
        run(session, key, {})
    assert session.scalars(select(Operation)).all() == []


def test_a_failed_effect_leaves_the_key_free(session: Session) -> None:
    def fail(_operation: UUID) -> Json:
        raise RuntimeError

    with pytest.raises(RuntimeError), session.begin_nested():
        once(session, kind="sale", key="a", body=1, now=NOW, effect=fail)
    assert not run(session, "a", 1).repeated


def test_the_order_of_keys_does_not_change_a_body() -> None:
    assert body_hash({"a": 1, "b": {"c": 2, "d": 3}}) == body_hash({"b": {"d": 3, "c": 2}, "a": 1})
    assert body_hash([1, 2]) != body_hash([2, 1])
    assert body_hash("1") != body_hash(1)


def test_an_answer_that_is_known_is_kept_beforehand(session: Session) -> None:
    def effect(operation_id: UUID) -> Json:
        assert session.get_one(Operation, operation_id).result == {"number": 7}
        return {"number": 7}

    values: dict[str, Any] = {"kind": "test", "key": "a key", "body": None, "now": NOW}
    first, again = (once(session, **values, effect=effect, answer={"number": 7}) for _t in range(2))
    assert (first.result, again.result) == ({"number": 7}, {"number": 7})
    assert (first.repeated, again.repeated) == (False, True)

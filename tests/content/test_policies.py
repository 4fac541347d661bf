"""Policies: append-only versions, in force from a day until the day before the next."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.content import policies
from app.content.models import PolicyKind, PolicyVersion
from app.content.policies import Draft, NoSuchVersion, NotAhead, NoText
from builders import NOW, TODAY

KIND = PolicyKind.RETURNS
DAY = timedelta(days=1)


def publish(session: Session, valid_from: date, text: str = "Đổi trả") -> PolicyVersion:
    return policies.publish(
        session, KIND, Draft(text), valid_from, actor_id=None, now=NOW, today=TODAY
    )


def test_a_version_holds_from_its_day_until_the_day_before_the_next(session: Session) -> None:
    first, second = publish(session, TODAY), publish(session, TODAY + 7 * DAY)
    assert policies.current(session, KIND, TODAY - DAY) is None
    assert policies.current(session, KIND, TODAY) is first
    assert policies.current(session, KIND, TODAY + 6 * DAY) is first
    assert policies.current(session, KIND, TODAY + 7 * DAY) is second
    assert policies.numbered(session, KIND, 1).until == TODAY + 6 * DAY
    assert policies.numbered(session, KIND, 2).until is None


def test_each_kind_counts_for_itself(session: Session) -> None:
    assert [publish(session, TODAY).number, publish(session, TODAY + DAY).number] == [1, 2]
    assert policies.history(session, PolicyKind.PRIVACY) == []


@pytest.mark.parametrize("day", [TODAY - DAY, TODAY + DAY, TODAY + 2 * DAY])
def test_a_version_begins_neither_in_the_past_nor_before_another(
    session: Session, day: date
) -> None:
    publish(session, TODAY + 2 * DAY)
    with pytest.raises(NotAhead):
        publish(session, day)


def test_a_version_without_text_is_refused(session: Session) -> None:
    with pytest.raises(NoText):
        publish(session, TODAY, "  ")


def test_an_unknown_number_is_not_found(session: Session) -> None:
    with pytest.raises(NoSuchVersion):
        policies.numbered(session, KIND, 1)


@pytest.mark.parametrize(
    "change",
    [update(PolicyVersion).values(body_vi="Khác"), delete(PolicyVersion)],
    ids=["update", "delete"],
)
def test_the_database_keeps_what_was_published(session: Session, change: Any) -> None:
    publish(session, TODAY)
    with pytest.raises(DBAPIError, match="append-only"):
        session.execute(change)

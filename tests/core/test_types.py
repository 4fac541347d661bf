"""Columns on the real databases: aware times, enums by value, JSON, large money."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import Text, cast, func, select
from sqlalchemy.exc import StatementError
from sqlalchemy.orm import Session

from app.accounts.models import AuditEntry, Grant, Role, User
from app.core.clock import VIETNAM
from app.core.outbox import OutboxJob, enqueue
from app.core.types import UtcDateTime
from builders import NOW, make_user


def test_a_time_without_zone_is_refused(session: Session) -> None:
    enqueue(session, "mail", {}, now=datetime(2026, 11, 24, 10, 0))  # noqa: DTZ001
    with pytest.raises(StatementError, match="a time without zone"):
        session.flush()


def test_a_local_time_comes_back_in_utc(session: Session) -> None:
    job = enqueue(session, "mail", {}, now=datetime(2026, 11, 24, 10, 0, 0, 5, tzinfo=VIETNAM))
    session.flush()
    session.expire(job)
    assert job.created_at == datetime(2026, 11, 24, 3, 0, 0, 5, tzinfo=UTC)
    assert job.created_at.utcoffset() == timedelta(0)


def test_times_of_different_zones_compare_as_moments(session: Session) -> None:
    enqueue(session, "mail", {}, now=NOW)
    same = NOW.astimezone(VIETNAM)
    counted = select(func.count(OutboxJob.id)).where(OutboxJob.run_at <= same)
    assert session.scalar(counted) == 1
    assert session.scalar(counted.where(OutboxJob.run_at < same)) == 0


def test_an_unknown_time_stays_unknown() -> None:
    column = UtcDateTime()
    assert column.process_bind_param(None, None) is None  # type: ignore[arg-type]
    assert column.process_result_value(None, None) is None  # type: ignore[arg-type]


def test_an_enum_is_stored_by_its_value(session: Session) -> None:
    user = make_user(session, Role.POINT_MANAGER)
    stored = select(cast(Grant.role, Text)).filter_by(user_id=user.id)
    assert session.scalar(stored) == "point_manager"
    session.expire_all()
    assert session.scalars(select(Grant.role)).one() is Role.POINT_MANAGER


def test_keys_sort_by_creation(session: Session) -> None:
    users = [make_user(session) for _ in range(3)]
    assert all(user.id.version == 7 for user in users)
    first = uuid4()
    given = User(
        id=first, email="x@example.vn", name="X", password_hash="x", search_text="", created_at=NOW
    )
    session.add(given)
    session.flush()
    assert given.id == first


def test_json_keeps_vietnamese_and_nesting(session: Session) -> None:
    detail = {"before": {"name": "Đỗ Hạnh"}, "n": [1, None, True]}
    entry = AuditEntry(at=NOW, action="a", object_type="x", object_id="1", detail=detail)
    session.add(entry)
    session.flush()
    session.expire(entry)
    assert entry.detail == detail

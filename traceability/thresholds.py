"""Limits of the rules about copies, as the programme office has set them."""

from dataclasses import fields
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import audit
from app.core.errors import Rejected
from app.core.text import N_
from traceability.clones import Limits, limits_with
from traceability.scan_models import CloneThreshold

HIGHEST = 100_000


class BadLimit(Rejected):
    """A limit is a whole number above zero."""

    code = "bad_limit"
    message = N_("A limit is a whole number from 1 to %(most)s.")


def current(session: Session) -> Limits:
    """The limits in force; one query."""
    rows = session.execute(select(CloneThreshold.name, CloneThreshold.value))
    return limits_with({row.name: row.value for row in rows})


def change(
    session: Session, values: dict[str, int], *, now: datetime, actor_id: UUID | None
) -> Limits:
    """Set limits by name; what stays as it is leaves no trace. Raises `BadLimit`."""
    before = current(session)
    for name in (item.name for item in fields(Limits)):
        value = values.get(name, getattr(before, name))
        if not 1 <= value <= HIGHEST:
            raise BadLimit(most=HIGHEST)
        if value != getattr(before, name):
            _set(session, name, value, getattr(before, name), now, actor_id)
    session.flush()
    return current(session)


def _set(
    session: Session, name: str, value: int, before: int, now: datetime, actor_id: UUID | None
) -> None:
    row = session.get(CloneThreshold, name)
    if row is None:
        row = CloneThreshold(name=name, value=value, changed_at=now)
        session.add(row)
    row.value, row.changed_at, row.changed_by = value, now, actor_id
    detail = {"before": before, "after": value}
    obj = ("clone_threshold", name)
    audit.record(session, "stamps.limit", obj, actor_id=actor_id, now=now, detail=detail)

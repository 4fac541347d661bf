"""The audit trail: who changed what, appended in the transaction of the change."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from app.accounts.models import AuditEntry, User
from app.core.paging import Page
from app.core.text import fold
from app.core.types import Json

PAGE_SIZE = 50


def record(
    session: Session,
    action: str,
    obj: tuple[str, object],
    *,
    actor_id: UUID | None,
    now: datetime,
    detail: Json | None = None,
) -> None:
    """Append one entry: `action` such as `price.set` on `obj` such as `("sku", sku.id)`.

    `detail` holds JSON values, before and after where that tells something; no secrets.
    """
    kind, key = obj
    session.add(
        AuditEntry(
            at=now,
            actor_id=actor_id,
            action=action,
            object_type=kind,
            object_id=str(key),
            detail=detail or {},
        )
    )


@dataclass(frozen=True)
class Line:
    """One entry with the name of who acted; None for jobs and commands."""

    entry: AuditEntry
    actor: str | None


def object_types(session: Session) -> Sequence[str]:
    """The kinds of things that the trail speaks of, in order."""
    kinds = select(AuditEntry.object_type).distinct().order_by(AuditEntry.object_type)
    return session.scalars(kinds).all()


def lines(
    session: Session,
    number: int,
    *,
    object_type: str = "",
    object_id: str = "",
    actor: str = "",
) -> Page[Line]:
    """A page of the trail, newest first; empty filters let everything pass.

    `actor` is a part of a name or an e-mail address.
    """
    wanted = _conditions(object_type, object_id, actor)
    total = session.scalar(select(func.count(AuditEntry.id)).where(*wanted)) or 0
    query = select(AuditEntry, User.name).outerjoin(User, AuditEntry.actor_id == User.id)
    query = query.where(*wanted).order_by(AuditEntry.id.desc())
    rows = session.execute(query.limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE))
    return Page([Line(entry, name) for entry, name in rows], number, PAGE_SIZE, total)


def _conditions(object_type: str, object_id: str, actor: str) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = []
    if object_type:
        wanted.append(AuditEntry.object_type == object_type)
    if object_id:
        wanted.append(AuditEntry.object_id == object_id)
    if fold(actor):
        people = select(User.id).where(User.search_text.contains(fold(actor), autoescape=True))
        wanted.append(AuditEntry.actor_id.in_(people))
    return wanted

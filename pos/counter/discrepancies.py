"""What facts contradict, for a manager to clear."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload

from app.accounts import audit
from app.core.errors import NotFound, Rejected
from app.core.paging import Page
from app.core.text import N_
from app.core.types import Json
from pos.counter.models import Discrepancy, DiscrepancyKind, DiscrepancyStatus

PAGE_SIZE = 30

T = TypeVar("T")


class UnknownDiscrepancy(NotFound):
    """No such entry."""

    code = "unknown_discrepancy"
    message = N_("This entry does not exist.")


class NoteNeeded(Rejected):
    """Clearing without a word would hide what happened."""

    code = "note_needed"
    message = N_("Write what you found before clearing it.")


def open_one(
    session: Session,
    kind: DiscrepancyKind,
    place_id: UUID,
    reference: str,
    detail: Json,
    *,
    now: datetime,
) -> Discrepancy:
    """Note a contradiction at a place, about `reference` such as `order:CL1-A-000318`."""
    row = Discrepancy(
        kind=kind,
        status=DiscrepancyStatus.OPEN,
        place_id=place_id,
        reference=reference,
        detail=detail,
        opened_at=now,
    )
    session.add(row)
    session.flush()
    return row


def get(session: Session, discrepancy_id: UUID) -> Discrepancy:
    """The entry; raises `UnknownDiscrepancy`."""
    found = session.get(Discrepancy, discrepancy_id)
    if found is None:
        raise UnknownDiscrepancy
    return found


def clear(
    session: Session, row: Discrepancy, note: str, *, now: datetime, actor_id: UUID | None
) -> None:
    """Say what was found; a cleared entry stays as it is. Raises `NoteNeeded`."""
    if row.status is DiscrepancyStatus.CLEARED:
        return
    if not note.strip():
        raise NoteNeeded
    row.status, row.cleared_at, row.cleared_by = DiscrepancyStatus.CLEARED, now, actor_id
    row.note = note.strip()
    obj = ("discrepancy", row.id)
    audit.record(
        session, "discrepancy.clear", obj, actor_id=actor_id, now=now, detail={"note": row.note}
    )


@dataclass(frozen=True)
class Filter:
    """Which entries to list; `place_ids` None means all places."""

    place_ids: frozenset[UUID] | None
    status: DiscrepancyStatus | None = DiscrepancyStatus.OPEN
    kind: DiscrepancyKind | None = None


def listing(session: Session, wanted: Filter, number: int) -> Page[Discrepancy]:
    """A page of entries: open ones first, the oldest of those first; then the newest cleared."""
    query = _matching(select(Discrepancy), wanted)
    total = session.scalar(_matching(select(func.count(Discrepancy.id)), wanted)) or 0
    query = query.options(joinedload(Discrepancy.place)).order_by(
        Discrepancy.cleared_at.is_not(None), Discrepancy.cleared_at.desc(), Discrepancy.opened_at
    )
    rows = session.scalars(query.limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE))
    return Page(list(rows), number, PAGE_SIZE, total)


def open_count(session: Session, place_ids: frozenset[UUID] | None) -> int:
    """How many entries wait at these places."""
    wanted = Filter(place_ids)
    return session.scalar(_matching(select(func.count(Discrepancy.id)), wanted)) or 0


def _matching(query: Select[T], wanted: Filter) -> Select[T]:
    if wanted.place_ids is not None:
        query = query.where(Discrepancy.place_id.in_(wanted.place_ids))
    if wanted.status is not None:
        query = query.where(Discrepancy.status == wanted.status)
    if wanted.kind is not None:
        query = query.where(Discrepancy.kind == wanted.kind)
    return query

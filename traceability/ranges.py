"""Runs of neighbouring stamps of one batch, numbered from 0; they never overlap."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.errors import Conflict, Rejected
from app.core.text import N_
from traceability.models import Lot, RangeState, StampBatch, StampRange


class RangeOverlap(Conflict):
    """Some of these stamps are activated or void already; `detail` is the first such run."""

    code = "range_overlap"
    message = N_("Stamps %(first)s to %(last)s are activated or void already.")


class OutsideBatch(Rejected):
    """The numbers are not those of stamps in the batch."""

    code = "outside_batch"
    message = N_("The batch has stamps 1 to %(size)s; the first must not come after the last.")


def check_inside(batch: StampBatch, first: int, last: int) -> None:
    """Raise `OutsideBatch` unless `first` to `last` are stamps of the batch."""
    if not 0 <= first <= last < batch.size:
        raise OutsideBatch(size=batch.size)


def all_of(session: Session, batch: StampBatch) -> Sequence[StampRange]:
    """The runs of the batch in order."""
    query = select(StampRange).where(StampRange.batch_id == batch.id).order_by(StampRange.first)
    return session.scalars(query).all()


def overlapping(session: Session, batch: StampBatch, first: int, last: int) -> Sequence[StampRange]:
    """The runs that share a stamp with `first` to `last`, in order."""
    query = (
        select(StampRange)
        .where(StampRange.batch_id == batch.id)
        .where(StampRange.first <= last, StampRange.last >= first)
        .order_by(StampRange.first)
    )
    return session.scalars(query).all()


def refuse(found: StampRange) -> RangeOverlap:
    """The error that names the run in the way, in numbers as people count them."""
    numbers = {"first": found.first + 1, "last": found.last + 1}
    return RangeOverlap(detail=numbers, **numbers)


def add(
    session: Session,
    batch: StampBatch,
    numbers: tuple[int, int],
    state: RangeState,
    *,
    lot: Lot,
    now: datetime,
    actor_id: UUID | None,
    reason: str | None = None,
) -> StampRange:
    """Write a run; whoever calls has made sure that its stamps are free."""
    made = StampRange(
        batch_id=batch.id,
        first=numbers[0],
        last=numbers[1],
        state=state,
        lot_id=lot.id,
        reason=reason,
        at=now,
        actor_id=actor_id,
    )
    session.add(made)
    session.flush()
    return made


def cut_out(session: Session, found: StampRange, first: int, last: int) -> None:
    """Take `first` to `last` out of a run; what is left on either side stays as it is."""
    tail = _part(found, last + 1, found.last) if found.last > last else None
    if found.first < first:
        found.last = first - 1
    else:
        session.delete(found)
    # The row must be out of the way before another may begin at its number.
    session.flush()
    if tail is not None:
        session.add(tail)
        session.flush()


def _part(run: StampRange, first: int, last: int) -> StampRange:
    return StampRange(
        batch_id=run.batch_id,
        first=first,
        last=last,
        state=run.state,
        lot_id=run.lot_id,
        reason=run.reason,
        at=run.at,
        actor_id=run.actor_id,
    )


def gaps(size: int, runs: Iterable[StampRange]) -> list[tuple[int, int]]:
    """Runs of stamps that nothing has happened to yet; `runs` come in order."""
    free, start = [], 0
    for run in runs:
        if run.first > start:
            free.append((start, run.first - 1))
        start = run.last + 1
    return [*free, (start, size - 1)] if start < size else free

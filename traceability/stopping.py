"""Stopping runs of stamps: void when lost or spoiled, recalled with the packs they are on."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.accounts import audit
from traceability import ranges
from traceability.issued import NotIssued
from traceability.models import Lot, RangeState, StampBatch, StampRange

_STOPPED = {RangeState.VOID, RangeState.RECALLED}


def void_range(
    session: Session,
    batch: StampBatch,
    first: int,
    last: int,
    *,
    reason: str,
    now: datetime,
    actor_id: UUID | None,
) -> StampRange:
    """Declare lost or spoiled stamps void, whether they were activated or not.

    Raises `NotIssued`, `OutsideBatch`, `RangeOverlap` when some are void or recalled already.
    """
    state = RangeState.VOID
    return _stop(session, batch, (first, last), state, reason=reason, now=now, actor_id=actor_id)


def recall_range(
    session: Session,
    batch: StampBatch,
    first: int,
    last: int,
    *,
    reason: str,
    now: datetime,
    actor_id: UUID | None,
) -> StampRange:
    """Call back the packs with these stamps: one row, however many they are.

    Raises `NotIssued`, `OutsideBatch`, `RangeOverlap` when some are void or recalled already.
    """
    state = RangeState.RECALLED
    return _stop(session, batch, (first, last), state, reason=reason, now=now, actor_id=actor_id)


def _stop(
    session: Session,
    batch: StampBatch,
    numbers: tuple[int, int],
    state: RangeState,
    *,
    reason: str,
    now: datetime,
    actor_id: UUID | None,
) -> StampRange:
    session.flush()
    session.refresh(batch, with_for_update=True)
    if batch.generated_at is None:
        raise NotIssued
    first, last = numbers
    ranges.check_inside(batch, first, last)
    found = ranges.overlapping(session, batch, first, last)
    for stopped in [run for run in found if run.state in _STOPPED][:1]:
        raise ranges.refuse(stopped)
    for run in found:
        ranges.cut_out(session, run, first, last)
    detail = {"first": first, "last": last, "reason": reason}
    values, obj = {"ref": batch.ref} | detail, ("stamp_batch", batch.id)
    action = f"stamps.{state.value}_range"
    audit.record(session, action, obj, actor_id=actor_id, now=now, detail=values)
    lot = found[0].lot_id if found else batch.lot_id
    return ranges.add(
        session,
        batch,
        numbers,
        state,
        lot=session.get_one(Lot, lot),
        now=now,
        actor_id=actor_id,
        reason=reason,
    )

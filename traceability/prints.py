"""Prints of stamps: asked for by staff, made by the worker, fetched, and deleted after a while."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.accounts import audit
from app.core import outbox
from app.core.clock import local_day
from app.core.errors import Conflict, NotFound, Rejected
from app.core.text import N_
from traceability import gs1, ranges
from traceability.issued import NotIssued
from traceability.models import StampBatch
from traceability.print_models import PrintKind, PrintRun, PrintState
from traceability.printing import fitting, layouts
from traceability.printing.layouts import Layout

WORK = "stamp_print"
FOLDER = "prints"
KEPT = timedelta(days=14)
# A worker that has given no sign of life for so long is gone.
SILENCE = timedelta(seconds=60)
STOPPED = frozenset({PrintState.CANCELLED, PrintState.FAILED})


class UnknownPrint(NotFound):
    """No such print."""

    code = "unknown_print"
    message = N_("This print does not exist.")


class SymbolTooSmall(Rejected):
    """The address does not fit on the stamp with modules that cameras can read."""

    code = "symbol_too_small"
    message = N_("The address of these stamps needs a symbol of at least %(side)s mm.")


class NoPins(Rejected):
    """The layout has a field to scratch free, the stamps have no code for it."""

    code = "no_pins"
    message = N_("These stamps have no code to scratch free; choose another layout.")


class NotStopped(Conflict):
    """Only a print that was stopped or failed can be gone on with."""

    code = "print_not_stopped"
    message = N_("The print was not stopped.")


class NotReady(Conflict):
    """There is no file, not yet or not any more."""

    code = "print_not_ready"
    message = N_("There is no file to fetch.")


class StillRunning(Exception):
    """Another worker is at it; trying again later finds out what came of it."""


@dataclass(frozen=True)
class Wish:
    """What is asked for: `first` counts from 0."""

    kind: PrintKind
    layout: Layout
    first: int
    count: int
    paths: bool = False


def head_of(batch: StampBatch, base_url: str) -> str:
    """The address of the batch's stamps up to the serial."""
    if batch.has_gtin:
        return gs1.digital_link(base_url, batch.identity, "0").removesuffix("0")
    return f"{base_url.rstrip('/')}/t/"


def request(
    session: Session,
    batch: StampBatch,
    wish: Wish,
    *,
    base_url: str,
    day: date,
    now: datetime,
    actor_id: UUID | None,
) -> PrintRun:
    """Have a file made; whoever has it can print stamps, so it is audited.

    Raises `NotIssued`, `OutsideBatch`, `SymbolTooSmall`, `NoPins`.
    """
    run = _new(batch, wish, base_url, day=day, now=now, actor_id=actor_id)
    session.add(run)
    session.flush()
    _enqueue(session, run, now)
    _audit(session, "stamps.print", run, now, actor_id)
    return run


def _new(
    batch: StampBatch,
    wish: Wish,
    base_url: str,
    *,
    day: date,
    now: datetime,
    actor_id: UUID | None,
) -> PrintRun:
    if batch.generated_at is None:
        raise NotIssued
    ranges.check_inside(batch, wish.first, wish.first + wish.count - 1)
    head = head_of(batch, base_url)
    check_layout(batch, wish, head)
    return PrintRun(
        batch=batch,
        batch_id=batch.id,
        kind=wish.kind,
        layout=wish.layout.to_data(),
        paths=wish.paths,
        head=head,
        first=wish.first,
        count=wish.count,
        state=PrintState.QUEUED,
        done=0,
        printed_on=day,
        created_at=now,
        created_by=actor_id,
    )


def by_hand(
    session: Session, batch: StampBatch, wish: Wish, base_url: str, *, now: datetime
) -> PrintRun:
    """A print that the console makes at once, in a row that is not kept; it is audited all the same.

    Raises what `request` raises.
    """
    run = _new(batch, wish, base_url, day=local_day(now), now=now, actor_id=None)
    _audit(session, "stamps.print", run, now, None)
    return run


def check_layout(batch: StampBatch, wish: Wish, head: str) -> None:
    """Raise `SymbolTooSmall` or `NoPins` for sheets that would be of no use."""
    if wish.kind is not PrintKind.PDF:
        return
    if wish.layout.pin and not batch.has_pin:
        raise NoPins
    try:
        fitting.choose(head, wish.layout.symbol)
    except fitting.ModulesTooSmall as error:
        raise SymbolTooSmall(side=f"{error.side:.1f}") from error


def _enqueue(session: Session, run: PrintRun, now: datetime) -> None:
    outbox.enqueue(session, WORK, {"run": str(run.id)}, now=now)


def _audit(
    session: Session, action: str, run: PrintRun, now: datetime, actor_id: UUID | None
) -> None:
    values = {
        "first": run.first,
        "count": run.count,
        "file": run.kind.value,
        "run": str(run.id or ""),
    }
    obj, detail = ("stamp_batch", run.batch_id), {"ref": run.batch.ref} | values
    audit.record(session, action, obj, actor_id=actor_id, now=now, detail=detail)


def get(session: Session, run_id: UUID) -> PrintRun:
    """The print; raises `UnknownPrint`."""
    found = session.get(PrintRun, run_id)
    if found is None:
        raise UnknownPrint
    return found


def of_batch(session: Session, batch: StampBatch) -> Sequence[PrintRun]:
    """The prints of a batch, newest first."""
    query = select(PrintRun).where(PrintRun.batch_id == batch.id)
    return session.scalars(query.order_by(PrintRun.created_at.desc(), PrintRun.id)).all()


def cancel(session: Session, run: PrintRun, *, now: datetime, actor_id: UUID | None) -> None:
    """Stop a print; what is made so far stays, and can be gone on with."""
    moving = PrintRun.state.in_([PrintState.QUEUED, PrintState.RUNNING])
    if _change(session, run.id, moving, {"state": PrintState.CANCELLED}):
        _audit(session, "stamps.print_cancel", run, now, actor_id)
    session.refresh(run)


def resume(session: Session, run: PrintRun, *, now: datetime, actor_id: UUID | None) -> None:
    """Go on with a print that was stopped or failed. Raises `NotStopped`."""
    values = {"state": PrintState.QUEUED, "error": None, "beat_at": None}
    if not _change(session, run.id, PrintRun.state.in_(STOPPED), values):
        raise NotStopped
    session.refresh(run)
    _enqueue(session, run, now)
    _audit(session, "stamps.print_resume", run, now, actor_id)


def begin(session: Session, run_id: UUID, now: datetime) -> bool:
    """Take the print in hand; False when there is nothing to do. Raises `StillRunning`."""
    silent = (PrintRun.state == PrintState.RUNNING) & (PrintRun.beat_at < now - SILENCE)
    waiting = (PrintRun.state == PrintState.QUEUED) | silent
    values = {"state": PrintState.RUNNING, "beat_at": now}
    if _change(session, run_id, waiting, values):
        return True
    if get(session, run_id).state is PrintState.RUNNING:
        raise StillRunning
    return False


def beat(session: Session, run_id: UUID, done: int, now: datetime) -> bool:
    """Note how far it is; False when somebody has stopped it."""
    running = PrintRun.state == PrintState.RUNNING
    return _change(session, run_id, running, {"done": done, "beat_at": now})


def finish(
    session: Session, run: PrintRun, *, file: str, size: int, sha256: str, now: datetime
) -> None:
    """The file is whole."""
    values = {"file": file, "bytes": size, "sha256": sha256, "done": run.count}
    running = PrintRun.state == PrintState.RUNNING
    more = {"state": PrintState.DONE, "finished_at": now}
    _change(session, run.id, running, values | more)


def fail(session: Session, run_id: UUID, reason: str, now: datetime) -> None:
    """It cannot be made; staff may try again."""
    running = PrintRun.state == PrintState.RUNNING
    values = {"state": PrintState.FAILED, "error": reason[:500], "beat_at": now}
    _change(session, run_id, running, values)


def _change(session: Session, run_id: UUID, only_if: Any, values: Mapping[str, Any]) -> bool:
    """Write if the state is still the one looked for: worker and staff may both be at it."""
    changed = update(PrintRun).where(PrintRun.id == run_id, only_if).values(**values)
    return session.execute(changed.returning(PrintRun.id)).first() is not None


def note_single(
    session: Session, batch: StampBatch, number: int, *, now: datetime, actor_id: UUID | None
) -> None:
    """Note who took the symbol of one stamp as a picture; `number` counts from 0."""
    obj, detail = ("stamp_batch", batch.id), {"ref": batch.ref, "first": number, "count": 1}
    audit.record(session, "stamps.print_single", obj, actor_id=actor_id, now=now, detail=detail)


def fetched(session: Session, run: PrintRun, *, now: datetime, actor_id: UUID | None) -> str:
    """Note who takes the file, and its name. Raises `NotReady`."""
    if not run.ready or run.file is None:
        raise NotReady
    _audit(session, "stamps.print_fetch", run, now, actor_id)
    return run.file


def forget_old(session: Session, *, now: datetime, kept: timedelta = KEPT) -> list[str]:
    """Note the removal of old files; returns what to delete, whole files and beginnings alike."""
    old = PrintRun.created_at < now - kept
    idle = PrintRun.state.not_in([PrintState.QUEUED, PrintState.RUNNING])
    query = select(PrintRun).where(PrintRun.removed_at.is_(None), old, idle)
    found = session.scalars(query).all()
    for run in found:
        run.removed_at = now
    session.flush()
    return [name for run in found for name in names(run)]


def names(run: PrintRun) -> tuple[str, str]:
    """File names of the whole file and of its beginning."""
    whole = f"{run.id}.{run.kind.value}"
    return whole, whole + ".part"


def layout_of(run: PrintRun) -> Layout:
    """The layout as it was when the print was asked for."""
    return layouts.from_data(run.layout)

"""Cases of likely copies: opened by the rules, looked into by officers, closed with a reason."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.accounts import audit
from app.core.db import insert_if_new
from app.core.errors import NotFound
from app.core.states import Moves
from app.core.text import N_
from app.core.types import Json
from traceability import clones
from traceability.cells import Cell
from traceability.clones import Finding, Limits, Seen
from traceability.models import Scan, StampItem
from traceability.scan_models import CaseKind, CaseStatus, StampCase

# The newest scans of a code say enough; a code scanned a million times must not cost a million rows.
LOOKED_AT = 300
NOT_ACTIVATED = "not_activated"

CASE_MOVES = Moves(
    {
        CaseStatus.OPEN: {CaseStatus.LOOKING, CaseStatus.CONFIRMED, CaseStatus.DISMISSED},
        CaseStatus.LOOKING: {CaseStatus.CONFIRMED, CaseStatus.DISMISSED},
    }
)
CLOSED = frozenset({CaseStatus.CONFIRMED, CaseStatus.DISMISSED})


class UnknownCase(NotFound):
    """No such case."""

    code = "unknown_case"
    message = N_("This case does not exist.")


def judge_code(
    session: Session,
    item: StampItem,
    limits: Limits,
    *,
    now: datetime,
    sent_to: Collection[Cell] = (),
    usual: float = 0.0,
) -> Finding:
    """Score a scanned stamp, keep the score with it, and open or renew its case if it is high."""
    seen = scans_of(session, item.batch_id, item.number, item.cleared_at)
    sold_at = item.sold_at
    finding = clones.judge(seen, limits, sold_at=sold_at, sent_to=sent_to, usual=usual)
    # What the sweep knew of where the goods were sent is not forgotten by a scan that does not.
    score = finding.score if sent_to else max(finding.score, item.suspicion)
    if score != item.suspicion:
        key = (StampItem.batch_id == item.batch_id) & (StampItem.number == item.number)
        session.execute(update(StampItem).where(key).values(suspicion=score))
    if finding.score >= limits.suspicious:
        subject = f"code:{item.batch_id}:{item.number}"
        values = {"kind": CaseKind.CODE, "batch_id": item.batch_id, "number": item.number}
        report(session, subject, values, finding, now=now)
    return finding


def scans_of(
    session: Session, batch_id: UUID, number: int, since: datetime | None = None
) -> list[Seen]:
    """The newest scans of a code, oldest first; those before `since` were looked into."""
    query = select(Scan.at, Scan.device, Scan.lat10, Scan.lon10, Scan.verdict)
    query = query.where(Scan.batch_id == batch_id, Scan.number == number)
    if since is not None:
        query = query.where(Scan.at > since)
    rows = session.execute(query.order_by(Scan.at.desc(), Scan.id.desc()).limit(LOOKED_AT)).all()
    return [
        Seen(at, device, cell_of(lat10, lon10), verdict == NOT_ACTIVATED)
        for at, device, lat10, lon10, verdict in reversed(rows)
    ]


def cell_of(lat10: int | None, lon10: int | None) -> Cell | None:
    """The area of a scan, if it was told."""
    return None if lat10 is None or lon10 is None else Cell(lat10, lon10)


def report(
    session: Session, subject: str, values: Json, finding: Finding, *, now: datetime
) -> None:
    """Open a case, or renew the open one of the same subject; a higher score is kept."""
    found = {"score": finding.score, "reasons": dict(finding.reasons), "seen_at": now}
    row = {"subject": subject, "status": CaseStatus.OPEN, "opened_at": now, **values, **found}
    if insert_if_new(session, StampCase, row):
        return
    query = select(StampCase).filter_by(subject=subject, closed_at=None).with_for_update()
    case = session.scalar(query)
    # Closed between the two statements: the next scan opens a new one.
    if case is not None:
        case.seen_at = now
        if finding.score >= case.score:
            case.score, case.reasons = finding.score, dict(finding.reasons)


def move(
    session: Session,
    case: StampCase,
    to: CaseStatus,
    *,
    note: str | None,
    now: datetime,
    actor_id: UUID | None,
) -> None:
    """Go on with a case. Dismissing a code's case clears its scans so far. Raises `ForbiddenMove`."""
    session.refresh(case, with_for_update=True)
    before = case.status
    case.status = CASE_MOVES.to(before, to)
    case.note, case.assigned_to = note or case.note, case.assigned_to or actor_id
    if to in CLOSED:
        case.closed_at = now
    if to is CaseStatus.DISMISSED and case.kind is CaseKind.CODE:
        key = (StampItem.batch_id == case.batch_id) & (StampItem.number == case.number)
        session.execute(update(StampItem).where(key).values(suspicion=0, cleared_at=now))
    detail = {"before": before.value, "after": to.value, "note": note}
    obj = ("stamp_case", case.id)
    audit.record(session, "stamps.case", obj, actor_id=actor_id, now=now, detail=detail)
    session.flush()


def get(session: Session, case_id: UUID) -> StampCase:
    """The case. Raises `UnknownCase`."""
    found = session.get(StampCase, case_id)
    if found is None:
        raise UnknownCase
    return found

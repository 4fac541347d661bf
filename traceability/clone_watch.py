"""The sweep that judges what no single scan can show: batches, areas, and where goods were sent."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session

from traceability import cases, clones, thresholds
from traceability.cells import Cell
from traceability.clones import Limits
from traceability.models import Scan, StampBatch, StampItem
from traceability.scan_models import CaseKind

# Areas where goods of these lots were ever put; told from above, where stock is known.
Whereabouts = Callable[[Session, Collection[UUID]], Mapping[UUID, Collection[Cell]]]

LOOK_BACK = timedelta(days=1)
MOST_CODES = 2_000  # of one batch in one sweep: those scanned last


def sweep(session: Session, whereabouts: Whereabouts, *, now: datetime) -> int:
    """Judge every batch scanned since yesterday; returns how many codes were judged."""
    limits = thresholds.current(session)
    fresh = select(Scan.batch_id).where(Scan.at > now - LOOK_BACK, Scan.batch_id.is_not(None))
    batches = session.scalars(select(StampBatch).where(StampBatch.id.in_(fresh.distinct()))).all()
    sent = whereabouts(session, {batch.lot_id for batch in batches})
    return sum(_batch(session, batch, sent.get(batch.lot_id, ()), limits, now) for batch in batches)


def _batch(
    session: Session, batch: StampBatch, sent_to: Collection[Cell], limits: Limits, now: datetime
) -> int:
    items = session.scalars(
        select(StampItem)
        .where(StampItem.batch_id == batch.id, StampItem.scan_count > 0)
        .order_by(StampItem.last_scan_at.desc())
        .limit(MOST_CODES)
    ).all()
    usual = _usual(session, batch.id)
    scores = [
        cases.judge_code(session, item, limits, now=now, sent_to=sent_to, usual=usual).score
        for item in items
        if item.last_scan_at is not None and _worth_it(item, now)
    ]
    quiet = [item.suspicion for item in items if not _worth_it(item, now)]
    _report_batch(session, batch, clones.judge_batch(scores + quiet, limits), now)
    _areas(session, batch, sent_to, limits, now)
    return len(scores)


def _worth_it(item: StampItem, now: datetime) -> bool:
    """Nothing new was seen of a code that nobody scanned since the sweep before."""
    return item.last_scan_at is not None and item.last_scan_at > now - LOOK_BACK


def _usual(session: Session, batch_id: UUID) -> float:
    """Mean number of phones per scanned code: the middle half, so that copies do not shift it."""
    per_code = (
        select(func.count(func.distinct(Scan.device)).label("phones"))
        .where(Scan.batch_id == batch_id)
        .group_by(Scan.number)
        .limit(MOST_CODES)
    )
    counts = sorted(session.scalars(per_code).all())
    middle = counts[len(counts) // 4 : max(len(counts) * 3 // 4, 1)]
    return sum(middle) / len(middle) if middle else 0.0


def _report_batch(
    session: Session, batch: StampBatch, finding: clones.Finding, now: datetime
) -> None:
    if finding.score:
        values = {"kind": CaseKind.BATCH, "batch_id": batch.id}
        cases.report(session, f"batch:{batch.id}", values, finding, now=now)


def _areas(
    session: Session, batch: StampBatch, sent_to: Collection[Cell], limits: Limits, now: datetime
) -> None:
    """Areas where unsold codes of the batch turned up; buyers carry sold ones wherever they like."""
    sold = select(StampItem.batch_id, StampItem.number).where(
        StampItem.batch_id == batch.id, StampItem.sold_at.is_not(None)
    )
    query = (
        select(Scan.lat10, Scan.lon10, func.count(func.distinct(Scan.number)))
        .where(Scan.batch_id == batch.id, Scan.lat10.is_not(None))
        .where(tuple_(Scan.batch_id, Scan.number).not_in(sold))
        .group_by(Scan.lat10, Scan.lon10)
    )
    codes: dict[Cell, int] = defaultdict(int)
    for lat10, lon10, count in session.execute(query):
        if (cell := cases.cell_of(lat10, lon10)) is not None:
            codes[cell] += count
    for cell, count in codes.items():
        finding = clones.judge_area(cell, count, sent_to, limits)
        if finding.score >= limits.suspicious:
            values = {"kind": CaseKind.PLACE, "batch_id": batch.id, "cell": str(cell)}
            cases.report(session, f"place:{batch.id}:{cell}", values, finding, now=now)

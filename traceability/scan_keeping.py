"""How long scans are kept: single ones for thirteen months, then as sums by day and area."""

from datetime import datetime, timedelta

from sqlalchemy import and_, delete, func, select
from sqlalchemy.orm import Session

from app.core.clock import local_day, local_midnight
from app.core.db import insert_if_new
from traceability.cases import cell_of
from traceability.models import Scan
from traceability.scan_models import ScanDay

KEPT = timedelta(days=395)
# One sweep takes at most this many days, so that no transaction lasts long.
DAYS_AT_ONCE = 7


def reduce_old(session: Session, *, now: datetime) -> int:
    """Turn scans older than `KEPT` into sums and delete them; returns how many scans went."""
    limit = local_midnight(local_day(now - KEPT))
    gone = 0
    for _round in range(DAYS_AT_ONCE):
        oldest = session.scalar(select(func.min(Scan.at)).where(Scan.at < limit))
        if oldest is None:
            break
        start = local_midnight(local_day(oldest))
        gone += _reduce_day(session, start, min(start + timedelta(days=1), limit))
    return gone


def _reduce_day(session: Session, start: datetime, end: datetime) -> int:
    within = and_(Scan.at >= start, Scan.at < end)
    parts = (Scan.batch_id, Scan.lat10, Scan.lon10, Scan.verdict)
    sums = select(*parts, func.count(), func.count(func.distinct(Scan.number)))
    sums = sums.where(within, Scan.batch_id.is_not(None)).group_by(*parts)
    for batch_id, lat10, lon10, verdict, scans, codes in session.execute(sums).all():
        cell = str(cell_of(lat10, lon10) or "")
        key = {"batch_id": batch_id, "day": local_day(start), "cell": cell, "verdict": verdict}
        insert_if_new(session, ScanDay, {**key, "scans": scans, "codes": codes})
    gone = session.execute(delete(Scan).where(within).returning(Scan.id)).all()
    return len(gone)

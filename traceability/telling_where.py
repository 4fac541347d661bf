"""A consumer says about where a stamp was scanned: of one's own accord, and only once for a scan."""

from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.core.errors import Conflict
from app.core.text import N_
from traceability.cells import Cell
from traceability.models import Scan

# The page that asks is open for a while; later the phone may be elsewhere.
WITHIN = timedelta(hours=1)


class TooLateToTell(Conflict):
    """The scan is too long ago, or its place was told."""

    code = "too_late_to_tell"
    message = N_("Please scan the stamp again: this look was too long ago, or its place is known.")


def tell(session: Session, scan_id: int, cell: Cell, *, now: datetime) -> None:
    """Note the area of a scan of the last hour. Raises `TooLateToTell`."""
    guarded = (
        update(Scan)
        .where(Scan.id == scan_id, Scan.lat10.is_(None), Scan.at > now - WITHIN)
        .values(lat10=cell.lat10, lon10=cell.lon10)
        .returning(Scan.id)
    )
    if session.execute(guarded).first() is None and not _told(session, scan_id, cell):
        raise TooLateToTell


def _told(session: Session, scan_id: int, cell: Cell) -> bool:
    """Whether the same was told before: sending the form twice is no mistake."""
    query = select(Scan.id).filter_by(id=scan_id, lat10=cell.lat10, lon10=cell.lon10)
    return session.scalar(query) is not None

"""How many units of each article stay at a place for whoever comes to the counter."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.accounts import audit
from app.core.errors import Rejected
from app.core.text import N_
from pos.stock.models import Place

MOST = 9_999


class BadKeptBack(Rejected):
    """Not a number of units that can be kept back."""

    code = "bad_kept_back"
    message = N_("Enter a whole number from 0 to %(most)s.")


def keep_back(
    session: Session, place: Place, units: int, *, now: datetime, actor_id: UUID | None
) -> None:
    """Leave `units` of every article to the counter from now on; audited. What online orders hold
    already stays theirs. Raises `BadKeptBack`."""
    if not 0 <= units <= MOST:
        raise BadKeptBack(most=MOST)
    before = place.kept_back
    if units == before:
        return
    place.kept_back = units
    session.flush()
    detail = {"before": {"kept_back": before}, "after": {"kept_back": units}}
    obj = ("place", place.id)
    audit.record(session, "place.keep_back", obj, actor_id=actor_id, now=now, detail=detail)

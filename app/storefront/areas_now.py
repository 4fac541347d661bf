"""Where an old unit lies today, remembered: that never changes, and finding it takes statements."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.areas.lookup import units_today
from app.areas.models import AreaUnit

_known: dict[tuple[Any, UUID], tuple[AreaUnit, ...]] = {}


def units_now(session: Session, unit: AreaUnit | None) -> tuple[AreaUnit, ...]:
    """`units_today` of the unit, asked for once in the life of the process."""
    if unit is None:
        return ()
    key = session.get_bind().engine.url, unit.id
    if key not in _known:
        found = units_today(session, unit)
        if not found:
            return ()  # the successors may not be loaded yet
        _known[key] = tuple(found)
    return _known[key]

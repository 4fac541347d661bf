"""Units of sold lines that cases speak for. The guard is the database's: never more than sold."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from app.core.db import insert_if_new
from app.core.errors import Conflict
from app.core.text import N_
from pos.aftersales.models import CaseLine, LineClaim
from pos.sales.models import OrderLine


class TooManyUnits(Conflict):
    """More than was sold, or than no other case speaks for."""

    code = "too_many_units"
    message = N_("%(name)s: so many were not sold, or another case is about them already.")


def hold(session: Session, row: CaseLine, units: int) -> None:
    """Let the case speak for `units` of its line, in place of what it spoke for until now.

    Raises `TooManyUnits`; the caller's transaction must then be undone.
    """
    change = units - row.held
    free = LineClaim.claimed + change <= LineClaim.sold
    if change and not _step(session, row.line, free, {"claimed": LineClaim.claimed + change}):
        raise TooManyUnits(name=row.line.name)
    row.held = units
    session.flush()


def repay(session: Session, line: OrderLine, units: int) -> int:
    """Note that `units` of the line are paid back; returns how many were before.

    Raises `TooManyUnits`.
    """
    more = {"repaid": LineClaim.repaid + units}
    if not _step(session, line, LineClaim.repaid + units <= LineClaim.sold, more):
        raise TooManyUnits(name=line.name)
    return repaid(session, line.id) - units


def _step(
    session: Session, line: OrderLine, fits: ColumnElement[bool], values: Mapping[str, object]
) -> bool:
    fresh = {"line_id": line.id, "sold": line.quantity, "claimed": 0, "repaid": 0}
    insert_if_new(session, LineClaim, fresh)
    step = update(LineClaim).where(LineClaim.line_id == line.id, fits).values(values)
    step = step.execution_options(synchronize_session=False)
    return session.execute(step.returning(LineClaim.line_id)).first() is not None


def repaid(session: Session, line_id: UUID) -> int:
    """Units of the line that were paid back."""
    return session.scalar(select(LineClaim.repaid).filter_by(line_id=line_id)) or 0


def free(session: Session, line: OrderLine) -> int:
    """Units of the line that no case speaks for."""
    taken = session.scalar(select(LineClaim.claimed).filter_by(line_id=line.id)) or 0
    return line.quantity - taken

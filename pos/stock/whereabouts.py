"""Where goods of a lot were ever put: the areas in which its stamps may turn up unsold."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.areas.centres import centres
from app.areas.models import SINCE_2025, AreaUnit
from pos.stock.models import PHYSICAL, Movement, Place
from traceability.cells import Cell, cell_at


def of_lots(session: Session, lot_ids: Collection[UUID]) -> Mapping[UUID, Collection[Cell]]:
    """Areas of the physical places that each lot came to; one query.

    Places without a commune say nothing.
    """
    query = (
        select(Movement.lot_id, AreaUnit.code)
        .join(Place, Place.id == Movement.to_place_id)
        .join(AreaUnit, AreaUnit.id == Place.area_id)
        .where(Movement.lot_id.in_(list(lot_ids)), Place.kind.in_(list(PHYSICAL)))
        .where(AreaUnit.snapshot == SINCE_2025)
        .distinct()
    )
    found: dict[UUID, set[Cell]] = defaultdict(set)
    for lot_id, code in session.execute(query):
        if (point := centres().get(code)) is not None:
            found[lot_id].add(cell_at(*point))
    return found

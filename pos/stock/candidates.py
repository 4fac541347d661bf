"""Lots that can serve at a place, locked for the rest of the transaction."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from pos.stock.models import Balance
from traceability.lots import saleable_on
from traceability.models import Lot


def lock(session: Session, place_id: UUID, sku_ids: Iterable[UUID]) -> None:
    """Lock all balances of these SKUs at the place, in one order, so that a plan made afterwards
    still holds when it is booked. On SQLite the whole database is already locked."""
    rows = (
        select(Balance.lot_id)
        .where(Balance.place_id == place_id, Balance.sku_id.in_(set(sku_ids)))
        .order_by(Balance.lot_id)
        .with_for_update()
    )
    session.execute(rows).all()


def saleable(
    session: Session, place_id: UUID, sku_ids: Iterable[UUID], day: date
) -> dict[UUID, list[tuple[UUID, int, int]]]:
    """(lot, on hand, free) of each SKU's saleable lots at the place, first expired first."""
    rows = session.execute(
        select(Balance.sku_id, Balance.lot_id, Balance.on_hand, Balance.on_hand - Balance.reserved)
        .join(Lot, Lot.id == Balance.lot_id)
        .where(Balance.place_id == place_id, Balance.sku_id.in_(set(sku_ids)))
        .where(Balance.on_hand > 0, saleable_on(day))
        .order_by(Lot.sell_by.is_(None), Lot.sell_by, Lot.created_at, Lot.id)
    )
    found: dict[UUID, list[tuple[UUID, int, int]]] = defaultdict(list)
    for sku_id, lot_id, on_hand, free in rows:
        found[sku_id].append((lot_id, on_hand, free))
    return found

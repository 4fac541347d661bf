"""Lots that can serve at a place, locked for the rest of the transaction."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Date, Uuid, bindparam, select
from sqlalchemy.orm import Session

from pos.stock.models import Balance
from traceability.lots import saleable_on
from traceability.models import Lot

_HERE = Balance.place_id == bindparam("place", type_=Uuid())
_THESE = Balance.sku_id.in_(bindparam("skus", type_=Uuid(), expanding=True))
_LOCK = select(Balance.lot_id).where(_HERE, _THESE).order_by(Balance.lot_id).with_for_update()
_DAY: Any = bindparam("day", type_=Date())
_FREE = Balance.on_hand - Balance.reserved
_ROWS = (
    select(Balance.sku_id, Balance.lot_id, Balance.on_hand, _FREE)
    .join(Lot, Lot.id == Balance.lot_id)
    .where(_HERE, _THESE)
    .where(Balance.on_hand > 0, saleable_on(_DAY))
)
_SALEABLE = _ROWS.order_by(Lot.sell_by.is_(None), Lot.sell_by, Lot.created_at, Lot.id)
_LOCKED = (
    _ROWS.add_columns(Lot.sell_by, Lot.created_at)
    .order_by(Balance.lot_id)
    .with_for_update(of=Balance)
)


def lock(session: Session, place_id: UUID, sku_ids: Iterable[UUID]) -> None:
    """Lock all balances of these SKUs at the place, in one order, so that a plan made afterwards
    still holds when it is booked. On SQLite the whole database is already locked."""
    session.execute(_LOCK, {"place": place_id, "skus": list(set(sku_ids))}).all()


def saleable(
    session: Session, place_id: UUID, sku_ids: Iterable[UUID], day: date
) -> dict[UUID, list[tuple[UUID, int, int]]]:
    """(lot, on hand, free) of each SKU's saleable lots at the place, first expired first."""
    asked = {"place": place_id, "skus": list(set(sku_ids)), "day": day}
    return _by_sku(session.execute(_SALEABLE, asked))


def locked(
    session: Session, place_id: UUID, sku_ids: Iterable[UUID], day: date
) -> dict[UUID, list[tuple[UUID, int, int]]]:
    """`saleable`, those lots locked as by `lock`. One statement: amounts are of the moment when the
    lock was got, not of the one when it was asked for."""
    asked = {"place": place_id, "skus": list(set(sku_ids)), "day": day}
    rows = session.execute(_LOCKED, asked).all()
    return _by_sku(row[:4] for row in sorted(rows, key=_first_expired))


def _first_expired(row: Any) -> Any:
    return row.sell_by is None, row.sell_by or date.min, row.created_at, row.lot_id


def _by_sku(rows: Iterable[Any]) -> dict[UUID, list[tuple[UUID, int, int]]]:
    found: dict[UUID, list[tuple[UUID, int, int]]] = defaultdict(list)
    for sku_id, lot_id, on_hand, free in rows:
        found[sku_id].append((lot_id, on_hand, free))
    return found

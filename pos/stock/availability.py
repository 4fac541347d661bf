"""What is there and what can be promised, by SKU and place. Base units."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ScalarSelect, Select, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from catalog.models import Sku
from pos.stock.models import SELLING, Balance, Place
from traceability.lots import saleable_on
from traceability.models import Lot


@dataclass(frozen=True)
class PlaceStock:
    """Units of a SKU that can still be promised at a place."""

    place: Place
    available: int


def by_place(session: Session, sku_ids: Iterable[UUID], day: date) -> dict[UUID, list[PlaceStock]]:
    """For each SKU, the sales points and web sources that have some, by name. One query."""
    free = func.sum(Balance.on_hand - Balance.reserved)
    rows = session.execute(
        select(Balance.sku_id, Place, free)
        .join(Place, Place.id == Balance.place_id)
        .join(Lot, Lot.id == Balance.lot_id)
        .where(Balance.sku_id.in_(set(sku_ids)), Balance.physical, saleable_on(day))
        .where(Place.active, Place.kind.in_(SELLING) | Place.serves_web)
        .group_by(Balance.sku_id, Place.id)
        .having(free > 0)
        .order_by(Place.name)
    )
    found: dict[UUID, list[PlaceStock]] = {sku_id: [] for sku_id in sku_ids}
    for sku_id, place, available in rows:
        found[sku_id].append(PlaceStock(place, int(available)))
    return found


def available(
    session: Session, place_id: UUID, sku_ids: Iterable[UUID], day: date
) -> dict[UUID, int]:
    """Units of each SKU that can still be promised at one place."""
    rows = session.execute(
        select(Balance.sku_id, func.sum(Balance.on_hand - Balance.reserved))
        .join(Lot, Lot.id == Balance.lot_id)
        .where(Balance.place_id == place_id, Balance.sku_id.in_(set(sku_ids)), saleable_on(day))
        .group_by(Balance.sku_id)
    )
    return {sku_id: int(units) for sku_id, units in rows}


def total_for_product(product_id: InstrumentedAttribute[UUID], day: date) -> ScalarSelect[int]:
    """Correlated sub-query: units of all SKUs of a product that shoppers can still get."""
    return (
        select(func.coalesce(func.sum(Balance.on_hand - Balance.reserved), 0))
        .join(Sku, Sku.id == Balance.sku_id)
        .join(Lot, Lot.id == Balance.lot_id)
        .join(Place, Place.id == Balance.place_id)
        .where(Sku.product_id == product_id, Sku.active, Balance.physical, saleable_on(day))
        .where(Place.active, Place.kind.in_(SELLING) | Place.serves_web)
        .scalar_subquery()
    )


def lots_in_stock(sku_ids: Iterable[UUID]) -> Select[UUID]:
    """Sub-query: lots of these SKUs of which something is left where shoppers can get it."""
    return (
        select(Balance.lot_id)
        .join(Place, Place.id == Balance.place_id)
        .where(Balance.sku_id.in_(set(sku_ids)), Balance.physical, Balance.on_hand > 0)
        .where(Place.active, Place.kind.in_(SELLING) | Place.serves_web)
    )

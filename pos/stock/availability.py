"""What is there and what can be promised, by SKU and place. Base units."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ScalarSelect, Select, Subquery, case, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from catalog.models import Product, Sku
from pos.stock.models import SELLING, Balance, Place
from traceability.lots import saleable_on
from traceability.models import Lot

# What is said to be there of goods that are not counted, such as a guided tour: never the limit.
ALWAYS = 100_000


@dataclass(frozen=True)
class PlaceStock:
    """Units of a SKU that can still be promised at a place."""

    place: Place
    available: int


def by_place(session: Session, sku_ids: Iterable[UUID], day: date) -> dict[UUID, list[PlaceStock]]:
    """For each SKU, the sales points and web sources that have some, by name. One query.

    Goods that are not counted are at every one of them.
    """
    free = _free(sku_ids, day)
    rows = session.execute(
        select(Sku.id, Place, case((Product.counted, free.c.units), else_=ALWAYS))
        .join(Product, Product.id == Sku.product_id)
        .join(Place, Place.active & (Place.kind.in_(SELLING) | Place.serves_web))
        .outerjoin(free, (free.c.sku_id == Sku.id) & (free.c.place_id == Place.id))
        .where(Sku.id.in_(set(sku_ids)), (free.c.units > 0) | ~Product.counted)
        .order_by(Place.name)
    )
    found: dict[UUID, list[PlaceStock]] = {sku_id: [] for sku_id in sku_ids}
    for sku_id, place, available in rows:
        found[sku_id].append(PlaceStock(place, int(available)))
    return found


def _free(sku_ids: Iterable[UUID], day: date) -> Subquery:
    return (
        select(
            Balance.sku_id,
            Balance.place_id,
            func.sum(Balance.on_hand - Balance.reserved).label("units"),
        )
        .join(Lot, Lot.id == Balance.lot_id)
        .where(Balance.sku_id.in_(set(sku_ids)), Balance.physical, saleable_on(day))
        .group_by(Balance.sku_id, Balance.place_id)
        .subquery()
    )


def uncounted(session: Session, sku_ids: Iterable[UUID]) -> set[UUID]:
    """Those of the SKUs that have no stock because there is always one more."""
    query = select(Sku.id).join(Product).where(Sku.id.in_(set(sku_ids)), ~Product.counted)
    return set(session.scalars(query))


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
    always = dict.fromkeys(uncounted(session, sku_ids), ALWAYS)
    return {sku_id: int(units) for sku_id, units in rows} | always


def total_for_product(product_id: InstrumentedAttribute[UUID], day: date) -> ScalarSelect[int]:
    """Correlated sub-query: units of all SKUs of a product that shoppers can still get."""
    counted = aliased(Product)
    always = (
        select(counted.id)
        .where(counted.id == product_id, ~counted.counted)
        .correlate(product_id.class_)
        .exists()
    )
    free = func.coalesce(func.sum(Balance.on_hand - Balance.reserved), 0)
    return (
        select(case((always, ALWAYS), else_=free))
        .join(Sku, Sku.id == Balance.sku_id)
        .join(Lot, Lot.id == Balance.lot_id)
        .join(Place, Place.id == Balance.place_id)
        .where(Sku.product_id == product_id, Sku.active, Balance.physical, saleable_on(day))
        .where(Place.active, Place.kind.in_(SELLING) | Place.serves_web)
        .scalar_subquery()
    )


def lots_in_stock(sku_ids: Any) -> Select[UUID]:
    """Sub-query: lots of these SKUs (keys or a sub-query) of which shoppers can get some."""
    return (
        select(Balance.lot_id)
        .join(Place, Place.id == Balance.place_id)
        .where(Balance.sku_id.in_(sku_ids), Balance.physical, Balance.on_hand > 0)
        .where(Place.active, Place.kind.in_(SELLING) | Place.serves_web)
    )

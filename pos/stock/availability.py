"""What is there and what can be promised, by SKU and place. Base units."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    ScalarSelect,
    Select,
    Subquery,
    and_,
    case,
    cast,
    false,
    func,
    literal,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from catalog import bundles
from catalog.models import Product, ProductStatus, Sku
from catalog.offer_models import BundlePart
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

    Goods that are not counted are at every one of them; a set is where all its parts are.
    """
    ids = set(sku_ids)
    found: dict[UUID, list[PlaceStock]] = {sku_id: [] for sku_id in sku_ids}
    for sku_id, place, units in _at_places(session, ids, day, _for_shoppers()):
        if units > 0:
            found[sku_id].append(PlaceStock(place, units))
    return found


def _for_shoppers() -> ColumnElement[bool]:
    return Place.active & (Place.kind.in_(SELLING) | Place.serves_web)


def _at_places(
    session: Session, sku_ids: set[UUID], day: date, where: ColumnElement[bool]
) -> Iterator[tuple[UUID, Place, int]]:
    """(SKU, place, units) by name of the place; a set has as many as its parts allow."""
    rows = session.execute(_query(sku_ids, day, where, Place))
    yield from _fitting((row[0], row[3], row[1], row[2]) for row in rows)


def _query(
    sku_ids: Any, day: Any, where: ColumnElement[bool], *place: Any
) -> Select[*tuple[Any, ...]]:
    """(SKU, units, units in each, columns of the place), rows of one SKU and place together."""
    needs, made_of = _needs(sku_ids), aliased(Sku)
    free = _free(select(needs.c.real_id), day)
    there = free.c.units - Place.kept_back
    units = case((~needs.c.offered, 0), (~Product.counted, ALWAYS), else_=there)
    return (
        select(
            needs.c.sku_id.label("for_sku"),
            func.coalesce(units, 0).label("units"),
            needs.c.quantity.label("each"),
            *place,
        )
        .select_from(needs)
        .join(made_of, made_of.id == needs.c.real_id)
        .join(Product, Product.id == made_of.product_id)
        .join(Place, where)
        .outerjoin(free, (free.c.sku_id == needs.c.real_id) & (free.c.place_id == Place.id))
        .where((there > 0) | ~Product.counted | needs.c.in_set)
        .order_by(Place.name, Place.id, needs.c.sku_id)
    )


def _fitting(rows: Iterable[tuple[UUID, Place, int, int]]) -> Iterator[tuple[UUID, Place, int]]:
    for (sku_id, place), parts in groupby(rows, key=lambda row: (row[0], row[1])):
        yield sku_id, place, bundles.fit((int(units), each) for _id, _place, units, each in parts)


def shown_query(sku_ids: Any, day: Any) -> Select[*tuple[Any, ...]]:
    """What `by_place` asks for, in plain columns, for reading together with other things."""
    return _query(sku_ids, day, _for_shoppers(), *Place.__table__.c)


def shown(rows: Sequence[Any]) -> dict[UUID, list[PlaceStock]]:
    """What the rows of `shown_query` say: for each SKU that is somewhere, where and how many."""
    found: dict[UUID, list[PlaceStock]] = defaultdict(list)
    places: dict[UUID, Place] = {}
    for row in rows:
        if row.id not in places:
            own = row._asdict()
            places[row.id] = Place(**{name: own[name] for name in Place.__table__.c.keys()})  # noqa: SIM118
    told = ((row.for_sku, places[row.id], row.units, row.each) for row in rows)
    for sku_id, place, units in _fitting(told):
        if units > 0:
            found[sku_id].append(PlaceStock(place, units))
    return dict(found)


def _needs(sku_ids: Any) -> Subquery:
    """What each unit of the SKUs is made of: itself, or the parts of a set."""
    part, owner = aliased(Sku), aliased(Product)
    single = (
        select(
            Sku.id.label("sku_id"),
            Sku.id.label("real_id"),
            literal(1).label("quantity"),
            false().label("in_set"),
            true().label("offered"),
        )
        .where(Sku.id.in_(sku_ids), ~bundles.is_set(Sku.id))
    )  # fmt: skip
    parts = (
        select(
            BundlePart.bundle_id,
            BundlePart.part_id,
            BundlePart.quantity,
            true(),
            and_(part.active, owner.status == ProductStatus.PUBLISHED),
        )
        .join(part, part.id == BundlePart.part_id)
        .join(owner, owner.id == part.product_id)
        .where(BundlePart.bundle_id.in_(sku_ids))
    )
    return union_all(single, parts).subquery()


def _free(sku_ids: Select[UUID], day: Any) -> Subquery:
    return (
        select(
            Balance.sku_id,
            Balance.place_id,
            func.sum(Balance.on_hand - Balance.reserved).label("units"),
        )
        .join(Lot, Lot.id == Balance.lot_id)
        .where(Balance.sku_id.in_(sku_ids), Balance.physical, saleable_on(day))
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
    rows = _at_places(session, set(sku_ids), day, Place.id == place_id)
    return {sku_id: units for sku_id, _place, units in rows}


@dataclass(frozen=True)
class Want:
    """`quantity` units of something made of `parts`: (article, its units in each)."""

    quantity: int
    parts: Sequence[tuple[UUID, int]]


def in_turn(
    wants: Sequence[Want], stock: Mapping[UUID, Sequence[PlaceStock]]
) -> list[list[PlaceStock]]:
    """For each want, what every place can still give after serving those before it. Pure.

    `stock` is of articles, not of sets: a set and one of its parts in the same cart share it.
    """
    left = {(s.place.id, sku): s.available for sku, rows in stock.items() for s in rows}
    named = {s.place.id: s.place for rows in stock.values() for s in rows}
    by_name = sorted(named.values(), key=lambda place: place.name)
    return [
        [PlaceStock(place, n) for place in by_name if (n := _serve(want, place.id, left))]
        for want in wants
    ]


def _serve(want: Want, place_id: UUID, left: dict[tuple[UUID, UUID], int]) -> int:
    fits = bundles.fit((left.get((place_id, sku), 0), each) for sku, each in want.parts)
    for sku, each in want.parts:
        if (place_id, sku) in left:
            left[place_id, sku] -= min(want.quantity, fits) * each
    return fits


def total_for_product(product_id: InstrumentedAttribute[UUID], day: date) -> ScalarSelect[int]:
    """Correlated sub-query: units of all SKUs of a product that shoppers can still get."""
    counted = aliased(Product)
    always = (
        select(counted.id)
        .where(counted.id == product_id, ~counted.counted)
        .correlate(product_id.class_)
        .exists()
    )
    sets = _sets(day).where(_SET.product_id == product_id).correlate(product_id.class_).subquery()
    in_sets = select(func.coalesce(func.sum(sets.c.units), 0)).scalar_subquery()
    here = (
        select((func.sum(Balance.on_hand - Balance.reserved) - Place.kept_back).label("units"))
        .select_from(Balance)
        .join(Sku, Sku.id == Balance.sku_id)
        .join(Lot, Lot.id == Balance.lot_id)
        .join(Place, Place.id == Balance.place_id)
        .where(Sku.product_id == product_id, Sku.active, Balance.physical, saleable_on(day))
        .where(_for_shoppers())
        .group_by(Sku.id, Place.id, Place.kept_back)
        .correlate(product_id.class_)
        .subquery()
    )
    free = func.coalesce(func.sum(case((here.c.units > 0, here.c.units), else_=0)), 0)
    return select(case((always, ALWAYS), else_=free + in_sets)).scalar_subquery()


_SET, _PART, _PART_OF, _AT = aliased(Sku), aliased(Sku), aliased(Product), aliased(Place)


def sets_in_stock(day: date) -> Select[*tuple[Any, ...]]:
    """(product, place, whether it is a sales point) where a set can be made of what is there."""
    rows = _sets(day).subquery()
    return (
        select(rows.c.product_id, rows.c.place_id, rows.c.point).where(rows.c.units > 0).distinct()
    )


def _sets(day: date) -> Select[*tuple[Any, ...]]:
    """Sets of active articles that can be made at each place of the shop: as the rarest part says."""
    free = (
        select(func.sum(Balance.on_hand - Balance.reserved))
        .join(Lot, Lot.id == Balance.lot_id)
        .where(Balance.sku_id == _PART.id, Balance.place_id == _AT.id)
        .where(Balance.physical, saleable_on(day))
        .correlate(_PART, _AT)
        .scalar_subquery()
    )
    offered = and_(_PART.active, _PART_OF.status == ProductStatus.PUBLISHED)
    above = case((free > _AT.kept_back, free - _AT.kept_back), else_=0)
    units = case((~offered, 0), (~_PART_OF.counted, ALWAYS), else_=above)
    point = _AT.kind.in_(SELLING)
    return (
        select(
            _SET.product_id,
            _AT.id.label("place_id"),
            point.label("point"),
            func.min(cast(units, BigInteger) // BundlePart.quantity).label("units"),
        )
        .select_from(_SET)
        .join(BundlePart, BundlePart.bundle_id == _SET.id)
        .join(_PART, _PART.id == BundlePart.part_id)
        .join(_PART_OF, _PART_OF.id == _PART.product_id)
        .join(_AT, _AT.active & (point | _AT.serves_web))
        .where(_SET.active)
        .group_by(_SET.id, _SET.product_id, _AT.id, _AT.kind)
    )


def lots_in_stock(sku_ids: Any) -> Select[UUID]:
    """Sub-query: lots of these SKUs (keys or a sub-query) of which shoppers can get some."""
    return (
        select(Balance.lot_id)
        .join(Place, Place.id == Balance.place_id)
        .where(Balance.sku_id.in_(sku_ids), Balance.physical, Balance.on_hand > 0)
        .where(Place.active, Place.kind.in_(SELLING) | Place.serves_web)
    )

"""Communes as shoppers see them: what comes from where, and what a commune was formed from."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session, joinedload

from app.areas.models import SINCE_2025, AreaChange, AreaLevel, AreaUnit
from app.areas.places_map import Outline, province
from app.areas.succession import codes_today, lying_in
from app.core.errors import NotFound
from app.core.text import N_
from app.storefront import browse
from catalog.models import Producer, Product, ProductStatus
from pos.stock import places
from pos.stock.models import SELLING, Place

MOST_CARDS = 96
# Marks of points in one commune stand side by side, this many units of the drawing apart.
APART = 9


class NoSuchCommune(NotFound):
    """No commune of today has this address."""

    code = "no_such_commune"
    message = N_("There is no such commune today. Look for it on the map of the communes.")


@dataclass(frozen=True)
class Spot:
    """Where a sales point stands on the drawing."""

    place: Place
    outline: Outline
    x: float
    y: float


@dataclass(frozen=True)
class Overview:
    """What the map shows: published products by commune code, and the sales points.

    `unplaced` products are in the shop, but no commune of today is known for them.
    """

    products: Counter[str]
    unplaced: int
    spots: Sequence[Spot]


@dataclass(frozen=True)
class CommunePage:
    """Everything the page of a commune says. `spots` are all points of the province."""

    unit: AreaUnit
    outline: Outline
    formed_from: Sequence[AreaChange]
    cards: Sequence[browse.Card]
    producers: Sequence[Producer]
    points: Sequence[Place]


def overview(session: Session) -> Overview:
    """Products and points of every commune; three queries.

    A product belongs to the commune it is from and to the one where its producer is.
    """
    areas = _areas_of_products(session)
    points = places.pickup_points(session)
    known = {unit for pair, _n in areas for unit in pair} | {point.area_id for point in points}
    codes = codes_today(session, {unit for unit in known if unit is not None})
    counted, unplaced = Counter[str](), 0
    for pair, products in areas:
        communes = {code for unit in pair if unit for code in codes[unit]}
        counted.update(dict.fromkeys(communes, products))
        unplaced += 0 if communes else products
    return Overview(counted, unplaced, _spots(points, codes))


def _areas_of_products(session: Session) -> list[tuple[tuple[UUID | None, UUID | None], int]]:
    query = (
        select(Product.area_id, Producer.area_id, func.count())
        .outerjoin(Producer, Producer.id == Product.producer_id)
        .where(Product.status == ProductStatus.PUBLISHED)
        .group_by(Product.area_id, Producer.area_id)
    )
    return [((own, maker), number) for own, maker, number in session.execute(query)]


def _spots(points: Sequence[Place], codes: dict[UUID, list[str]]) -> Sequence[Spot]:
    outlines, seen, spots = province().by_code, Counter[str](), []
    for point in points:
        for code in codes.get(point.area_id, [])[:1] if point.area_id else []:
            outline = outlines[code]
            x, y = outline.centre
            spots.append(Spot(point, outline, round(x + APART * seen[code], 1), y))
            seen[code] += 1
    return spots


def commune_page(session: Session, slug: str, day: date) -> CommunePage:
    """The page of a commune of today. Raises `NoSuchCommune`."""
    outline = province().by_slug.get(slug)
    unit = _unit(session, outline.code) if outline else None
    if outline is None or unit is None:
        raise NoSuchCommune
    inside = lying_in(unit)
    from_here = or_(Product.area_id.in_(inside), Producer.area_id.in_(inside))
    return CommunePage(
        unit=unit,
        outline=outline,
        formed_from=_formed_from(session, unit),
        cards=browse.cards_where(session, from_here, day, limit=MOST_CARDS),
        producers=_producers(session, Producer.area_id.in_(inside)),
        points=_points(session, Place.area_id.in_(inside)),
    )


def _unit(session: Session, code: str) -> AreaUnit | None:
    key = {"snapshot": SINCE_2025, "level": AreaLevel.COMMUNE, "code": code}
    return session.scalar(select(AreaUnit).filter_by(**key))


def _formed_from(session: Session, unit: AreaUnit) -> Sequence[AreaChange]:
    with_district = joinedload(AreaChange.from_unit).joinedload(AreaUnit.parent)
    query = select(AreaChange).filter_by(to_unit_id=unit.id).options(with_district)
    return session.scalars(query.order_by(AreaChange.from_name)).all()


def _producers(session: Session, here: ColumnElement[bool]) -> Sequence[Producer]:
    return session.scalars(select(Producer).where(here).order_by(Producer.slug)).all()


def _points(session: Session, here: ColumnElement[bool]) -> Sequence[Place]:
    query = select(Place).where(here, Place.active, Place.pickup, Place.kind.in_(SELLING))
    return session.scalars(query.order_by(Place.name)).all()

"""How many products each further filter would leave, counted by one statement.

The counts of a facet ignore its own selection and respect all others and the query, so that a
number always says what a click on it would show.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CTE,
    ColumnElement,
    Select,
    String,
    Subquery,
    Text,
    cast,
    false,
    func,
    literal,
    null,
    select,
    union,
    union_all,
)
from sqlalchemy.orm import Session, aliased

from app.areas.models import AreaChange, AreaLevel, AreaUnit
from app.core.enums import LabelledEnum
from app.core.text import N_
from catalog import recognitions
from catalog.groups import SCHEME_2023
from catalog.models import Category, Producer, Product, ProductGroup, ProductStatus, Sku
from catalog.recognition_models import Recognition
from pos.stock.models import SELLING, Balance, Place
from traceability.lots import saleable_on
from traceability.models import Lot

STARS = (3, 4, 5)
IN_STOCK = "1"


class Facet(LabelledEnum):
    """What a listing can be narrowed by; the values are the names in addresses."""

    CATEGORY = "category", N_("Shelf")
    GROUP = "group", N_("OCOP group")
    STARS = "stars", N_("OCOP stars in force")
    IN_STOCK = "in_stock", N_("Availability")
    AREA = "area", N_("Old district")
    POINT = "point", N_("In stock at")
    PRODUCER = "producer", N_("Producer")


@dataclass(frozen=True)
class Choice:
    """One value of a facet: as it stands in an address, its name, and how many products it leaves."""

    value: str
    name_vi: str
    name_en: str | None
    count: int


Rows = Select[*tuple[Any, ...]]
Choices = Mapping[Facet, Sequence[Choice]]


def condition(facet: Facet, value: str, day: date) -> ColumnElement[bool]:
    """Products that have this value; none for a value that nothing has."""
    wanted: dict[Facet, Any] = {
        Facet.CATEGORY: lambda: Product.category_id.in_(
            select(Category.id).where(Category.slug == value)
        ),
        Facet.GROUP: lambda: Product.group_id.in_(
            select(ProductGroup.id).where(
                ProductGroup.scheme == SCHEME_2023, ProductGroup.code == value
            )
        ),
        Facet.STARS: lambda: Product.id.in_(_starred(int(value), day)),
        Facet.IN_STOCK: lambda: Product.id.in_(_stocked(day)),
        Facet.AREA: lambda: Product.area_id.in_(_lying_in(value)),
        Facet.POINT: lambda: Product.id.in_(_stocked(day, point=value)),
        Facet.PRODUCER: lambda: Product.producer_id.in_(
            select(Producer.id).where(Producer.slug == value)
        ),
    }
    found: ColumnElement[bool] = wanted[facet]()
    return found


def _starred(stars: int, day: date) -> Select[UUID]:
    held = recognitions.in_force_on(day)
    return select(Recognition.product_id).where(held, Recognition.stars >= stars)


def _stocks(day: date, *columns: Any) -> Select[Any]:
    """Stock that shoppers can still get (as `availability.total_for_product` counts it), grouped."""
    return (
        select(*columns)
        .select_from(Balance)
        .join(Sku, Sku.id == Balance.sku_id)
        .join(Lot, Lot.id == Balance.lot_id)
        .join(Place, Place.id == Balance.place_id)
        .where(Sku.active, Balance.physical, saleable_on(day))
        .where(Place.active, Place.kind.in_(SELLING) | Place.serves_web)
        .group_by(*columns)
        .having(func.sum(Balance.on_hand - Balance.reserved) > 0)
    )


def _stocked(day: date, point: str | None = None) -> Select[Any]:
    found = _stocks(day, Sku.product_id)
    if point is None:
        return found
    return found.where(Place.code == point, Place.kind.in_(SELLING))


def _districts() -> Subquery:
    """Pairs (`unit_id`, `name`): a unit of any period and a district, ended in 2025, it lies in."""
    district, unit = aliased(AreaUnit), aliased(AreaUnit)
    named = district.folded_name.label("name"), district.full_name.label("full_name")
    itself = select(district.id.label("unit_id"), *named)
    commune = select(unit.id, *named).join(district, unit.parent_id == district.id)
    merged = (
        select(AreaChange.to_unit_id, *named)
        .join(unit, AreaChange.from_unit_id == unit.id)
        .join(district, unit.parent_id == district.id)
    )
    level = district.level == AreaLevel.DISTRICT
    return union(*(query.where(level) for query in (itself, commune, merged))).subquery("district")


def _lying_in(value: str) -> Select[Any]:
    pairs = _districts()
    return select(pairs.c.unit_id).where(pairs.c.name == value.replace("-", " "))


def counted(
    session: Session,
    wanted: Mapping[Facet, str],
    query: ColumnElement[bool] | None,
    day: date,
) -> Choices:
    """Every value with its count; a chosen value is there even when it leaves nothing. One query."""
    base = _base(wanted, query, day)
    branches = [*_branches(base, wanted, day), *_chosen(wanted)]
    found: dict[Facet, dict[str, Choice]] = {facet: {} for facet in Facet}
    for name, value, name_vi, name_en, count in session.execute(union_all(*branches)):
        kept = found[Facet.parse(name)]
        if value not in kept or kept[value].count < count:
            kept[value] = Choice(value, name_vi, name_en, count)
    found[Facet.STARS] = _at_least(found[Facet.STARS])
    return {facet: _sorted(choices.values()) for facet, choices in found.items()}


def _base(wanted: Mapping[Facet, str], query: ColumnElement[bool] | None, day: date) -> CTE:
    """The products that the query finds, each with whether it passes every chosen filter."""
    passes = [condition(f, value, day).label(f"passes_{f.value}") for f, value in wanted.items()]
    columns = (Product.category_id, Product.group_id, Product.producer_id, Product.area_id)
    found = select(Product.id, *columns, *passes).where(Product.status == ProductStatus.PUBLISHED)
    return (found if query is None else found.where(query)).cte("base")


def _branches(base: CTE, wanted: Mapping[Facet, str], day: date) -> Iterator[Rows]:
    n, none = func.count(base.c.id.distinct()), cast(null(), Text)
    held, pairs = recognitions.in_force_on(day), _districts()
    best = select(Recognition.product_id, func.max(Recognition.stars).label("stars"))
    stars = best.where(held).group_by(Recognition.product_id).subquery("best")
    stocked = _stocked(day).subquery("stocked")
    at = _stocks(day, Sku.product_id, Place.code, Place.name).where(Place.kind.in_(SELLING))
    points = at.subquery("points")

    def branch(facet: Facet, value: Any, vi: Any, en: Any, target: Any, on: Any) -> Rows:
        others = [base.c[f"passes_{f.value}"] for f in wanted if f is not facet]
        rows = select(literal(facet.value), value, vi, en, n).select_from(base).join(target, on)
        return rows.where(*others).group_by(value, vi, en)

    shelf, group, maker = Category, ProductGroup, Producer
    yield branch(
        Facet.CATEGORY, shelf.slug, shelf.name_vi, shelf.name_en,
        shelf, shelf.id == base.c.category_id,
    )  # fmt: skip
    yield branch(
        Facet.GROUP, group.code, group.name_vi, group.name_en,
        group, (group.id == base.c.group_id) & (group.scheme == SCHEME_2023),
    )  # fmt: skip
    count = cast(stars.c.stars, String)
    yield branch(Facet.STARS, count, count, none, stars, stars.c.product_id == base.c.id)
    yield branch(
        Facet.AREA, pairs.c.name, pairs.c.full_name, none,
        pairs, pairs.c.unit_id == base.c.area_id,
    )  # fmt: skip
    yield branch(
        Facet.POINT, points.c.code, points.c.name, none, points, points.c.product_id == base.c.id
    )
    yield branch(
        Facet.PRODUCER, maker.slug, maker.name, none, maker, maker.id == base.c.producer_id
    )
    one = cast(literal(IN_STOCK), Text)
    others = [base.c[f"passes_{f.value}"] for f in wanted if f is not Facet.IN_STOCK]
    yield (
        select(literal(Facet.IN_STOCK.value), one, one, none, n)
        .select_from(base)
        .join(stocked, stocked.c.product_id == base.c.id)
        .where(*others)
    )


def _chosen(wanted: Mapping[Facet, str]) -> Iterator[Select[Any]]:
    """The names of chosen values, which may have no product left."""
    none, zero = cast(null(), Text), literal(0)
    known: dict[Facet, tuple[Any, Any, Any, Any]] = {
        Facet.CATEGORY: (Category.slug, Category.name_vi, Category.name_en, None),
        Facet.GROUP: (ProductGroup.code, ProductGroup.name_vi, ProductGroup.name_en,
                      ProductGroup.scheme == SCHEME_2023),
        Facet.POINT: (Place.code, Place.name, none, Place.active & Place.kind.in_(SELLING)),
        Facet.PRODUCER: (Producer.slug, Producer.name, none, None),
        Facet.AREA: (AreaUnit.folded_name, AreaUnit.full_name, none,
                     AreaUnit.level == AreaLevel.DISTRICT),
    }  # fmt: skip
    for facet, value in wanted.items():
        column, vi, en, more = known.get(facet, (None, None, None, false()))
        if column is not None:
            asked = value.replace("-", " ") if facet is Facet.AREA else value
            rows = select(literal(facet.value), column, vi, en, zero).where(column == asked)
            yield rows if more is None else rows.where(more)


def _at_least(exact: Mapping[str, Choice]) -> dict[str, Choice]:
    """«3 and more» counts what has four and five as well."""
    counts = {int(value): choice.count for value, choice in exact.items()}
    sums = {n: sum(c for stars, c in counts.items() if stars >= n) for n in STARS}
    return {str(n): Choice(str(n), str(n), None, total) for n, total in sums.items() if total}


def _sorted(choices: Any) -> list[Choice]:
    slugged = [
        Choice(c.value.replace(" ", "-"), c.name_vi, c.name_en, int(c.count)) for c in choices
    ]
    return sorted(slugged, key=lambda c: (-c.count, c.value))

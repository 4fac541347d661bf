"""Reading the index of the published products from the database: a dozen plain statements."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import numpy as np
from sqlalchemy import func, select, union
from sqlalchemy.orm import Session, aliased

from app.areas.models import AreaChange, AreaLevel, AreaUnit
from app.core.text import slugify
from app.storefront import seasons
from app.storefront.areas_now import units_now
from app.storefront.index import AtMost, Column, Index, Ints, Pairs, Value
from app.storefront.reach import provinces
from catalog import recognitions
from catalog.evidence import proven_on
from catalog.groups import SCHEME_2023
from catalog.models import (
    Category,
    Price,
    PriceChannel,
    Producer,
    Product,
    ProductGroup,
    ProductStatus,
    Sku,
)
from catalog.offer_models import BundlePart
from catalog.recognition_models import Evidence, EvidenceKind, Recognition
from pos.stock import availability
from pos.stock.models import SELLING, Balance, Place
from traceability.lots import saleable_on
from traceability.models import Lot

STARS = (3, 4, 5)
YES = "1"
# Lower ends of the price ranges, in đồng; the last one is open.
PRICES = (0, 50_000, 100_000, 200_000, 500_000)
FOR_EVER = 10_000  # days that goods without limit bear

_PUBLISHED = Product.status == ProductStatus.PUBLISHED
Named = Sequence[tuple[Any, Value]]


class _Reader:
    """The rows of the published products, and columns made from them."""

    def __init__(self, session: Session, day: date) -> None:
        self.session, self.day = session, day
        query = select(
            Product.id, Product.category_id, Product.group_id, Product.producer_id,
            Product.area_id, Product.created_at, Product.season_from, Product.season_until,
            Product.max_transit_days, Product.counted,
        )  # fmt: skip
        self.products = session.execute(
            query.where(_PUBLISHED).order_by(Product.sort_key, Product.id)
        ).all()
        self.row_of = {product.id: row for row, product in enumerate(self.products)}

    def rows(self, query: Any) -> Sequence[Any]:
        return self.session.execute(query).all()

    def pairs(self, named: Named, having: Iterable[tuple[UUID, Any]]) -> Pairs:
        """The facet of these values from pairs of product and key of a value."""
        code_of = {key: code for code, (key, _value) in enumerate(named)}
        found = [
            (self.row_of[product], code_of[key])
            for product, key in having
            if product in self.row_of and key in code_of
        ]
        rows, codes = np.array(found, dtype=np.int64).reshape(-1, 2).T
        return Pairs(len(self.products), [value for _key, value in named], rows, codes)

    def sorted(self, named: Named, having: Iterable[tuple[UUID, Any]]) -> Pairs:
        """The same, the values by how they stand in addresses."""
        return self.pairs(sorted(named, key=lambda pair: pair[1].value), having)

    def own(self, attribute: str) -> Iterable[tuple[UUID, Any]]:
        return ((product.id, getattr(product, attribute)) for product in self.products)


def build(session: Session, day: date) -> Index:
    """The index of the products published now, with the stars, papers and prices of `day`."""
    read = _Reader(session, day)
    stars, prices, stock = _stars(read), _prices(read), _stocks(read)
    columns: dict[str, Column] = {
        "category": read.sorted(_named(read, Category), read.own("category_id")),
        "group": read.sorted(_groups(read), read.own("group_id")),
        "stars": _at_least(read, stars),
        "in_stock": _in_stock(read, stock),
        "season": _yes(read, (p.id for p in read.products if _in_season(p, day))),
        "commune": _communes(read),
        "area": _districts(read),
        "point": _points(read, stock),
        "price": _ranges(read, prices),
        "paper": _papers(read),
        "to": _to(read),
        "producer": read.sorted(_makers(read), read.own("producer_id")),
    }
    ids = [product.id for product in read.products]
    return Index(ids, columns, _orders(read, stars, prices), read.row_of)


def _named(read: _Reader, table: type[Category]) -> Named:
    rows = read.rows(select(table.id, table.slug, table.name_vi, table.name_en))
    return [(key, Value(slug, vi, en)) for key, slug, vi, en in rows]


def _groups(read: _Reader) -> Named:
    query = select(ProductGroup.id, ProductGroup.code, ProductGroup.name_vi, ProductGroup.name_en)
    rows = read.rows(query.where(ProductGroup.scheme == SCHEME_2023))
    return [(key, Value(code, vi, en)) for key, code, vi, en in rows]


def _makers(read: _Reader) -> Named:
    offering = select(Product.producer_id).where(_PUBLISHED)
    rows = read.rows(
        select(Producer.id, Producer.slug, Producer.name).where(Producer.id.in_(offering))
    )
    return [(key, Value(slug, name)) for key, slug, name in rows]


def _stars(read: _Reader) -> dict[UUID, int]:
    best = select(Recognition.product_id, func.max(Recognition.stars))
    held = best.where(recognitions.in_force_on(read.day)).group_by(Recognition.product_id)
    return {row[0]: row[1] for row in read.rows(held)}


def _at_least(read: _Reader, stars: dict[UUID, int]) -> Pairs:
    """«3 and more» has what has four and five as well."""
    named = [(n, Value(str(n), str(n))) for n in STARS]
    return read.pairs(named, ((p, n) for p, most in stars.items() for n in STARS if n <= most))


def _prices(read: _Reader) -> dict[UUID, int]:
    """Đồng of each product's first article now: the shop's own price before the general one."""
    rows = read.rows(
        select(Sku.product_id, Price.amount)
        .join(Price, Price.sku_id == Sku.id)
        .where(Sku.active, Price.valid_from <= read.day)
        .where(Price.channel.in_((PriceChannel.WEB, PriceChannel.ANY)))
        .order_by(Sku.position.desc(), Price.channel != PriceChannel.ANY, Price.valid_from)
    )
    return {row[0]: row[1] for row in rows}


def price_value(place: int) -> str:
    """How a range of prices stands in an address: `50000-100000`, the last one `500000-`."""
    end = PRICES[place + 1] if place + 1 < len(PRICES) else ""
    return f"{PRICES[place]}-{end}"


def _ranges(read: _Reader, prices: dict[UUID, int]) -> Pairs:
    named = [(n, Value(price_value(n), price_value(n))) for n in range(len(PRICES))]
    found = np.searchsorted(PRICES, list(prices.values()), side="right") - 1
    return read.pairs(named, zip(prices, (int(n) for n in found), strict=True))


def _stocks(read: _Reader) -> Sequence[Any]:
    """(product, place, whether it is a sales point) where shoppers can still get something."""
    here = Sku.product_id, Place.id, Place.kind.in_(SELLING)
    sets = read.rows(availability.sets_in_stock(read.day))
    single = read.rows(
        select(*here)
        .select_from(Balance)
        .join(Sku, Sku.id == Balance.sku_id)
        .join(Lot, Lot.id == Balance.lot_id)
        .join(Place, Place.id == Balance.place_id)
        .where(Sku.active, Balance.physical, saleable_on(read.day))
        .where(Place.active, Place.kind.in_(SELLING) | Place.serves_web)
        .group_by(*here, Sku.id, Place.kept_back)
        .having(func.sum(Balance.on_hand - Balance.reserved) > Place.kept_back)
    )
    return [*single, *sets]


def _yes(read: _Reader, products: Iterable[UUID]) -> Pairs:
    return read.pairs([(YES, Value(YES, YES))], ((product, YES) for product in products))


def _in_stock(read: _Reader, stock: Sequence[Any]) -> Pairs:
    always = {product.id for product in read.products if not product.counted}
    return _yes(read, sorted(always | {product for product, _place, _point in stock}))


def _points(read: _Reader, stock: Sequence[Any]) -> Pairs:
    known = select(Place.id, Place.code, Place.name).where(Place.active, Place.kind.in_(SELLING))
    named = [(key, Value(code, name)) for key, code, name in read.rows(known)]
    here = {(product, place) for product, place, point in stock if point}
    always = [product.id for product in read.products if not product.counted]
    here |= {(product, place) for product in always for place, _value in named}
    return read.sorted(named, sorted(here))


def _in_season(product: Any, day: date) -> bool:
    return seasons.in_season(product.season_from, product.season_until, day)


def _districts(read: _Reader) -> Pairs:
    """The districts, ended in 2025, in which the products' places of any period lie."""
    district, unit = aliased(AreaUnit), aliased(AreaUnit)
    named = district.folded_name, district.full_name
    itself = select(district.id, *named)
    commune = select(unit.id, *named).join(district, unit.parent_id == district.id)
    merged = (
        select(AreaChange.to_unit_id, *named)
        .join(unit, AreaChange.from_unit_id == unit.id)
        .join(district, unit.parent_id == district.id)
    )
    level = district.level == AreaLevel.DISTRICT
    found = read.session.execute(union(*(q.where(level) for q in (itself, commune, merged))))
    values: dict[str, Value] = {}
    lying: dict[UUID, set[str]] = {}
    for key, folded, full_name in found:
        values.setdefault(folded, Value(folded.replace(" ", "-"), full_name))
        lying.setdefault(key, set()).add(folded)
    having = ((p.id, name) for p in read.products for name in lying.get(p.area_id, ()))
    return read.pairs(sorted(values.items()), having)


def _communes(read: _Reader) -> Pairs:
    """The communes of today in which the products' places lie."""
    wanted = {p.area_id for p in read.products if p.area_id is not None}
    units = read.session.scalars(select(AreaUnit).where(AreaUnit.id.in_(wanted)))
    lies = {
        unit.id: [u for u in units_now(read.session, unit) if u.level is AreaLevel.COMMUNE]
        for unit in units
    }
    names = {unit.id: unit.full_name for found in lies.values() for unit in found}
    named = [(key, Value(slugify(name), name)) for key, name in names.items()]
    having = ((p.id, u.id) for p in read.products if p.area_id for u in lies[p.area_id])
    return read.sorted(named, having)


def _papers(read: _Reader) -> Pairs:
    """Kinds of papers that are proven and in their time, of the product or of its producer."""
    proven = select(Product.id, Evidence.kind).where(_PUBLISHED, proven_on(read.day))
    own = proven.join(Evidence, Evidence.product_id == Product.id)
    shared = proven.join(Evidence, Evidence.producer_id == Product.producer_id)
    rows = read.session.execute(union(own, shared)).all()
    kinds = [kind for kind in EvidenceKind if any(kind is found for _product, found in rows)]
    return read.sorted([(k, Value(k.value, k.value)) for k in kinds], ((p, k) for p, k in rows))


def _to(read: _Reader) -> AtMost:
    reached, sets = provinces(read.day), _set_limits(read)
    own = ((p.id, p.max_transit_days or FOR_EVER) for p in read.products)
    bears = [min(days, sets.get(product, FOR_EVER)) for product, days in own]
    return AtMost(
        [Value(reach.code, reach.name) for reach in reached],
        np.array([reach.days_to for reach in reached], dtype=np.int64),
        np.array(bears, dtype=np.int64),
    )


def _set_limits(read: _Reader) -> dict[UUID, int]:
    """Days that a product's gift sets bear: each as its frailest part, the product as its best."""
    part, owner = aliased(Sku), aliased(Product)
    rows = read.rows(
        select(Sku.product_id, func.min(owner.max_transit_days))
        .join(BundlePart, BundlePart.bundle_id == Sku.id)
        .join(part, part.id == BundlePart.part_id)
        .join(owner, owner.id == part.product_id)
        .where(Sku.active)
        .group_by(Sku.id, Sku.product_id)
    )
    best: dict[UUID, int] = {}
    for product, days in rows:
        best[product] = max(best.get(product, 0), days or FOR_EVER)
    return best


def _orders(read: _Reader, stars: dict[UUID, int], prices: dict[UUID, int]) -> dict[str, Ints]:
    """The rows in each order; they are read by name, so a stable sort keeps names within ties."""
    n = len(read.products)
    have = np.array([stars.get(p.id, 0) for p in read.products], dtype=np.int64)
    cost = np.array([prices.get(p.id, -1) for p in read.products], dtype=np.int64)
    made = np.array([p.created_at.timestamp() for p in read.products], dtype=np.float64)
    dearest = np.iinfo(np.int64).max
    return {
        "stars": np.argsort(-have, kind="stable"),
        "name": np.arange(n, dtype=np.int64),
        "cheap": np.argsort(np.where(cost < 0, dearest, cost), kind="stable"),
        "dear": np.argsort(-cost, kind="stable"),
        "new": np.argsort(-made, kind="stable"),
    }

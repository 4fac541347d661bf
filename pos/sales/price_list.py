"""What the price list says today about everything that an order names, parts of gift sets included.

Reading it takes two statements, and two more when there are sets. A page that asks for other things
of the same articles puts `queries` into a batch of its own.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import Date, Select, Uuid, bindparam, select
from sqlalchemy.orm import Session, joinedload

from app.core.batch import Batch
from catalog import bundles, pricing, recognitions
from catalog.bundles import PartView
from catalog.models import PriceChannel, Product, Sku
from catalog.pricing import PriceView

# What `queries` are bound to: keys of articles, and the day.
IDS, DAY = bindparam("ids", type_=Uuid(), expanding=True), bindparam("day", type_=Date())

_SKUS = select(Sku).where(Sku.id.in_(IDS))
_WITH_OWNER = joinedload(Sku.product).joinedload(Product.producer)
_PARTS = _SKUS.options(_WITH_OWNER)
_NAMED = _PARTS.add_columns(bundles.is_set(Sku.id))


@dataclass(frozen=True)
class Goods:
    """Articles that were asked for, and what is in those of them that are sets."""

    skus: Mapping[UUID, Sku]
    sets: Mapping[UUID, Sequence[PartView]]


@dataclass(frozen=True)
class PriceList(Goods):
    """Their prices, and the stars that they may show, on a day."""

    prices: Mapping[UUID, PriceView]
    stars: Mapping[UUID, int]
    day: date

    def price(self, sku: Sku) -> PriceView:
        """Raises `NoPrice`."""
        if sku.id not in self.prices:
            raise pricing.NoPrice(name=sku.product.name_vi)
        return self.prices[sku.id]


def goods(session: Session, sku_ids: Collection[UUID]) -> Goods:
    """The articles and the parts of sets among them, each with its product and maker."""
    rows = session.execute(_NAMED, {"ids": list(sku_ids)}).all()
    skus = {sku.id: sku for sku, _is_set in rows}
    if not any(is_set for _sku, is_set in rows):
        return Goods(skus, {})
    sets = bundles.parts_of(session, skus)
    parts = {part.sku_id for some in sets.values() for part in some} - skus.keys()
    others = session.scalars(_PARTS, {"ids": list(parts)})
    return Goods(skus | {sku.id: sku for sku in others}, sets)


def queries(channel: PriceChannel) -> dict[str, Select[Any]]:
    """What else a price list says, to be read for the articles of `goods`."""
    return {
        "prices": pricing.query(IDS, channel, DAY),
        "stars": recognitions.shown_query(IDS, DAY),
    }


def listed(known: Goods, rows: Mapping[str, Sequence[Any]], day: date) -> PriceList:
    """The price list out of the rows of `queries`."""
    stars = {row.sku_id: row.stars for row in rows["stars"]}
    return PriceList(known.skus, known.sets, pricing.by_sku(rows["prices"]), stars, day)


def read(
    session: Session, sku_ids: Collection[UUID], channel: PriceChannel, day: date
) -> PriceList:
    """The price list for these articles."""
    known = goods(session, sku_ids)
    return listed(known, _batch(channel).run(session, ids=list(known.skus), day=day), day)


@lru_cache
def _batch(channel: PriceChannel) -> Batch:
    return Batch(queries(channel))

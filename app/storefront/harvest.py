"""The harvest calendar: which goods are fresh in which month."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.storefront.seasons import in_season, months
from catalog.models import Product, ProductStatus

MONTHS = range(1, 13)


@dataclass(frozen=True)
class Row:
    """One product with its months; `now` when the season lasts on the day."""

    product: Product
    months: frozenset[int]
    now: bool


def calendar(session: Session, day: date) -> Sequence[Row]:
    """The published products whose season is known: those in season first, then as the year goes."""
    query = select(Product).where(
        Product.status == ProductStatus.PUBLISHED, Product.season_from.is_not(None)
    )
    found = session.scalars(query.options(joinedload(Product.producer)))
    rows = [_row(product, day) for product in found]
    return sorted(rows, key=lambda r: (not r.now, r.product.season_from, r.product.sort_key))


def _row(product: Product, day: date) -> Row:
    ends = product.season_from, product.season_until
    return Row(product, months(*ends), in_season(*ends, day))

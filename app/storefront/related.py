"""What else a shopper may like: of the same producer, then the same shelf, then the same commune."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, case, select, union

from app.storefront.cards import cards_query
from catalog.models import Product, ProductStatus
from pos.stock import availability

MOST = 4
CANDIDATES = 6  # of each nearness

Key = ColumnElement[Any]


def query(product: Key, producer: Key, category: Key, area: Key, day: date) -> Select[Any]:
    """For `cards.card_of`: at most four published products, in stock before sold out, never itself."""
    tiers = (
        (Product.producer_id == producer, 0),
        (Product.category_id == category, 1),
        (Product.area_id == area, 2),
    )
    near = union(*(_some(condition, product) for condition, _rank in tiers)).subquery()
    sold_out = case((availability.total_for_product(Product.id, day) > 0, 0), else_=1)
    return (
        cards_query(day)
        .where(Product.id.in_(select(near.c.id)))
        .order_by(case(*tiers, else_=3), sold_out, Product.sort_key)
        .limit(MOST)
    )


def _some(condition: ColumnElement[bool], product: Key) -> Select[Any]:
    """A few candidates: looking for stock of a whole shelf would cost more than the page."""
    offered = Product.status == ProductStatus.PUBLISHED
    few = (
        select(Product.id)
        .where(condition, offered, Product.id != product)
        .order_by(Product.sort_key, Product.id)
        .limit(CANDIDATES)
        .subquery()
    )
    return select(few.c.id)

"""What else a shopper may like: of the same producer, then the same shelf, then the same commune."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, case, or_

from app.storefront.cards import cards_query
from catalog.models import Product
from pos.stock import availability

MOST = 4

Key = ColumnElement[Any]


def query(product: Key, producer: Key, category: Key, area: Key, day: date) -> Select[Any]:
    """For `cards.card_of`: at most four published products, in stock before sold out, never itself."""
    tiers = (
        (Product.producer_id == producer, 0),
        (Product.category_id == category, 1),
        (Product.area_id == area, 2),
    )
    sold_out = case((availability.total_for_product(Product.id, day) > 0, 0), else_=1)
    return (
        cards_query(day)
        .where(Product.id != product, or_(*(condition for condition, _rank in tiers)))
        .order_by(case(*tiers, else_=3), sold_out, Product.sort_key)
        .limit(MOST)
    )

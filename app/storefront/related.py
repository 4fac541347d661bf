"""What else a shopper may like: of the same producer, then the same shelf, then the same commune."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Select, case, or_
from sqlalchemy.orm import Session

from app.storefront import browse
from app.storefront.browse import Card
from catalog.models import Product
from pos.stock import availability

MOST = 4


def of_product_query(product: Product, day: date) -> Select[Any]:
    """Cards of at most four published products, in stock before sold out, never itself."""
    tiers = [(Product.category_id == product.category_id, 1)]
    if product.producer_id:
        tiers.insert(0, (Product.producer_id == product.producer_id, 0))
    if product.area_id:
        tiers.append((Product.area_id == product.area_id, 2))
    sold_out = case((availability.total_for_product(Product.id, day) > 0, 0), else_=1)
    return (
        browse._cards(day)
        .where(Product.id != product.id, or_(*(condition for condition, _rank in tiers)))
        .order_by(case(*tiers, else_=3), sold_out, Product.sort_key)
        .limit(MOST)
    )


def cards(session: Session, product: Product, day: date) -> Sequence[Card]:
    """The related products as cards: one statement."""
    rows = session.execute(of_product_query(product, day))
    return [browse._card(row._mapping) for row in rows]

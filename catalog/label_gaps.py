"""Published products whose label lacks something, and the kind of goods that a product looks like."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from catalog import labels
from catalog.models import Product, ProductStatus

# By the drawing that was chosen from the name; a suggestion, which people confirm.
_BY_DRAWING = {
    "tourism": "tourism",
    "plants": "plant",
    "textile": "textile",
    "handicraft": "handicraft",
    "incense": "handicraft",
    "spirits": "alcohol",
    "tea": "tea_herbal",
}
_BY_SHELF = {"trai-cay-nong-san-tuoi": "fresh_produce", "thit-trung-thuy-san": "fresh_animal"}


@dataclass(frozen=True)
class Gap:
    """A published product with the msgids of what its label lacks."""

    product: Product
    missing: list[str]


def suggested(product: Product) -> str:
    """The kind of goods that drawing and shelf speak for."""
    by_shelf = _BY_SHELF.get(product.category.slug, "packaged_food")
    return _BY_DRAWING.get(product.illustration, by_shelf)


def published(session: Session, producers: frozenset[UUID] | None) -> list[Gap]:
    """Published products with gaps, by name; `producers` limits them to these (None: all)."""
    query = (
        select(Product)
        .filter_by(status=ProductStatus.PUBLISHED)
        .options(joinedload(Product.producer), selectinload(Product.skus))
        .order_by(Product.sort_key)
    )
    if producers is not None:
        query = query.where(Product.producer_id.in_(producers))
    found = [Gap(product, labels.missing(product)) for product in session.scalars(query)]
    return [gap for gap in found if gap.missing]

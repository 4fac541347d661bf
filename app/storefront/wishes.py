"""The wish list of a member."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.core.db import insert_if_new
from app.storefront import browse
from app.storefront.browse import Card
from app.storefront.models import Wish
from catalog.models import Product, ProductStatus

MOST = 200


def add(session: Session, user_id: UUID, slug: str, *, now: datetime) -> Product:
    """Put a product on the list; twice is once. Raises `NoSuchProduct`."""
    product = _product(session, slug)
    if product.status is not ProductStatus.PUBLISHED:
        raise browse.NoSuchProduct
    values = {"user_id": user_id, "product_id": product.id, "added_at": now}
    insert_if_new(session, Wish, values)
    return product


def remove(session: Session, user_id: UUID, slug: str) -> Product:
    """Take a product off the list, whether or not it is still offered. Raises `NoSuchProduct`."""
    product = _product(session, slug)
    session.execute(delete(Wish).filter_by(user_id=user_id, product_id=product.id))
    return product


def holds(session: Session, user_id: UUID, product_id: UUID) -> bool:
    """Whether the product is on the list."""
    return session.get(Wish, (user_id, product_id)) is not None


def cards(session: Session, user_id: UUID, day: date) -> Sequence[Card]:
    """The products on the list that are offered now."""
    wished = select(Wish.product_id).filter_by(user_id=user_id)
    return browse.cards_where(session, Product.id.in_(wished), day, limit=MOST)


def withdrawn(session: Session, user_id: UUID) -> Sequence[Product]:
    """The products on the list that are offered no longer."""
    query = select(Product).join(Wish, Wish.product_id == Product.id).where(Wish.user_id == user_id)
    gone = query.where(Product.status != ProductStatus.PUBLISHED)
    return session.scalars(gone.order_by(Wish.added_at)).all()


def _product(session: Session, slug: str) -> Product:
    product = session.scalar(select(Product).filter_by(slug=slug))
    if product is None or product.status is ProductStatus.DRAFT:
        raise browse.NoSuchProduct
    return product

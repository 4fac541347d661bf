"""The staff list of products: filters, order, and the same rows as a table."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.core.enums import LabelledEnum
from app.core.paging import Page
from app.core.text import N_, fold
from catalog import labels
from catalog.models import Product, ProductStatus
from catalog.offer_models import Photo
from catalog.recognition_models import Recognition
from catalog.recognitions import in_force_on

PAGE_SIZE = 40


class Order(LabelledEnum):
    """Orders of the list."""

    NAME = "name", N_("Name")
    NEWEST = "newest", N_("Newest first")
    STATUS = "status", N_("State")


class Stars(LabelledEnum):
    """Products by their stars."""

    IN_FORCE = "in_force", N_("Stars in force")
    NONE = "none", N_("No stars in force")


@dataclass(frozen=True)
class Filters:
    """What was asked for; None and False let everything pass."""

    text: str = ""
    status: ProductStatus | None = None
    shelf: UUID | None = None
    producer: UUID | None = None
    stars: Stars | None = None
    gaps: bool = False
    no_photo: bool = False
    order: Order = Order.NAME

    def args(self) -> dict[str, str]:
        """What stands in the address of the list."""
        found = {
            "q": self.text,
            "status": self.status.value if self.status else "",
            "shelf": str(self.shelf or ""),
            "producer": str(self.producer or ""),
            "stars": self.stars.value if self.stars else "",
            "gaps": "1" if self.gaps else "",
            "no_photo": "1" if self.no_photo else "",
            "order": "" if self.order is Order.NAME else self.order.value,
        }
        return {name: value for name, value in found.items() if value}


def page(
    session: Session, filters: Filters, only: frozenset[UUID] | None, number: int, day: date
) -> Page[Product]:
    """One page; `only` limits it to these producers (None: all)."""
    if filters.gaps:
        found = everything(session, filters, only, day)
        start = (number - 1) * PAGE_SIZE
        return Page(found[start : start + PAGE_SIZE], number, PAGE_SIZE, len(found))
    wanted = _conditions(filters, only, day)
    total = session.scalar(select(func.count(Product.id)).where(*wanted)) or 0
    query = _query(filters, wanted).limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE)
    return Page(session.scalars(query).all(), number, PAGE_SIZE, total)


def everything(
    session: Session, filters: Filters, only: frozenset[UUID] | None, day: date
) -> Sequence[Product]:
    """All products that pass, in order."""
    found = session.scalars(_query(filters, _conditions(filters, only, day))).all()
    return [p for p in found if labels.missing(p)] if filters.gaps else found


def _query(filters: Filters, wanted: list[ColumnElement[bool]]):  # type: ignore[no-untyped-def]
    orders = {
        Order.NAME: (Product.sort_key,),
        Order.NEWEST: (Product.created_at.desc(),),
        Order.STATUS: (Product.status, Product.sort_key),
    }
    loaded = (
        joinedload(Product.producer),
        joinedload(Product.category),
        selectinload(Product.skus),
    )
    return (
        select(Product).where(*wanted).options(*loaded).order_by(*orders[filters.order], Product.id)
    )


def _conditions(
    filters: Filters, only: frozenset[UUID] | None, day: date
) -> list[ColumnElement[bool]]:
    words = fold(filters.text).split()[:6]
    found = [Product.search_text.contains(word, autoescape=True) for word in words]
    starred = exists().where(Recognition.product_id == Product.id, in_force_on(day))
    pictured = exists().where(Photo.product_id == Product.id)
    asked = (
        (filters.status is not None, Product.status == filters.status),
        (filters.shelf is not None, Product.category_id == filters.shelf),
        (filters.producer is not None, Product.producer_id == filters.producer),
        (filters.stars is Stars.IN_FORCE, starred),
        (filters.stars is Stars.NONE, ~starred),
        (filters.no_photo, ~pictured),
        (only is not None, Product.producer_id.in_(only or ())),
    )
    return found + [condition for set_, condition in asked if set_]

"""Goods as staff name them, and back: articles by code, products by the end of their address."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.core.errors import Rejected
from app.core.text import N_
from catalog.models import Category, Producer, Product, Sku
from pos.promotions.plan import Goods
from pos.stock.models import Place

MOST_NAMED = 500


class UnknownGoods(Rejected):
    """A code or an address fits no goods."""

    code = "promotion_unknown_goods"
    message = N_("The catalogue does not have: %(names)s")


class TooManyGoods(Rejected):
    """More than can be looked through."""

    code = "promotion_too_many_goods"
    message = N_("Name %(most)s at the most; a shelf or a producer says it shorter.")


@dataclass(frozen=True)
class Named:
    """What a rule reaches, by name; articles as code and name."""

    skus: list[tuple[str, str]]
    products: list[Product]
    categories: list[Category]
    producers: list[str]
    places: list[str]

    @property
    def everything(self) -> bool:
        """Whether no goods are named at all."""
        return not (self.skus or self.products or self.categories or self.producers)


def articles(session: Session, text: str) -> frozenset[UUID]:
    """Articles by their codes, between blanks or commas. Raises `UnknownGoods`, `TooManyGoods`."""
    codes = _words(text)
    rows = session.execute(select(Sku.code, Sku.id).where(Sku.code.in_(codes)))
    return _all_of(codes, dict(rows.all()))


def products(session: Session, text: str) -> frozenset[UUID]:
    """Products by their addresses or the ends of them. Raises `UnknownGoods`, `TooManyGoods`."""
    slugs = {word.rstrip("/").rpartition("/")[2] for word in _words(text)}
    rows = session.execute(select(Product.slug, Product.id).where(Product.slug.in_(slugs)))
    return _all_of(slugs, dict(rows.all()))


def _words(text: str) -> set[str]:
    words = {word for word in re.split(r"[\s,;]+", text) if word}
    if len(words) > MOST_NAMED:
        raise TooManyGoods(most=MOST_NAMED)
    return words


def _all_of(wanted: Iterable[str], found: dict[str, UUID]) -> frozenset[UUID]:
    unknown = sorted(set(wanted) - set(found))
    if unknown:
        raise UnknownGoods(names=", ".join(unknown[:10]))
    return frozenset(found.values())


def named(session: Session, goods: Goods) -> Named:
    """The names of goods and places, in order."""
    skus = select(Sku).where(Sku.id.in_(goods.skus)).options(joinedload(Sku.product))
    makers = select(Producer.name).where(Producer.id.in_(goods.producers))
    products = select(Product).where(Product.id.in_(goods.products)).order_by(Product.sort_key)
    shelves = select(Category).where(Category.id.in_(goods.categories))
    points = select(Place.name).where(Place.id.in_(goods.places))
    return Named(
        [
            (s.code, f"{s.product.name_vi} · {s.name_vi}")
            for s in session.scalars(skus.order_by(Sku.code))
        ],
        list(session.scalars(products)),
        list(session.scalars(shelves.order_by(Category.position))),
        list(session.scalars(makers.order_by(Producer.name))),
        list(session.scalars(points.order_by(Place.name))),
    )

"""Products as cards: how a listing, a suggestion or a neighbour shows them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, ScalarSelect, Select, bindparam, func, select
from sqlalchemy.orm import Session

from catalog import photos, recognitions
from catalog.models import Price, PriceChannel, Producer, Product, ProductStatus, Sku
from catalog.photos import PhotoView
from catalog.recognition_models import Recognition
from catalog.recognitions import RecognitionState, RecognitionView
from pos.stock import availability


@dataclass(frozen=True)
class Card:
    """One product in a listing. `price` in đồng of its first article, None without a price."""

    slug: str
    name_vi: str
    name_en: str | None
    illustration: str
    producer: str | None
    area: str | None
    price: int | None
    sku_count: int
    available: int
    recognition: RecognitionView
    photo: PhotoView | None = None


def by_ids(session: Session, ids: Sequence[UUID], day: date) -> list[Card]:
    """Cards of these products in this order; one that was withdrawn meanwhile is left out."""
    if not ids:
        return []
    cards = {row.id: card_of(row) for row in session.execute(_by_ids(day), {"ids": ids})}
    return [cards[key] for key in ids if key in cards]


@lru_cache(maxsize=4)
def _by_ids(day: date) -> Select[*tuple[Any, ...]]:
    return cards_query(day).where(Product.id.in_(bindparam("ids", expanding=True)))


def cards_query(day: date) -> Select[*tuple[Any, ...]]:
    """What `card_of` needs of each published product; narrow and order it."""
    query = (
        select(
            Product.id,
            Product.slug,
            Product.name_vi,
            Product.name_en,
            Product.illustration,
            Producer.name.label("producer"),
            Product.area_text.label("area"),
            _first_price(day).label("price"),
            _sku_count().label("sku_count"),
            availability.total_for_product(Product.id, day).label("available"),
            _stars(day).label("stars"),
        )
        .outerjoin(Producer, Producer.id == Product.producer_id)
        .where(Product.status == ProductStatus.PUBLISHED)
    )
    return photos.with_first(query)


def _first_price(day: date) -> ScalarSelect[int]:
    """Price now of the product's first article: the shop's own before the general one."""
    return (
        select(Price.amount)
        .join(Sku, Sku.id == Price.sku_id)
        .where(Sku.product_id == Product.id, Sku.active, Price.valid_from <= day)
        .where(Price.channel.in_((PriceChannel.WEB, PriceChannel.ANY)))
        .order_by(Sku.position, Price.channel == PriceChannel.ANY, Price.valid_from.desc())
        .limit(1)
        .correlate(Product)
        .scalar_subquery()
    )


def _stars(day: date) -> ScalarSelect[int]:
    return (
        select(func.max(Recognition.stars))
        .where(Recognition.product_id == Product.id, recognitions.in_force_on(day))
        .correlate(Product)
        .scalar_subquery()
    )


def _sku_count() -> ScalarSelect[int]:
    return (
        select(func.count(Sku.id))
        .where(Sku.product_id == Product.id, Sku.active)
        .correlate(Product)
        .scalar_subquery()
    )


def card_of(row: Any) -> Card:
    """The card that a row of `cards_query` makes."""
    state = RecognitionState.IN_FORCE if row.stars else RecognitionState.NONE
    return Card(
        slug=row.slug,
        name_vi=row.name_vi,
        name_en=row.name_en,
        illustration=row.illustration,
        producer=row.producer,
        area=row.area,
        price=row.price,
        sku_count=row.sku_count,
        available=row.available,
        recognition=RecognitionView(state, stars=row.stars),
        photo=photos.first_in(row),
    )


def cards_where(
    session: Session, condition: ColumnElement[bool], day: date, *, limit: int
) -> Sequence[Card]:
    """Cards of the published products that meet a condition, most stars first."""
    best_first = func.coalesce(_stars(day), 0).desc()
    query = cards_query(day).where(condition).order_by(best_first, Product.sort_key).limit(limit)
    rows = session.execute(query)
    return [card_of(row) for row in rows]

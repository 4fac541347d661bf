"""Products side by side, as values read in one statement; which products is said by their addresses."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from app.core.batch import Batch, Raw
from app.core.db import Model
from app.core.errors import Rejected
from app.core.text import N_
from app.storefront.product_page import Offer
from app.storefront.voices import mean_of
from catalog import photos, pricing, recognitions
from catalog.models import PriceChannel, Producer, Product, ProductStatus, Sku
from catalog.photos import PhotoView
from catalog.recognition_models import Evidence, EvidenceKind, Recognition
from catalog.recognitions import RecognitionView
from pos.stock import availability

M = TypeVar("M", bound=Model)
MOST = 4
# What a paper of these kinds says stands in the row of the stars.
_NOT_PAPERS = frozenset({EvidenceKind.DECISION, EvidenceKind.SOURCE})


class TooMany(Rejected):
    """The table would not fit any screen."""

    code = "too_many_to_compare"
    message = N_("At most %(n)s products can be compared. Take one out first.")


@dataclass(frozen=True)
class Column:
    """One product of the table; `papers` are those in force on the day."""

    product: Product
    recognition: RecognitionView
    offers: Sequence[Offer]
    papers: Sequence[Evidence]
    photo: PhotoView | None

    @property
    def cheapest(self) -> Offer | None:
        """The article that costs least, None without any price."""
        priced = [offer for offer in self.offers if offer.price]
        return min(priced, key=lambda o: o.price.amount if o.price else 0, default=None)

    @property
    def unit_price(self) -> int | None:
        """The lowest price for a kilogram or litre in đồng; None where no content is known."""
        return min((o.unit_price for o in self.offers if o.unit_price), default=None)

    @property
    def available(self) -> int:
        return sum(offer.available for offer in self.offers)

    @property
    def shelf_life(self) -> Sequence[int]:
        """Days from making to the end, each that an article has."""
        return sorted({o.sku.shelf_life_days for o in self.offers if o.sku.shelf_life_days})

    @property
    def rating(self) -> float | None:
        """Mean points of buyers, None without a review."""
        return mean_of(self.product.rating_sum, self.product.rating_count)

    @property
    def compared(self) -> Mapping[str, Any]:
        """What each row of the table says of the product, as values that are equal or not."""
        product, cheapest = self.product, self.cheapest
        return {
            "stars": (self.recognition.state, self.recognition.stars),
            "price": cheapest.price if cheapest else None,
            "unit_price": self.unit_price,
            "available": self.available > 0 or not product.counted,
            "producer": product.producer_id,
            "area": product.area_text,
            "papers": {paper.kind for paper in self.papers},
            "packs": [offer.sku.name_vi for offer in self.offers],
            "storage": product.storage_vi,
            "shelf_life": self.shelf_life,
            "rating": self.rating,
        }


@dataclass(frozen=True)
class Table:
    """Products in the order in which they were asked for. `gone`: how many of them are not offered."""

    columns: Sequence[Column]
    gone: int

    @property
    def slugs(self) -> list[str]:
        return [column.product.slug for column in self.columns]

    @property
    def differing(self) -> frozenset[str]:
        """The rows in which not all products are the same."""
        said = [column.compared for column in self.columns]
        return frozenset(
            key for key in (said[0] if said else ()) if any(s[key] != said[0][key] for s in said)
        )


def added(slugs: Sequence[str], slug: str) -> list[str]:
    """The choice with one product more. Raises `TooMany`."""
    if slug in slugs:
        return list(slugs)
    if len(slugs) >= MOST:
        raise TooMany(n=MOST)
    return [*slugs, slug]


def facts(session: Session, slugs: Sequence[str], day: date) -> Raw:
    """All that the database says about these products on the day: equal facts make equal tables."""
    return _parts(day).read(session, slugs=list(slugs))


def table(told: Raw, slugs: Sequence[str], day: date) -> Table:
    """The table that the facts make; products that are not offered are left out."""
    found = told.rows()
    products = {product.slug: product for product in _products(found)}
    offers = _offers(found)
    told_of = _grouped(_rows(Recognition, found["recognitions"]), lambda r: r.product_id)
    papers = [paper for paper in _rows(Evidence, found["papers"]) if _counts(paper, day)]
    pictures = photos.first_by_product(found["photos"])
    columns = [
        Column(
            product,
            recognitions.view_of(told_of.get(product.id, ()), day),
            offers.get(product.id, ()),
            [paper for paper in papers if _about(paper, product)],
            pictures.get(product.id),
        )
        for slug in slugs
        if (product := products.get(slug))
    ]
    return Table(columns, len(slugs) - len(columns))


@lru_cache(maxsize=4)
def _parts(day: date) -> Batch:
    named = Product.slug.in_(bindparam("slugs", expanding=True))
    mine = select(Product.id).where(named, Product.status == ProductStatus.PUBLISHED)
    makers = select(Product.producer_id).where(Product.id.in_(mine))
    skus = select(Sku.id).where(Sku.product_id.in_(mine), Sku.active)
    about = or_(Evidence.product_id.in_(mine), Evidence.producer_id.in_(makers))
    pictured = select(Product.id.label("product_id")).where(Product.id.in_(mine))
    return Batch(
        {
            "products": select(*Product.__table__.c).where(Product.id.in_(mine)),
            "producers": select(*Producer.__table__.c).where(Producer.id.in_(makers)),
            "skus": select(*Sku.__table__.c).where(Sku.id.in_(skus)).order_by(Sku.position),
            "stock": availability.shown_query(skus, day),
            "prices": pricing.query(skus, PriceChannel.WEB, day),
            "recognitions": select(*Recognition.__table__.c).where(
                Recognition.product_id.in_(mine)
            ),
            "papers": select(*Evidence.__table__.c).where(about).order_by(Evidence.created_at),
            "photos": photos.with_first(pictured),
        }
    )


def _products(found: Mapping[str, list[Any]]) -> list[Product]:
    makers = {maker.id: maker for maker in _rows(Producer, found["producers"])}
    made = _rows(Product, found["products"])
    for product in made:
        product.producer = makers.get(product.producer_id) if product.producer_id else None
    return made


def _offers(found: Mapping[str, list[Any]]) -> dict[UUID, list[Offer]]:
    priced, stocks = pricing.by_sku(found["prices"]), availability.shown(found["stock"])
    offers = [
        Offer(sku, priced.get(sku.id), stocks.get(sku.id, ())) for sku in _rows(Sku, found["skus"])
    ]
    return _grouped(offers, lambda offer: offer.sku.product_id)


def _counts(paper: Evidence, day: date) -> bool:
    in_force = paper.valid_until is None or paper.valid_until >= day
    return in_force and paper.kind not in _NOT_PAPERS


def _about(paper: Evidence, product: Product) -> bool:
    of_maker = paper.producer_id is not None and paper.producer_id == product.producer_id
    return paper.product_id == product.id or of_maker


def _rows(table: type[M], rows: Iterable[Any]) -> list[M]:
    return [table(**row._asdict()) for row in rows]


def _grouped(items: Iterable[Any], key: Any) -> dict[UUID, list[Any]]:
    found: dict[UUID, list[Any]] = {}
    for item in items:
        found.setdefault(key(item), []).append(item)
    return found

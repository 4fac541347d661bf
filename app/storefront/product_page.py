"""Everything a product page says, in two round trips to the database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Select, Uuid, bindparam, or_, select
from sqlalchemy.orm import Session

from app.areas.models import AreaUnit
from app.core.batch import Batch, Raw
from app.core.db import Model
from app.storefront import related, voices
from app.storefront.areas_now import units_now
from app.storefront.browse import NoSuchProduct, Withdrawn
from app.storefront.cards import Card, card_of
from app.storefront.seasons import in_season
from app.storefront.voices import Voices
from catalog import (
    bundles,
    channel_links,
    labels,
    photos,
    preorders,
    price_history,
    pricing,
    recognitions,
)
from catalog.bundles import PartView
from catalog.channel_links import LinkView
from catalog.models import (
    Category,
    PriceChannel,
    Producer,
    Product,
    ProductGroup,
    ProductStatus,
    Sku,
)
from catalog.photos import PhotoView
from catalog.preorders import PreOrderView
from catalog.price_history import Spell
from catalog.recognition_models import Decision, Evidence, Recognition
from catalog.recognitions import RecognitionView
from pos.stock import availability
from pos.stock.availability import PlaceStock
from traceability import journal
from traceability.lots import named, saleable_on
from traceability.models import JournalEntry, Lot

M = TypeVar("M", bound=Model)
MOST_LOTS = 8


@dataclass(frozen=True)
class Offer:
    """One article on a product page. `available` counts units at all places."""

    sku: Sku
    price: pricing.PriceView | None
    places: Sequence[PlaceStock]
    was: int | None = None
    past: Sequence[Spell] = ()

    @property
    def available(self) -> int:
        return sum(stock.available for stock in self.places)

    @property
    def web_available(self) -> int:
        """Units that can be sent to an address: parcels leave from one place."""
        return max((s.available for s in self.places if s.place.serves_web), default=0)

    @property
    def unit_price(self) -> int | None:
        """Đồng per kilogram or litre, where the pack's content is known."""
        sku = self.sku
        if self.price is None or not sku.net_content or sku.net_unit is None:
            return None
        if sku.net_unit.value == "piece" or sku.net_content == 1000:
            return None
        return round(self.price.amount * 1000 / sku.net_content)


@dataclass(frozen=True)
class ProductPage:
    """Everything a product page says."""

    product: Product
    recognition: RecognitionView
    offers: Sequence[Offer]
    lots: Sequence[Lot]
    journeys: Mapping[UUID, Sequence[Any]]  # public facts of each lot, the oldest first
    evidence: Sequence[Evidence]
    areas_now: Sequence[AreaUnit]
    photos: Sequence[PhotoView]
    links: Sequence[LinkView]
    voices: Voices
    related: Sequence[Card]
    in_season: bool
    pre_orders: Mapping[UUID, PreOrderView] = field(default_factory=dict)
    sets: Mapping[UUID, Sequence[PartView]] = field(default_factory=dict)

    @property
    def label(self) -> Sequence[labels.Shown]:
        """The label facts that are known, in the order of the kind of goods."""
        return labels.shown(self.product)


def product_page(session: Session, slug: str, day: date) -> ProductPage:
    """The page of a published product. Raises `NoSuchProduct`, `Withdrawn`."""
    return page(session, facts(session, slug, day), day)


def page_of(session: Session, product: Product, day: date) -> ProductPage:
    """The page of a product whatever its state, as staff see it before anyone else."""
    return page(session, _read(session, product, day), day)


def facts(session: Session, slug: str, day: date) -> Raw:
    """All that the database says about a published product today: equal facts make equal pages.

    Two statements. Raises `NoSuchProduct`, `Withdrawn`.
    """
    found = session.execute(_KEYS, {"slug": slug}).one_or_none()
    if found is None or found.status is ProductStatus.DRAFT:
        raise NoSuchProduct
    if found.status is ProductStatus.WITHDRAWN:
        raise Withdrawn(name=found.name_vi)
    return _read(session, found, day)


_KEYS = select(
    Product.id,
    Product.producer_id,
    Product.category_id,
    Product.group_id,
    Product.area_id,
    Product.status,
    Product.name_vi,
).where(Product.slug == bindparam("slug"))


def _read(session: Session, keys: Any, day: date) -> Raw:
    return _parts(day).read(
        session,
        product=keys.id,
        producer=keys.producer_id,
        category=keys.category_id,
        group=keys.group_id,
        area=keys.area_id,
    )


def page(session: Session, told: Raw, day: date) -> ProductPage:
    """What the facts of `facts` look like to a shopper. Where a unit lies today is asked for once."""
    found = told.rows()
    product = _product(found)
    skus = [sku for sku in product.skus if sku.active]
    return ProductPage(
        product=product,
        recognition=recognitions.view_of(_recognitions(found), day),
        offers=_offers(skus, found["prices"], availability.shown(found["stock"]), day),
        lots=_lots(found["lots"], skus),
        journeys=_by_lot(found["journal"]),
        evidence=_rows(Evidence, found["evidence"]),
        areas_now=units_now(session, product.area),
        photos=photos.views(found["photos"]),
        links=channel_links.views(found["links"]),
        voices=voices.built(found["voices"]),
        related=[card_of(row) for row in found["related"]],
        in_season=in_season(product.season_from, product.season_until, day),
        pre_orders=preorders.views(found["pre_orders"]),
        sets=bundles.views(found["sets"]),
    )


def _offers(
    skus: Sequence[Sku], rows: Sequence[Any], places: Mapping[UUID, Sequence[PlaceStock]], day: date
) -> list[Offer]:
    priced, steps = pricing.by_sku(rows), price_history.steps_by_sku(rows)
    return [
        Offer(
            sku,
            priced.get(sku.id),
            places.get(sku.id, ()),
            price_history.was(steps.get(sku.id, []), day),
            price_history.last_year(steps.get(sku.id, []), day),
        )
        for sku in skus
    ]


@lru_cache(maxsize=4)
def _parts(day: date) -> Batch:
    """The queries of a product page on a day, prepared once."""
    product, producer = bindparam("product", type_=Uuid()), bindparam("producer", type_=Uuid())
    category, area = bindparam("category", type_=Uuid()), bindparam("area", type_=Uuid())
    group = bindparam("group", type_=Uuid())
    skus = select(Sku.id).where(Sku.product_id == product, Sku.active)
    like = related.query(product, producer, category, area, day)
    about = or_(Evidence.product_id == product, Evidence.producer_id == producer)
    recognised = Recognition.product_id == product
    decided = select(Recognition.decision_id).where(recognised)
    lots = (
        select(*Lot.__table__.c)
        .join(Sku, Sku.id == Lot.sku_id)
        .where(Lot.id.in_(availability.lots_in_stock(skus)), saleable_on(day), named())
        .order_by(Sku.position, Lot.sell_by, Lot.code)
        .limit(MOST_LOTS)
    )
    return Batch(
        {
            "product": _row_of(Product, product),
            "producer": _row_of(Producer, producer),
            "category": _row_of(Category, category),
            "group": _row_of(ProductGroup, group),
            "area": _row_of(AreaUnit, area),
            "skus": select(*Sku.__table__.c)
            .where(Sku.product_id == product)
            .order_by(Sku.position),
            "stock": availability.shown_query(skus, day),
            "prices": pricing.query(skus, PriceChannel.WEB, day),
            "recognitions": select(*Recognition.__table__.c).where(recognised),
            "decisions": select(*Decision.__table__.c).where(Decision.id.in_(decided)),
            "lots": lots,
            "journal": _public_facts(lots),
            "evidence": select(*Evidence.__table__.c).where(about).order_by(Evidence.created_at),
            "photos": photos.of_product_query(product),
            "links": channel_links.of_product_query(product),
            "voices": voices.of_product_query(product),
            "related": like,
            "pre_orders": preorders.query(skus, day),
            "sets": bundles.of_product_query(product),
        }
    )


def _public_facts(lots: Select[Any]) -> Select[*tuple[Any, ...]]:
    entry = JournalEntry
    what = (entry.kind, entry.text, entry.place, entry.occurred_at, entry.number, entry.corrects)
    told = select(entry.lot_id, *what)
    mine = entry.lot_id.in_(select(lots.subquery().c.id))
    return told.where(mine, journal.shown()).order_by(entry.lot_id, entry.number)


def _by_lot(rows: Sequence[Any]) -> dict[UUID, list[Any]]:
    found: dict[UUID, list[Any]] = {}
    for row in rows:
        found.setdefault(row.lot_id, []).append(row)
    return found


def _rows(table: type[M], rows: Sequence[Any]) -> list[M]:
    return [table(**row._asdict()) for row in rows]


def _recognitions(found: dict[str, list[Any]]) -> list[Recognition]:
    decisions = {row.id: row for row in _rows(Decision, found["decisions"])}
    made = _rows(Recognition, found["recognitions"])
    for row in made:
        row.decision = decisions.get(row.decision_id) if row.decision_id else None
    return made


def _lots(rows: Sequence[Any], skus: Sequence[Sku]) -> list[Lot]:
    by_id = {sku.id: sku for sku in skus}
    made = _rows(Lot, rows)
    for lot in made:
        lot.sku = by_id[lot.sku_id]
    return made


def _row_of(table: type[Model], key: Any) -> Select[Any]:
    return select(*table.__table__.c).where(table.__table__.c.id == key)


def _one(table: type[M], rows: Sequence[Any]) -> M | None:
    return next(iter(_rows(table, rows)), None)


def _product(found: dict[str, list[Any]]) -> Product:
    """The product with what belongs to it, as if it had been loaded."""
    (product,) = _rows(Product, found["product"])
    (product.category,) = _rows(Category, found["category"])
    product.producer = _one(Producer, found["producer"])
    product.group = _one(ProductGroup, found["group"])
    product.area = _one(AreaUnit, found["area"])
    product.skus = _rows(Sku, found["skus"])
    return product

"""What a shopper sees, composed from catalogue, prices, recognitions and stock. Values only."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, ScalarSelect, Select, bindparam, func, select
from sqlalchemy.orm import Session, joinedload

from app.areas.lookup import units_today
from app.areas.models import AreaUnit
from app.core.enums import LabelledEnum
from app.core.errors import Gone, NotFound
from app.core.paging import Page
from app.core.text import N_
from app.storefront import facets, voices
from app.storefront.facets import Choices, Facet
from app.storefront.index import Index, Mask
from app.storefront.index_rows import build
from app.storefront.voices import Voices
from catalog import channel_links, evidence, labels, photos, pricing, recognitions, search
from catalog.channel_links import LinkView
from catalog.models import Price, PriceChannel, Producer, Product, ProductStatus, Sku
from catalog.photos import PhotoView
from catalog.recognition_models import Evidence, Recognition
from catalog.recognitions import RecognitionState, RecognitionView
from pos.stock import availability
from pos.stock.availability import PlaceStock
from traceability.lots import named, saleable_on
from traceability.models import Lot

PAGE_SIZE = 24
MAX_QUERY = 100


class Sort(LabelledEnum):
    """Orders of a listing."""

    STARS = "stars", N_("Most stars")
    NAME = "name", N_("Name")
    CHEAP = "cheap", N_("Price, low to high")
    DEAR = "dear", N_("Price, high to low")
    NEW = "new", N_("Newest")


class NoSuchProduct(NotFound):
    """No published product has this address."""

    code = "no_such_product"
    message = N_("This product does not exist. Search for it, or look through the shelves.")


class Withdrawn(Gone):
    """The product was offered once."""

    code = "withdrawn"
    message = N_("%(name)s is no longer offered. The shop has similar things.")


@dataclass(frozen=True)
class Filters:
    """What a shopper asked for; anything unknown is simply not set."""

    query: str = ""
    category: str | None = None
    stars: int | None = None
    in_stock: bool = False
    sort: Sort = Sort.STARS
    group: str | None = None
    area: str | None = None
    point: str | None = None
    producer: str | None = None
    commune: str | None = None
    price: str | None = None
    paper: str | None = None
    season: bool = False
    to: str | None = None

    @property
    def wanted(self) -> dict[Facet, str]:
        """The chosen values as they stand in an address."""
        chosen = {facet: getattr(self, facet.value) for facet in Facet}
        return {facet: str(int(v) if v is True else v) for facet, v in chosen.items() if v}

    def args(self, **changed: object) -> dict[str, str]:
        """What stands in the address of this listing, without its page; `changed` replaces some.

        Each thing has one place, and nothing stands there that goes without saying.
        """
        sort = None if self.sort is Sort.STARS else self.sort.value
        chosen = {facet.value: value for facet, value in self.wanted.items()}
        every = {"q": self.query, **chosen, "sort": sort} | changed
        order = ("q", *(facet.value for facet in Facet), "sort")
        return {name: str(every[name]) for name in order if every.get(name)}


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


@dataclass(frozen=True)
class Listing(Page[Card]):
    """A page of products with what else could be chosen.

    `filters` are those that count: of what was asked, values that do not exist are left out.
    `meant` is the query that was answered, when it differs from the one that was asked.
    """

    filters: Filters
    facets: Choices
    meant: str | None = None


def listing(
    session: Session, filters: Filters, number: int, day: date, index: Index | None = None
) -> Listing:
    """One page of published products: one statement, two when something is searched for.

    Some more when nothing is found: then a word may be a slip. A page after the last is the last.
    """
    index = index or build(session, day)
    wanted = facets.known(index, filters.wanted)
    words, meant = tuple(search.terms(filters.query)), None
    passing, others = facets.narrowed(index, wanted, _found(session, index, filters.query, words))
    if words and not passing.any():
        better = tuple(search.corrected(session, words))
        if better != words:
            words, meant = better, " ".join(better)
            found = _found(session, index, filters.query, words)
            passing, others = facets.narrowed(index, wanted, found)
    total = int(passing.sum())
    number = min(number, max(1, -(-total // PAGE_SIZE)))
    ids = index.page(passing, filters.sort.value, (number - 1) * PAGE_SIZE, PAGE_SIZE)
    choices = facets.counted(index, wanted, others)
    cards = _by_ids(session, ids, day)
    return Listing(cards, number, PAGE_SIZE, total, _only(filters, wanted), choices, meant)


def _found(session: Session, index: Index, query: str, words: tuple[str, ...]) -> Mask:
    if not words:
        # Nothing but signs was asked for, and no name consists of signs.
        return index.everything if not query.strip("\0 ") else ~index.everything
    return index.searched(words, lambda: search.found(session, words))


def _only(filters: Filters, wanted: Mapping[Facet, str]) -> Filters:
    """The filters without values that do not exist."""
    nothing: dict[str, Any] = {f.value: None for f in filters.wanted if f not in wanted}
    return replace(filters, **nothing)


def _by_ids(session: Session, ids: Sequence[UUID], day: date) -> list[Card]:
    """Cards of these products in this order; one that was withdrawn meanwhile is left out."""
    if not ids:
        return []
    rows = session.execute(_cards_by_ids(day), {"ids": ids})
    cards = {row.id: _card(row._mapping) for row in rows}
    return [cards[key] for key in ids if key in cards]


@lru_cache(maxsize=4)
def _cards_by_ids(day: date) -> Select[*tuple[Any, ...]]:
    chosen = Product.id.in_(bindparam("ids", expanding=True))
    return _cards(day).add_columns(Product.id).where(chosen)


def _cards(day: date) -> Select[*tuple[Any, ...]]:
    return (
        select(
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


def _card(row: Mapping[Any, Any]) -> Card:
    values = {str(key): value for key, value in row.items()}
    values.pop("id", None)
    stars = values.pop("stars")
    state = RecognitionState.IN_FORCE if stars else RecognitionState.NONE
    return Card(**values, recognition=RecognitionView(state, stars=stars))


@dataclass(frozen=True)
class Offer:
    """One article on a product page. `available` counts units at all places."""

    sku: Sku
    price: pricing.PriceView | None
    places: Sequence[PlaceStock]

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
    evidence: Sequence[Evidence]
    areas_now: Sequence[AreaUnit]
    photos: Sequence[PhotoView] = ()
    links: Sequence[LinkView] = ()
    voices: Voices = voices.NONE

    @property
    def label(self) -> Sequence[labels.Shown]:
        """The label facts that are known, in the order of the kind of goods."""
        return labels.shown(self.product)


def product_page(session: Session, slug: str, day: date) -> ProductPage:
    """The page of a published product. Raises `NoSuchProduct`, `Withdrawn`."""
    return page_of(session, _product(session, slug), day)


def page_of(session: Session, product: Product, day: date) -> ProductPage:
    """The page of a product whatever its state, as staff see it before anyone else."""
    skus = [sku for sku in product.skus if sku.active]
    ids = [sku.id for sku in skus]
    priced = pricing.prices(session, ids, PriceChannel.WEB, day)
    places = availability.by_place(session, ids, day)
    return ProductPage(
        product=product,
        recognition=recognitions.view(session, product.id, day),
        offers=[Offer(sku, priced.get(sku.id), places[sku.id]) for sku in skus],
        lots=_lots_on_sale(session, ids, day),
        evidence=evidence.of_product(session, product),
        areas_now=units_today(session, product.area) if product.area else [],
        photos=photos.views(session.execute(photos.of_product_query(product.id))),
        links=channel_links.views(session.execute(channel_links.of_product_query(product.id))),
    )


def _product(session: Session, slug: str) -> Product:
    found = session.scalars(
        select(Product)
        .filter_by(slug=slug)
        .options(
            joinedload(Product.producer),
            joinedload(Product.category),
            joinedload(Product.group),
            joinedload(Product.area),
            joinedload(Product.skus),
        )
    )
    product = found.unique().one_or_none()
    if product is None or product.status is ProductStatus.DRAFT:
        raise NoSuchProduct
    if product.status is ProductStatus.WITHDRAWN:
        raise Withdrawn(name=product.name_vi)
    return product


def _lots_on_sale(session: Session, sku_ids: Sequence[UUID], day: date) -> Sequence[Lot]:
    stocked = availability.lots_in_stock(sku_ids)
    query = select(Lot).join(Sku).where(Lot.id.in_(stocked), saleable_on(day), named())
    by_pack = query.order_by(Sku.position, Lot.sell_by, Lot.code).limit(8)
    return session.scalars(by_pack).all()


@dataclass(frozen=True)
class ProducerPage:
    """A producer with its published products and its papers."""

    producer: Producer
    cards: Sequence[Card]
    areas_now: Sequence[AreaUnit]
    papers: Sequence[Evidence] = ()


def producer_page(session: Session, slug: str, day: date) -> ProducerPage:
    """The page of a producer. Raises `NoSuchProduct` for an unknown address."""
    query = select(Producer).filter_by(slug=slug).options(joinedload(Producer.area))
    producer = session.scalar(query)
    if producer is None:
        raise NoSuchProduct
    cards = cards_where(session, Product.producer_id == producer.id, day, limit=48)
    areas = units_today(session, producer.area) if producer.area else []
    papers = select(Evidence).filter_by(producer_id=producer.id).order_by(Evidence.created_at)
    return ProducerPage(producer, cards, areas, session.scalars(papers).all())


def cards_where(
    session: Session, condition: ColumnElement[bool], day: date, *, limit: int
) -> Sequence[Card]:
    """Cards of the published products that meet a condition, most stars first."""
    best_first = func.coalesce(_stars(day), 0).desc()
    query = _cards(day).where(condition).order_by(best_first, Product.sort_key).limit(limit)
    return [_card(row._mapping) for row in session.execute(query)]


def starred(session: Session, day: date, *, limit: int) -> Sequence[Card]:
    """Products whose stars are in force: in stock first, and one of each kind before a second."""
    held = select(Recognition.product_id).where(recognitions.in_force_on(day))
    found = cards_where(session, Product.id.in_(held), day, limit=limit * 10)
    seen: Counter[str] = Counter()
    ranked = []
    for place, card in enumerate(found):
        ranked.append(((card.available == 0, seen[card.illustration], place), card))
        seen[card.illustration] += 1
    return [card for _rank, card in sorted(ranked, key=lambda pair: pair[0])[:limit]]

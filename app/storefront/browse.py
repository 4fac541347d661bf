"""What a shopper sees, composed from catalogue, prices, recognitions and stock. Values only."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.areas.models import AreaUnit
from app.core.enums import LabelledEnum
from app.core.errors import Gone, NotFound
from app.core.paging import Page
from app.core.text import N_
from app.storefront import facets
from app.storefront.areas_now import units_now
from app.storefront.cards import Card, by_ids, cards_where
from app.storefront.facets import Choices, Facet
from app.storefront.index import Index, Mask
from app.storefront.index_rows import build
from catalog import search
from catalog.models import Producer, Product
from catalog.recognition_models import Evidence

__all__ = [
    "Card",
    "Filters",
    "Listing",
    "NoSuchProduct",
    "ProducerPage",
    "Sort",
    "Withdrawn",
    "cards_where",
    "listing",
    "producer_page",
]

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
class Listing(Page[Card]):
    """A page of products with what else could be chosen.

    `filters` are those that count: of what was asked, values that do not exist are left out.
    `meant` is the query that was answered, when it differs from the one that was asked.
    """

    filters: Filters
    facets: Choices
    meant: str | None = None

    @property
    def told(self) -> Hashable:
        """Everything that the page shows, as a value."""
        counts = tuple(
            (facet, tuple((c.value, c.name_vi, c.name_en, c.count) for c in choices))
            for facet, choices in self.facets.items()
        )
        return (tuple(self.items), self.number, self.total, self.filters, counts, self.meant)


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
    cards = by_ids(session, ids, day)
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
    areas = units_now(session, producer.area)
    papers = select(Evidence).filter_by(producer_id=producer.id).order_by(Evidence.created_at)
    return ProducerPage(producer, cards, areas, session.scalars(papers).all())

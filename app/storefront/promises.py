"""What pages say about delivery before anybody has entered an address: where to, how long, how much."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.storefront import delivery
from app.storefront.cart import View
from app.storefront.product_page import Offer as Article
from app.storefront.product_page import ProductPage
from app.storefront.reach import HOME
from catalog import weights
from catalog.bundles import PartView
from pos.shipping import tariff_files
from pos.shipping.tariffs import Ask, Offer, Province


@dataclass(frozen=True)
class Region:
    """Provinces that are served alike; `ways` the cheapest first, none where goods come too late."""

    provinces: Sequence[Province]
    ways: Sequence[Offer]


@dataclass(frozen=True)
class Terms:
    """On which day, and from how many đồng some services are free."""

    day: date
    free_from: int


@dataclass(frozen=True)
class Goods:
    """What is sent: its weight, whether that is a guess since nobody has entered it, what it is
    worth in đồng, and the days on the way that it bears."""

    grams: int
    guessed: bool
    worth: int
    limit: int | None


@dataclass(frozen=True)
class Promise:
    """Delivery of one article, or of a cart. `chosen` is the region of the province asked for."""

    article: str | None
    regions: Sequence[Region]
    province: Province | None
    chosen: Region | None
    goods: Goods
    free_from: int

    @property
    def provinces(self) -> Sequence[Province]:
        return tariff_files.current().provinces


def summary(view: View, terms: Terms, code: str = HOME) -> Promise:
    """What delivery of the cart costs, by region."""
    grams, limit = max(delivery.weight(view), 1), view.max_transit_days
    return _promise(None, terms, Goods(grams, view.grams is None, view.subtotal, limit), code)


def of_product(page: ProductPage, terms: Terms, code: str) -> Promise | None:
    """Delivery of one unit of the first article that can be had; None when there is none."""
    priced = [offer for offer in page.offers if offer.price]
    first = next((o for o in priced if o.available), priced[0] if priced else None)
    if first is None or first.price is None:
        return None
    parts = page.sets.get(first.sku.id, ())
    grams = _grams(first, parts)
    limits = [page.product.max_transit_days, *(part.max_transit_days for part in parts)]
    limit = min((days for days in limits if days is not None), default=None)
    known, price = grams or delivery.DEFAULT_GRAMS, first.price.for_quantity(1)
    name = first.sku.name_vi if len(priced) > 1 else None
    return _promise(name, terms, Goods(known, grams is None, price, limit), code)


def _grams(article: Article, parts: Sequence[PartView]) -> int | None:
    if not parts:
        return weights.of(article.sku)
    known = [part.grams * part.quantity for part in parts if part.grams is not None]
    return sum(known) if len(known) == len(parts) else None


def _promise(article: str | None, terms: Terms, goods: Goods, code: str) -> Promise:
    ask = Ask("", goods.grams, goods.worth, terms.day, False, None, terms.free_from)
    regions, province = _regions(ask, goods.limit), tariff_files.current().province(code)
    chosen = next((region for region in regions if province in region.provinces), None)
    return Promise(article, regions, province, chosen, goods, terms.free_from)


def _regions(ask: Ask, limit: int | None) -> list[Region]:
    return [
        Region(some, [way for way in ways if limit is None or way.days_to <= limit])
        for some, ways in delivery.by_region(ask)
    ]

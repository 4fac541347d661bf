"""The head of each public page: one address per page and language, previews, structured data."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urlencode

from flask import request, url_for
from flask_babel import gettext as _
from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup

from app.core import clock
from app.core.templating import local
from app.core.web import LANGUAGES, language, settings
from app.storefront import delivery, structured
from app.storefront.browse import Filters, Listing, ProducerPage, Sort
from app.storefront.communes import CommunePage
from app.storefront.facets import Facet
from app.storefront.product_page import ProductPage
from catalog.photos import PhotoView
from pos.stock.models import Place

MAX_DESCRIPTION = 300


@dataclass(frozen=True)
class Picture:
    """The picture of a shared link; sizes in pixels."""

    url: str
    width: int
    height: int
    alt: str | None


@dataclass(frozen=True)
class Head:
    """What stands in the head besides the title. `url` is the page's one address, without language."""

    url: str
    description: str | None = None
    kind: str = "website"
    indexed: bool = True
    data: structured.Node | None = None
    picture: Picture | None = None

    @property
    def canonical(self) -> str:
        """The address of what is shown: with the language, if the address names another one."""
        asked = request.args.get("lang")
        return in_language(self.url, asked) if asked in LANGUAGES else self.url

    @property
    def alternates(self) -> Sequence[tuple[str, str]]:
        """(language, address) of every version."""
        versions = [(code, in_language(self.url, code)) for code in LANGUAGES]
        return [*versions, ("x-default", self.url)]

    @property
    def json_ld(self) -> Markup:
        """The structured data as text that can stand inside an element."""
        compact = partial(json.dumps, ensure_ascii=False, separators=(",", ":"))
        return htmlsafe_json_dumps(self.data, dumps=compact)


def in_language(url: str, code: str) -> str:
    """The address of a page in a language; Vietnamese needs no mark."""
    if code == LANGUAGES[0]:
        return url
    return f"{url}{'&' if '?' in url else '?'}{urlencode({'lang': code})}"


def absolute(endpoint: str, **values: Any) -> str:
    """The public address of a page."""
    return f"{settings().base_url}{url_for(endpoint, **values)}"


def _home() -> tuple[str, str]:
    return _("Shop"), absolute("storefront.home")


def _short(text: str | None) -> str | None:
    return " ".join(text.split())[:MAX_DESCRIPTION] if text else None


def home() -> Head:
    """The front page."""
    url, shop = absolute("storefront.home"), settings()
    logo = absolute("static", filename="img/logo.svg")
    search = absolute("storefront.listing")
    site = structured.website(shop.shop_name, url, search, language())
    seller = structured.seller(
        shop.shop_owner or shop.shop_name, url, logo, shop.shop_address, shop.shop_phone
    )
    about = _(
        "Certified OCOP products of the communes of Hưng Yên: longan, lychee, lotus, turmeric and "
        "more, with the stars in force, the lot and the producer of every pack."
    )
    return Head(url, about, data=structured.graph(site, seller))


def listing(filters: Filters, page: Listing) -> Head:
    """A listing. Narrowed or sorted ones point to the whole shelf; search results stay unlisted, and
    so does what was asked for with values that do not exist."""
    narrowed = set(filters.wanted) - {Facet.CATEGORY} or filters.sort is not Sort.STARS
    number = None if narrowed or page.number == 1 else page.number
    url = absolute("storefront.listing", category=page.filters.category, page=number)
    about = _("OCOP products of the communes of Hưng Yên with their stars, price and stock.")
    indexed = not filters.query and page.filters == filters and page.total > 0
    return Head(url, about, indexed=indexed, data=_listed(page) if indexed else None)


def _listed(page: Listing) -> structured.Node:
    cards = [
        (local(card, "name") or card.name_vi, absolute("storefront.product", slug=card.slug))
        for card in page.items
    ]
    first = (page.number - 1) * page.size + 1
    return structured.graph(structured.items(cards, first))


def product(page: ProductPage) -> Head:
    """A product."""
    found, url = page.product, absolute("storefront.product", slug=page.product.slug)
    name, shelf = local(found, "name") or found.name_vi, local(found.category, "name") or ""
    about = _short(local(found, "summary"))
    maker = None
    if found.producer:
        maker_url = absolute("storefront.producer", slug=found.producer.slug)
        same_place = found.producer.area_id == found.area_id
        areas = page.areas_now if same_place else []
        maker = structured.organization(found.producer, maker_url, areas)
    rates = delivery.rates(settings().free_delivery_from, clock.local_day(clock.now()))
    shelf_url = absolute("storefront.listing", category=found.category.slug)
    picture = _picture(page.photos)
    drawing = absolute("static", filename=f"img/products/{found.illustration}.svg")
    texts = structured.Texts(name, about, shelf, picture.url if picture else drawing)
    thing = structured.product(page, texts, url, maker, rates)
    trail = structured.breadcrumbs([_home(), (shelf, shelf_url), (name, url)])
    data = structured.graph(thing, trail)
    return Head(url, about, kind="product", data=data, picture=picture)


def _picture(photos: Sequence[PhotoView]) -> Picture | None:
    """The first photograph in its largest size, as the kind of file that everyone reads."""
    if not photos:
        return None
    first = photos[0]
    url = absolute("photo_files.size", file_name=first.name(first.largest, "jpg"))
    return Picture(url, first.largest, first.height_of(first.largest), local(first, "alt"))


def producer(page: ProducerPage) -> Head:
    """A producer."""
    found, url = page.producer, absolute("storefront.producer", slug=page.producer.slug)
    maker = structured.organization(found, url, page.areas_now)
    trail = structured.breadcrumbs([_home(), (found.name, url)])
    about = _short(local(found, "story")) or _(
        "%(name)s: products with their stars, price and stock.", name=found.name
    )
    return Head(url, about, data=structured.graph(maker, trail))


def points(places: Sequence[Place]) -> Head:
    """The sales points."""
    url = absolute("storefront.points")
    stores = [structured.store(place, url) for place in places]
    about = _("Addresses and hours of the sales points for OCOP products of Hưng Yên.")
    return Head(url, about, data=structured.graph(*stores) if stores else None)


def comparison() -> Head:
    """Products side by side: each has its own page for searchers."""
    return Head(absolute("comparing.table"), indexed=False)


def communes() -> Head:
    """The map."""
    url = absolute("places_pages.communes")
    trail = structured.breadcrumbs([_home(), (_("Map of the communes"), url)])
    about = _("The 104 communes of Hưng Yên on a map: which OCOP products come from where.")
    return Head(url, about, data=structured.graph(trail))


def commune(page: CommunePage) -> Head:
    """A commune. One of which nothing is known but its history is not worth a search result."""
    url, name = absolute("places_pages.commune", slug=page.outline.slug), page.unit.full_name
    steps = [_home(), (_("Map of the communes"), absolute("places_pages.communes")), (name, url)]
    about = _("OCOP products, producers and sales points of %(name)s, Hưng Yên.", name=name)
    known = bool(page.cards or page.producers or page.points)
    data = structured.graph(structured.breadcrumbs(steps))
    return Head(url, about, indexed=known, data=data)

"""Lists for programs: sitemaps, new products, the feed for Google and Facebook."""

from email.utils import format_datetime
from typing import Any

from flask import Blueprint, Response, make_response, render_template, request, url_for

from app.areas.places_map import province
from app.content import news
from app.core import clock
from app.core.paging import page_number
from app.core.web import read_session, settings
from app.storefront import communes, delivery, feeds
from app.storefront.head import absolute
from catalog.models import Producer, Product

bp = Blueprint("feeds", __name__)

XML = "application/xml"
KEPT = "public, max-age=3600"
PAGES = (
    "storefront.home",
    "storefront.listing",
    "places_pages.communes",
    "storefront.points",
    "calendar.harvest",
    "policies.index",
    "news.index",
    "traceability.verify_form",
)


def _xml(template: str, mimetype: str = XML, **values: Any) -> Response:
    response = make_response(render_template(f"storefront/feeds/{template}", **values))
    response.mimetype = mimetype
    response.headers["Cache-Control"] = KEPT
    return response


def _sitemap(entries: list[tuple[str, Any]]) -> Response:
    return _xml("sitemap.xml", entries=entries)


@bp.get("/sitemap.xml")
def sitemap() -> Response:
    """The list of the lists."""
    session = read_session()
    parts = [absolute("feeds.sitemap_pages"), absolute("feeds.sitemap_communes")]
    parts.append(absolute("feeds.sitemap_news"))
    for endpoint, table in (("products", Product), ("producers", Producer)):
        for number in range(1, feeds.sitemap_pages(session, table) + 1):
            page = None if number == 1 else number
            parts.append(absolute(f"feeds.sitemap_{endpoint}", page=page))
    return _xml("sitemap_index.xml", parts=parts)


@bp.get("/sitemap-trang.xml")
def sitemap_pages() -> Response:
    """Pages that are there whatever is sold."""
    return _sitemap([(absolute(endpoint), None) for endpoint in PAGES])


@bp.get("/sitemap-xa.xml")
def sitemap_communes() -> Response:
    """Communes from which something comes."""
    found = communes.overview(read_session()).products
    slugs = [outline.slug for outline in province().outlines if found[outline.code]]
    return _sitemap([(absolute("places_pages.commune", slug=slug), None) for slug in slugs])


@bp.get("/sitemap-tin-tuc.xml")
def sitemap_news() -> Response:
    """Public news."""
    found = news.newest(read_session(), feeds.PER_SITEMAP)
    return _sitemap([(absolute("news.item", slug=x.slug), x.published_at) for x in found])


@bp.get("/sitemap-san-pham.xml")
def sitemap_products() -> Response:
    """Products in the shop."""
    number = page_number(request.args.get("page"))
    listed = feeds.sitemap(read_session(), Product, number)
    return _sitemap([(absolute("storefront.product", slug=x.slug), x.changed) for x in listed])


@bp.get("/sitemap-nha-san-xuat.xml")
def sitemap_producers() -> Response:
    """Producers with products in the shop."""
    number = page_number(request.args.get("page"))
    listed = feeds.sitemap(read_session(), Producer, number)
    return _sitemap([(absolute("storefront.producer", slug=x.slug), None) for x in listed])


@bp.get("/san-pham.rss")
def newest() -> Response:
    """New products, RSS 2.0."""
    found = feeds.newest(read_session())
    tools = {"clean": feeds.xml_text, "when": format_datetime}
    return _xml("newest.xml", "application/rss+xml", products=found, **tools)


@bp.get("/feeds/google.xml")
def google() -> Response:
    """What is on sale, as Google Merchant Center and Facebook read it."""
    rows = feeds.channel_rows(read_session(), clock.local_day(clock.now()))
    rates = delivery.rates(settings().free_delivery_from, clock.local_day(clock.now()))
    priced = ((row, delivery.fee(row.price, rates)) for row in rows)
    home = settings().base_url + url_for("storefront.home")
    return _xml("google.xml", "application/rss+xml", rows=priced, home=home)

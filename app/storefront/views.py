"""Pages of the shop."""

from datetime import date
from functools import partial

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.areas import places_map
from app.content.prose import prose
from app.core import clock
from app.core.batch import Raw
from app.core.page_cache import shared
from app.core.page_memo import remembered
from app.core.paging import page_number
from app.core.sharing import share_links, zalo_chat
from app.core.web import read_session, settings
from app.storefront import (
    browse,
    cart_views,
    checkout_views,
    facet_links,
    facet_names,
    gone_views,
    head,
    index,
    order_views,
    product_page,
    promises,
)
from app.storefront import home as home_page
from app.storefront.forms import filters_from
from app.storefront.index_rows import build
from app.storefront.reach import HOME
from pos.stock import places

bp = Blueprint("storefront", __name__)
cart_views.add_to(bp)
checkout_views.add_to(bp)
order_views.add_to(bp)


def _today() -> date:
    return clock.local_day(clock.now())


def _shelf() -> index.Index:
    return index.current(read_session(), _today(), build, seconds=settings().index_seconds)


@bp.get("/")
@shared
def home() -> bytes | str:
    """What is sold, from where, and how it is proved."""
    page = home_page.compose(read_session(), _today(), _shelf())
    return remembered(home_page.told(page), partial(_home, page))


def _home(page: home_page.HomePage) -> str:
    return render_template(
        "storefront/home.html",
        page=page,
        head=head.home(),
        prose=prose,
        day_of=date.fromisoformat,
    )


@bp.get("/san-pham")
@shared
def listing() -> bytes | str:
    """Products with filters; the address alone says what is shown."""
    filters = filters_from(request.args)
    number = page_number(request.args.get("page"))
    page = browse.listing(read_session(), filters, number, _today(), _shelf())
    return remembered((filters, page.told), partial(_listing, filters, page))


def _listing(filters: browse.Filters, page: browse.Listing) -> str:
    path = url_for("storefront.listing")
    return render_template(
        "storefront/listing.html",
        page=page,
        filters=filters,
        sorts=list(browse.Sort),
        path=path,
        facets=facet_links.of(page, path, facet_names.name),
        chips=facet_links.chips(page, path, facet_names.chip),
        head=head.listing(filters, page),
    )


@bp.get("/san-pham/<slug>")
@shared
def product(slug: str) -> AnyResponse:
    """One product: price, stars, where it is in stock, which lots, which papers."""
    try:
        told = product_page.facts(read_session(), slug, _today())
    except browse.NoSuchProduct:
        return gone_views.moved(read_session(), slug)
    except browse.Withdrawn as error:
        return gone_views.withdrawn(read_session(), slug, error, _today())
    return make_response(remembered((told.cells, _today()), partial(_product, told)))


def _product(told: Raw) -> str:
    page = product_page.page(read_session(), told, _today())
    top = head.product(page)
    return render_template(
        "storefront/product.html",
        page=page,
        head=top,
        promise=_promise(page),
        shares=share_links(top.url),
        commune_slugs=places_map.province().slugs,
    )


def _promise(page: product_page.ProductPage) -> promises.Promise | None:
    terms = promises.Terms(_today(), settings().free_delivery_from)
    return promises.of_product(page, terms, request.args.get("giao", HOME))


@bp.get("/nha-san-xuat/<slug>")
@shared
def producer(slug: str) -> str:
    """Who makes it and what else they make."""
    page = browse.producer_page(read_session(), slug, _today())
    return render_template(
        "storefront/producer.html",
        page=page,
        head=head.producer(page),
        chat=zalo_chat(page.producer.phone),
        commune_slugs=places_map.province().slugs,
    )


@bp.get("/diem-ban")
@shared
def points() -> str:
    """Where to buy in person."""
    found = places.pickup_points(read_session())
    return render_template("storefront/points.html", points=found, head=head.points(found))


@bp.get("/favicon.ico")
def favicon() -> AnyResponse:
    """Browsers ask for it whatever the page says."""
    return redirect(url_for("static", filename="img/favicon.svg"), 301)


@bp.get("/robots.txt")
def robots() -> Response:
    """Shop pages are for everyone, the rest is not."""
    closed = ("/quan-ly", "/pos", "/gio-hang", "/thanh-toan", "/don-hang", "/tai-khoan")
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed)]
    lines += ["", f"Sitemap: {settings().base_url}{url_for('feeds.sitemap')}"]
    response = make_response("\n".join(lines) + "\n")
    response.mimetype = "text/plain"
    return response


@bp.get("/san-pham/")
def listing_with_slash() -> AnyResponse:
    """The same page under one address only."""
    return redirect(url_for("storefront.listing"), 301)

"""The addresses of the API for other programs. Each is declared in `endpoints`."""

from collections.abc import Sequence
from typing import TypeVar
from urllib.parse import urlencode

from flask import Blueprint, request, url_for
from flask_babel import gettext as _
from pydantic import BaseModel

from app.api import endpoints as table
from app.api import orders, products, schemas, stamps, stocks
from app.api.endpoints import PREFIX
from app.api.products import Links
from app.api.serving import Caller, choose_language, finish, serves
from app.core import clock
from app.core.paging import Page
from app.core.types import Json
from app.core.web import read_session, settings
from traceability import scans

bp = Blueprint("api", __name__)
bp.before_app_request(choose_language)
bp.after_app_request(finish)

T = TypeVar("T", bound=BaseModel)


def _links() -> Links:
    base = settings().base_url
    return Links(
        page=lambda slug: base + url_for("storefront.product", slug=slug),
        photo=lambda name: base + url_for("photo_files.size", file_name=name),
    )


def _paged(page: Page[T]) -> Json:
    """Where the page lies in its list, with the address of the next one."""
    following = None
    if page.has_next:
        args = request.args.to_dict() | {"page": str(page.number + 1)}
        following = f"{settings().base_url}{request.path}?{urlencode(args)}"
    items: Sequence[T] = list(page.items)
    return {
        "page": page.number,
        "limit": page.size,
        "total": page.total,
        "next": following,
        "items": items,
    }


@bp.get(f"{PREFIX}/products", endpoint=table.PRODUCTS.name)
@serves(table.PRODUCTS)
def list_products(_caller: Caller, asked: schemas.ProductQuery) -> BaseModel:
    """Products on offer."""
    page = products.listing(read_session(), asked, clock.now(), _links())
    return schemas.ProductPage(**_paged(page))


@bp.get(f"{PREFIX}/products/<slug>", endpoint=table.PRODUCT.name)
@serves(table.PRODUCT)
def get_product(_caller: Caller, _asked: BaseModel, slug: str) -> BaseModel:
    """One product."""
    return products.one(read_session(), slug, clock.now(), _links())


@bp.get(f"{PREFIX}/availability", endpoint=table.AVAILABILITY.name)
@serves(table.AVAILABILITY)
def get_availability(_caller: Caller, asked: schemas.SkuQuery) -> BaseModel:
    """What is in stock."""
    return stocks.listing(read_session(), asked.sku, clock.local_day(clock.now()))


@bp.get(f"{PREFIX}/orders", endpoint=table.ORDERS.name)
@serves(table.ORDERS)
def list_orders(caller: Caller, asked: schemas.OrderQuery) -> BaseModel:
    """Orders within the reach of the token."""
    return schemas.OrderPage(**_paged(orders.listing(read_session(), asked, caller.reach)))


@bp.get(f"{PREFIX}/orders/<number>", endpoint=table.ORDER.name)
@serves(table.ORDER)
def get_order(caller: Caller, _asked: BaseModel, number: str) -> BaseModel:
    """One order."""
    return orders.one(read_session(), number, caller.reach)


@bp.get(f"{PREFIX}/stamps/<serial>", endpoint=table.STAMP.name)
@serves(table.STAMP)
def get_stamp(_caller: Caller, _asked: BaseModel, serial: str) -> BaseModel:
    """What is known of a stamp."""
    return _stamp(serial)


@bp.post(f"{PREFIX}/stamps/verify", endpoint=table.VERIFY.name)
@serves(table.VERIFY)
def verify_stamps(_caller: Caller, asked: schemas.StampQuestion) -> BaseModel:
    """What is known of many stamps."""
    return schemas.StampList(items=[_stamp(serial) for serial in asked.serials])


def _stamp(code: str) -> schemas.Stamp:
    now, keys = clock.now(), settings().stamp_keys
    day = clock.local_day(now)
    verdict = scans.look_up(read_session(), code, day=day, now=now, keys=keys, sighting=None)
    return stamps.told(verdict, code, _(stamps.TEXTS[verdict.kind]), _(stamps.NOTE))

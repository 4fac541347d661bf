"""The public page of a product as it would be, for staff, before it is published."""

from uuid import UUID

from flask import Blueprint, make_response, render_template
from werkzeug.wrappers import Response

from app.accounts.access import Permission, producer_scope
from app.accounts.guards import demand, requires
from app.areas import places_map
from app.core import clock
from app.core.web import read_session
from app.storefront import head, product_page
from catalog import products

bp = Blueprint("preview", __name__)


@bp.get("/san-pham/<uuid:product_id>/xem-truoc")
@requires(Permission.CATALOG_VIEW)
def product(product_id: UUID) -> Response:
    """The page with a banner; nobody may index it."""
    found = products.get(read_session(), product_id)
    demand(
        Permission.CATALOG_VIEW,
        *([producer_scope(found.producer_id)] if found.producer_id else []),
    )
    page = product_page.page_of(read_session(), found, clock.local_day(clock.now()))
    shown = render_template(
        "storefront/preview.html",
        page=page,
        head=head.product(page),
        shares=[],
        commune_slugs=places_map.province().slugs,
    )
    answer = make_response(shown)
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    return answer

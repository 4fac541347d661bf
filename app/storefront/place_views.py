"""Pages about places: the map of the communes, and each commune."""

from flask import Blueprint, render_template

from app.areas import places_map
from app.core import clock
from app.core.page_cache import shared
from app.core.web import read_session
from app.storefront import communes as found
from app.storefront import head

bp = Blueprint("places_pages", __name__)


@bp.get("/ban-do")
@shared
def communes() -> str:
    """Which products come from where: all communes of today, drawn and listed."""
    overview = found.overview(read_session())
    return render_template(
        "storefront/map.html",
        map=places_map.province(),
        overview=overview,
        tint=places_map.tint,
        legend=places_map.ranges(),
        head=head.communes(),
    )


@bp.get("/xa/<slug>")
@shared
def commune(slug: str) -> str:
    """What comes from a commune, who makes it, where it is sold, what the commune was before."""
    page = found.commune_page(read_session(), slug, clock.local_day(clock.now()))
    box, near = places_map.province().around(page.outline)
    return render_template(
        "storefront/commune.html", page=page, box=box, near=near, head=head.commune(page)
    )

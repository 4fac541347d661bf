"""Selling elsewhere: the addresses of the feeds, and sheets for other platforms."""

from flask import Blueprint, Response, make_response, render_template, request

from app.accounts.access import Permission
from app.accounts.guards import access, requires
from app.core import clock
from app.core.errors import NotFound
from app.core.paging import page_number
from app.core.text import N_
from app.core.web import read_session
from app.storefront import channels, feeds
from app.storefront.head import absolute
from catalog import channel_links

bp = Blueprint("channels", __name__)

P = Permission
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class UnknownChannel(NotFound):
    """No sheet is made for such a platform."""

    code = "unknown_channel"
    message = N_("There is no sheet for this platform. Choose one from the list.")


def _rows() -> list[feeds.ChannelRow]:
    day = clock.local_day(clock.now())
    mine = access().keys(P.CATALOG_VIEW, "producer")
    return list(feeds.channel_rows(read_session(), day, mine))


@bp.get("/")
@requires(P.CATALOG_VIEW)
def index() -> str:
    """Where the goods can be put up besides this shop, and where they are."""
    mine = access().keys(P.CATALOG_VIEW, "producer")
    number = page_number(request.args.get("page"))
    return render_template(
        "storefront/channels.html",
        channels=channels.CHANNELS,
        articles=len(_rows()),
        google=absolute("feeds.google"),
        newest=absolute("feeds.newest"),
        sitemap=absolute("feeds.sitemap"),
        links=channel_links.overview(read_session(), mine, number),
    )


@bp.get("/<slug>.xlsx")
@requires(P.CATALOG_VIEW)
def sheet(slug: str) -> Response:
    """The upload sheet of a platform."""
    channel = next((c for c in channels.CHANNELS if c.slug == slug), None)
    if channel is None:
        raise UnknownChannel
    rows = [(row, absolute("storefront.product", slug=row.product.slug)) for row in _rows()]
    response = make_response(channels.workbook(channel, rows))
    response.mimetype = XLSX
    response.headers["Content-Disposition"] = f'attachment; filename="{slug}.xlsx"'
    return response

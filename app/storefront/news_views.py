"""News for everyone: the list, one piece, RSS."""

from email.utils import format_datetime

from flask import Blueprint, Response, make_response, render_template, request

from app.content import news
from app.content.prose import prose
from app.core.page_cache import shared
from app.core.paging import page_number
from app.core.web import read_session
from app.storefront import feeds, news_head

bp = Blueprint("news", __name__)


@bp.get("/tin-tuc")
@shared
def index() -> str:
    """News, newest first."""
    page = news.page(read_session(), page_number(request.args.get("page")))
    return render_template("storefront/news.html", page=page, head=news_head.index(page))


@bp.get("/tin-tuc/<slug>")
@shared
def item(slug: str) -> str:
    """One piece of news."""
    found = news.read(read_session(), slug)
    return render_template(
        "storefront/news_item.html", item=found, head=news_head.item(found), prose=prose
    )


@bp.get("/tin-tuc.rss")
def rss() -> Response:
    """The newest, RSS 2.0."""
    items = news.newest(read_session(), news.NEWEST)
    tools = {"clean": feeds.xml_text, "when": format_datetime}
    response = make_response(render_template("storefront/feeds/news.xml", items=items, **tools))
    response.mimetype = "application/rss+xml"
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response

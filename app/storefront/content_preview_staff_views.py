"""Home page and news as they would be, for staff."""

from datetime import date
from uuid import UUID

from flask import Blueprint, make_response, render_template, request
from werkzeug.wrappers import Response

from app.accounts.access import Permission
from app.accounts.guards import requires
from app.content import news
from app.content.prose import prose
from app.core import clock
from app.core.web import read_session
from app.storefront import home

bp = Blueprint("content_preview", __name__)


@bp.get("/trang-chu/xem-truoc")
@requires(Permission.CONTENT_EDIT)
def home_page() -> Response:
    """The home page of a day, with the blocks that are switched off."""
    today = clock.local_day(clock.now())
    try:
        day = date.fromisoformat(request.args.get("day", ""))
    except ValueError:
        day = today
    # Days near the ends of the calendar have no sixty days before them.
    day = day if abs(day.year - today.year) <= 100 else today
    page = home.compose(read_session(), day, also_off=True)
    return _shown("home_preview", page=page, day=day, day_of=date.fromisoformat)


@bp.get("/tin-tuc/<uuid:item_id>/xem-truoc")
@requires(Permission.CONTENT_EDIT)
def news_item(item_id: UUID) -> Response:
    """A piece of news before it is published."""
    return _shown("news_item", item=news.get(read_session(), item_id))


def _shown(template: str, **values: object) -> Response:
    answer = make_response(render_template(f"storefront/{template}.html", prose=prose, **values))
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    return answer

"""Help with finding: what the search field proposes while one types."""

from flask import Blueprint, Response, make_response, render_template, request

from app.core import clock
from app.core.web import read_session
from app.storefront.suggest import suggestions

bp = Blueprint("finding", __name__)


@bp.get("/tim-kiem/goi-y")
def suggest() -> Response:
    """The list below the search field; empty when there is nothing to propose."""
    day = clock.local_day(clock.now())
    found = suggestions(read_session(), request.args.get("q", ""), day)
    response = make_response(render_template("storefront/_suggestions.html", found=found))
    response.headers["Cache-Control"] = "private, max-age=60"
    return response

"""Comparing products: a page with an address of its own, and the forms that choose for it."""

from datetime import date
from functools import partial

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.core import clock
from app.core.batch import Raw
from app.core.page_cache import shared
from app.core.page_memo import remembered
from app.core.web import message_of, read_session, safe_next, see_other
from app.storefront import compared, comparison, head
from app.storefront.forms import slug_or_none

bp = Blueprint("comparing", __name__)


@bp.get("/so-sanh")
@shared
def table() -> Response:
    """The products that the address names side by side; without any, those this browser chose."""
    slugs = compared.readable(request.args.getlist("sp"))
    mine = compared.chosen()
    if not slugs and mine:
        return redirect(url_for("comparing.table", sp=mine))
    day = clock.local_day(clock.now())
    told = comparison.facts(read_session(), slugs, day)
    return make_response(remembered((told.cells, day), partial(_table, told, slugs, day)))


def _table(told: Raw, slugs: list[str], day: date) -> str:
    return render_template(
        "storefront/compare.html",
        table=comparison.table(told, slugs, day),
        head=head.comparison(),
    )


@bp.post("/so-sanh")
def choose() -> Response:
    """Put a product in or take one out, or begin anew; then back to where that was asked."""
    mine, out = compared.chosen(), slug_or_none(request.form.get("remove", ""))
    slug = slug_or_none(request.form.get("add", ""))
    if request.form.get("clear"):
        return _kept([], url_for("comparing.table"))
    if out:
        mine = [each for each in mine if each != out]
    if slug:
        try:
            mine = comparison.added(mine, slug)
        except comparison.TooMany as error:
            flash(message_of(error), "warn")
            return see_other(url_for("comparing.table", sp=mine))
    return _kept(mine, _back(out, slug or out))


def _back(out: str | None, about: str | None) -> str:
    """The table without what was taken out of it, or the page of the form, at the same product."""
    shown = compared.readable(request.form.getlist("sp"))
    if shown:
        return url_for("comparing.table", sp=[each for each in shown if each != out])
    back = safe_next(request.form.get("next"), url_for("comparing.table"))
    return f"{back.partition('#')[0]}#sp-{about}" if about else back


def _kept(slugs: list[str], location: str) -> Response:
    response = see_other(location)
    compared.keep(response, slugs)
    return response

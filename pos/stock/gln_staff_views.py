"""The GLN of a place: the number under which GS1 knows it."""

from uuid import UUID

from flask import Blueprint, flash, make_response, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.access import Permission, place_scope
from app.accounts.guards import actor_id, demand, requires
from app.core import clock
from app.core.db import transaction
from app.core.errors import DomainError
from app.core.web import message_of, read_session, see_other, status_of
from pos.stock import places
from pos.stock.forms import GlnForm
from pos.stock.models import PHYSICAL, Place

bp = Blueprint("place_numbers", __name__)

EDIT = Permission.STOCK_EDIT


def _place(place_id: UUID) -> Place:
    found = places.get(read_session(), place_id)
    if found.kind not in PHYSICAL:
        raise places.UnknownPlace
    demand(EDIT, place_scope(place_id))
    return found


def _page(place: Place, form: GlnForm, status: int = 200) -> Response:
    page = render_template("pos/stock/gln.html", place=place, form=form)
    return make_response(page, status)


@bp.get("/noi/<uuid:place_id>/gln")
@requires(EDIT)
def edit(place_id: UUID) -> Response:
    """Which number the place has."""
    found = _place(place_id)
    return _page(found, GlnForm(formdata=None, gln=found.gln))


@bp.post("/noi/<uuid:place_id>/gln")
@requires(EDIT)
def keep(place_id: UUID) -> Response:
    """Keep its number."""
    found, form = _place(place_id), GlnForm()
    if not form.validate():
        return _page(found, form, 422)
    try:
        with transaction() as db:
            place, gln = places.get(db, place_id), form.gln.data or None
            places.number(db, place, gln, now=clock.now(), actor_id=actor_id())
    except DomainError as error:
        form.form_errors.append(message_of(error))
        return _page(found, form, status_of(error))
    flash(_("The number is kept."), "ok")
    return see_other(url_for("stock.place", place_id=place_id))

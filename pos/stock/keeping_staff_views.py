"""Staff say how many units of each article online orders leave to the counter."""

from uuid import UUID

from flask import Blueprint, flash, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.access import Permission, place_scope
from app.accounts.guards import actor_id, demand, requires
from app.core import clock
from app.core.db import transaction
from app.core.web import message_of, see_other
from pos.stock import keeping_back, places
from pos.stock.models import PHYSICAL

bp = Blueprint("keeping_back", __name__)


@bp.post("/noi/<uuid:place_id>/giu-lai")
@requires(Permission.STOCK_EDIT)
def change(place_id: UUID) -> Response:
    """Keep the number that was entered."""
    demand(Permission.STOCK_EDIT, place_scope(place_id))
    sent = request.form.get("units", "").strip()
    units = int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 9 else -1
    try:
        with transaction() as db:
            place = places.get(db, place_id)
            if place.kind not in PHYSICAL:
                raise places.UnknownPlace
            keeping_back.keep_back(db, place, units, now=clock.now(), actor_id=actor_id())
    except keeping_back.BadKeptBack as error:
        flash(message_of(error), "stop")
    else:
        flash(_("%(n)s units of each article stay at the counter.", n=units), "ok")
    return see_other(url_for("stock.place", place_id=place_id))

"""The season of a product, for staff."""

from uuid import UUID

from flask import Blueprint, flash, make_response, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.access import Permission, producer_scope
from app.accounts.guards import actor_id, demand, requires
from app.core import clock
from app.core.db import transaction
from app.core.errors import DomainError
from app.core.web import message_of, read_session, see_other, status_of
from catalog import products, seasons
from catalog.models import Product
from catalog.season_forms import SeasonForm

bp = Blueprint("seasons", __name__)

P = Permission


def _product(product_id: UUID) -> Product:
    found = products.get(read_session(), product_id)
    demand(P.CATALOG_EDIT, *([producer_scope(found.producer_id)] if found.producer_id else []))
    return found


@bp.get("/san-pham/<uuid:product_id>/mua-vu")
@requires(P.CATALOG_EDIT)
def show(product_id: UUID) -> str:
    """What is known of the season."""
    found = _product(product_id)
    return render_template("catalog/season.html", product=found, form=SeasonForm.of(found))


@bp.post("/san-pham/<uuid:product_id>/mua-vu")
@requires(P.CATALOG_EDIT)
def keep(product_id: UUID) -> Response:
    """Note the season."""
    found, form, status = _product(product_id), SeasonForm(), 422
    if form.validate():
        try:
            with transaction() as db:
                product = products.get(db, product_id)
                season, now = form.to_season(), clock.now()
                seasons.set_season(db, product, season, now=now, actor_id=actor_id())
            flash(_("The season is kept."), "ok")
            return see_other(url_for("catalog.product", product_id=product_id))
        except DomainError as error:
            form.form_errors.append(message_of(error))
            status = status_of(error)
    return make_response(render_template("catalog/season.html", product=found, form=form), status)

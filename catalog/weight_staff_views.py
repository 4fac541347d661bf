"""What packs weigh when they are sent."""

from uuid import UUID

from flask import Blueprint, flash, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.access import Permission, producer_scope
from app.accounts.guards import actor_id, demand, requires
from app.core import clock
from app.core.db import transaction
from app.core.web import read_session, see_other
from catalog import products
from catalog.forms import WeightForm

bp = Blueprint("weights", __name__)

P = Permission


@bp.post("/quy-cach/<uuid:sku_id>/khoi-luong")
@requires(P.CATALOG_EDIT)
def set_weight(sku_id: UUID) -> Response:
    """Keep the weight of an article; nothing entered: as much as it holds."""
    sku = products.get_sku(read_session(), sku_id)
    maker = sku.product.producer_id
    demand(P.CATALOG_EDIT, *([producer_scope(maker)] if maker else []))
    form = WeightForm()
    if not form.validate():
        flash(_("Enter a whole number of grams."), "stop")
    else:
        with transaction() as db:
            changed, grams = products.get_sku(db, sku_id), form.weight.data
            products.set_weight(db, changed, grams, now=clock.now(), actor_id=actor_id())
        flash(_("Saved."), "ok")
    return see_other(url_for("catalog.product", product_id=sku.product_id))

"""Pre-orders: staff offer an article of a harvest to come, and close the offer again."""

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
from catalog import preorders, products
from catalog.models import Sku
from catalog.offer_forms import PreOrderForm

bp = Blueprint("preorders", __name__)

EDIT = Permission.CATALOG_EDIT


def _sku(sku_id: UUID) -> Sku:
    found = products.get_sku(read_session(), sku_id)
    maker = found.product.producer_id
    demand(EDIT, *([producer_scope(maker)] if maker else []))
    return found


def _page(sku: Sku, form: PreOrderForm, status: int = 200) -> Response:
    known = preorders.of_sku(read_session(), sku.id)
    page = render_template("catalog/preorders.html", sku=sku, form=form, known=known)
    return make_response(page, status)


@bp.get("/dat-truoc/<uuid:sku_id>")
@requires(EDIT)
def show(sku_id: UUID) -> Response:
    """What was offered ahead, and the form for more."""
    return _page(_sku(sku_id), PreOrderForm(formdata=None))


@bp.post("/dat-truoc/<uuid:sku_id>")
@requires(EDIT)
def start(sku_id: UUID) -> Response:
    """Offer the article ahead."""
    sku, form = _sku(sku_id), PreOrderForm()
    if not form.validate():
        return _page(sku, form, 422)
    now = clock.now()
    try:
        with transaction() as db:
            target, day = products.get_sku(db, sku_id), clock.local_day(now)
            plan = form.to_plan()
            preorders.open_one(db, target, plan, day=day, now=now, actor_id=actor_id())
    except DomainError as error:
        form.form_errors.append(message_of(error))
        return _page(sku, form, status_of(error))
    flash(_("The article can be ordered ahead."), "ok")
    return see_other(url_for("preorders.show", sku_id=sku_id))


@bp.post("/dat-truoc/<uuid:sku_id>/dong")
@requires(EDIT)
def close(sku_id: UUID) -> Response:
    """Take no more orders ahead."""
    _sku(sku_id)
    with transaction() as db:
        for pre in preorders.of_sku(db, sku_id):
            preorders.close(db, pre, now=clock.now(), actor_id=actor_id())
    flash(_("No more orders are taken ahead. Those that were taken stand."), "ok")
    return see_other(url_for("preorders.show", sku_id=sku_id))

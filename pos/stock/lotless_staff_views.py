"""Goods without lot, such as plants, come in: staff choose the article and say how many."""

from uuid import UUID

from flask import Blueprint, flash, make_response, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.access import Permission, place_scope
from app.accounts.guards import access, actor_id, demand, requires
from app.core import clock
from app.core.db import transaction
from app.core.errors import DomainError
from app.core.web import message_of, read_session, see_other, status_of
from catalog import products
from pos.stock import goods, overview, places
from pos.stock.forms import ReceiveForm

bp = Blueprint("lotless", __name__)

P = Permission


@bp.get("/nhap-khong-lo")
@requires(P.STOCK_EDIT)
def index() -> str:
    """Choose the article that has arrived."""
    query = request.args.get("q", "").replace("\0", "").strip()[:60]
    found = overview.without_lot(read_session(), query)
    return render_template("pos/stock/lotless.html", skus=found, query=query)


def _form() -> ReceiveForm:
    return ReceiveForm(places.physical(read_session(), only=access().keys(P.STOCK_EDIT, "place")))


def _page(sku_id: UUID, form: ReceiveForm) -> str:
    sku = products.get_sku(read_session(), sku_id)
    return render_template("pos/stock/lotless_receive.html", sku=sku, form=form)


@bp.get("/nhap-khong-lo/<uuid:sku_id>")
@requires(P.STOCK_EDIT)
def receive(sku_id: UUID) -> str:
    """How many have arrived, and where."""
    return _page(sku_id, _form())


@bp.post("/nhap-khong-lo/<uuid:sku_id>")
@requires(P.STOCK_EDIT)
def book(sku_id: UUID) -> Response:
    """Book the arrival."""
    form = _form()
    if not form.validate():
        return make_response(_page(sku_id, form), 422)
    place_id = form.place_id()
    demand(P.STOCK_EDIT, place_scope(place_id))
    act = goods.Act(form.key.data, clock.now(), actor_id())
    try:
        with transaction() as db:
            target, sku = places.get(db, place_id), products.get_sku(db, sku_id)
            goods.receive_without_lot(db, target, sku, form.quantity.data, act)
    except DomainError as error:
        form.form_errors.append(message_of(error))
        return make_response(_page(sku_id, form), status_of(error))
    flash(_("%(n)s units received.", n=form.quantity.data), "ok")
    return see_other(url_for("stock.place", place_id=place_id))

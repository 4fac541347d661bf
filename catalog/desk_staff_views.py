"""More that staff do with products: another address, many at once, and what was changed."""

from uuid import UUID

from flask import Blueprint, flash, make_response, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.access import Permission, producer_scope
from app.accounts.guards import access, actor_id, demand, requires
from app.core import clock
from app.core.db import transaction
from app.core.errors import DomainError, NotFound
from app.core.text import N_
from app.core.types import Json
from app.core.web import message_of, read_session, see_other
from catalog import bulk, history, products, slugs
from catalog.forms import LowStockForm
from catalog.models import Producer, Product
from catalog.recognition_models import Decision

bp = Blueprint("desk", __name__)

P = Permission


class NoHistory(NotFound):
    """Nothing of this kind has a trail of its own."""

    code = "no_history"
    message = N_("There is no such thing.")


def _scopes(found: Product) -> list[str]:
    return [producer_scope(found.producer_id)] if found.producer_id else []


@bp.post("/san-pham/<uuid:product_id>/dia-chi")
@requires(P.CATALOG_EDIT)
def rename(product_id: UUID) -> Response:
    """Give the product another address."""
    demand(P.CATALOG_EDIT, *_scopes(products.get(read_session(), product_id)))
    try:
        with transaction() as db:
            found = products.get(db, product_id)
            slug = request.form.get("slug", "").strip()
            slugs.rename(db, found, slug, now=clock.now(), actor_id=actor_id())
    except DomainError as error:
        flash(message_of(error), "stop")
    else:
        flash(_("The address is changed; the former one leads to it."), "ok")
    return see_other(url_for("catalog.product", product_id=product_id))


@bp.post("/quy-cach/<uuid:sku_id>/muc-bao")
@requires(P.CATALOG_EDIT)
def set_low_stock(sku_id: UUID) -> Response:
    """Say when the keepers of a place are told that the article runs short."""
    sku = products.get_sku(read_session(), sku_id)
    demand(P.CATALOG_EDIT, *_scopes(sku.product))
    back, form = url_for("catalog.product", product_id=sku.product_id), LowStockForm()
    if not form.validate():
        flash(_("Enter a whole number."), "stop")
        return see_other(back)
    with transaction() as db:
        changed, units = products.get_sku(db, sku_id), form.low_stock.data
        products.set_low_stock(db, changed, units, now=clock.now(), actor_id=actor_id())
    flash(_("Saved."), "ok")
    return see_other(back)


@bp.post("/san-pham/hang-loat")
@requires(P.CATALOG_EDIT)
def many() -> Response:
    """Publish or withdraw many products; the answer says what became of each."""
    ids = [UUID(text) for text in request.form.getlist("product") if _is_uuid(text)]
    mine = [key for key in ids if _may(key)]
    with transaction() as db:
        answer = bulk.run(
            db,
            request.form.get("act", ""),
            mine,
            reason=request.form.get("reason", "").strip(),
            key=request.form.get("key", ""),
            now=clock.now(),
            actor_id=actor_id(),
        )
    return make_response(render_template("catalog/bulk.html", rows=[_told(row) for row in answer]))


def _told(row: Json) -> Json:
    """The row with the reason of a refusal in words."""
    if not row["refused"]:
        return row | {"why": None}
    error = DomainError(**row["params"])
    error.message = row["refused"]
    return row | {"why": message_of(error)}


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _may(key: UUID) -> bool:
    found = read_session().get(Product, key)
    return found is not None and access().may(P.CATALOG_EDIT, *_scopes(found))


@bp.get("/lich-su/<kind>/<uuid:key>")
@requires(P.CATALOG_VIEW)
def trail(kind: str, key: UUID) -> str:
    """What was changed, by whom, from what to what."""
    name, scopes, back = _named(kind, key)
    demand(P.CATALOG_VIEW, *scopes)
    changes = history.of(read_session(), kind, key)
    return render_template("catalog/history.html", name=name, back=back, changes=changes)


def _named(kind: str, key: UUID) -> tuple[str, list[str], str]:
    if kind == "product" and (found := read_session().get(Product, key)):
        return found.name_vi, _scopes(found), url_for("catalog.product", product_id=key)
    if kind == "producer" and (maker := read_session().get(Producer, key)):
        return maker.name, [producer_scope(key)], url_for("catalog.producers")
    if kind == "decision" and (decision := read_session().get(Decision, key)):
        return decision.number, [], url_for("register.decision", decision_id=key)
    raise NoHistory

"""Gift sets: staff say which articles lie in a set."""

from uuid import UUID

from flask import Blueprint, flash, make_response, render_template, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.accounts.access import Permission, producer_scope
from app.accounts.guards import actor_id, demand, requires
from app.core import clock
from app.core.db import transaction
from app.core.errors import DomainError
from app.core.web import message_of, read_session, see_other, status_of
from catalog import bundles, products
from catalog.models import Sku
from catalog.offer_forms import PartsForm, parts_form

bp = Blueprint("sets", __name__)

EDIT = Permission.CATALOG_EDIT


def _sku(sku_id: UUID) -> Sku:
    found = products.get_sku(read_session(), sku_id)
    maker = found.product.producer_id
    demand(EDIT, *([producer_scope(maker)] if maker else []))
    return found


def _page(sku: Sku, form: PartsForm, status: int = 200) -> Response:
    parts = bundles.parts_of(read_session(), [sku.id]).get(sku.id, ())
    page = render_template("catalog/set.html", sku=sku, form=form, parts=parts)
    return make_response(page, status)


@bp.get("/bo-qua/<uuid:sku_id>")
@requires(EDIT)
def show(sku_id: UUID) -> Response:
    """What lies in each set."""
    sku = _sku(sku_id)
    return _page(sku, parts_form(bundles.parts_of(read_session(), [sku.id]).get(sku.id, ())))


@bp.post("/bo-qua/<uuid:sku_id>")
@requires(EDIT)
def keep(sku_id: UUID) -> Response:
    """Keep the parts; rows without a code are taken away."""
    sku, form = _sku(sku_id), PartsForm()
    if not form.validate():
        return _page(sku, form, 422)
    try:
        with transaction() as db:
            parts = _by_id(db, form)
            target = products.get_sku(db, sku_id)
            bundles.set_parts(db, target, parts, now=clock.now(), actor_id=actor_id())
    except DomainError as error:
        form.form_errors.append(message_of(error))
        return _page(sku, form, status_of(error))
    flash(_("The parts of the set are kept."), "ok")
    return see_other(url_for("sets.show", sku_id=sku_id))


def _by_id(db: Session, form: PartsForm) -> dict[UUID, int]:
    parts: dict[UUID, int] = {}
    for code, quantity in form.to_parts().items():
        found = products.sku_by_code(db, code)
        if found is None:
            raise bundles.UnknownPart(code=code)
        parts[found.id] = parts.get(found.id, 0) + quantity
    return parts

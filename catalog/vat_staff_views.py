"""VAT: the rates as the data say them, and the class of a product."""

from uuid import UUID

from flask import Blueprint, flash, make_response, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.access import Permission, producer_scope
from app.accounts.guards import actor_id, demand, requires
from app.core import clock
from app.core.db import transaction
from app.core.web import read_session, see_other, settings
from catalog import products, vat
from catalog.models import Product
from catalog.vat import Regime
from catalog.vat_forms import VatForm

bp = Blueprint("vat", __name__)

P = Permission


@bp.get("/thue-gtgt")
@requires(P.CATALOG_VIEW)
def rates() -> str:
    """Every class with its rates, and what is not checked."""
    regime = settings().vat_regime
    return render_template(
        "catalog/vat.html",
        rows=vat.rows(),
        day=clock.local_day(clock.now()),
        regime=Regime.parse(regime) if regime else None,
    )


def _product(product_id: UUID) -> Product:
    found = products.get(read_session(), product_id)
    maker = found.producer_id
    demand(P.CATALOG_EDIT, *([producer_scope(maker)] if maker else []))
    return found


def _page(found: Product, form: VatForm) -> str:
    day = clock.local_day(clock.now())
    now = vat.of(found.vat_class, found.vat_permille, day)
    return render_template("catalog/product_vat.html", product=found, form=form, treatment=now)


@bp.get("/san-pham/<uuid:product_id>/thue-gtgt")
@requires(P.CATALOG_EDIT)
def show(product_id: UUID) -> str:
    """The class of a product."""
    found = _product(product_id)
    return _page(found, VatForm(formdata=None, data={"vat_class": found.vat_class or ""}))


@bp.post("/san-pham/<uuid:product_id>/thue-gtgt")
@requires(P.CATALOG_EDIT)
def decide(product_id: UUID) -> Response:
    """Keep what was decided; it holds for sales from now on."""
    found, form = _product(product_id), VatForm()
    if not form.validate():
        return make_response(_page(found, form), 422)
    with transaction() as db:
        target, chosen, now = products.get(db, product_id), form.to_class(), clock.now()
        products.set_vat_class(db, target, chosen, now=now, actor_id=actor_id())
    flash(_("The VAT class is kept. It holds for sales from now on."), "ok")
    return see_other(url_for("catalog.product", product_id=product_id))

"""Label facts for staff: kind of goods, its facts, and published products that lack some."""

from uuid import UUID

from flask import Blueprint, flash, make_response, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.access import Permission, producer_scope
from app.accounts.guards import access, actor_id, demand, requires
from app.core import clock
from app.core.db import transaction
from app.core.errors import DomainError
from app.core.forms import Form
from app.core.web import message_of, read_session, see_other, status_of
from catalog import label_gaps, labels, products
from catalog.label_forms import entered, form_for
from catalog.labels import Profile
from catalog.models import Product

bp = Blueprint("labels", __name__)

P = Permission


def _product(product_id: UUID) -> Product:
    found = products.get(read_session(), product_id)
    scopes = [producer_scope(found.producer_id)] if found.producer_id else []
    demand(P.CATALOG_EDIT, *scopes)
    return found


def _profile(found: Product) -> Profile | None:
    asked = request.args.get("kind") or found.profile or label_gaps.suggested(found)
    return labels.profiles().get(asked)


def _page(found: Product, profile: Profile | None, form: Form | None) -> str:
    return render_template(
        "catalog/label.html",
        product=found,
        profile=profile,
        profiles=labels.profiles(),
        form=form,
        missing=labels.missing(found),
    )


@bp.get("/san-pham/<uuid:product_id>/nhan")
@requires(P.CATALOG_EDIT)
def edit(product_id: UUID) -> str:
    """The facts of the kind of goods; another kind is chosen by address."""
    found = _product(product_id)
    profile = _profile(found)
    return _page(found, profile, form_for(profile, found.facts) if profile else None)


@bp.post("/san-pham/<uuid:product_id>/nhan")
@requires(P.CATALOG_EDIT)
def keep(product_id: UUID) -> Response:
    """Keep kind and facts."""
    found = _product(product_id)
    profile = _profile(found)
    if profile is None:
        raise labels.UnknownProfile
    form = form_for(profile, found.facts)
    if not form.validate():
        return make_response(_page(found, profile, form), 422)
    try:
        with transaction() as db:
            told, facts = products.get(db, product_id), entered(form, profile.entered)
            labels.describe(db, told, profile.key, facts, now=clock.now(), actor_id=actor_id())
    except DomainError as error:
        form.form_errors.append(message_of(error))
        return make_response(_page(found, profile, form), status_of(error))
    flash(_("The label facts are kept."), "ok")
    return see_other(url_for("catalog.product", product_id=product_id))


@bp.get("/san-pham/thieu-nhan")
@requires(P.CATALOG_VIEW)
def gaps() -> str:
    """Published products whose label lacks something."""
    mine = access().keys(P.CATALOG_VIEW, "producer")
    return render_template(
        "catalog/label_gaps.html", gaps=label_gaps.published(read_session(), mine)
    )

"""Links from a product to its pages in other shops: staff add and remove them."""

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
from catalog import channel_links
from catalog import products as product_verbs
from catalog.models import Product
from catalog.photo_forms import LinkForm

bp = Blueprint("links", __name__)

EDIT = Permission.CATALOG_EDIT


def _product(product_id: UUID) -> Product:
    found = product_verbs.get(read_session(), product_id)
    scopes = [producer_scope(found.producer_id)] if found.producer_id else []
    demand(EDIT, *scopes)
    return found


def _page(product: Product, form: LinkForm, status: int = 200) -> Response:
    links = channel_links.of_product(read_session(), product)
    page = render_template(
        "catalog/links.html", product=product, links=links, link_form=form, may_edit=True
    )
    return make_response(page, status)


@bp.get("/san-pham/<uuid:product_id>/kenh-ban")
@requires(EDIT)
def index(product_id: UUID) -> Response:
    """Where else the product is sold."""
    return _page(_product(product_id), LinkForm())


@bp.post("/san-pham/<uuid:product_id>/kenh-ban")
@requires(EDIT)
def add(product_id: UUID) -> Response:
    """Keep a link."""
    found, form = _product(product_id), LinkForm()
    if not form.validate():
        return _page(found, form, 422)
    try:
        with transaction() as db:
            target, url = product_verbs.get(db, product_id), form.url.data
            channel_links.add(db, target, url, now=clock.now(), actor_id=actor_id())
    except DomainError as error:
        form.form_errors.append(message_of(error))
        return _page(found, form, status_of(error))
    flash(_("The link is kept. It is looked at in a moment, and then every day."), "ok")
    return see_other(url_for("catalog.product", product_id=product_id))


@bp.post("/san-pham/<uuid:product_id>/kenh-ban/<uuid:link_id>/xoa")
@requires(EDIT)
def remove(product_id: UUID, link_id: UUID) -> Response:
    """Take a link away."""
    _product(product_id)
    with transaction() as db:
        link = channel_links.get(db, product_id, link_id)
        channel_links.remove(db, link, now=clock.now(), actor_id=actor_id())
    flash(_("The link is removed."), "ok")
    return see_other(url_for("catalog.product", product_id=product_id))

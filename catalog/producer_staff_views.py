"""Producers for staff: take one in, and revise what is said of it."""

from uuid import UUID

from flask import Blueprint, flash, make_response, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.access import Permission, producer_scope
from app.accounts.guards import actor_id, demand, requires
from app.areas.lookup import communes_today
from app.core import clock
from app.core.db import transaction
from app.core.web import message_of, read_session, see_other
from catalog import producers
from catalog.models import Producer
from catalog.producer_forms import ProducerForm

bp = Blueprint("producers", __name__)

P = Permission
PAGE = "catalog/producer.html"


def _form(producer: Producer | None = None) -> ProducerForm:
    return ProducerForm(communes_today(read_session()), producer)


@bp.get("/nha-san-xuat/moi")
@requires(P.CATALOG_EDIT)
def new() -> str:
    """Describe a producer."""
    return render_template(PAGE, producer=None, form=_form())


@bp.post("/nha-san-xuat/moi")
@requires(P.CATALOG_EDIT)
def create() -> Response:
    """Take the producer in."""
    form = _form()
    if not form.validate():
        return make_response(render_template(PAGE, producer=None, form=form), 422)
    try:
        with transaction() as db:
            made = producers.create(db, form.to_details(), now=clock.now(), actor_id=actor_id())
    except producers.GlnTaken as error:
        form.form_errors.append(message_of(error))
        return make_response(render_template(PAGE, producer=None, form=form), 409)
    flash(_("The producer is kept."), "ok")
    return see_other(url_for("producers.edit", producer_id=made.id))


def _producer(producer_id: UUID) -> Producer:
    found = producers.get(read_session(), producer_id)
    demand(P.CATALOG_EDIT, producer_scope(producer_id))
    return found


@bp.get("/nha-san-xuat/<uuid:producer_id>")
@requires(P.CATALOG_EDIT)
def edit(producer_id: UUID) -> str:
    """What is said of a producer."""
    found = _producer(producer_id)
    return render_template(PAGE, producer=found, form=_form(found))


@bp.post("/nha-san-xuat/<uuid:producer_id>")
@requires(P.CATALOG_EDIT)
def revise(producer_id: UUID) -> Response:
    """Keep what was changed."""
    found = _producer(producer_id)
    form = _form(found)
    if not form.validate():
        return make_response(render_template(PAGE, producer=found, form=form), 422)
    try:
        with transaction() as db:
            changed, details = producers.get(db, producer_id), form.to_details()
            producers.revise(db, changed, details, now=clock.now(), actor_id=actor_id())
    except producers.GlnTaken as error:
        form.form_errors.append(message_of(error))
        return make_response(render_template(PAGE, producer=found, form=form), 409)
    flash(_("The producer is kept."), "ok")
    return see_other(url_for("producers.edit", producer_id=producer_id))

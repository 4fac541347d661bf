"""Corrections of issued invoices: adjust, replace, adjust for money that went back."""

from uuid import UUID

from flask import Blueprint, flash, make_response, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.access import Permission, place_scope
from app.accounts.guards import actor_id, demand, requires
from app.core import clock
from app.core.db import transaction
from app.core.errors import DomainError
from app.core.web import message_of, read_session, see_other, settings, status_of
from pos.invoicing import corrections, invoices
from pos.invoicing.forms import AdjustForm, ReplaceForm
from pos.invoicing.models import EInvoice
from pos.invoicing.providers import registry
from pos.sales import refunds

bp = Blueprint("invoice_corrections", __name__)

EDIT = Permission.INVOICE_EDIT


def _mine(invoice_id: UUID) -> EInvoice:
    invoice = invoices.get(read_session(), invoice_id)
    demand(EDIT, place_scope(invoice.order.place_id))
    return invoice


def _adjust_page(invoice: EInvoice, form: AdjustForm) -> str:
    left = sum(corrections.left(read_session(), invoice).values())
    return render_template("pos/invoicing/adjust.html", invoice=invoice, form=form, left=left)


@bp.get("/<uuid:invoice_id>/dieu-chinh")
@requires(EDIT)
def ask_to_adjust(invoice_id: UUID) -> str:
    """How much to take off, and why."""
    return _adjust_page(_mine(invoice_id), AdjustForm(formdata=None))


@bp.post("/<uuid:invoice_id>/dieu-chinh")
@requires(EDIT)
def adjust(invoice_id: UUID) -> Response:
    """Take it off by another invoice, once for each form."""
    invoice, form = _mine(invoice_id), AdjustForm()
    if not form.validate():
        return make_response(_adjust_page(invoice, form), 422)
    try:
        with transaction() as db:
            made = corrections.adjust(
                db,
                invoice_id,
                form.amount.data,
                form.reason.data,
                key=f"form:{form.key.data}",
                now=clock.now(),
                actor_id=actor_id(),
            )
    except DomainError as error:
        form.form_errors.append(message_of(error))
        return make_response(_adjust_page(invoice, form), status_of(error))
    flash(_("The adjustment is on its way."), "ok")
    return see_other(url_for("invoices.show", invoice_id=made.id))


@bp.post("/hoan-tien/<uuid:refund_id>")
@requires(EDIT)
def adjust_for(refund_id: UUID) -> Response:
    """Take money that went back off the invoice of its order."""
    demand(EDIT, place_scope(refunds.get(read_session(), refund_id).order.place_id))
    with transaction() as db:
        made = corrections.adjust_for(db, refund_id, now=clock.now(), actor_id=actor_id())
    flash(_("The adjustment is on its way."), "ok")
    return see_other(url_for("invoices.show", invoice_id=made.id))


def _replace_page(invoice: EInvoice, form: ReplaceForm) -> str:
    return render_template("pos/invoicing/replace.html", invoice=invoice, form=form)


@bp.get("/<uuid:invoice_id>/thay-the")
@requires(EDIT)
def ask_to_replace(invoice_id: UUID) -> str:
    """What the new invoice says, and why."""
    invoice = _mine(invoice_id)
    return _replace_page(invoice, ReplaceForm(formdata=None, data=invoice.document["buyer"] or {}))


@bp.post("/<uuid:invoice_id>/thay-the")
@requires(EDIT)
def replace(invoice_id: UUID) -> Response:
    """Make the whole invoice anew, once for each form."""
    invoice, form = _mine(invoice_id), ReplaceForm()
    if not form.validate():
        return make_response(_replace_page(invoice, form), 422)
    try:
        with transaction() as db:
            made = corrections.replace(
                db,
                invoice_id,
                registry.seller(settings()),
                form.to_buyer(),
                form.reason.data,
                fresh=form.fresh.data,
                key=f"form:{form.key.data}",
                now=clock.now(),
                actor_id=actor_id(),
            )
    except DomainError as error:
        form.form_errors.append(message_of(error))
        return make_response(_replace_page(invoice, form), status_of(error))
    flash(_("The replacement is on its way."), "ok")
    return see_other(url_for("invoices.show", invoice_id=made.id))

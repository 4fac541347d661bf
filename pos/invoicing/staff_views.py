"""Invoices: by state, and one with what it says and what became of it."""

from uuid import UUID

from flask import Blueprint, flash, make_response, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.access import Permission, place_scope
from app.accounts.guards import access, actor_id, demand, requires
from app.core import clock
from app.core.db import transaction
from app.core.errors import DomainError, NotFound
from app.core.paging import page_number
from app.core.text import N_
from app.core.web import message_of, read_session, see_other, settings, status_of
from pos.invoicing import corrections, invoices
from pos.invoicing.forms import BuyerForm
from pos.invoicing.models import EInvoice
from pos.invoicing.providers import files, registry
from pos.invoicing.providers.base import Ask
from pos.invoicing.providers.xml_document import to_xml
from pos.invoicing.status import OPEN, InvoiceStatus

bp = Blueprint("invoices", __name__)

EDIT = Permission.INVOICE_EDIT
S = InvoiceStatus
TABS = {
    "open": OPEN,
    "failed": (S.FAILED,),
    "issued": (S.ISSUED,),
    "corrected": (S.ADJUSTED, S.REPLACED),
    "none": (S.NOT_REQUIRED,),
}
TYPES = {"json": "application/json", "xml": "application/xml"}
AGAIN = (S.FAILED, S.NOT_REQUIRED)


class NoSuchForm(NotFound):
    """An invoice is a JSON or an XML file."""

    code = "no_such_form"
    message = N_("There is no such file.")


@bp.get("/")
@requires(EDIT)
def index() -> str:
    """Invoices of the orders of this person's places, and what should be corrected."""
    asked = request.args.get("tab", "")
    tab, number = asked if asked in TABS else "open", page_number(request.args.get("page"))
    text = request.args.get("q", "").replace("\0", "").strip()[:40]
    db, places = read_session(), access().keys(EDIT, "place")
    return render_template(
        "pos/invoicing/index.html",
        page=invoices.listing(db, TABS[tab], places, text, number),
        tab=tab,
        tabs=list(TABS),
        query=text,
        proposals=corrections.proposals(db, places),
        setup=registry.setup(settings()),
    )


def mine(invoice_id: UUID) -> EInvoice:
    """The invoice, if it is of a place of this person. Raises `NoRight`."""
    invoice = invoices.get(read_session(), invoice_id)
    demand(EDIT, place_scope(invoice.order.place_id))
    return invoice


@bp.get("/<uuid:invoice_id>")
@requires(EDIT)
def show(invoice_id: UUID) -> str:
    """One invoice."""
    invoice = mine(invoice_id)
    return _show(invoice, BuyerForm(formdata=None, data=invoice.document["buyer"] or {}))


def _show(invoice: EInvoice, form: BuyerForm) -> str:
    db, state = read_session(), invoice.status
    whole = invoice.kind is not invoice.kind.ADJUSTMENT
    return render_template(
        "pos/invoicing/show.html",
        invoice=invoice,
        said=invoice.document,
        form=form if state in AGAIN else None,
        related=invoices.of_order(db, invoice.order_id),
        may_adjust=whole and state in corrections.ADJUSTABLE,
        may_replace=whole and state is S.ISSUED,
        errors=(invoice.last_error or "").split("; ") if invoice.last_error else [],
    )


@bp.post("/<uuid:invoice_id>/gui-lai")
@requires(EDIT)
def retry(invoice_id: UUID) -> Response:
    """Send a refused invoice again, with the buyer's data as they stand in the form."""
    invoice, form = mine(invoice_id), BuyerForm()
    if not form.validate():
        return make_response(_show(invoice, form), 422)
    seller = registry.seller(settings())
    try:
        with transaction() as db:
            locked = invoices.get(db, invoice_id, lock=True)
            buyer, who = form.to_buyer(), actor_id()
            invoices.retry(db, locked, seller, buyer, now=clock.now(), actor_id=who)
    except DomainError as error:
        form.form_errors.append(message_of(error))
        return make_response(_show(invoice, form), status_of(error))
    if locked.status is S.FAILED:
        flash(_("Something is still missing; it was not sent."), "warn")
    else:
        flash(_("The invoice is sent again."), "ok")
    return see_other(url_for("invoices.show", invoice_id=invoice_id))


@bp.get("/<uuid:invoice_id>/tep.<form>")
@requires(EDIT)
def file(invoice_id: UUID, form: str) -> Response:
    """The document as it is sent."""
    invoice = mine(invoice_id)
    if form not in TYPES:
        raise NoSuchForm
    ask = Ask(invoice.key, invoice.document, invoice.symbol, invoice.number)
    answer = make_response(files.to_json(ask) if form == "json" else to_xml(ask))
    answer.headers["Content-Type"] = TYPES[form]
    name = (invoice.name or invoice.order.number).replace(" ", "-")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    return answer

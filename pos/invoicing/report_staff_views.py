"""Sales against invoices: on screen, as a table, and the two ways to settle a sale without one."""

from collections.abc import Sequence
from uuid import UUID

from flask import Blueprint, flash, make_response, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.access import Permission, place_scope
from app.accounts.guards import access, actor_id, demand, requires
from app.core import clock
from app.core.db import transaction
from app.core.errors import NotFound
from app.core.text import N_
from app.core.web import read_session, see_other, settings
from catalog import tables
from catalog.tables import Cell
from pos.invoicing import invoices, report
from pos.invoicing.forms import PeriodForm, WaiveForm
from pos.invoicing.providers import registry
from pos.invoicing.report import Finding, Report
from pos.sales import orders
from pos.sales.models import Order

bp = Blueprint("invoice_report", __name__)

EDIT = Permission.INVOICE_EDIT
MOST_SHOWN = 500
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class NoSuchTable(NotFound):
    """The report is a CSV or an XLSX table."""

    code = "no_such_table"
    message = N_("There is no such file.")


def _asked() -> tuple[PeriodForm, Report, Sequence[Finding]]:
    now = clock.now()
    form = PeriodForm(clock.local_day(now), formdata=request.args)
    places = access().keys(EDIT, "place")
    found = report.report(read_session(), *form.period, places, now=now)
    wanted = [x for x in found.findings if form.only in (None, x.fault)]
    return form, found, wanted


@bp.get("/doi-soat")
@requires(EDIT)
def index() -> str:
    """What is missing, refused or different in a period."""
    form, found, wanted = _asked()
    return render_template(
        "pos/invoicing/report.html",
        form=form,
        found=found,
        findings=wanted[:MOST_SHOWN],
        total=len(wanted),
        only=form.only,
        setup=registry.setup(settings()),
    )


@bp.get("/doi-soat.<form>")
@requires(EDIT)
def table(form: str) -> Response:
    """The same as a table, all of it."""
    if form not in TYPES:
        raise NoSuchTable
    asked, _found, wanted = _asked()
    header = [_("Fault"), _("Order"), _("Day"), _("Sold"), _("Invoiced"), _("Detail")]
    rows: list[list[Cell]] = [
        [_(x.fault.label), x.number, x.day, x.sold, x.invoiced, x.text] for x in wanted
    ]
    first, last = asked.period
    name = f"doi-soat-hoa-don-{first}-{last}"
    body = tables.to_csv(header, rows) if form == "csv" else tables.to_xlsx(name, header, rows)
    answer = make_response(body)
    answer.headers["Content-Type"] = TYPES[form]
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    return answer


def _order(order_id: UUID) -> Order:
    order = orders.get(read_session(), order_id)
    demand(EDIT, place_scope(order.place_id))
    return order


@bp.post("/don/<uuid:order_id>")
@requires(EDIT)
def make(order_id: UUID) -> Response:
    """Make the invoice of a sale that has none."""
    _order(order_id)
    seller = registry.seller(settings())
    with transaction() as db:
        order = orders.get(db, order_id)
        made = invoices.make(db, order, seller, now=clock.now(), actor_id=actor_id())
    return see_other(url_for("invoices.show", invoice_id=made.id))


@bp.get("/don/<uuid:order_id>/khong-can")
@requires(EDIT)
def ask_to_waive(order_id: UUID) -> str:
    """Why a sale needs no invoice from here."""
    return _waive(_order(order_id), WaiveForm(formdata=None))


def _waive(order: Order, form: WaiveForm) -> str:
    return render_template("pos/invoicing/waive.html", order=order, form=form)


@bp.post("/don/<uuid:order_id>/khong-can")
@requires(EDIT)
def waive(order_id: UUID) -> Response:
    """Note that it needs none."""
    order, form = _order(order_id), WaiveForm()
    if not form.validate():
        return make_response(_waive(order, form), 422)
    seller, reason = registry.seller(settings()), form.reason.data
    with transaction() as db:
        sold = orders.get(db, order_id)
        made = invoices.waive(db, sold, seller, reason, now=clock.now(), actor_id=actor_id())
    flash(_("It is noted that this sale needs no invoice from here."), "ok")
    return see_other(url_for("invoices.show", invoice_id=made.id))

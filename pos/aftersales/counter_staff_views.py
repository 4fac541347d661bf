"""Staff write down a case for a buyer, call off what is packed, and look at what was complained of."""

import os
from uuid import UUID

from flask import Blueprint, flash, make_response, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.access import Permission, place_scope
from app.accounts.guards import access, actor_id, demand, requires
from app.core import clock
from app.core.clock import local_day
from app.core.db import transaction
from app.core.errors import DomainError, NotFound
from app.core.text import N_
from app.core.web import message_of, read_session, see_other, settings, status_of
from catalog import tables
from catalog.tables import Cell
from pos.aftersales import cases, claims, pictures, rules, sent, statistics
from pos.aftersales.cases import Claim
from pos.aftersales.forms import CounterForm, PeriodForm
from pos.aftersales.moves import By
from pos.aftersales.statistics import Complaint
from pos.aftersales.status import Reason
from pos.sales import orders, unpacking
from pos.sales.models import Order

bp = Blueprint("case_counter", __name__)
bp.url_value_preprocessor(sent.allow_pictures)

P = Permission
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class NoSuchTable(NotFound):
    """The table is a CSV or an XLSX file."""

    code = "no_such_table"
    message = N_("There is no such file.")


def _order(order_id: UUID) -> Order:
    order = orders.get(read_session(), order_id)
    demand(P.ORDER_EDIT, place_scope(order.place_id))
    return order


@bp.get("/khieu-nai/moi/<uuid:order_id>")
@requires(P.ORDER_EDIT)
def new(order_id: UUID) -> Response:
    """A case that the buyer tells by telephone or at the counter."""
    return _new(_order(order_id), CounterForm())


def _new(order: Order, form: CounterForm, status: int = 200) -> Response:
    day, rule = local_day(clock.now()), rules.current()
    page = render_template(
        "pos/aftersales/new.html",
        order=order,
        form=form,
        free={line.id: claims.free(read_session(), line) for line in order.lines},
        has_goods=order.status in cases.HAS_GOODS,
        late=day > max(rules.last_day(order, reason, rule) for reason in Reason),
    )
    return make_response(page, status)


@bp.post("/khieu-nai/moi/<uuid:order_id>")
@requires(P.ORDER_EDIT)
def open_one(order_id: UUID) -> Response:
    """Open it."""
    order, form = _order(order_id), CounterForm()
    if not form.validate():
        return _new(order, form, 422)
    try:
        case_id = _open(order, form)
    except DomainError as error:
        form.form_errors.append(message_of(error))
        return _new(order, form, status_of(error))
    flash(_("The case is open."), "ok")
    return see_other(url_for("case_desk.show", case_id=case_id))


def _open(order: Order, form: CounterForm) -> UUID:
    judged, by = sent.kept_pictures(), By(clock.now(), actor_id())
    named = sent.units(line.id for line in order.lines)
    said = (form.to_reason(), form.to_wish(), form.text.data)
    claim = Claim(*said, named, form.to_contact())
    with transaction() as db:
        locked = orders.get(db, order.id, lock=True)
        made = cases.open_case(db, locked, claim, by, rules.current(), randomness=os.urandom)
        pictures.add(db, made, judged, now=by.now)
        return made.id


@bp.post("/don-hang/<uuid:order_id>/mo-goi")
@requires(P.ORDER_EDIT)
def unpack(order_id: UUID) -> Response:
    """Call off an order that is packed and has not left."""
    _order(order_id)
    reason = request.form.get("reason", "").replace("\0", "").strip()[:200]
    try:
        with transaction() as db:
            locked = orders.get(db, order_id, lock=True)
            keys = settings().stamp_keys
            unpacking.cancel(db, locked, reason, now=clock.now(), actor_id=actor_id(), keys=keys)
    except DomainError as error:
        flash(message_of(error), "stop")
    else:
        flash(_("The order is called off; its goods are back in stock."), "ok")
    return see_other(url_for("orders.show", order_id=order_id))


def _asked() -> tuple[PeriodForm, list[Complaint]]:
    form = PeriodForm(local_day(clock.now()), formdata=request.args)
    places = access().keys(P.ORDER_VIEW, "place")
    first, last = form.first.data, form.last.data
    return form, list(statistics.complaints(read_session(), first, last, places))


@bp.get("/khieu-nai/thong-ke")
@requires(P.ORDER_VIEW)
def report() -> str:
    """What buyers complained of, by article and producer."""
    form, found = _asked()
    sums = statistics.by_article(found)
    return render_template("pos/aftersales/report.html", form=form, sums=sums, reasons=list(Reason))


@bp.get("/khieu-nai/thong-ke.<form>")
@requires(P.ORDER_VIEW)
def table(form: str) -> Response:
    """The same line by line as a table."""
    if form not in TYPES:
        raise NoSuchTable
    asked, found = _asked()
    header = [_("Case"), _("Order"), _("Day"), _("Place"), _("Code"), _("Article"), _("Producer")]
    header += [_("Reason"), _("Wish"), _("State"), _("Asked for"), _("Granted"), _("Remedy")]
    header += [_("Decision")]
    name = f"khieu-nai-{asked.first.data}-{asked.last.data}"
    rows = [_row(one) for one in found]
    body = tables.to_csv(header, rows) if form == "csv" else tables.to_xlsx(name, header, rows)
    answer = make_response(body)
    answer.headers["Content-Type"] = TYPES[form]
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    return answer


def _row(one: Complaint) -> list[Cell]:
    return [
        one.number,
        one.order,
        one.day,
        one.place,
        one.sku_code,
        one.name,
        one.producer,
        _(one.reason.label),
        _(one.wish.label),
        _(one.status.label),
        one.asked,
        one.accepted,
        _(one.remedy.label) if one.remedy else None,
        one.decision,
    ]

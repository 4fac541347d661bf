"""Money that carriers hand over: their lists, what they still owe, and what did not fit."""

from uuid import UUID

from flask import Blueprint, flash, make_response, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.access import Permission
from app.accounts.guards import actor_id, demand, requires
from app.core import clock
from app.core.db import transaction
from app.core.errors import DomainError, NotFound
from app.core.text import N_
from app.core.web import message_of, read_session, see_other, status_of
from pos.shipping import remittances, tariff_files
from pos.shipping.forms import ClearForm, RemittanceForm
from pos.shipping.models import Remittance
from pos.shipping.remittances import Entry, Head

bp = Blueprint("remittances", __name__)

P = Permission


class UnknownRemittance(NotFound):
    """No such list."""

    code = "unknown_remittance"
    message = N_("There is no such list.")


def _carriers() -> dict[str, str]:
    found: dict[str, str] = {}
    for service in tariff_files.current().services:
        found.setdefault(service.carrier, service.name_vi)
    return found


@bp.get("/thu-ho")
@requires(P.ORDER_EDIT)
def index() -> str:
    """What carriers owe, what did not fit, and the lists booked last."""
    demand(P.ORDER_EDIT)
    today = clock.local_day(clock.now())
    return _page(RemittanceForm(_carriers(), formdata=None, received_on=today))


def _page(form: RemittanceForm, checked: list[remittances.Judged] | None = None) -> str:
    reading, now = read_session(), clock.now()
    return render_template(
        "pos/shipping/remittances.html",
        form=form,
        checked=checked,
        owed=remittances.owed(reading, now),
        differences=remittances.differences(reading),
        lists=remittances.latest(reading),
        clear_form=ClearForm(formdata=None),
        carriers=_carriers(),
    )


@bp.post("/thu-ho")
@requires(P.ORDER_EDIT)
def book() -> Response:
    """Look a list through, and book it when that was asked for."""
    demand(P.ORDER_EDIT)
    form = RemittanceForm(_carriers())
    if not form.validate():
        return make_response(_page(form), 422)
    try:
        entries = _entries(form)
        if request.form.get("step") != "book":
            return make_response(_checked(form, entries))
        head = Head(form.carrier.data, form.reference.data, form.received_on.data)
        with transaction() as db:
            made = remittances.book(db, head, entries, now=clock.now(), actor_id=actor_id())
    except DomainError as error:
        form.form_errors.append(message_of(error))
        return make_response(_page(form), status_of(error))
    flash(_("The list is booked."), "ok")
    return see_other(url_for("remittances.show", remittance_id=made.id))


def _entries(form: RemittanceForm) -> list[Entry]:
    content = form.file.data.read() if form.file.data else b""
    if content:
        return remittances.read_table(content)
    return remittances.read_text(form.rows.data or "")


def _checked(form: RemittanceForm, entries: list[Entry]) -> str:
    """What the list would do; its lines are written into the form to be booked from there."""
    form.rows.data = "\n".join(f"{entry.number} {entry.amount}" for entry in entries)
    return _page(form, remittances.judge(read_session(), form.carrier.data, entries))


@bp.get("/thu-ho/<uuid:remittance_id>")
@requires(P.ORDER_EDIT)
def show(remittance_id: UUID) -> str:
    """One list with what was found for each line."""
    demand(P.ORDER_EDIT)
    found = read_session().get(Remittance, remittance_id)
    if found is None:
        raise UnknownRemittance
    return render_template("pos/shipping/remittance.html", found=found, carriers=_carriers())


@bp.post("/thu-ho/dong/<int:line_id>")
@requires(P.ORDER_EDIT)
def clear(line_id: int) -> Response:
    """Close a difference."""
    demand(P.ORDER_EDIT)
    form = ClearForm()
    if not form.validate():
        flash(_("Say how it was settled."), "stop")
        return see_other(url_for("remittances.index"))
    with transaction() as db:
        note, settle, who = form.note.data, form.settle.data, actor_id()
        remittances.clear(db, line_id, note, settle=settle, now=clock.now(), actor_id=who)
    flash(_("Saved."), "ok")
    return see_other(url_for("remittances.index"))

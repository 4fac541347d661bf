"""Recalls for officers and places: open, drill, follow, close."""

import csv
import io
import secrets
from collections.abc import Iterator
from uuid import UUID

from flask import Blueprint, Response, flash, make_response, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.accounts.access import Permission, place_scope
from app.accounts.guards import access, actor_id, demand, requires
from app.core import clock
from app.core.db import transaction
from app.core.errors import Conflict, NotFound, Rejected
from app.core.web import read_session, see_other, settings
from pos.recalls import acting, listing
from pos.recalls import reach as reaching
from pos.recalls.forms import CloseForm, FoundForm, RecallForm
from pos.stock import places
from traceability import lots, ranges, recalls
from traceability.models import Lot
from traceability.recalls import Target

bp = Blueprint("recalls", __name__)

P = Permission


@bp.get("")
@requires(P.LOT_RECALL)
def index() -> str:
    """All recalls and drills, those open first."""
    return render_template("pos/recalls/index.html", rows=listing.all_of(read_session()))


@bp.get("/moi/<uuid:lot_id>")
@requires(P.LOT_RECALL)
def new(lot_id: UUID) -> Response:
    """The form, with what a recall of the whole lot would reach."""
    form = RecallForm(formdata=None, kind="real")
    form.key.data = secrets.token_urlsafe(16)
    return _form_page(lots.get(read_session(), lot_id), form)


def _form_page(lot: Lot, form: RecallForm, status: int = 200) -> Response:
    found = reaching.of(read_session(), Target(lot), settings().stamp_keys)
    page = render_template("pos/recalls/new.html", lot=lot, form=form, reach=found)
    return make_response(page, status)


@bp.post("/moi/<uuid:lot_id>")
@requires(P.LOT_RECALL)
def create(lot_id: UUID) -> ResponseReturnValue:
    """Recall or drill, in one act."""
    form = RecallForm()
    if not form.validate():
        return _form_page(lots.get(read_session(), lot_id), form, 422)
    try:
        with transaction() as session:
            made = acting.start(
                session,
                _target(session, lot_id, form),
                form.to_kind(),
                form.to_words(),
                key=str(form.key.data),
                keys=settings().stamp_keys,
                now=clock.now(),
                actor_id=actor_id(),
            )
            recall_id = made.id
    except (Conflict, Rejected, NotFound) as error:
        form.form_errors.append(_(error.message, **error.params))
        return _form_page(lots.get(read_session(), lot_id), form, 422)
    return see_other(url_for("recalls.show", recall_id=recall_id))


def _target(session: Session, lot_id: UUID, form: RecallForm) -> Target:
    lot = lots.get(session, lot_id)
    if not form.batch.data:
        return Target(lot)
    batch = listing.batch_of(session, lot, form.batch.data)
    first = (form.first.data or 1) - 1
    last = (form.last.data or batch.size) - 1
    ranges.check_inside(batch, first, last)
    return Target(lot, batch, first, last)


@bp.get("/<uuid:recall_id>")
@requires(P.STOCK_VIEW)
def show(recall_id: UUID) -> Response:
    """One recall: officers see all of it, a place sees what is asked of it."""
    return _page(recall_id, FoundForm(formdata=None), CloseForm(formdata=None))


def _page(recall_id: UUID, found: FoundForm, ending: CloseForm, status: int = 200) -> Response:
    session = read_session()
    recall, all_of_it = recalls.get(session, recall_id), access().may(P.LOT_RECALL)
    mine = None if all_of_it else access().keys(P.STOCK_VIEW, "place")
    held = [
        row for row in acting.places_of(session, recall_id) if mine is None or row.place_id in mine
    ]
    if not all_of_it and not held:
        raise recalls.UnknownRecall
    page = render_template(
        "pos/recalls/show.html",
        recall=recall,
        places=held,
        now_there=listing.on_hand_now(session, recall),
        notices=acting.notices_of(session, recall_id) if all_of_it else [],
        home=listing.came_home(session, recall) if all_of_it else 0,
        all_of_it=all_of_it,
        found=found,
        ending=ending,
    )
    return make_response(page, status)


@bp.post("/<uuid:recall_id>/noi/<uuid:place_id>")
@requires(P.STOCK_EDIT)
def confirm(recall_id: UUID, place_id: UUID) -> ResponseReturnValue:
    """A place says what it put aside."""
    demand(P.STOCK_EDIT, place_scope(places.get(read_session(), place_id).id))
    form = FoundForm()
    if not form.validate():
        return _page(recall_id, form, CloseForm(formdata=None), 422)
    with transaction() as session:
        acting.confirm_place(
            session,
            recalls.get(session, recall_id),
            place_id,
            int(form.found.data or 0),
            note=form.note.data or None,
            now=clock.now(),
            actor_id=actor_id(),
        )
    flash(_("Noted."), "ok")
    return see_other(url_for("recalls.show", recall_id=recall_id))


@bp.post("/<uuid:recall_id>/nguoi-mua/<uuid:notice_id>")
@requires(P.LOT_RECALL)
def told(recall_id: UUID, notice_id: UUID) -> ResponseReturnValue:
    """Staff reached a buyer."""
    with transaction() as session:
        here = recalls.get(session, recall_id)
        acting.mark_told(session, here, notice_id, now=clock.now(), actor_id=actor_id())
    return see_other(url_for("recalls.show", recall_id=recall_id, _anchor="buyers"))


@bp.post("/<uuid:recall_id>/dong")
@requires(P.LOT_RECALL)
def close(recall_id: UUID) -> ResponseReturnValue:
    """End the work on it."""
    form = CloseForm()
    if not form.validate():
        return _page(recall_id, FoundForm(formdata=None), form, 422)
    with transaction() as session:
        here, outcome = recalls.get(session, recall_id), str(form.outcome.data)
        recalls.close(session, here, outcome, now=clock.now(), actor_id=actor_id())
    flash(_("The recall is closed. What was stopped stays stopped."), "ok")
    return see_other(url_for("recalls.show", recall_id=recall_id))


@bp.get("/<uuid:recall_id>/bao-cao.csv")
@requires(P.LOT_RECALL)
def report(recall_id: UUID) -> Response:
    """Places and buyers as a table, for the file of the case."""
    session = read_session()
    recall = recalls.get(session, recall_id)
    out = io.StringIO()
    csv.writer(out).writerows(_rows(session, recall.id))
    answer = make_response("\ufeff" + out.getvalue())
    answer.headers["Content-Type"] = "text/csv; charset=utf-8"
    answer.headers["Content-Disposition"] = f"attachment; filename={recall.number}.csv"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _rows(session: Session, recall_id: UUID) -> Iterator[list[str]]:
    yield [_("Kind"), _("Name"), _("Units"), _("Taken off the shelf"), _("When"), _("Remark")]
    for row in acting.places_of(session, recall_id):
        found = "" if row.found is None else str(row.found)
        at = row.confirmed_at.isoformat() if row.confirmed_at else ""
        yield [
            _("Place"),
            _cell(row.place.name),
            str(row.expected),
            found,
            at,
            _cell(row.note or ""),
        ]
    for notice in acting.notices_of(session, recall_id):
        at = notice.told_at.isoformat() if notice.told_at else ""
        yield [_("Order"), _cell(notice.order.number), str(notice.quantity), "", at, ""]


def _cell(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in set("=+-@\t\r") else text


@bp.get("/cua-toi")
@requires(P.STOCK_VIEW)
def mine() -> str:
    """What a place still has to put aside."""
    keys = access().keys(P.STOCK_VIEW, "place")
    rows = listing.to_put_aside(read_session(), keys)
    return render_template("pos/recalls/mine.html", rows=rows)

"""The desk of cases: queues, one case with its decision, goods that come back, the end."""

import os
from collections.abc import Callable
from uuid import UUID

from flask import Blueprint, flash, make_response, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.accounts.access import Permission, place_scope
from app.accounts.guards import access, actor_id, demand, requires
from app.core import clock
from app.core.clock import local_day
from app.core.db import transaction
from app.core.errors import DomainError
from app.core.paging import page_number
from app.core.web import message_of, read_session, see_other, settings, status_of
from pos.aftersales import cases, decisions, desk, money, pictures, receiving, sent, stamps_back
from pos.aftersales.decisions import Decision
from pos.aftersales.forms import AskForm, DecideForm
from pos.aftersales.models import Case
from pos.aftersales.moves import By
from pos.aftersales.receiving import Back
from pos.aftersales.status import CASE_MOVES, CaseStatus, Condition, Wish

bp = Blueprint("case_desk", __name__)

P = Permission

Act = Callable[[Session, Case, By], None]


def by_staff() -> By:
    """Who acts, and when."""
    return By(clock.now(), actor_id())


@bp.get("/khieu-nai")
@requires(P.ORDER_VIEW)
def index() -> str:
    """Cases by whose turn it is."""
    queue, day = desk.queue_named(request.args.get("queue")), local_day(clock.now())
    query = request.args.get("q", "").replace("\0", "").strip()[:60]
    places, number = access().keys(P.ORDER_VIEW, "place"), page_number(request.args.get("page"))
    return render_template(
        "pos/aftersales/index.html",
        page=desk.listing(read_session(), queue, query, places, number, day=day),
        queue=queue,
        queues=list(desk.Queue),
        counts=desk.counts(read_session(), places, day=day),
        query=query,
        today=day,
        is_overdue=desk.is_overdue,
    )


def _mine(case_id: UUID, permission: Permission = P.ORDER_VIEW) -> Case:
    case = cases.get(read_session(), case_id)
    demand(permission, place_scope(case.order.place_id))
    return case


@bp.get("/khieu-nai/<uuid:case_id>")
@requires(P.ORDER_VIEW)
def show(case_id: UUID) -> Response:
    """One case with its goods, pictures and history, and what can be done now."""
    return _page(_mine(case_id))


def _page(
    case: Case, *, ask: AskForm | None = None, decide: DecideForm | None = None, status: int = 200
) -> Response:
    here, moves = place_scope(case.order.place_id), CASE_MOVES.allowed(case.status)
    left = {row.id: receiving.left_of(read_session(), row) for row in case.lines}
    page = render_template(
        "pos/aftersales/show.html",
        case=case,
        ask=ask or AskForm(formdata=None),
        decide=decide or DecideForm(formdata=None, remedy=case.wish.value, goods_back=True),
        steps={to.value for to in moves},
        may_edit=access().may(P.ORDER_EDIT, here),
        may_decide=access().may(P.REFUND_EDIT, here),
        overdue=desk.is_overdue(case, local_day(clock.now())),
        left=left,
        lots=receiving.lots_of(read_session(), left),
        due=_due(case),
        conditions=list(Condition),
        stamped=stamps_back.sold_with(case),
    )
    return make_response(page, status)


def _due(case: Case) -> money.Due | None:
    ready = CaseStatus.SETTLED in CASE_MOVES.allowed(case.status)
    return money.due(read_session(), case) if ready and case.remedy is not None else None


def _act(
    case: Case,
    act: Act,
    done: str,
    *,
    ask: AskForm | None = None,
    decide: DecideForm | None = None,
) -> Response:
    """Do it and come back to the case; a refusal stands above its forms."""
    try:
        with transaction() as db:
            act(db, cases.locked(db, case.id), by_staff())
    except DomainError as error:
        flash(message_of(error), "stop")
        return _page(case, ask=ask, decide=decide, status=status_of(error))
    flash(done, "ok")
    return see_other(url_for("case_desk.show", case_id=case.id))


@bp.post("/khieu-nai/<uuid:case_id>/hoi")
@requires(P.ORDER_EDIT)
def ask(case_id: UUID) -> Response:
    """Ask the buyer for more."""
    case, form = _mine(case_id, P.ORDER_EDIT), AskForm()
    if not form.validate():
        return _page(case, ask=form, status=422)

    def act(db: Session, locked: Case, by: By) -> None:
        cases.ask(db, locked, form.text.data, by)

    return _act(case, act, _("The buyer is asked."), ask=form)


@bp.post("/khieu-nai/<uuid:case_id>/quyet-dinh")
@requires(P.REFUND_EDIT)
def decide(case_id: UUID) -> Response:
    """Grant all or a part, or turn it down."""
    case, form = _mine(case_id, P.REFUND_EDIT), DecideForm()
    if not form.validate():
        return _page(case, decide=form, status=422)

    def act(db: Session, locked: Case, by: By) -> None:
        if request.form.get("verdict") == "refuse":
            decisions.refuse(db, locked, form.reason.data, by)
            return
        decisions.accept(db, locked, _decision(locked, form), by)

    return _act(case, act, _("The decision is noted and the buyer is told."), decide=form)


def _decision(case: Case, form: DecideForm) -> Decision:
    units = sent.units(row.id for row in case.lines)
    remedy = Wish.parse(form.remedy.data)
    return Decision(remedy, form.reason.data, units, form.goods_back.data)


@bp.post("/khieu-nai/<uuid:case_id>/nhan-hang")
@requires(P.ORDER_EDIT)
def receive(case_id: UUID) -> Response:
    """The goods have come; count them by lot and condition."""
    case = _mine(case_id, P.ORDER_EDIT)

    def act(db: Session, locked: Case, by: By) -> None:
        read = receiving.Stamps(request.form.getlist("stamp"), settings().stamp_keys)
        receiving.receive(db, locked, _came(db, locked), by, read)

    return _act(case, act, _("The goods are booked."))


def _came(db: Session, case: Case) -> list[Back]:
    return [
        Back(row.id, lot_id, one, sent.number(f"back-{row.id}-{lot_id or 'none'}-{one.value}"))
        for row in case.lines
        for lot_id in receiving.left_of(db, row)
        for one in Condition
    ]


@bp.post("/khieu-nai/<uuid:case_id>/xong")
@requires(P.REFUND_EDIT)
def settle(case_id: UUID) -> Response:
    """Pay back or send again what was granted."""
    case, instead = _mine(case_id, P.REFUND_EDIT), request.form.get("instead") == "money"

    def act(db: Session, locked: Case, by: By) -> None:
        decisions.settle(db, locked, by, randomness=os.urandom, money_instead=instead)

    return _act(case, act, _("The case is settled and the buyer is told."))


@bp.get("/khieu-nai/<uuid:case_id>/anh/<uuid:photo_id>")
@requires(P.ORDER_VIEW)
def picture(case_id: UUID, photo_id: UUID) -> Response:
    """A picture of the case, for staff of its place."""
    return sent.shown(pictures.get(_mine(case_id), photo_id))

"""The till's pages: choose a register, sell, move cash, close with a count, receipts."""

from typing import Any, cast
from uuid import UUID

from flask import Blueprint, flash, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.accounts.access import Permission, place_scope
from app.accounts.guards import access, actor_id, demand, requires
from app.core import clock
from app.core.db import transaction
from app.core.errors import DomainError
from app.core.web import read_session, see_other, settings
from pos.counter import registers, sessions, slips, summaries
from pos.counter.forms import CashForm, CountForm, OpenForm
from pos.counter.models import Register, SessionStatus, TillSession
from pos.counter.sessions import BadAmount, ReasonNeeded, SessionOpen
from pos.counter.texts import till_texts
from traceability.printing.qr import qr_svg

bp = Blueprint("counter", __name__)

P = Permission


def _scope(register: Register) -> str:
    return place_scope(register.place_id)


def _till(session: Session, session_id: UUID, *, lock: bool = False) -> TillSession:
    """The session, if this cashier may sell at its point."""
    till = sessions.get(session, session_id, lock=lock)
    demand(P.TILL_SELL, _scope(till.register))
    return till


def _refused(field: Any, error: DomainError) -> None:
    field.errors = [*field.errors, _(error.message)]


@bp.get("/")
@requires(P.TILL_SELL)
def start() -> ResponseReturnValue:
    """The registers at which this person may sell."""
    return _start_page({})


def _start_page(tried: dict[UUID, OpenForm]) -> str:
    """All registers, each with a form of its own; `tried` holds the one that was refused."""
    session = read_session()
    found = registers.at_places(session, access().keys(P.TILL_SELL, "place"))
    blank = {r.id: OpenForm(formdata=None, prefix=r.code) for r in found}
    running = sessions.open_at(session, blank)
    return render_template(
        "pos/counter/start.html", registers=found, running=running, forms=blank | tried
    )


@bp.post("/mo/<uuid:register_id>")
@requires(P.TILL_SELL)
def open_session(register_id: UUID) -> ResponseReturnValue:
    """Open a register with the counted float; one that is open already is gone on with."""
    register = registers.get(read_session(), register_id)
    demand(P.TILL_SELL, _scope(register))
    form = OpenForm(prefix=register.code)
    if not form.validate():
        return _start_page({register_id: form}), 422
    try:
        with transaction() as session:
            opened = sessions.open_session(
                session,
                registers.get(session, register_id),
                form.to_amount(),
                now=clock.now(),
                actor_id=cast(UUID, actor_id()),
            )
    except BadAmount as error:
        _refused(form.float_amount, error)
        return _start_page({register_id: form}), 422
    except SessionOpen as error:
        flash(_(error.message), "warn")
        return see_other(url_for("counter.start"))
    return see_other(url_for("counter.screen", session_id=opened.id))


@bp.get("/<uuid:session_id>/")
@requires(P.TILL_SELL)
def screen(session_id: UUID) -> ResponseReturnValue:
    """The till itself."""
    till = _till(read_session(), session_id)
    if till.status is not SessionStatus.OPEN:
        return see_other(url_for("counter.closed", session_id=session_id))
    return render_template(
        "pos/counter/screen.html", till=till, texts=till_texts(), cash_step=settings().cash_step
    )


@bp.get("/<uuid:session_id>/tien")
@requires(P.TILL_SELL)
def cash(session_id: UUID) -> ResponseReturnValue:
    """The form for cash put in or taken out."""
    return _cash_page(_till(read_session(), session_id), CashForm())


def _cash_page(till: TillSession, form: CashForm) -> str:
    moved = summaries.movements(read_session(), till)
    return render_template("pos/counter/cash.html", till=till, form=form, movements=moved)


@bp.post("/<uuid:session_id>/tien")
@requires(P.TILL_SELL)
def move_cash(session_id: UUID) -> ResponseReturnValue:
    """Note cash put in or taken out."""
    form = CashForm()
    till = _till(read_session(), session_id)
    if not form.validate():
        return _cash_page(till, form), 422
    try:
        with transaction() as session:
            sessions.move_cash(
                session,
                _till(session, session_id, lock=True),
                form.to_kind(),
                form.to_amount(),
                form.reason.data,
                now=clock.now(),
                actor_id=cast(UUID, actor_id()),
            )
    except BadAmount as error:
        _refused(form.amount, error)
        return _cash_page(till, form), 422
    flash(_("The cash movement is noted."), "ok")
    return see_other(url_for("counter.screen", session_id=session_id))


@bp.get("/<uuid:session_id>/x")
@requires(P.TILL_SELL)
def x_report(session_id: UUID) -> ResponseReturnValue:
    """What the running session has taken. What should be in the drawer is for managers: whoever
    counts it must not know beforehand."""
    session = read_session()
    till = _till(session, session_id)
    return render_template(
        "pos/counter/x_report.html",
        till=till,
        summary=summaries.of(session, till),
        movements=summaries.movements(session, till),
        sales=summaries.sales(session, till),
        may_see_cash=access().may(P.TILL_MANAGE, _scope(till.register)),
    )


@bp.get("/<uuid:session_id>/dong")
@requires(P.TILL_SELL)
def count(session_id: UUID) -> ResponseReturnValue:
    """The form in which the cash is counted; it does not say how much is expected."""
    till = _till(read_session(), session_id)
    if till.status is not SessionStatus.OPEN:
        return see_other(url_for("counter.closed", session_id=session_id))
    return _count_page(till, CountForm(), asked_why=False)


def _count_page(till: TillSession, form: CountForm, *, asked_why: bool) -> str:
    return render_template("pos/counter/count.html", till=till, form=form, asked_why=asked_why)


@bp.post("/<uuid:session_id>/dong")
@requires(P.TILL_SELL)
def close(session_id: UUID) -> ResponseReturnValue:
    """Close the session with what was counted."""
    form = CountForm()
    till = _till(read_session(), session_id)
    if not form.validate():
        return _count_page(till, form, asked_why=False), 422
    try:
        with transaction() as session:
            sessions.close(
                session,
                _till(session, session_id, lock=True),
                form.to_counted(),
                form.reason.data or "",
                limit=settings().cash_difference_limit,
                now=clock.now(),
                actor_id=cast(UUID, actor_id()),
            )
    except ReasonNeeded:
        return _count_page(till, form, asked_why=True), 422
    flash(_("The session is closed."), "ok")
    return see_other(url_for("counter.closed", session_id=session_id))


@bp.get("/<uuid:session_id>/z")
@requires(P.TILL_SELL)
def closed(session_id: UUID) -> ResponseReturnValue:
    """The figures of a closed session."""
    session = read_session()
    till = _till(session, session_id)
    if till.status is SessionStatus.OPEN:
        return see_other(url_for("counter.x_report", session_id=session_id))
    return render_template(
        "pos/counter/z_report.html",
        till=till,
        summary=summaries.of(session, till),
        movements=summaries.movements(session, till),
        names=summaries.people(session, till),
    )


@bp.get("/receipts/<number>")
@requires(P.TILL_SELL)
def receipt(number: str) -> ResponseReturnValue:
    """The 80 mm receipt of a sale."""
    conf = settings()
    slip = slips.slip(read_session(), number, base_url=conf.base_url, keys=conf.stamp_keys)
    demand(P.TILL_SELL, place_scope(slip.order.place_id))
    qr = qr_svg(slip.verify_url, label=_("Check the stamp")) if slip.verify_url else None
    till = slip.till
    back = url_for("counter.screen", session_id=till.id) if till else url_for("counter.start")
    return render_template(
        "pos/counter/receipt.html", slip=slip, order=slip.order, qr=qr, back=back
    )

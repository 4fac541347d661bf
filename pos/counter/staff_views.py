"""Registers, their sessions, and what sales contradicted, for those who manage points."""

from typing import TypeVar
from uuid import UUID

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.access import Permission, place_scope
from app.accounts.guards import access, actor_id, demand, requires
from app.core import clock
from app.core.db import transaction
from app.core.paging import page_number
from app.core.web import read_session, see_other, settings
from pos.counter import discrepancies as entries
from pos.counter import registers, sessions, slips, summaries
from pos.counter.forms import ClearForm, RegisterForm
from pos.counter.models import Discrepancy, DiscrepancyKind, DiscrepancyStatus
from pos.counter.registers import RegisterCodeTaken
from pos.stock import places
from pos.stock.models import SELLING, Place
from traceability.printing.qr import qr_svg

bp = Blueprint("tills", __name__)

P = Permission
E = TypeVar("E", DiscrepancyKind, DiscrepancyStatus)


def _own_places() -> frozenset[UUID] | None:
    return access().keys(P.TILL_MANAGE, "place")


@bp.get("/")
@requires(P.TILL_MANAGE)
def index() -> ResponseReturnValue:
    """Registers with what runs on them, and the sessions closed last."""
    session = read_session()
    found = registers.at_places(session, _own_places())
    ids = [register.id for register in found]
    running = sessions.open_at(session, ids)
    return render_template(
        "pos/counter/registers.html",
        registers=found,
        running=running,
        summaries={key: summaries.of(session, till) for key, till in running.items()},
        closed=sessions.recent(session, ids),
        waiting=entries.open_count(session, _own_places()),
    )


def _selling_places() -> list[Place]:
    own = places.physical(read_session(), only=_own_places())
    return [place for place in own if place.kind in SELLING]


def _register_form() -> RegisterForm:
    form = RegisterForm()
    form.place.choices = [(str(place.id), place.name) for place in _selling_places()]
    return form


@bp.get("/moi")
@requires(P.TILL_MANAGE)
def new_register() -> ResponseReturnValue:
    """The form for a new register."""
    return render_template("pos/counter/new_register.html", form=_register_form())


@bp.post("/moi")
@requires(P.TILL_MANAGE)
def enrol() -> ResponseReturnValue:
    """Set up a register at one of the own points."""
    form = _register_form()
    if not form.validate():
        return render_template("pos/counter/new_register.html", form=form), 422
    place_id = UUID(form.place.data)
    demand(P.TILL_MANAGE, place_scope(place_id))
    try:
        with transaction() as session:
            place = places.get(session, place_id)
            registers.enrol(
                session,
                place,
                form.code.data,
                form.name.data,
                now=clock.now(),
                actor_id=actor_id(),
            )
    except RegisterCodeTaken as error:
        form.code.errors = [_(error.message, **error.params)]
        return render_template("pos/counter/new_register.html", form=form), 422
    flash(_("The register is set up. It can be opened at the till now."), "ok")
    return see_other(url_for("tills.index"))


@bp.get("/phien/<uuid:session_id>")
@requires(P.TILL_MANAGE)
def session_detail(session_id: UUID) -> ResponseReturnValue:
    """One session: sales, cash movements and, once closed, the count."""
    session = read_session()
    till = sessions.get(session, session_id)
    demand(P.TILL_MANAGE, place_scope(till.register.place_id))
    return render_template(
        "pos/counter/session.html",
        till=till,
        summary=summaries.of(session, till),
        movements=summaries.movements(session, till),
        sales=summaries.sales(session, till),
        names=summaries.people(session, till),
    )


@bp.get("/phieu/<number>")
@requires(P.TILL_MANAGE)
def receipt(number: str) -> ResponseReturnValue:
    """The receipt of a sale, for those who manage points without selling there themselves."""
    conf = settings()
    slip = slips.slip(read_session(), number, base_url=conf.base_url, keys=conf.stamp_keys)
    demand(P.TILL_MANAGE, place_scope(slip.order.place_id))
    qr = qr_svg(slip.verify_url, label=_("Check the stamp")) if slip.verify_url else None
    back = url_for("tills.index")
    return render_template(
        "pos/counter/receipt.html", slip=slip, order=slip.order, qr=qr, back=back
    )


def _chosen(kind: type[E], name: str) -> E | None:
    """The member asked for in the address; anything else means no filter."""
    asked = request.args.get(name, "")
    return next((member for member in kind if member.value == asked), None)


@bp.get("/doi-chieu")
@requires(P.TILL_MANAGE)
def discrepancies() -> ResponseReturnValue:
    """What sales contradicted, the oldest open ones first."""
    status = _chosen(DiscrepancyStatus, "status")
    if status is None and request.args.get("status") != "all":
        status = DiscrepancyStatus.OPEN
    wanted = entries.Filter(_own_places(), status, _chosen(DiscrepancyKind, "kind"))
    page = entries.listing(read_session(), wanted, page_number(request.args.get("page")))
    return render_template(
        "pos/counter/discrepancies.html",
        page=page,
        wanted=wanted,
        statuses=list(DiscrepancyStatus),
        kinds=list(DiscrepancyKind),
        now=clock.now(),
    )


def _own(row: Discrepancy) -> Discrepancy:
    demand(P.TILL_MANAGE, place_scope(row.place_id))
    return row


@bp.get("/doi-chieu/<uuid:discrepancy_id>")
@requires(P.TILL_MANAGE)
def discrepancy(discrepancy_id: UUID) -> ResponseReturnValue:
    """One entry with what is known, and the form to clear it."""
    row = _own(entries.get(read_session(), discrepancy_id))
    return render_template("pos/counter/discrepancy.html", row=row, form=ClearForm())


@bp.post("/doi-chieu/<uuid:discrepancy_id>")
@requires(P.TILL_MANAGE)
def clear(discrepancy_id: UUID) -> ResponseReturnValue:
    """Clear an entry with a note."""
    form = ClearForm()
    row = _own(entries.get(read_session(), discrepancy_id))
    if not form.validate():
        return render_template("pos/counter/discrepancy.html", row=row, form=form), 422
    with transaction() as session:
        entry = entries.get(session, discrepancy_id)
        entries.clear(session, entry, form.note.data, now=clock.now(), actor_id=actor_id())
    flash(_("The entry is cleared."), "ok")
    return see_other(url_for("tills.discrepancies"))

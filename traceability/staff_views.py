"""Stamps for those who work with them: request, approve, issue, print, deliver, activate, void."""

import secrets
from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.accounts.access import Permission
from app.accounts.guards import access, actor_id, demand, requires
from app.core import clock
from app.core.db import transaction
from app.core.errors import Conflict, NotFound, Rejected
from app.core.paging import page_number
from app.core.web import read_session, see_other, settings
from traceability import listings, lots, ranges, serials, stamps
from traceability.forms import RangeForm, ReasonForm, StampRequestForm, VoidForm, VoidOneForm
from traceability.models import BatchStatus, Lot, StampBatch
from traceability.scopes import scopes_of

bp = Blueprint("stamps", __name__)

P = Permission

_RIGHTS = {"request": P.STAMP_REQUEST, "approve": P.STAMP_APPROVE, "lots": P.LOT_VIEW}


@bp.get("")
@requires(P.STAMP_VIEW)
def index() -> ResponseReturnValue:
    """Stamp batches by text and state."""
    text, asked = request.args.get("q", "").strip(), request.args.get("status", "")
    status = next((status for status in BatchStatus if status.value == asked), None)
    number = page_number(request.args.get("page"))
    producers = access().keys(P.STAMP_VIEW, "producer")
    page = listings.batch_page(read_session(), text, status, number, producers=producers)
    return render_template(
        "traceability/stamps.html",
        page=page,
        q=text,
        status=status,
        statuses=list(BatchStatus),
        may_import=access().may(P.STAMP_APPROVE),
    )


@bp.get("/moi/<uuid:lot_id>")
@requires(P.STAMP_REQUEST)
def new(lot_id: UUID) -> ResponseReturnValue:
    """The form that asks for stamps for a lot."""
    return _new_page(_lot(read_session(), lot_id), StampRequestForm(formdata=None))


@bp.post("/moi/<uuid:lot_id>")
@requires(P.STAMP_REQUEST)
def create(lot_id: UUID) -> ResponseReturnValue:
    """Ask for stamps for a lot."""
    form = StampRequestForm()
    if not form.validate():
        return _new_page(_lot(read_session(), lot_id), form), 422
    try:
        with transaction() as session:
            batch = _request(session, lot_id, form)
    except (Conflict, Rejected) as error:
        form.refuse(error)
        return _new_page(_lot(read_session(), lot_id), form), 422
    flash(_("The stamps are requested; the programme office approves them."), "ok")
    return see_other(url_for("stamps.show", batch_id=batch.id))


def _request(session: Session, lot_id: UUID, form: StampRequestForm) -> StampBatch:
    now = clock.now()
    return stamps.request(
        session,
        _lot(session, lot_id),
        form.size.data,
        pin=bool(form.pin.data),
        day=clock.local_day(now),
        now=now,
        actor_id=actor_id(),
        epoch=settings().stamp_epoch,
        randomness=secrets.token_bytes,
    )


def _lot(session: Session, lot_id: UUID) -> Lot:
    lot = lots.get(session, lot_id)
    demand(P.STAMP_REQUEST, *scopes_of(lot.sku))
    return lot


def _new_page(lot: Lot, form: StampRequestForm) -> str:
    left = lot.quantity_declared - stamps.requested(read_session(), lot)
    return render_template("traceability/new_stamps.html", lot=lot, form=form, left=max(left, 0))


@bp.get("/<uuid:batch_id>")
@requires(P.STAMP_VIEW)
def show(batch_id: UUID) -> ResponseReturnValue:
    """One batch: where it stands, what can be done next, its runs."""
    return _page(_batch(read_session(), batch_id, P.STAMP_VIEW))


def _batch(session: Session, batch_id: UUID, permission: Permission) -> StampBatch:
    batch = stamps.get_batch(session, batch_id)
    demand(permission, *scopes_of(batch.sku))
    return batch


def _page(batch: StampBatch, **forms: Any) -> str:
    session, scopes = read_session(), scopes_of(batch.sku)
    runs = ranges.all_of(session, batch)
    gaps = ranges.gaps(batch.size, runs)
    first, last = gaps[0] if gaps else (0, 0)
    blank: dict[str, Any] = {
        "activation": RangeForm(formdata=None, prefix="a-", first=first + 1, last=last + 1),
        "void": VoidForm(formdata=None, prefix="v-"),
        "void_one": VoidOneForm(formdata=None, prefix="o-"),
        "reason": ReasonForm(formdata=None),
    }
    return render_template(
        "traceability/stamp_batch.html",
        batch=batch,
        runs=runs,
        gaps=gaps,
        moves=stamps.BATCH_MOVES.allowed(batch.status),
        may={name: access().may(right, *scopes) for name, right in _RIGHTS.items()},
        **(blank | forms),
    )


def _step(batch_id: UUID, verb: Callable[..., object], said: str, **more: Any) -> Any:
    """One step of the batch's life by the programme office."""
    with transaction() as session:
        batch = _batch(session, batch_id, P.STAMP_APPROVE)
        verb(session, batch, now=clock.now(), actor_id=actor_id(), **more)
    flash(said, "ok")
    return see_other(url_for("stamps.show", batch_id=batch_id))


@bp.post("/<uuid:batch_id>/duyet")
@requires(P.STAMP_APPROVE)
def approve(batch_id: UUID) -> ResponseReturnValue:
    """Grant the request."""
    return _step(batch_id, stamps.approve, _("The request is approved."))


@bp.post("/<uuid:batch_id>/tu-choi")
@requires(P.STAMP_APPROVE)
def refuse(batch_id: UUID) -> ResponseReturnValue:
    """Turn the request down."""
    form = ReasonForm()
    if not form.validate():
        return _page(_batch(read_session(), batch_id, P.STAMP_APPROVE), reason=form), 422
    return _step(batch_id, stamps.refuse, _("The request is refused."), reason=form.reason.data)


@bp.post("/<uuid:batch_id>/tao-ma")
@requires(P.STAMP_APPROVE)
def generate(batch_id: UUID) -> ResponseReturnValue:
    """Issue the serials."""
    more = {"day": clock.local_day(clock.now()), "keys": settings().stamp_keys}
    return _step(batch_id, stamps.generate, _("The stamps are issued; print them now."), **more)


@bp.post("/<uuid:batch_id>/da-in")
@requires(P.STAMP_APPROVE)
def printed(batch_id: UUID) -> ResponseReturnValue:
    """Note that they are printed."""
    return _step(batch_id, stamps.mark_printed, _("Noted as printed."))


@bp.post("/<uuid:batch_id>/da-giao")
@requires(P.STAMP_APPROVE)
def deliver(batch_id: UUID) -> ResponseReturnValue:
    """Note that the producer has them."""
    return _step(batch_id, stamps.deliver, _("Noted as delivered. They can be activated now."))


@bp.post("/<uuid:batch_id>/kich-hoat")
@requires(P.STAMP_REQUEST)
def activate(batch_id: UUID) -> ResponseReturnValue:
    """Put a run of stamps to use."""
    form = RangeForm(prefix="a-")
    if not form.validate():
        return _page(_batch(read_session(), batch_id, P.STAMP_REQUEST), activation=form), 422
    try:
        with transaction() as session:
            batch = _batch(session, batch_id, P.STAMP_REQUEST)
            run = form.to_range()
            stamps.activate(session, batch, *run, now=clock.now(), actor_id=actor_id())
    except (Conflict, Rejected) as error:
        form.refuse(error)
        return _page(_batch(read_session(), batch_id, P.STAMP_REQUEST), activation=form), 422
    flash(_("The stamps are activated."), "ok")
    return see_other(url_for("stamps.show", batch_id=batch_id))


@bp.post("/<uuid:batch_id>/huy")
@requires(P.STAMP_REQUEST)
def void(batch_id: UUID) -> ResponseReturnValue:
    """Declare a run of stamps void."""
    form = VoidForm(prefix="v-")
    if not form.validate():
        return _page(_batch(read_session(), batch_id, P.STAMP_REQUEST), void=form), 422
    try:
        with transaction() as session:
            batch = _batch(session, batch_id, P.STAMP_REQUEST)
            who = {"reason": form.reason.data, "now": clock.now(), "actor_id": actor_id()}
            stamps.void_range(session, batch, *form.to_range(), **who)
    except (Conflict, Rejected) as error:
        form.refuse(error)
        return _page(_batch(read_session(), batch_id, P.STAMP_REQUEST), void=form), 422
    flash(_("The stamps are void."), "warn")
    return see_other(url_for("stamps.show", batch_id=batch_id))


@bp.post("/<uuid:batch_id>/huy-mot")
@requires(P.STAMP_REQUEST)
def void_one(batch_id: UUID) -> ResponseReturnValue:
    """Declare one stamp void by its code."""
    form = VoidOneForm(prefix="o-")
    if not form.validate():
        return _page(_batch(read_session(), batch_id, P.STAMP_REQUEST), void_one=form), 422
    try:
        with transaction() as session:
            batch = _batch(session, batch_id, P.STAMP_REQUEST)
            _void_one(session, batch, form)
    except (Conflict, NotFound) as error:
        form.refuse(error)
        return _page(_batch(read_session(), batch_id, P.STAMP_REQUEST), void_one=form), 422
    flash(_("The stamp is void."), "warn")
    return see_other(url_for("stamps.show", batch_id=batch_id))


def _void_one(session: Session, batch: StampBatch, form: VoidOneForm) -> None:
    serial = serials.parse_typed(form.serial.data) or ""
    if stamps.get(session, serial, settings().stamp_keys).batch.id != batch.id:
        raise stamps.UnknownStamp
    stamps.void_item(
        session,
        serial,
        reason=form.reason.data,
        now=clock.now(),
        actor_id=actor_id(),
        keys=settings().stamp_keys,
    )

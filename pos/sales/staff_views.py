"""The order desk: orders of both channels, and what must be done next."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID, uuid4

from flask import Blueprint, flash, make_response, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from app.accounts.access import Permission, place_scope
from app.accounts.guards import access, actor_id, demand, requires
from app.core import clock
from app.core.db import transaction
from app.core.paging import page_number
from app.core.web import read_session, see_other
from pos.sales import desk, fulfilment, orders
from pos.sales.forms import ReasonForm
from pos.sales.models import Order
from pos.sales.status import OrderStatus

bp = Blueprint("orders", __name__)

P = Permission

Step = Callable[[Session, Order, datetime, UUID | None, str], None]


def _accept(db: Session, order: Order, now: datetime, who: UUID | None, _reason: str) -> None:
    orders.accept(db, order, now=now, actor_id=who)


def _refuse(db: Session, order: Order, now: datetime, who: UUID | None, reason: str) -> None:
    orders.refuse(db, order, reason, now=now, actor_id=who)


def _cancel(db: Session, order: Order, now: datetime, who: UUID | None, reason: str) -> None:
    orders.cancel(db, order, reason, now=now, actor_id=who)


def _pack(db: Session, order: Order, now: datetime, who: UUID | None, _reason: str) -> None:
    fulfilment.pack(db, order, now=now, actor_id=who)


def _complete(db: Session, order: Order, now: datetime, who: UUID | None, _reason: str) -> None:
    fulfilment.complete(db, order, now=now, actor_id=who)


# What happens on the way to the buyer is told at the parcel desk.
STEPS: dict[str, Step] = {
    "accept": _accept,
    "refuse": _refuse,
    "cancel": _cancel,
    "pack": _pack,
    "complete": _complete,
}
WITH_REASON = {"refuse", "cancel"}


@bp.get("/")
@requires(P.ORDER_VIEW)
def index() -> str:
    """Orders by what must be done next, newest first."""
    queue = desk.queue_named(request.args.get("queue"))
    query = request.args.get("q", "").replace("\0", "").strip()[:60]
    scope = access().keys(P.ORDER_VIEW, "place")
    number = page_number(request.args.get("page"))
    page = desk.listing(read_session(), queue, query, scope, number)
    counts = desk.counts(read_session(), scope)
    return render_template(
        "pos/sales/index.html",
        page=page,
        queue=queue,
        queues=list(desk.Queue),
        counts=counts,
        query=query,
        key=str(uuid4()),
        checked=request.args.get("all") == "1",
        may_edit=bool(access().anywhere(P.ORDER_EDIT)) and queue is not desk.Queue.COUNTER,
    )


@bp.get("/<uuid:order_id>")
@requires(P.ORDER_VIEW)
def show(order_id: UUID) -> str:
    """One order with its lines, lots, payment and next steps."""
    order = orders.get(read_session(), order_id)
    demand(P.ORDER_VIEW, place_scope(order.place_id))
    return _page(order, ReasonForm())


def _page(order: Order, form: ReasonForm) -> str:
    steps = fulfilment.next_steps(order)
    may_edit = access().may(P.ORDER_EDIT, place_scope(order.place_id))
    return render_template(
        "pos/sales/show.html",
        order=order,
        form=form,
        steps=[step for step in steps if step in STEPS] if may_edit else [],
        to_carrier=may_edit and "ship" in steps and order.status is OrderStatus.PACKED,
        with_reason=WITH_REASON,
        may_refund=access().may(P.REFUND_EDIT, place_scope(order.place_id)),
        lots=desk.lots_of(read_session(), order),
        promised=desk.promised(read_session(), order),
    )


@bp.post("/<uuid:order_id>/<step>")
@requires(P.ORDER_EDIT)
def act(order_id: UUID, step: str) -> Response:
    """Take the next step: accept, refuse, pack, complete, cancel."""
    if step not in STEPS:
        raise NotFound
    order = orders.get(read_session(), order_id)
    demand(P.ORDER_EDIT, place_scope(order.place_id))
    form = ReasonForm()
    if step in WITH_REASON and not form.validate():
        return make_response(_page(order, form), 422)
    with transaction() as db:
        locked = orders.get(db, order_id, lock=True)
        STEPS[step](db, locked, clock.now(), actor_id(), form.reason.data or "")
    flash(_("Done. The order is up to date."), "ok")
    return see_other(url_for("orders.show", order_id=order_id))

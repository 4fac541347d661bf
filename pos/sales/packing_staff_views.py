"""Packing a parcel by scanning what goes into it. Nothing is kept until the box is full."""

from uuid import UUID

from flask import Blueprint, flash, make_response, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.access import Permission, place_scope
from app.accounts.guards import actor_id, demand, requires
from app.core import clock
from app.core.db import transaction
from app.core.errors import DomainError
from app.core.web import message_of, read_session, see_other, settings, status_of
from pos.sales import desk, fulfilment, orders, packing
from pos.sales.models import Order

bp = Blueprint("packing", __name__)

P = Permission


def _order(order_id: UUID) -> Order:
    order = orders.get(read_session(), order_id)
    demand(P.ORDER_EDIT, place_scope(order.place_id))
    return order


def _box(order: Order, texts: list[str]) -> packing.Box:
    day = clock.local_day(clock.now())
    return packing.fill(read_session(), order, texts, day=day, keys=settings().stamp_keys)


def _page(order: Order, box: packing.Box, error: str | None = None) -> str:
    return render_template(
        "pos/sales/packing.html",
        order=order,
        box=box,
        there=box.there,
        lots=desk.lots_of(read_session(), order),
        promised=desk.promised(read_session(), order),
        error=error,
        ready="pack" in fulfilment.next_steps(order),
    )


@bp.get("/<uuid:order_id>/dong-goi")
@requires(P.ORDER_EDIT)
def show(order_id: UUID) -> str:
    """An empty box: what belongs into it, shelf by shelf."""
    order = _order(order_id)
    return _page(order, _box(order, []))


@bp.post("/<uuid:order_id>/dong-goi")
@requires(P.ORDER_EDIT)
def scan(order_id: UUID) -> Response:
    """Put what was scanned into the box, or take it out again."""
    order = _order(order_id)
    before = request.form.getlist("scanned")[: packing.MOST_SCANS]
    out = request.form.get("out", "")
    if out.isdigit() and int(out) < len(before):
        before.pop(int(out))
    code = request.form.get("code", "").replace("\0", "").strip()
    try:
        return make_response(_page(order, _box(order, [*before, code] if code else before)))
    except DomainError as error:
        page = _page(order, _box(order, before), message_of(error))
        return make_response(page, status_of(error))


@bp.post("/<uuid:order_id>/dong-goi/xong")
@requires(P.ORDER_EDIT)
def close(order_id: UUID) -> Response:
    """The box is full: take its goods out of stock."""
    order = _order(order_id)
    texts, keys = request.form.getlist("scanned"), settings().stamp_keys
    now = clock.now()
    try:
        with transaction() as db:
            locked = orders.get(db, order_id, lock=True)
            box = packing.fill(db, locked, texts, day=clock.local_day(now), keys=keys)
            fulfilment.pack(db, locked, now=now, actor_id=actor_id(), box=box, keys=keys)
    except DomainError as error:
        page = _page(order, _box(order, texts), message_of(error))
        return make_response(page, status_of(error))
    flash(_("The parcel is packed. Its goods have left the stock."), "ok")
    return see_other(url_for("orders.show", order_id=order_id))

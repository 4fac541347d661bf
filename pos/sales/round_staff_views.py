"""A round of the order desk: many orders at once, the list of what to fetch, slips, messages."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, make_response, render_template, request, url_for
from flask_babel import force_locale
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from app.accounts.access import Permission, place_scope
from app.accounts.guards import access, actor_id, demand, requires
from app.core import clock
from app.core.db import transaction
from app.core.text import N_
from app.core.web import read_session, safe_next, see_other, settings
from pos.sales import bulk, orders, picking
from pos.sales.models import Order, Payment
from pos.sales.status import OrderStatus, Tender
from pos.stock import bins
from traceability.printing.qr import qr_svg

bp = Blueprint("rounds", __name__)

P = Permission

SHORT = "short"  # a message of its own: a part of a transfer has come
# A message is no page: it brings its own style and shows payment codes; nothing else may be loaded or
# run.
MAIL_POLICY = (
    "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'"
)


def _ids(texts: Sequence[str]) -> list[UUID]:
    found = []
    for text in texts[: bulk.MOST]:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found


def _chosen(permission: Permission, texts: Sequence[str]) -> list[Order]:
    """The chosen orders; each must be at a place of this person."""
    found = picking.orders_named(read_session(), _ids(texts))
    for order in found:
        demand(permission, place_scope(order.place_id))
    return found


@bp.post("/hang-loat")
@requires(P.ORDER_EDIT)
def many() -> Response:
    """Take the same step with every chosen order, or go and fetch what they need."""
    chosen, act = _chosen(P.ORDER_EDIT, request.form.getlist("order")), request.form.get("act", "")
    if act == "fetch" and chosen:
        return see_other(url_for("rounds.fetch", order=[str(order.id) for order in chosen]))
    with transaction() as db:
        ids, key = [order.id for order in chosen], request.form.get("key", "")
        rows = bulk.run(db, act, ids, key=key, now=clock.now(), actor_id=actor_id())
    done = sum(row["refusal"] is None for row in rows)
    flash(_("%(n)s orders are done.", n=done), "ok" if done else "info")
    for row in rows:
        if row["refusal"]:
            message, params = row["refusal"]
            flash(f"{row['number']}: {_(message, **params) if params else _(message)}", "warn")
    return see_other(safe_next(request.form.get("next"), url_for("orders.index")))


@bp.get("/phieu-nhat")
@requires(P.ORDER_VIEW)
def fetch() -> str:
    """What to fetch for the chosen orders, shelf by shelf; can be printed."""
    chosen = _chosen(P.ORDER_VIEW, request.args.getlist("order"))
    may_edit = all(access().may(P.ORDER_EDIT, place_scope(order.place_id)) for order in chosen)
    return render_template(
        "pos/sales/fetch.html",
        orders=chosen,
        rows=picking.walk(read_session(), chosen),
        may_edit=may_edit,
    )


@bp.post("/phieu-nhat/ke/<uuid:place_id>/<uuid:sku_id>")
@requires(P.ORDER_EDIT)
def set_bin(place_id: UUID, sku_id: UUID) -> Response:
    """Say on which shelf an article stands."""
    demand(P.ORDER_EDIT, place_scope(place_id))
    with transaction() as db:
        bins.set_bin(db, place_id, sku_id, request.form.get("bin", "").replace("\0", ""))
    wanted = [str(key) for key in _ids(request.form.getlist("order"))]
    return see_other(url_for("rounds.fetch", order=wanted))


@bp.get("/<uuid:order_id>/phieu")
@requires(P.ORDER_VIEW)
def slip(order_id: UUID) -> str:
    """The slip that lies in the parcel: what is in it, from which lots, and the order's address."""
    order = orders.get(read_session(), order_id)
    demand(P.ORDER_VIEW, place_scope(order.place_id))
    found = url_for("storefront.order_lookup", number=order.number)
    lots = picking.lots_of(read_session(), order)
    drawn = qr_svg(f"{settings().base_url}{found}", level="M", label=order.number)
    symbol = Markup(drawn)  # noqa: S704  # nosec B704  (our own drawing)
    with force_locale(order.language):
        return render_template("pos/sales/slip.html", order=order, lots=lots, symbol=symbol)


@bp.get("/<uuid:order_id>/thu")
@requires(P.ORDER_VIEW)
def messages(order_id: UUID) -> str:
    """The messages that the buyer gets, to be looked at."""
    order = orders.get(read_session(), order_id)
    demand(P.ORDER_VIEW, place_scope(order.place_id))
    states = [(s.value, s.label) for s in OrderStatus if s is not OrderStatus.COMPLETED]
    if _transfer(order) is not None:
        states.append((SHORT, N_("A part has come")))
    return render_template("pos/sales/messages.html", order=order, states=states)


def _transfer(order: Order) -> Payment | None:
    """The transfer of which a part may be missing."""
    return next((p for p in order.payments if p.tender is Tender.TRANSFER), None)


def _message(order: Order, state: str) -> tuple[str, dict[str, Any]]:
    """(template, values) of a message. Raises `NotFound`."""
    transfer = _transfer(order)
    if state == SHORT and transfer is not None:
        return "payment_short", {"payment": transfer}
    if state not in {known.value for known in OrderStatus if known is not OrderStatus.COMPLETED}:
        raise NotFound
    to = OrderStatus.parse(state)
    name = "order_placed" if to is OrderStatus.PLACED else "order_moved"
    return name, {"to": state, "moved": to}


@bp.get("/<uuid:order_id>/thu/<state>")
@requires(P.ORDER_VIEW)
def message(order_id: UUID, state: str) -> Response:
    """One message as mail programs show it, in Vietnamese or English."""
    order = orders.get(read_session(), order_id)
    demand(P.ORDER_VIEW, place_scope(order.place_id))
    name, values = _message(order, state)
    values |= {"order": order, "base_url": settings().base_url}
    response = make_response(render_template(f"email/{name}.html", **values))
    response.headers["Content-Security-Policy"] = MAIL_POLICY
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response

"""The page of an order, for its buyer."""

from typing import Any

from flask import (
    Blueprint,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.guards import actor_id
from app.core import clock
from app.core.codes import typed
from app.core.db import transaction
from app.core.web import message_of, read_session, see_other
from app.storefront.forms import CancelForm, LookupForm
from pos.sales import holding, orders
from pos.sales.models import Order
from pos.sales.status import OrderStatus
from pos.shipping import parcels

MINE = "orders"  # numbers of the orders that this browser may see
MOST_MINE = 20


def add_to(bp: Blueprint) -> None:
    """Hang the pages of orders into the shop."""
    bp.add_url_rule("/don-hang", view_func=order_lookup)
    bp.add_url_rule("/don-hang", view_func=find_order, methods=["POST"])
    bp.add_url_rule("/don-hang/<number>", view_func=order)
    bp.add_url_rule("/don-hang/<number>/huy", view_func=cancel_order, methods=["POST"])


def remember(order: Order) -> None:
    """Let this browser see the order again without the phone number."""
    mine = [n for n in session.get(MINE, []) if n != order.number]
    session[MINE] = [*mine, order.number][-MOST_MINE:]


def order_lookup() -> str:
    """Find an order by its number and phone number."""
    form = LookupForm(number=request.args.get("number", ""))
    return render_template("storefront/order_lookup.html", form=form)


def find_order() -> Response:
    """Show the order if both fit."""
    form = LookupForm()
    if not form.validate():
        return make_response(render_template("storefront/order_lookup.html", form=form), 422)
    try:
        found = orders.by_number_and_phone(
            read_session(), _number(form.number.data), str(form.phone.data)
        )
    except orders.UnknownOrder as error:
        form.form_errors.append(message_of(error))
        return make_response(render_template("storefront/order_lookup.html", form=form), 404)
    remember(found)
    return see_other(url_for("storefront.order", number=found.number))


def _number(text: str) -> str:
    """An order number as people type it: `ph 26 abcd-efgh` → `PH-26-ABCDEFGH`."""
    bare = typed(text)
    return f"PH-{bare[2:4]}-{bare[4:]}" if bare.startswith("PH") else bare


def order(number: str) -> Any:
    """An order of this browser or this member; others are asked for the phone number."""
    try:
        found = holding.mine(number)
    except orders.UnknownOrder:
        return redirect(url_for("storefront.order_lookup", number=number))
    return render_template(
        "storefront/order.html",
        order=found,
        parcel=parcels.shown(read_session(), found),
        form=CancelForm(),
        just_placed="placed" in request.args,
        can_cancel=found.status is OrderStatus.PLACED,
    )


def cancel_order(number: str) -> Response:
    """The buyer calls it off, as long as the shop has not accepted it."""
    mine = holding.mine(number)
    with transaction() as db:
        found = orders.get(db, mine.id, lock=True)
        orders.cancel_by_buyer(db, found, now=clock.now(), actor_id=actor_id())
    flash(_("The order was cancelled."), "ok")
    return see_other(url_for("storefront.order", number=number))

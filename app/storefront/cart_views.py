"""The cart of a guest, and that of a member, which is the same on every device."""

import secrets
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import user_logged_in
from werkzeug.wrappers import Response

from app.accounts.guards import actor_id
from app.core import clock
from app.core.db import transaction
from app.core.web import read_session, safe_next, see_other, settings
from app.storefront import badge, cart_merging
from app.storefront import cart as carts
from app.storefront.forms import AddForm, LineForm
from app.storefront.promises import Terms, summary


def add_to(bp: Blueprint) -> None:
    """Hang the pages of the cart into the shop, and let carts follow those who sign in."""
    bp.add_url_rule("/gio-hang", view_func=cart)
    bp.add_url_rule("/gio-hang/them", view_func=add_to_cart, methods=["POST"])
    bp.add_url_rule("/gio-hang/sua", view_func=change_cart, methods=["POST"])
    bp.record_once(lambda state: user_logged_in.connect(_bring_cart, state.app))


def current_view() -> carts.View:
    """The cart of whoever asks, at today's prices and stock."""
    found = carts.find(read_session(), badge.token(), actor_id())
    return carts.view(read_session(), found, clock.local_day(clock.now()))


def cart() -> str:
    """The cart at today's prices and stock."""
    view, day = current_view(), clock.local_day(clock.now())
    promise = summary(view, Terms(day, settings().free_delivery_from))
    return render_template("storefront/cart.html", cart=view, promise=promise)


def add_to_cart() -> Response:
    """Put an article into the cart."""
    form = AddForm()
    back = safe_next(request.form.get("next"), url_for("storefront.cart"))
    if not form.validate():
        flash(_all_errors(form), "stop")
        return see_other(back)
    token, now = badge.token() or secrets.token_urlsafe(32), clock.now()
    with transaction() as db:
        found = carts.find_or_open(db, token, user_id=actor_id(), now=now)
        carts.add(db, found, UUID(form.sku.data), form.quantity.data, now=now)
    flash(_("Added to the cart."), "ok")
    response = see_other(url_for("storefront.cart"))
    badge.keep(response, token)
    return response


def change_cart() -> Response:
    """Change or remove a line."""
    form = LineForm()
    if request.form.get("remove"):
        form.set_to_none()
    if not form.validate():
        flash(_all_errors(form), "stop")
        return see_other(url_for("storefront.cart"))
    with transaction() as db:
        found = carts.find(db, badge.token(), actor_id())
        if found is None:
            raise carts.NotInShop
        carts.change(db, found, UUID(form.sku.data), form.quantity.data, now=clock.now())
    flash(_("The cart is up to date."), "ok")
    return see_other(url_for("storefront.cart"))


def _all_errors(form: Any) -> str:
    return " ".join(str(e) for errors in form.errors.values() for e in errors)


def _bring_cart(_app: object, user: Any) -> None:
    """What a guest has chosen goes along into the account."""
    with transaction() as db:
        joined = cart_merging.merge(db, badge.token(), user.user.id, now=clock.now())
    if joined:
        flash(
            _("What you had chosen before and now are in one cart. Please look it through."), "info"
        )

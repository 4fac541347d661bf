"""The checkout: one page for everything, one to look it through, then the order.

Nothing is kept between the two pages: what was entered travels in the form. The step says what to
do with it: show it again (`options`, `change`, `saved`), look it through (`review`, and `fit` after
lowering the cart to what there is), or order (`confirm`).
"""

import secrets
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import uuid4

from flask import Blueprint, flash, make_response, render_template, request, url_for
from flask_login import current_user
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from app.accounts import consents
from app.accounts.guards import actor_id
from app.accounts.models import ConsentPurpose
from app.areas.lookup import communes_today
from app.core import clock
from app.core.db import transaction
from app.core.errors import DomainError
from app.core.operations import BadKey, KeyReused
from app.core.web import (
    close_read_session,
    language,
    message_of,
    read_session,
    see_other,
    settings,
    status_of,
)
from app.storefront import (
    addresses,
    badge,
    checkout,
    delivery,
    guest_consents,
    member,
    voucher_tries,
)
from app.storefront import cart as carts
from app.storefront.cart import View
from app.storefront.cart_views import current_view
from app.storefront.checkout import Buyer, Changed, Pay, Rules
from app.storefront.checkout_forms import CheckoutForm, Choices
from app.storefront.checkout_seen import Change
from app.storefront.models import Address
from app.storefront.order_views import remember
from app.storefront.reach import HOME
from pos.sales.gateways import registry
from pos.sales.lines import EmptyOrder
from pos.sales.models import Order
from pos.sales.status import Tender
from pos.shipping import tariff_files
from pos.stock import places

SHOWN_AGAIN = {"options", "change", "saved"}


def add_to(bp: Blueprint) -> None:
    """Hang the checkout into the shop."""
    bp.add_url_rule("/thanh-toan", view_func=checkout_page)
    bp.add_url_rule("/thanh-toan", view_func=place_order, methods=["POST"])


def _rules() -> Rules:
    holds = {
        Tender.TRANSFER: timedelta(seconds=settings().hold_transfer),
        Tender.CARD: timedelta(seconds=settings().hold_card),
    }
    return Rules(settings().free_delivery_from, _pays(), holds)


def _buyer() -> Buyer:
    return Buyer(actor_id(), language(), _rules())


def _pays() -> frozenset[Pay]:
    """Ways to pay that this installation is set up for."""
    known = {Tender.TRANSFER: Pay.TRANSFER, Tender.CARD: Pay.CARD}
    return frozenset({Pay.LATER} | {known[tender] for tender in registry.offered(settings())})


def _choices() -> Choices:
    reading = read_session()
    return Choices(
        communes_today(reading),
        tariff_files.current().provinces,
        places.pickup_points(reading),
        bool(places.web_sources(reading)),
        _pays(),
        _purposes(),
    )


def _purposes() -> list[ConsentPurpose]:
    """What the buyer may be asked to agree to: a member what is not agreed to yet, a guest
    everything."""
    user_id = actor_id()
    if user_id is None:
        return list(ConsentPurpose)
    held = consents.given(read_session(), user_id)
    return [purpose for purpose in ConsentPurpose if purpose not in held]


def checkout_page() -> Response | str:
    """Everything that an order needs, on one page."""
    if not current_view().orderable:
        return see_other(url_for("storefront.cart"))
    signed_in = current_user.is_authenticated
    known = member.prefill(read_session(), current_user.user) if signed_in else {}
    return _page(CheckoutForm(_choices(), **known))


def place_order() -> Response | str:
    """Take the next step with what was entered."""
    step = request.form.get("step", "review")
    form = CheckoutForm(_choices(), formdata=_entered(step))
    if step in SHOWN_AGAIN:
        return _page(form)
    if not form.validate():
        return make_response(_page(form), 422)
    if form.voucher.data:
        try:
            voucher_tries.check()
        except voucher_tries.TooManyCodes as error:
            form.voucher.errors = [message_of(error)]
            return make_response(_page(form), status_of(error))
    if step == "confirm":
        return _confirm(form)
    if step == "fit":
        with transaction() as db:
            cart = carts.find(db, badge.token(), actor_id())
            if cart is not None:
                carts.fit(db, cart, now=clock.now())
        close_read_session()
    return _review(form)


def _entered(step: str) -> MultiDict[str, str]:
    """The fields that were sent, with those of a saved address in their place when one is chosen."""
    sent = MultiDict(request.form)
    chosen = next((a for a in _saved() if str(a.id) == sent.get("saved")), None)
    if step == "saved" and chosen is not None:
        sent["name"], sent["phone"], sent["address"] = (
            chosen.contact_name,
            chosen.phone,
            chosen.street,
        )
        sent["area"] = str(chosen.area_id or "")
        province = HOME if chosen.area_id else chosen.province
        if province:
            sent["province"] = province
        if not chosen.area_id:
            sent["area_text"] = chosen.area_text or ""
    return sent


def _saved() -> Sequence[Address]:
    user_id = actor_id()
    return addresses.of_user(read_session(), user_id) if user_id else []


def _page(form: CheckoutForm) -> str:
    view, rules = current_view(), _rules()
    points = places.pickup_points(read_session())
    cod = form.pay.data == Pay.LATER.value
    day = clock.local_day(clock.now())
    aim = delivery.Aim(str(form.province.data), day, cod, rules.free_from)
    offers, refused = delivery.offers(view, aim), None
    if not offers and view.rows:
        refused = _refusal(view, aim)
    chosen = next((o for o in offers if o.code == form.option.data), offers[0] if offers else None)
    return render_template(
        "storefront/checkout.html",
        form=form,
        cart=view,
        points=points,
        ready={str(p.id): delivery.can_serve(view, p.id) for p in points},
        saved=_saved(),
        offers=offers,
        chosen=chosen,
        refused=refused,
        free_from=rules.free_from,
        default_grams=delivery.DEFAULT_GRAMS,
    )


def _refusal(view: View, aim: delivery.Aim) -> str | None:
    try:
        delivery.choose(view, aim, None)
    except DomainError as error:
        return message_of(error)
    return None


def _review(
    form: CheckoutForm, changes: Sequence[Change] = (), told: str | None = None, status: int = 200
) -> Response:
    """Everything once more, as it would be ordered now."""
    view = current_view()
    if not view.rows:
        if told:
            flash(told, "warn")
        return see_other(url_for("storefront.cart"))
    made = None
    if view.orderable:
        try:
            now = clock.now()
            made = checkout.draft(read_session(), view, form.to_details(), _buyer(), now=now)
        except DomainError as error:
            _say(form, error)
            return make_response(_page(form), status_of(error))
    page = render_template(
        "storefront/checkout_review.html",
        form=form,
        details=form.to_details(),
        cart=view,
        draft=made,
        changes=changes,
        told=told,
        kept=_kept(form),
        province=tariff_files.current().province(form.province.data),
        default_grams=delivery.DEFAULT_GRAMS,
    )
    return make_response(page, status if made else 409)


def _say(form: CheckoutForm, error: DomainError) -> None:
    """Put the refusal where it belongs."""
    if "voucher" in error.code:
        voucher_tries.note()
        form.voucher.errors = [message_of(error)]
    else:
        form.form_errors.append(message_of(error))


def _kept(form: CheckoutForm) -> list[tuple[str, str]]:
    """What was entered, to be sent along unchanged."""
    fields = [field for field in form if field.name != "csrf_token"]
    sent = [(f.name, f.data) for f in fields if f.data not in (None, "", False)]
    return [(name, "y" if value is True else str(value)) for name, value in sent]


def _confirm(form: CheckoutForm) -> Response:
    """Order what was looked at; if it has changed meanwhile, show it again with what is different."""
    try:
        placed = _place(form)
    except EmptyOrder:
        return see_other(url_for("storefront.cart"))
    except (KeyReused, BadKey) as error:
        form.key.data = str(uuid4())
        return _again(form, told=message_of(error))
    except Changed as error:
        return _again(form, changes=error.changes, told=message_of(error))
    except DomainError as error:
        # What is wrong with a voucher is said, and counted, when it is looked at again.
        return _again(form, told=message_of(error))
    remember(placed)
    return see_other(url_for("storefront.order", number=placed.number, placed=1))


def _place(form: CheckoutForm) -> Order:
    with transaction() as db:
        placed = checkout.place(
            db,
            carts.find(db, badge.token(), actor_id()),
            form.to_details(),
            _buyer(),
            key=form.key.data,
            now=clock.now(),
            randomness=secrets.token_bytes,
            seen=request.form.get("seen", ""),
        )
        if actor_id() is None:
            guest_consents.keep(db, placed.id, form.agreed(), language=language(), now=clock.now())
        return placed


def _again(form: CheckoutForm, **told: Any) -> Response:
    """Look at it afresh: what was read in this request is older than the refusal."""
    close_read_session()
    return _review(form, status=409, **told)

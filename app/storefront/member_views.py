"""Orders, wishes and data of members, and requests for notice, which need no account."""

import json
import secrets
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from flask import (
    Blueprint,
    Response,
    flash,
    make_response,
    render_template,
    request,
    url_for,
)
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, logout_user

from app.accounts import users
from app.accounts.access import Permission
from app.accounts.guards import actor_id, count_try, prove, requires
from app.accounts.models import User
from app.core import clock
from app.core.db import transaction
from app.core.errors import DomainError
from app.core.paging import page_number
from app.core.web import language, message_of, read_session, see_other, settings, status_of
from app.storefront import badge, member, stock_notices, wishes
from app.storefront import cart as carts
from app.storefront.member_forms import LeaveForm, NoticeForm
from catalog import preorders
from catalog.offer_models import PreOrder
from pos.sales.models import Order

bp = Blueprint("member", __name__)


def _me() -> User:
    user: User = current_user.user
    return user


@bp.app_context_processor
def _context() -> dict[str, Any]:
    return {"is_wished": _is_wished, "sending_days": _sending_days}


def _sending_days(orders: Iterable[Order]) -> Mapping[UUID, PreOrder]:
    """For pages and messages about orders: the pre-orders of their lines, which say when they go."""
    lines = (line for order in orders for line in order.lines)
    return preorders.by_ids(read_session(), {n.pre_order_id for n in lines if n.pre_order_id})


def _is_wished(product_id: UUID) -> bool:
    """For the button of the product page; no query for guests."""
    mine = actor_id()
    return mine is not None and wishes.holds(read_session(), mine, product_id)


@bp.get("/tai-khoan/don-hang")
@requires(Permission.ACCOUNT)
def orders() -> str:
    """The member's orders, newest first."""
    page = member.history(read_session(), _me().id, page_number(request.args.get("page")))
    return render_template("storefront/member_orders.html", page=page)


@bp.post("/tai-khoan/don-hang/<number>/dat-lai")
@requires(Permission.ACCOUNT)
def order_again(number: str) -> ResponseReturnValue:
    """Put the goods of an order into the cart once more."""
    now, token = clock.now(), badge.token() or secrets.token_urlsafe(32)
    with transaction() as session:
        order = member.own_order(session, _me().id, number)
        cart = carts.find_or_open(session, token, user_id=_me().id, now=now)
        day = clock.local_day(now)
        missing = member.order_again(session, cart, order, day=day, now=now)
    if len(missing) < len(order.lines):
        flash(_("Added to the cart at today's prices."), "ok")
    if missing:
        flash(_("Not to be had now: %(names)s.", names=", ".join(missing)), "warn")
    response = see_other(url_for("storefront.cart"))
    badge.keep(response, token)
    return response


@bp.get("/tai-khoan/yeu-thich")
@requires(Permission.ACCOUNT)
def wish_list() -> str:
    """What the member wants to find again."""
    cards = wishes.cards(read_session(), _me().id, clock.local_day(clock.now()))
    gone = wishes.withdrawn(read_session(), _me().id)
    return render_template("storefront/wishes.html", cards=cards, gone=gone)


@bp.post("/san-pham/<slug>/yeu-thich")
@requires(Permission.ACCOUNT)
def wish(slug: str) -> ResponseReturnValue:
    """Put a product on the wish list, or take it off."""
    with transaction() as session:
        if request.form.get("remove"):
            wishes.remove(session, _me().id, slug)
        else:
            wishes.add(session, _me().id, slug, now=clock.now())
    back = "member.wish_list" if request.form.get("from") == "list" else "storefront.product"
    done = _("Taken off the wish list.") if request.form.get("remove") else _("On the wish list.")
    flash(done, "ok")
    return see_other(url_for(back) if back == "member.wish_list" else url_for(back, slug=slug))


@bp.post("/san-pham/<slug>/bao-khi-co-hang")
def ask_notice(slug: str) -> ResponseReturnValue:
    """Note who wants to know when an article is back."""
    form, back = NoticeForm(), url_for("storefront.product", slug=slug)
    if not form.validate():
        flash(" ".join(str(e) for errors in form.errors.values() for e in errors), "stop")
        return see_other(back)
    try:
        count_try("notice", form.email.data)
        with transaction() as session:
            sku_id, email = UUID(form.sku.data), form.email.data
            stock_notices.ask(session, sku_id, email, language(), now=clock.now())
    except DomainError as error:
        flash(message_of(error), "stop")
        return see_other(back)
    flash(_("Noted: you get one message as soon as it is back."), "ok")
    return see_other(back)


@bp.get("/bao-khi-co-hang/<token>/huy")
def notice(token: str) -> ResponseReturnValue:
    """Ask before the request is ended."""
    found = stock_notices.find(read_session(), token, settings().secret_key)
    return render_template("storefront/notice.html", notice=found)


@bp.post("/bao-khi-co-hang/<token>/huy")
def end_notice(token: str) -> ResponseReturnValue:
    """Forget the address. A link that is followed twice is no fault."""
    with transaction() as session:
        found = stock_notices.find(session, token, settings().secret_key)
        if found is not None:
            stock_notices.end(session, found)
    flash(_("Done: we write to this address no more about goods that are back."), "ok")
    return see_other(url_for("storefront.home"))


@bp.get("/tai-khoan/du-lieu.json")
@requires(Permission.ACCOUNT)
def export() -> Response:
    """Everything that the shop holds of the member, as a file."""
    user = users.get(read_session(), _me().id)
    text = json.dumps(member.export(read_session(), user), ensure_ascii=False, indent=2)
    response = make_response(text + "\n")
    response.mimetype = "application/json"
    response.headers["Content-Disposition"] = 'attachment; filename="pho-hien.json"'
    return response


@bp.get("/tai-khoan/xoa")
@requires(Permission.ACCOUNT)
def leaving() -> str:
    """What goes and what stays when the account is closed."""
    return render_template("storefront/leave.html", form=LeaveForm())


@bp.post("/tai-khoan/xoa")
@requires(Permission.ACCOUNT)
def leave() -> ResponseReturnValue:
    """Close the account for good."""
    form = LeaveForm()
    if not form.validate():
        return render_template("storefront/leave.html", form=form), 422
    try:
        if prove(_me().email, form.password.data) is None:
            form.password.errors = [_("This is not your present password.")]
            return render_template("storefront/leave.html", form=form), 422
        with transaction() as session:
            member.leave(session, users.get(session, _me().id), now=clock.now())
    except DomainError as error:
        form.form_errors.append(message_of(error))
        return render_template("storefront/leave.html", form=form), status_of(error)
    logout_user()
    cookie.clear()
    flash(_("Your account is closed and your personal data are deleted from it."), "ok")
    return see_other(url_for("storefront.home"))

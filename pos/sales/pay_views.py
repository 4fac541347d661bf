"""Paying an order beforehand: its payment code, «I have paid», and the way to the card page."""

from typing import Any

from flask import Blueprint, flash, make_response, render_template, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from app.accounts.guards import actor_id
from app.core import clock
from app.core.db import transaction
from app.core.errors import DomainError
from app.core.web import language, message_of, read_session, see_other, settings
from pos.sales import card_errands, cards, pay_panel, payments
from pos.sales.gateways import registry
from pos.sales.gateways.base import Cards, ProviderRefused
from pos.sales.holding import mine
from pos.sales.models import Order, Payment
from pos.sales.payment_codes import is_code
from pos.sales.status import PaymentStatus, Tender
from traceability.printing.qr import qr_png, qr_svg

bp = Blueprint("pay", __name__)

ASKED = (*payments.OPEN, PaymentStatus.SETTLED)


@bp.app_context_processor
def _context() -> dict[str, Any]:
    return {"pay_panel": _panel}


def _panel(order: Order) -> pay_panel.Panel | None:
    known = registry.account(settings())
    with_cards = registry.cards(settings()) is not None
    return pay_panel.panel(order, known, cards=with_cards, now=clock.now())


@bp.get("/thanh-toan/vietqr/<code>.<any(svg, png):picture>")
def code(code: str, picture: str) -> Response:
    """The payment code of a transfer as a picture; for the order's page and for e-mail."""
    text = _payload(code)
    body = qr_png(text, level="M") if picture == "png" else qr_svg(text, level="M", label="VietQR")
    response = make_response(body)
    response.mimetype = "image/png" if picture == "png" else "image/svg+xml"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"  # shown by mail programs
    return response


def _payload(code: str) -> str:
    account = registry.account(settings())
    payment = payments.by_code(read_session(), code) if is_code(code) else None
    if account is None or payment is None or payment.status not in ASKED:
        raise NotFound
    missing = max(0, payment.amount - payment.received) or payment.amount
    return account.payload(missing, code)


@bp.post("/don-hang/<number>/da-chuyen")
def claim(number: str) -> Response:
    """The buyer says that the transfer is on its way."""
    payment = _of(mine(number), Tender.TRANSFER)
    with transaction() as db:
        _order, found = cards.locked(db, payment.id)
        payments.claim(db, found, now=clock.now(), actor_id=actor_id())
    flash(_("Thank you. The shop looks for your transfer; you need do nothing more."), "ok")
    return see_other(url_for("storefront.order", number=number))


def _of(order: Order, tender: Tender) -> Payment:
    found = [p for p in order.payments if p.tender is tender]
    if not found:
        raise payments.UnknownPayment
    return found[-1]


@bp.post("/don-hang/<number>/the")
def by_card(number: str) -> Response:
    """Open a page of the card provider and go there."""
    payment, provider = _of(mine(number), Tender.CARD), registry.cards(settings())
    back = url_for("storefront.order", number=number)
    if provider is None:
        raise cards.NotPayable
    try:
        _open(provider, payment, f"{settings().base_url}{back}")
    except DomainError as error:
        flash(message_of(error), "stop")
        return see_other(back)
    return see_other(url_for("pay.to_card_page", number=number))


def _open(provider: Cards, payment: Payment, back: str) -> None:
    """Note, ask, keep; nothing is asked inside a transaction."""
    now = clock.now()
    silent = cards.unheard(read_session(), payment.id, now=now)
    if silent is not None:
        card_errands.look(provider, {"session": silent})
    with transaction() as db:
        begun = cards.begin(db, payment.id, back, now=now, language=language())
    if begun.page is not None:
        return
    try:
        page = provider.open_page(begun.wish)
    except ProviderRefused:
        # The same key would bring the same refusal for a day.
        with transaction() as db:
            cards.give_up(db, payment.id, begun.attempt)
        raise
    with transaction() as db:
        cards.opened(db, payment.id, begun.attempt, page)


@bp.get("/don-hang/<number>/the")
def to_card_page(number: str) -> Response:
    """Lead on to the open page. A redirect of a form to another site would be refused by our own
    content security policy, so this is a page that goes on by itself."""
    payment = _of(mine(number), Tender.CARD)
    if payment.pay_url is None or payment.status not in cards.PAYABLE:
        return see_other(url_for("storefront.order", number=number))
    page = render_template("pos/sales/pay_card.html", number=number, url=payment.pay_url)
    return make_response(page)

"""Money that goes back: what is to be paid, what is on its way, what failed."""

from uuid import UUID

from flask import Blueprint, flash, make_response, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.access import Permission, place_scope
from app.accounts.guards import access, actor_id, demand, requires
from app.core import clock
from app.core.db import transaction
from app.core.errors import DomainError
from app.core.paging import page_number
from app.core.web import message_of, read_session, see_other, status_of
from pos.sales import cards, orders, payments, refunds
from pos.sales.models import Order, Payment
from pos.sales.payment_forms import BackForm, ProofForm
from pos.sales.payment_models import Refund
from pos.sales.payment_status import RefundKind, RefundStatus
from pos.sales.status import Tender

bp = Blueprint("refunds", __name__)

P = Permission

TABS = {
    "open": (RefundStatus.REQUESTED, RefundStatus.SENT),
    "failed": (RefundStatus.FAILED,),
    "done": (RefundStatus.SETTLED,),
}


@bp.get("/hoan-tien")
@requires(P.REFUND_EDIT)
def index() -> str:
    """Refunds of the orders of this person's places."""
    asked = request.args.get("tab", "")
    tab, number = asked if asked in TABS else "open", page_number(request.args.get("page"))
    places = access().keys(P.REFUND_EDIT, "place")
    page = refunds.listing(read_session(), TABS[tab], places, number)
    return render_template("pos/sales/refunds.html", page=page, tab=tab, tabs=list(TABS))


@bp.get("/hoan-tien/<uuid:refund_id>")
@requires(P.REFUND_EDIT)
def show(refund_id: UUID) -> str:
    """One refund, to be paid by hand or tried again."""
    return _show(_mine(refund_id), ProofForm())


def _mine(refund_id: UUID) -> Refund:
    refund = refunds.get(read_session(), refund_id)
    demand(P.REFUND_EDIT, place_scope(refund.order.place_id))
    return refund


def _show(refund: Refund, form: ProofForm) -> str:
    by_hand = refund.payment.tender is not Tender.CARD
    waits = refund.status is RefundStatus.REQUESTED
    return render_template(
        "pos/sales/refund.html",
        refund=refund,
        order=refund.order,
        form=form if by_hand and waits else None,
        failed=refund.status is RefundStatus.FAILED,
    )


@bp.post("/hoan-tien/<uuid:refund_id>/da-tra")
@requires(P.REFUND_EDIT)
def paid(refund_id: UUID) -> Response:
    """Staff have paid it back and say how."""
    refund, form = _mine(refund_id), ProofForm()
    if not form.validate():
        return make_response(_show(refund, form), 422)
    with transaction() as db:
        locked = refunds.get(db, refund_id, lock=True)
        refunds.pay_by_hand(db, locked, form.proof.data, now=clock.now(), actor_id=actor_id())
    flash(_("The refund is noted as paid."), "ok")
    return see_other(url_for("refunds.index"))


@bp.post("/hoan-tien/<uuid:refund_id>/lai")
@requires(P.REFUND_EDIT)
def again(refund_id: UUID) -> Response:
    """Try a refund that failed once more."""
    _mine(refund_id)
    with transaction() as db:
        locked = refunds.get(db, refund_id, lock=True)
        new = refunds.again(db, locked, now=clock.now(), actor_id=actor_id())
    flash(_("The refund is tried again."), "ok")
    return see_other(url_for("refunds.show", refund_id=new.id))


@bp.get("/hoan-tien/moi/<uuid:payment_id>")
@requires(P.REFUND_EDIT)
def new(payment_id: UUID) -> str:
    """Decide to pay something of a payment back."""
    payment, order = _payment(payment_id)
    return _new(order, payment, BackForm())


def _payment(payment_id: UUID) -> tuple[Payment, Order]:
    payment = payments.get(read_session(), payment_id)
    order = orders.get(read_session(), payment.order_id)
    demand(P.REFUND_EDIT, place_scope(order.place_id))
    return payment, order


def _new(order: Order, payment: Payment, form: BackForm) -> str:
    return render_template(
        "pos/sales/refund_new.html",
        order=order,
        payment=payment,
        form=form,
        left=payment.received - payment.refunded,
        known=refunds.of_order(read_session(), order.id),
    )


@bp.post("/hoan-tien/moi/<uuid:payment_id>")
@requires(P.REFUND_EDIT)
def request_one(payment_id: UUID) -> Response:
    """Set it aside to go back, once for each form."""
    payment, order = _payment(payment_id)
    form = BackForm()
    if not form.validate():
        return make_response(_new(order, payment, form), 422)
    try:
        with transaction() as db:
            _order, locked = cards.locked(db, payment_id)
            made = refunds.request(
                db,
                locked,
                form.amount.data,
                kind=RefundKind.DECIDED,
                reason=form.reason.data,
                key=f"form:{form.key.data}",
                now=clock.now(),
                actor_id=actor_id(),
            )
    except DomainError as error:
        form.form_errors.append(message_of(error))
        return make_response(_new(order, payment, form), status_of(error))
    flash(_("The refund is requested."), "ok")
    return see_other(url_for("refunds.show", refund_id=made.id))

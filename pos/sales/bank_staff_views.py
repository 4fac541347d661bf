"""The shop's bank account: what came in, what it was for, and what is still awaited."""

from uuid import UUID

from flask import Blueprint, flash, make_response, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.access import Permission
from app.accounts.guards import actor_id, demand, requires
from app.core import clock
from app.core.db import transaction
from app.core.errors import DomainError
from app.core.paging import page_number
from app.core.web import message_of, read_session, see_other, status_of
from pos.sales import bank_desk, bank_entries, cards, notices, orders, paying, payments
from pos.sales.models import Order
from pos.sales.payment_forms import ConfirmForm, IgnoreForm, MatchForm
from pos.sales.payment_models import BankEntry
from pos.sales.payment_status import EntryStatus

bp = Blueprint("bank", __name__)

P = Permission


@bp.get("/tien-ve")
@requires(P.PAYMENT_EDIT)
def index() -> str:
    """Entries by state, transfers that are awaited, notices to look at."""
    demand(P.PAYMENT_EDIT)
    asked, number = request.args.get("state"), page_number(request.args.get("page"))
    state = next((s for s in EntryStatus if s.value == asked), EntryStatus.NEW)
    return render_template(
        "pos/sales/bank.html",
        page=bank_desk.entries(read_session(), state, number),
        state=state,
        states=list(EntryStatus),
        counts=bank_desk.counts(read_session()),
        awaited=bank_desk.awaited(read_session()),
        flagged=notices.flagged(read_session(), 1),
        missing=paying.missing,
    )


@bp.get("/tien-ve/<uuid:entry_id>")
@requires(P.PAYMENT_EDIT)
def entry(entry_id: UUID) -> str:
    """One entry, to be matched or put aside."""
    demand(P.PAYMENT_EDIT)
    return _entry(bank_entries.get(read_session(), entry_id), MatchForm(), IgnoreForm())


def _entry(row: BankEntry, match: MatchForm, ignore: IgnoreForm) -> str:
    order = orders.get(read_session(), row.payment.order_id) if row.payment else None
    open_ = row.status in (EntryStatus.NEW, EntryStatus.IGNORED)
    return render_template(
        "pos/sales/bank_entry.html",
        entry=row,
        order=order,
        match=match if open_ else None,
        ignore=ignore if row.status is EntryStatus.NEW else None,
        awaited=bank_desk.awaited(read_session()) if open_ else [],
        missing=paying.missing,
    )


@bp.post("/tien-ve/<uuid:entry_id>/khop")
@requires(P.PAYMENT_EDIT)
def match(entry_id: UUID) -> Response:
    """Say what an entry was for."""
    demand(P.PAYMENT_EDIT)
    form, row = MatchForm(), bank_entries.get(read_session(), entry_id)
    if not form.validate():
        return make_response(_entry(row, form, IgnoreForm(formdata=None)), 422)
    try:
        with transaction() as db:
            found = bank_desk.find_payment(db, form.code.data)
            bank_entries.match_by_hand(
                db,
                bank_entries.get(db, entry_id, lock=True),
                found,
                form.reason.data,
                now=clock.now(),
                actor_id=actor_id(),
            )
    except DomainError as error:
        form.form_errors.append(message_of(error))
        return make_response(_entry(row, form, IgnoreForm(formdata=None)), status_of(error))
    flash(_("Matched."), "ok")
    return see_other(url_for("bank.index"))


@bp.post("/tien-ve/<uuid:entry_id>/bo-qua")
@requires(P.PAYMENT_EDIT)
def ignore(entry_id: UUID) -> Response:
    """Put an entry aside: it is for no order."""
    demand(P.PAYMENT_EDIT)
    form, row = IgnoreForm(), bank_entries.get(read_session(), entry_id)
    if not form.validate():
        return make_response(_entry(row, MatchForm(formdata=None), form), 422)
    with transaction() as db:
        locked = bank_entries.get(db, entry_id, lock=True)
        who = actor_id()
        bank_entries.ignore(db, locked, form.reason.data, now=clock.now(), actor_id=who)
    flash(_("Put aside."), "ok")
    return see_other(url_for("bank.index"))


@bp.get("/tien-ve/xac-nhan/<uuid:payment_id>")
@requires(P.PAYMENT_EDIT)
def confirm(payment_id: UUID) -> str:
    """Confirm a transfer that staff have seen themselves."""
    demand(P.PAYMENT_EDIT)
    payment = payments.get(read_session(), payment_id)
    form = ConfirmForm()
    form.amount.data = paying.missing(payment) or None
    return _confirm(orders.get(read_session(), payment.order_id), payment_id, form)


def _confirm(order: Order, payment_id: UUID, form: ConfirmForm) -> str:
    payment = next(p for p in order.payments if p.id == payment_id)
    return render_template(
        "pos/sales/bank_confirm.html",
        order=order,
        payment=payment,
        form=form,
        missing=paying.missing(payment),
    )


@bp.post("/tien-ve/xac-nhan/<uuid:payment_id>")
@requires(P.PAYMENT_EDIT)
def do_confirm(payment_id: UUID) -> Response:
    """Count the money, once for each form."""
    demand(P.PAYMENT_EDIT)
    payment, form = payments.get(read_session(), payment_id), ConfirmForm()
    if not form.validate():
        order = orders.get(read_session(), payment.order_id)
        return make_response(_confirm(order, payment_id, form), 422)
    with transaction() as db:
        _order, found = cards.locked(db, payment_id)
        paying.confirm(
            db,
            found,
            form.amount.data,
            form.reason.data,
            form.key.data,
            now=clock.now(),
            actor_id=actor_id(),
        )
    flash(_("The money is noted."), "ok")
    return see_other(url_for("bank.index"))


@bp.post("/tien-ve/thong-bao/<int:notice_id>")
@requires(P.PAYMENT_EDIT)
def dismiss(notice_id: int) -> Response:
    """A notice that could not be worked off has been looked into."""
    demand(P.PAYMENT_EDIT)
    with transaction() as db:
        notices.dismiss(db, notice_id, now=clock.now(), actor_id=actor_id())
    flash(_("The notice is put away."), "ok")
    return see_other(url_for("bank.index"))

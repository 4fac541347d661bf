"""Cases for buyers: opened on the page of their order, followed, answered, withdrawn."""

import os
from uuid import UUID

from flask import Blueprint, flash, make_response, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.guards import actor_id
from app.core import clock
from app.core.clock import local_day
from app.core.db import transaction
from app.core.errors import DomainError
from app.core.web import message_of, read_session, see_other, status_of
from pos.aftersales import cases, claims, pictures, rules, sent
from pos.aftersales.cases import Claim
from pos.aftersales.forms import AnswerForm, OpenForm
from pos.aftersales.models import Case
from pos.aftersales.moves import By
from pos.aftersales.status import CASE_MOVES, CaseStatus, Reason
from pos.sales import holding, orders
from pos.sales.models import Order

bp = Blueprint("cases", __name__)
bp.url_value_preprocessor(sent.allow_pictures)


def _by() -> By:
    return By(clock.now(), actor_id(), buyer=True)


def _mine(number: str, code: str) -> tuple[Order, Case]:
    order = holding.mine(number)
    return order, cases.of_number(read_session(), order, code)


@bp.get("/don-hang/<number>/khieu-nai")
def index(number: str) -> Response:
    """Cases about this order, and a form for another one."""
    return _index(holding.mine(number), OpenForm())


def _index(order: Order, form: OpenForm, status: int = 200) -> Response:
    day, rule = local_day(clock.now()), rules.current()
    until = {reason: rules.last_day(order, reason, rule) for reason in Reason}
    page = render_template(
        "storefront/aftersales/index.html",
        order=order,
        form=form,
        cases=cases.of_order(read_session(), order.id),
        free={line.id: claims.free(read_session(), line) for line in order.lines},
        has_goods=order.status in cases.HAS_GOODS,
        until=max(until.values()),
        until_changed=until[Reason.CHANGED_MIND],
        late=day > max(until.values()),
        rule=rule,
    )
    return make_response(page, status)


@bp.post("/don-hang/<number>/khieu-nai")
def open_one(number: str) -> Response:
    """Open a case about goods of this order."""
    order, form = holding.mine(number), OpenForm()
    if not form.validate():
        return _index(order, form, 422)
    try:
        code = _open(order, form)
    except DomainError as error:
        form.form_errors.append(message_of(error))
        return _index(order, form, status_of(error))
    flash(_("We have your case. We answer here and by e-mail."), "ok")
    return see_other(url_for("cases.show", number=number, code=code))


def _open(order: Order, form: OpenForm) -> str:
    # Judged and written before the transaction: drawing pictures takes its time.
    judged, by = sent.kept_pictures(), _by()
    named = sent.units(line.id for line in order.lines)
    claim = Claim(form.to_reason(), form.to_wish(), form.text.data, named)
    with transaction() as db:
        locked = orders.get(db, order.id, lock=True)
        made = cases.open_case(db, locked, claim, by, rules.current(), randomness=os.urandom)
        pictures.add(db, made, judged, now=by.now)
        return made.number


@bp.get("/don-hang/<number>/khieu-nai/<code>")
def show(number: str, code: str) -> Response:
    """One case: where it stands and what was said."""
    return _show(*_mine(number, code), AnswerForm())


def _show(order: Order, case: Case, form: AnswerForm, status: int = 200) -> Response:
    page = render_template(
        "storefront/aftersales/show.html",
        order=order,
        case=case,
        form=form,
        may_answer=cases.may_say_more(case),
        may_withdraw=CaseStatus.WITHDRAWN in CASE_MOVES.allowed(case.status),
    )
    return make_response(page, status)


@bp.post("/don-hang/<number>/khieu-nai/<code>/tra-loi")
def answer(number: str, code: str) -> Response:
    """The buyer says more."""
    order, case = _mine(number, code)
    form = AnswerForm()
    if not form.validate():
        return _show(order, case, form, 422)
    try:
        judged, by = sent.kept_pictures(), _by()
        with transaction() as db:
            locked = cases.locked(db, case.id)
            cases.answer(db, locked, form.text.data, by, rules.current())
            pictures.add(db, locked, judged, now=by.now)
    except DomainError as error:
        form.form_errors.append(message_of(error))
        return _show(order, case, form, status_of(error))
    flash(_("Thank you, your answer is with the shop."), "ok")
    return see_other(url_for("cases.show", number=number, code=code))


@bp.post("/don-hang/<number>/khieu-nai/<code>/rut")
def withdraw(number: str, code: str) -> Response:
    """The buyer ends it."""
    _order, case = _mine(number, code)
    with transaction() as db:
        cases.withdraw(db, cases.locked(db, case.id), _by())
    flash(_("The case is withdrawn."), "ok")
    return see_other(url_for("cases.show", number=number, code=code))


@bp.get("/don-hang/<number>/khieu-nai/<code>/anh/<uuid:photo_id>")
def picture(number: str, code: str, photo_id: UUID) -> Response:
    """A picture of the case, for the holder of the order."""
    _order, case = _mine(number, code)
    return sent.shown(pictures.get(case, photo_id))

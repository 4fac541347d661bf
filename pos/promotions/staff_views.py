"""Promotions and vouchers as staff keep them; points keep those that hold at their own places."""

import os
from typing import Any, TypeVar
from uuid import UUID

from flask import Blueprint, flash, make_response, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response

from app.accounts.access import Permission
from app.accounts.guards import NoRight, access, actor_id, requires
from app.core import clock
from app.core.db import transaction
from app.core.errors import DomainError
from app.core.paging import page_number
from app.core.web import message_of, read_session, see_other, status_of
from catalog import tables
from catalog.models import Category, Producer
from catalog.tables import Cell
from pos.promotions import desk, naming, reading, terms, trial
from pos.promotions.bearers import Bearer
from pos.promotions.forms import (
    AUTOMATIC,
    CodesForm,
    EndForm,
    NewPromotionForm,
    TermsForm,
    entered,
    last_day,
)
from pos.promotions.models import PromotionTerms
from pos.promotions.plan import Goods, Plan

bp = Blueprint("promotions", __name__)

EDIT = Permission.PROMOTION_EDIT
MOST_TEXT = 2_000
F = TypeVar("F", bound=TermsForm)


def _mine() -> frozenset[UUID] | None:
    """The places whose promotions this person may keep; None means all, and those of no place."""
    return access().keys(EDIT, "place")


def _terms(promotion_id: UUID) -> PromotionTerms:
    terms.get(read_session(), promotion_id)
    found = reading.current(read_session(), promotion_id)
    if not desk.within(found, _mine()):
        raise NoRight
    return found


@bp.get("/")
@requires(EDIT)
def index() -> str:
    """Promotions by stage, newest first."""
    stage = desk.stage_named(request.args.get("stage"))
    query = request.args.get("q", "").replace("\0", "").strip()[:60]
    now, number = clock.now(), page_number(request.args.get("page"))
    page = desk.listing(read_session(), stage, query, now, _mine(), number)
    return render_template(
        "pos/promotions/index.html",
        page=page,
        stage=stage,
        stages=list(desk.Stage),
        stage_of={row.terms.id: desk.stage_of(row.terms, now) for row in page.items},
        last_day=last_day,
        query=query,
    )


def _form(kind: type[F], **more: Any) -> F:
    db, mine = read_session(), _mine()
    return kind(
        db.scalars(select(Category).order_by(Category.position)),
        db.scalars(select(Producer).order_by(Producer.name)),
        desk.points(db, mine),
        own_places_only=mine is not None,
        **more,
    )


def _plan(form: TermsForm) -> Plan:
    """The terms that were entered, with goods looked up. Raises what `naming` raises."""
    db = read_session()
    articles = naming.articles(db, form.articles.data or "")
    products = naming.products(db, form.products.data or "")
    gifts = naming.articles(db, form.gift_articles.data or "")
    gift = Goods(skus=gifts) if gifts else None
    return form.to_plan(form.to_reach(articles, products), gift)


def _editor(form: TermsForm, known: PromotionTerms | None, status: int = 200) -> Response:
    return make_response(
        render_template("pos/promotions/form.html", form=form, known=known), status
    )


def _refused(form: TermsForm, known: PromotionTerms | None, error: DomainError) -> Response:
    form.form_errors.append(message_of(error))
    return _editor(form, known, status_of(error))


@bp.get("/moi")
@requires(EDIT)
def new() -> Response:
    """A form for a new promotion."""
    today = clock.local_day(clock.now())
    return _editor(_form(NewPromotionForm, formdata=None, data={"first_day": today}), None)


@bp.post("/moi")
@requires(EDIT)
def create() -> Response:
    """Start a promotion."""
    form = _form(NewPromotionForm)
    if not form.validate():
        return _editor(form, None, 422)
    by_code = form.way.data != AUTOMATIC
    try:
        plan = _plan(form)
        with transaction() as db:
            made = terms.create(
                db,
                plan,
                by_code=by_code,
                code=form.common_code,
                now=clock.now(),
                actor_id=actor_id(),
            )
    except DomainError as error:
        return _refused(form, None, error)
    flash(_("The promotion is kept."), "ok")
    return see_other(url_for("promotions.show", promotion_id=made.id))


@bp.get("/<uuid:promotion_id>")
@requires(EDIT)
def show(promotion_id: UUID) -> Response:
    """One promotion: terms, uses, what it cost whom, codes, and a basket to try."""
    found = _terms(promotion_id)
    tried = request.args.get("basket", "").replace("\0", "")[:MOST_TEXT]
    outcome, wrong = None, None
    if tried.strip():
        try:
            outcome = trial.run(read_session(), found, tried, _fee(), clock.now())
        except DomainError as error:
            wrong = message_of(error)
    more: dict[str, Any] = {"tried": tried, "outcome": outcome, "wrong": wrong, "fee": _fee()}
    return _page(found, EndForm(formdata=None), CodesForm(formdata=None), **more)


def _fee() -> int:
    text = request.args.get("fee", "").replace(".", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 8 else 30_000


def _page(
    found: PromotionTerms, end_form: EndForm, codes_form: CodesForm, status: int = 200, **more: Any
) -> Response:
    db, key = read_session(), found.promotion_id
    trying = {"tried": "", "outcome": None, "wrong": None, "fee": 30_000} | more
    page = render_template(
        "pos/promotions/show.html",
        terms=found,
        promotion=found.promotion,
        stage=desk.stage_of(found, clock.now()),
        reach=naming.named(db, Goods.from_json(found.reach)),
        gift=naming.named(db, Goods.from_json(found.gift)) if found.gift else None,
        last_day=last_day(found),
        bearers=[(b, found.bearers[b.value]) for b in Bearer if found.bearers.get(b.value)],
        sums=desk.sums(db, key),
        uses=desk.uses_of(db, key, page_number(request.args.get("page"))),
        code=desk.common_code(db, key),
        made=desk.made_counts(db, key),
        end_form=end_form,
        codes_form=codes_form,
        **trying,
    )
    return make_response(page, status)


@bp.get("/<uuid:promotion_id>/sua")
@requires(EDIT)
def edit(promotion_id: UUID) -> Response:
    """The terms, to be replaced by new ones."""
    found = _terms(promotion_id)
    db = read_session()
    gift = naming.named(db, Goods.from_json(found.gift)) if found.gift else None
    data = entered(found, naming.named(db, Goods.from_json(found.reach)), gift)
    return _editor(_form(TermsForm, formdata=None, data=data), found)


@bp.post("/<uuid:promotion_id>/sua")
@requires(EDIT)
def revise(promotion_id: UUID) -> Response:
    """New terms from now on."""
    found, form = _terms(promotion_id), _form(TermsForm)
    if not form.validate():
        return _editor(form, found, 422)
    try:
        plan = _plan(form)
        with transaction() as db:
            locked = terms.get(db, promotion_id, lock=True)
            terms.revise(db, locked, plan, now=clock.now(), actor_id=actor_id())
    except DomainError as error:
        return _refused(form, found, error)
    flash(_("The new terms hold from now on."), "ok")
    return see_other(url_for("promotions.show", promotion_id=promotion_id))


@bp.post("/<uuid:promotion_id>/ket-thuc")
@requires(EDIT)
def end(promotion_id: UUID) -> Response:
    """Stop a promotion before its day."""
    found, form = _terms(promotion_id), EndForm()
    if not form.validate():
        return _page(found, form, CodesForm(formdata=None), 422)
    with transaction() as db:
        locked = terms.get(db, promotion_id, lock=True)
        terms.end(db, locked, form.reason.data, now=clock.now(), actor_id=actor_id())
    flash(_("The promotion is over."), "ok")
    return see_other(url_for("promotions.show", promotion_id=promotion_id))


@bp.post("/<uuid:promotion_id>/ma")
@requires(EDIT)
def add_codes(promotion_id: UUID) -> Response:
    """Make codes for one use each."""
    found, form = _terms(promotion_id), CodesForm()
    if not form.validate():
        return _page(found, EndForm(formdata=None), form, 422)
    who: dict[str, Any] = {"now": clock.now(), "actor_id": actor_id()}
    try:
        with transaction() as db:
            locked = terms.get(db, promotion_id, lock=True)
            count, head = form.count.data, form.prefix.data or ""
            made = terms.add_codes(db, locked, count, head, randomness=os.urandom, **who)
    except DomainError as error:
        form.form_errors.append(message_of(error))
        return _page(found, EndForm(formdata=None), form, status_of(error))
    flash(_("%(n)s codes were made.", n=len(made)), "ok")
    return see_other(url_for("promotions.show", promotion_id=promotion_id))


@bp.get("/<uuid:promotion_id>/ma.csv")
@requires(EDIT)
def codes_file(promotion_id: UUID) -> Response:
    """The codes for one use each, as a table."""
    _terms(promotion_id)
    rows: list[list[Cell]] = [
        [code.code, _("used") if code.used else _("free"), f"{code.created_at:%Y-%m-%d}"]
        for code in desk.made_codes(read_session(), promotion_id)
    ]
    answer = make_response(tables.to_csv([_("Code"), _("State"), _("Made on")], rows))
    answer.headers["Content-Type"] = "text/csv; charset=utf-8"
    answer.headers["Content-Disposition"] = 'attachment; filename="ma-khuyen-mai.csv"'
    return answer

"""Reviews and questions as the office judges and as producers answer them."""

from uuid import UUID

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.access import Permission, producer_scope
from app.accounts.guards import access, actor_id, demand, requires
from app.core import clock
from app.core.db import transaction
from app.core.errors import DomainError
from app.core.paging import Page, page_number
from app.core.web import message_of, read_session, see_other
from app.storefront import questions as question_verbs
from app.storefront import reviews, voices
from app.storefront.voice_forms import AnswerForm, JudgeForm
from app.storefront.voice_models import HiddenReason, Question, Review
from app.storefront.voices import V

bp = Blueprint("voice_desk", __name__)

EDIT, ANSWER = Permission.VOICE_EDIT, Permission.VOICE_ANSWER


@bp.get("/danh-gia")
@requires(EDIT)
def index() -> str:
    """Reviews, those with a flag that nobody has judged first."""
    page = voices.queue(read_session(), Review, page_number(request.args.get("page")))
    return _page("index", page, _("Reviews"))


@bp.get("/hoi-dap")
@requires(ANSWER)
def questions() -> str:
    """Questions about the own products, open ones first."""
    page = _own(Question)
    return _page("questions", page, _("Questions and answers"))


@bp.get("/hoi-dap/danh-gia")
@requires(ANSWER)
def own_reviews() -> str:
    """Reviews of the own products, for answering."""
    page = _own(Review)
    return _page("own_reviews", page, _("Reviews to answer"))


def _own(table: type[V]) -> Page[V]:
    keys, number = access().keys(ANSWER, "producer"), page_number(request.args.get("page"))
    return voices.queue(read_session(), table, number, producers=keys, unanswered_first=True)


def _page(endpoint: str, page: object, title: str) -> str:
    values = {"endpoint": f"voice_desk.{endpoint}", "page": page, "title": title}
    values |= {"reasons": list(HiddenReason), "may_judge": access().anywhere(EDIT)}
    return render_template("storefront/voice_desk.html", **values)


def _demand(permission: Permission, voice: Review | Question) -> None:
    maker = voice.product.producer_id
    demand(permission, *([producer_scope(maker)] if maker else []))


@bp.post("/danh-gia/<uuid:review_id>")
@requires(EDIT)
def judge_review(review_id: UUID) -> ResponseReturnValue:
    """Hide a review for a reason, or show it."""
    _demand(EDIT, reviews.get(read_session(), review_id))
    form = JudgeForm()
    if not form.validate():
        return _back("index", _("Choose one of the reasons."))
    with transaction() as session:
        found = reviews.get(session, review_id, lock=True)
        reviews.judge(session, found, form.to_reason(), now=clock.now(), actor_id=actor_id())
    return _back("index")


@bp.post("/hoi-dap/<uuid:question_id>")
@requires(EDIT)
def judge_question(question_id: UUID) -> ResponseReturnValue:
    """Hide a question for a reason, or show it."""
    _demand(EDIT, question_verbs.get(read_session(), question_id))
    form = JudgeForm()
    if not form.validate():
        return _back("questions", _("Choose one of the reasons."))
    with transaction() as session:
        found = question_verbs.get(session, question_id, lock=True)
        reviews.judge(session, found, form.to_reason(), now=clock.now(), actor_id=actor_id())
    return _back("questions")


@bp.post("/danh-gia/<uuid:review_id>/tra-loi")
@requires(ANSWER)
def answer_review(review_id: UUID) -> ResponseReturnValue:
    """Answer a review in public."""
    _demand(ANSWER, reviews.get(read_session(), review_id))
    text = AnswerForm().answer.data or ""
    try:
        with transaction() as session:
            found = reviews.get(session, review_id, lock=True)
            reviews.answer(session, found, text, now=clock.now(), actor_id=actor_id())
    except DomainError as error:
        return _back("own_reviews", message_of(error))
    return _back("own_reviews")


@bp.post("/hoi-dap/<uuid:question_id>/tra-loi")
@requires(ANSWER)
def answer_question(question_id: UUID) -> ResponseReturnValue:
    """Answer a question in public; the asker is told."""
    _demand(ANSWER, question_verbs.get(read_session(), question_id))
    text = AnswerForm().answer.data or ""
    try:
        with transaction() as session:
            found = question_verbs.get(session, question_id, lock=True)
            question_verbs.answer(session, found, text, now=clock.now(), actor_id=actor_id())
    except DomainError as error:
        return _back("questions", message_of(error))
    return _back("questions")


def _back(endpoint: str, wrong: str = "") -> ResponseReturnValue:
    flash(wrong or _("Saved."), "stop" if wrong else "ok")
    return see_other(url_for(f"voice_desk.{endpoint}"))

"""Reviews and questions as shoppers give and read them."""

from uuid import UUID

from flask import Blueprint, flash, make_response, render_template, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.guards import actor_id, count_try
from app.core import clock
from app.core.db import transaction
from app.core.errors import DomainError
from app.core.page_cache import shared
from app.core.paging import page_number
from app.core.web import language, message_of, read_session, see_other, settings
from app.storefront import head, product_page, questions, reviews, voices
from app.storefront.voice_forms import QuestionForm, ReviewForm
from pos.sales.models import Order
from pos.sales.status import OrderStatus

bp = Blueprint("voices", __name__)

MINE = "orders"  # numbers of the orders that this browser may see, kept by the shop's pages


@bp.get("/san-pham/<slug>/danh-gia")
@shared
def of_product(slug: str) -> str:
    """All reviews of a product, or those with as many points as the address says."""
    page = product_page.product_page(read_session(), slug, clock.local_day(clock.now()))
    asked = request.args.get("diem", "")
    stars = int(asked) if asked in {"1", "2", "3", "4", "5"} else None
    number = page_number(request.args.get("page"))
    found = voices.reviews_page(read_session(), page.product.id, number, stars)
    url = head.absolute("voices.of_product", slug=slug)
    top = head.Head(url, indexed=stars is None and number == 1 and found.total > 0)
    values = {"page": page, "found": found, "stars": stars, "head": top}
    return render_template("storefront/reviews.html", **values)


@bp.get("/san-pham/<slug>/hoi-dap")
@shared
def questions_of_product(slug: str) -> str:
    """All answered questions about a product."""
    page = product_page.product_page(read_session(), slug, clock.local_day(clock.now()))
    number = page_number(request.args.get("page"))
    found = voices.questions_page(read_session(), page.product.id, number)
    url = head.absolute("voices.questions_of_product", slug=slug)
    top = head.Head(url, indexed=number == 1 and found.total > 0)
    return render_template("storefront/questions.html", page=page, found=found, head=top)


@bp.post("/san-pham/<slug>/hoi")
def ask(slug: str) -> ResponseReturnValue:
    """Send a question to the producer."""
    form, back = QuestionForm(), url_for("storefront.product", slug=slug, _anchor="questions")
    if not form.validate():
        flash(" ".join(str(e) for errors in form.errors.values() for e in errors), "stop")
        return see_other(back)
    try:
        if not form.website.data:
            _ask(slug, form)
    except DomainError as error:
        flash(message_of(error), "stop")
        return see_other(back)
    flash(
        _("Thank you: your question goes to the producer and is shown once it is answered."), "ok"
    )
    return see_other(back)


def _ask(slug: str, form: QuestionForm) -> None:
    email = (form.email.data or "").strip()
    count_try("question", email or f"guest {request.remote_addr}")
    asker = questions.Asker(form.author.data, email or None, language(), actor_id())
    with transaction() as session:
        questions.ask(session, slug, asker, form.text.data, now=clock.now())


@bp.get("/don-hang/<number>/danh-gia")
def of_order(number: str) -> ResponseReturnValue:
    """What can be reviewed of an order of this browser or member."""
    return _order_page(_mine(number), url_for("voices.give", number=number))


@bp.post("/don-hang/<number>/danh-gia")
def give(number: str) -> ResponseReturnValue:
    """Keep a review."""
    return _give(_mine(number), request.path)


@bp.get("/danh-gia/<token>")
def of_link(token: str) -> ResponseReturnValue:
    """The same for whoever follows the link of the message."""
    return _order_page(_linked(token), url_for("voices.give_by_link", token=token))


@bp.post("/danh-gia/<token>")
def give_by_link(token: str) -> ResponseReturnValue:
    """Keep a review."""
    return _give(_linked(token), request.path)


def _mine(number: str) -> Order:
    return reviews.order_of_buyer(read_session(), number, cookie.get(MINE, []), actor_id())


def _linked(token: str) -> Order:
    return reviews.order_of_link(read_session(), token, settings().secret_key)


def _order_page(order: Order, action: str, status: int = 200) -> ResponseReturnValue:
    if order.status is not OrderStatus.COMPLETED:
        raise reviews.NotYours
    values = {
        "order": order,
        "action": action,
        "given": reviews.of_order(read_session(), order),
        "short_name": reviews.short_name(order.contact_name),
    }
    return make_response(render_template("storefront/order_reviews.html", **values), status)


def _give(order: Order, back: str) -> ResponseReturnValue:
    form = ReviewForm()
    if not form.validate():
        flash(" ".join(str(e) for errors in form.errors.values() for e in errors), "stop")
        return _order_page(order, back, 422)
    try:
        line_id = UUID(form.line.data)
    except ValueError as error:
        raise reviews.NotYours from error
    try:
        with transaction() as session:
            said, now = form.to_said(), clock.now()
            reviews.give(session, order, line_id, said, language=language(), now=now)
    except reviews.Settled as error:
        flash(message_of(error), "stop")
        return see_other(back)
    flash(_("Thank you: your review is shown."), "ok")
    return see_other(back)

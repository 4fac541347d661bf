"""News as the office writes them."""

from uuid import UUID

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.access import Permission
from app.accounts.guards import actor_id, requires
from app.content import news
from app.content.content_forms import NewsForm
from app.content.models import NewsItem
from app.core import clock
from app.core.db import transaction
from app.core.errors import DomainError
from app.core.paging import page_number
from app.core.web import message_of, read_session, see_other, status_of

bp = Blueprint("news_desk", __name__)

EDIT = Permission.CONTENT_EDIT


@bp.get("/tin-tuc")
@requires(EDIT)
def index() -> str:
    """All news, drafts first."""
    number = page_number(request.args.get("page"))
    page = news.page(read_session(), number, everything=True)
    return render_template("content/news.html", page=page)


def _page(form: NewsForm, item: NewsItem | None, status: int = 200) -> ResponseReturnValue:
    return render_template("content/news_form.html", form=form, item=item), status


@bp.get("/tin-tuc/moi")
@requires(EDIT)
def new() -> ResponseReturnValue:
    """An empty form."""
    return _page(NewsForm(), None)


@bp.post("/tin-tuc/moi")
@requires(EDIT)
def draft() -> ResponseReturnValue:
    """Keep a draft."""
    form = NewsForm()
    if not form.validate():
        return _page(form, None, 422)
    try:
        with transaction() as session:
            item = news.draft(session, form.to_words(), now=clock.now(), actor_id=actor_id())
            key = item.id
    except DomainError as error:
        form.form_errors.append(message_of(error))
        return _page(form, None, status_of(error))
    return _saved(key)


@bp.get("/tin-tuc/<uuid:item_id>")
@requires(EDIT)
def edit(item_id: UUID) -> ResponseReturnValue:
    """A piece of news in its form."""
    item = news.get(read_session(), item_id)
    return _page(NewsForm(obj=item), item)


@bp.post("/tin-tuc/<uuid:item_id>")
@requires(EDIT)
def revise(item_id: UUID) -> ResponseReturnValue:
    """Change the words."""
    item, form = news.get(read_session(), item_id), NewsForm()
    if not form.validate():
        return _page(form, item, 422)
    try:
        with transaction() as session:
            found = news.get(session, item_id, lock=True)
            news.revise(session, found, form.to_words(), now=clock.now(), actor_id=actor_id())
    except DomainError as error:
        form.form_errors.append(message_of(error))
        return _page(form, item, status_of(error))
    return _saved(item_id)


@bp.post("/tin-tuc/<uuid:item_id>/lam")
@requires(EDIT)
def act(item_id: UUID) -> ResponseReturnValue:
    """Publish or withdraw."""
    with transaction() as session:
        item = news.get(session, item_id, lock=True)
        if request.form.get("act") == "publish":
            news.publish(session, item, now=clock.now(), actor_id=actor_id())
        elif request.form.get("act") == "withdraw":
            news.withdraw(session, item, now=clock.now(), actor_id=actor_id())
    return _saved(item_id)


def _saved(item_id: UUID) -> ResponseReturnValue:
    flash(_("Saved."), "ok")
    return see_other(url_for("news_desk.edit", item_id=item_id))

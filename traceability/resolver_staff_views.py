"""Links of the resolver for staff: what was added, add, end."""

from uuid import UUID

from flask import Blueprint, flash, make_response, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.access import Permission
from app.accounts.guards import actor_id, demand, requires
from app.core import clock
from app.core.db import transaction
from app.core.errors import DomainError
from app.core.web import message_of, read_session, see_other, status_of
from traceability import gs1, resolver_edit
from traceability.gs1_reasons import REASONS
from traceability.resolver_forms import LinkForm
from traceability.resolver_links import TYPES

bp = Blueprint("resolver_links", __name__)

EDIT = Permission.CATALOG_EDIT


@bp.get("")
@requires(EDIT)
def index() -> str:
    """Links that staff added and that have not ended."""
    text = request.args.get("q", "").replace("\0", "").strip()[:60]
    links = resolver_edit.shown(read_session(), text)
    day = clock.local_day(clock.now())
    return render_template(
        "traceability/resolver_links.html", links=links, q=text, types=TYPES, day=day
    )


@bp.get("/moi")
@requires(EDIT)
def new() -> Response:
    """The form; `key`, `number` and `lot` in the address fill in what it is about."""
    known = {name: request.args.get(name, "")[:20] for name in ("key", "number", "lot")}
    return _page(LinkForm(formdata=None, **known), 200)


def _page(form: LinkForm, status: int) -> Response:
    return make_response(render_template("traceability/new_resolver_link.html", form=form), status)


@bp.post("/moi")
@requires(EDIT)
def create() -> Response:
    """Add a link."""
    demand(EDIT)
    form = LinkForm()
    if not form.validate():
        return _page(form, 422)
    try:
        entity, details = form.to_entity(), form.to_details()
        with transaction() as db:
            resolver_edit.add(db, entity, details, now=clock.now(), actor_id=actor_id())
    except (gs1.InvalidGtin, gs1.InvalidGln):
        form.number.errors = [_("The number is not complete, or its check digit is wrong.")]
        return _page(form, 422)
    except gs1.MalformedLink as error:
        form.form_errors.append(_(REASONS[error.reason]))
        return _page(form, 422)
    except DomainError as error:
        form.form_errors.append(message_of(error))
        return _page(form, status_of(error))
    flash(_("The link is added. It leads there from now on, or from its first day."), "ok")
    return see_other(url_for("resolver_links.index", q=entity.value))


@bp.post("/<uuid:link_id>/ket-thuc")
@requires(EDIT)
def end(link_id: UUID) -> Response:
    """End a link."""
    demand(EDIT)
    with transaction() as db:
        resolver_edit.end(db, link_id, now=clock.now(), actor_id=actor_id())
    flash(_("The link has ended."), "ok")
    return see_other(url_for("resolver_links.index"))

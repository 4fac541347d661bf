"""New versions of policies, for staff."""

from datetime import date
from typing import Any

from flask import Blueprint, flash, make_response, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import DateField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from app.accounts.access import Permission
from app.accounts.guards import actor_id, demand, requires
from app.content import policies
from app.content.models import PolicyKind
from app.content.policies import Draft, NoSuchVersion
from app.content.samples import KINDS, SLUGS
from app.core import clock
from app.core.db import transaction
from app.core.errors import DomainError
from app.core.forms import Form
from app.core.web import message_of, read_session, see_other, status_of

bp = Blueprint("policies_desk", __name__)

P = Permission
MAX_BODY = 40_000


class VersionForm(Form):
    """A version: from when, the texts, and what is different."""

    valid_from = DateField(_l("In force from"), validators=[InputRequired(_l("Enter a day."))])
    body_vi = TextAreaField(
        _l("Vietnamese text (Markdown)"),
        validators=[InputRequired(_l("Please write the Vietnamese text.")), Length(max=MAX_BODY)],
    )
    body_en = TextAreaField(
        _l("English text (Markdown)"), validators=[Optional(), Length(max=MAX_BODY)]
    )
    change_vi = TextAreaField(_l("What is different"), validators=[Optional(), Length(max=1_000)])

    def to_draft(self) -> Draft:
        """The texts."""
        return Draft(self.body_vi.data, self.body_en.data or None, self.change_vi.data or None)


@bp.get("/chinh-sach")
@requires(P.CONTENT_EDIT)
def index() -> str:
    """All policies with their newest version."""
    demand(P.CONTENT_EDIT)
    found = {kind: policies.history(read_session(), kind) for kind in PolicyKind}
    return render_template("content/policy_desk.html", found=found, slugs=SLUGS)


@bp.get("/chinh-sach/<slug>")
@requires(P.CONTENT_EDIT)
def new(slug: str) -> str:
    """Write the next version, beginning with the newest."""
    demand(P.CONTENT_EDIT)
    terms, known = policies.history(read_session(), _kind(slug)), {}
    if terms:
        last = terms[-1].version
        known = {"body_vi": last.body_vi, "body_en": last.body_en or ""}
    return _form(slug, VersionForm(valid_from=_today(), **known))


@bp.post("/chinh-sach/<slug>")
@requires(P.CONTENT_EDIT)
def publish(slug: str) -> Response:
    """Publish it; a version is never changed afterwards."""
    demand(P.CONTENT_EDIT)
    kind, form, status = _kind(slug), VersionForm(), 422
    if form.validate():
        who: dict[str, Any] = {"actor_id": actor_id(), "now": clock.now(), "today": _today()}
        try:
            with transaction() as db:
                policies.publish(db, kind, form.to_draft(), form.valid_from.data, **who)
            flash(_("The version is published."), "ok")
            return see_other(url_for("policies_desk.index"))
        except DomainError as error:
            form.form_errors.append(message_of(error))
            status = status_of(error)
    return make_response(_form(slug, form), status)


def _form(slug: str, form: VersionForm) -> str:
    return render_template("content/policy_form.html", kind=_kind(slug), slug=slug, form=form)


def _kind(slug: str) -> PolicyKind:
    if slug not in KINDS:
        raise NoSuchVersion
    return KINDS[slug]


def _today() -> date:
    return clock.local_day(clock.now())

"""Connections to other programs: the overview, and tokens."""

import secrets
from uuid import UUID

from flask import Blueprint, flash, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts import scopes
from app.accounts.access import Permission
from app.accounts.guards import actor_id, demand, requires
from app.api import deliveries, tokens, webhooks
from app.api.forms import TokenForm
from app.api.models import Scope
from app.core import clock
from app.core.db import transaction
from app.core.web import read_session, see_other

bp = Blueprint("connections", __name__)

EDIT = Permission.API_EDIT


@bp.get("/ket-noi")
@requires(EDIT)
def index() -> str:
    """Tokens, webhooks, and what did not arrive."""
    demand(EDIT)
    now = clock.now()
    return render_template(
        "api/index.html",
        tokens=tokens.listing(read_session()),
        webhooks=webhooks.listing(read_session()),
        dead=deliveries.to_look_at(read_session(), now),
        today=clock.local_day(now),
        holds=tokens.holds,
        scope_names=scopes.names(read_session()),
    )


@bp.get("/ket-noi/ma-truy-cap/moi")
@requires(EDIT)
def new_token() -> str:
    """The form for a new token."""
    demand(EDIT)
    return _form(TokenForm(reach="*", scopes=[Scope.CATALOGUE.value]))


@bp.post("/ket-noi/ma-truy-cap/moi")
@requires(EDIT)
def make_token() -> ResponseReturnValue:
    """Make a token and show it, this once."""
    demand(EDIT)
    form = TokenForm()
    if not form.validate():
        return _form(form), 422
    with transaction() as session:
        token, text = tokens.issue(
            session,
            form.asked(),
            now=clock.now(),
            actor_id=actor_id(),
            randomness=secrets.token_bytes,
        )
    return render_template("api/token_made.html", token=token, text=text)


@bp.post("/ket-noi/ma-truy-cap/<uuid:token_id>/thu-hoi")
@requires(EDIT)
def revoke_token(token_id: UUID) -> ResponseReturnValue:
    """Close a token."""
    demand(EDIT)
    with transaction() as session:
        tokens.revoke(session, token_id, now=clock.now(), actor_id=actor_id())
    flash(_("The token opens nothing any more."), "ok")
    return see_other(url_for("connections.index"))


def _form(form: TokenForm) -> str:
    names = scopes.names(read_session())
    return render_template("api/new_token.html", form=form, scope_names=names)

"""Webhooks as staff keep them: adding, switching off, secrets, tests, and the log of deliveries."""

import secrets
from uuid import UUID

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.access import Permission
from app.accounts.guards import actor_id, demand, requires
from app.api import deliveries, webhooks
from app.api.forms import WebhookForm
from app.api.models import Webhook
from app.core import clock
from app.core.db import transaction
from app.core.errors import DomainError
from app.core.paging import page_number
from app.core.web import message_of, read_session, see_other, settings

bp = Blueprint("webhooks", __name__)

EDIT = Permission.API_EDIT


@bp.get("/ket-noi/webhook/moi")
@requires(EDIT)
def new() -> str:
    """The form for a new webhook."""
    demand(EDIT)
    return render_template("api/new_webhook.html", form=WebhookForm())


@bp.post("/ket-noi/webhook/moi")
@requires(EDIT)
def make() -> ResponseReturnValue:
    """Add a webhook and show its secret, this once."""
    demand(EDIT)
    form = WebhookForm()
    if not form.validate():
        return render_template("api/new_webhook.html", form=form), 422
    with transaction() as session:
        webhook = webhooks.add(session, form.asked(), now=clock.now(), actor_id=actor_id())
    return _secret(webhook)


@bp.get("/ket-noi/webhook/<uuid:webhook_id>")
@requires(EDIT)
def show(webhook_id: UUID) -> str:
    """One webhook with what was told to it and how it went."""
    demand(EDIT)
    number = page_number(request.args.get("page"))
    return render_template(
        "api/webhook.html",
        webhook=webhooks.get(read_session(), webhook_id),
        page=deliveries.log_of(read_session(), webhook_id, number),
    )


@bp.post("/ket-noi/webhook/<uuid:webhook_id>/khoa-moi")
@requires(EDIT)
def renew(webhook_id: UUID) -> ResponseReturnValue:
    """Another secret, shown this once."""
    demand(EDIT)
    with transaction() as session:
        now, actor = clock.now(), actor_id()
        webhook = webhooks.renew_secret(session, webhook_id, now=now, actor_id=actor)
    return _secret(webhook)


@bp.post("/ket-noi/webhook/<uuid:webhook_id>/bat-tat")
@requires(EDIT)
def switch(webhook_id: UUID) -> ResponseReturnValue:
    """Stop telling it, or go on."""
    demand(EDIT)
    on = request.form.get("on") == "1"
    with transaction() as session:
        webhooks.switch(session, webhook_id, on, now=clock.now(), actor_id=actor_id())
    flash(_("It is told from now on.") if on else _("It is not told any more."), "ok")
    return see_other(url_for("webhooks.show", webhook_id=webhook_id))


@bp.post("/ket-noi/webhook/<uuid:webhook_id>/thu")
@requires(EDIT)
def try_out(webhook_id: UUID) -> ResponseReturnValue:
    """Send it a test event."""
    demand(EDIT)
    with transaction() as session:
        webhook = webhooks.get(session, webhook_id)
        random = secrets.token_bytes
        deliveries.send_test(session, webhook, now=clock.now(), randomness=random)
    flash(_("A test is on its way; reload this page in a moment."), "ok")
    return see_other(url_for("webhooks.show", webhook_id=webhook_id))


@bp.post("/ket-noi/lan-gui/<uuid:delivery_id>/gui-lai")
@requires(EDIT)
def resend(delivery_id: UUID) -> ResponseReturnValue:
    """Try again what was given up."""
    demand(EDIT)
    try:
        with transaction() as session:
            webhook_id = deliveries.resend(session, delivery_id, now=clock.now()).webhook_id
    except deliveries.StillTrying as error:
        return _back(error)
    flash(_("It will be tried again now."), "ok")
    return see_other(url_for("webhooks.show", webhook_id=webhook_id))


def _back(error: DomainError) -> ResponseReturnValue:
    flash(message_of(error), "warn")
    return see_other(url_for("connections.index"))


def _secret(webhook: Webhook) -> str:
    secret = webhooks.secret_of(webhook, settings().secret_key)
    return render_template("api/secret.html", webhook=webhook, secret=secret)

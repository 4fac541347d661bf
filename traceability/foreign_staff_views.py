"""Taking over serials of others: send a table, see what would happen, then say yes."""

import hashlib
from collections import Counter
from pathlib import Path
from uuid import UUID

from flask import Blueprint, flash, make_response, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.accounts.access import Permission
from app.accounts.guards import actor_id, requires
from app.core import clock
from app.core.db import transaction
from app.core.errors import DomainError
from app.core.forms import MAX_TEXT
from app.core.web import message_of, read_session, see_other, settings, status_of
from catalog import files, products, sheet
from catalog.models import Sku
from traceability import foreign
from traceability.foreign import Judged, RowResult

bp = Blueprint("foreign", __name__)

P = Permission
SHOWN = 300


def _folder() -> Path:
    return Path(settings().instance_dir) / "foreign-serials"


@bp.get("")
@requires(P.STAMP_APPROVE)
def start() -> str:
    """Ask for the table."""
    return _start(None)


def _start(error: str | None) -> str:
    return render_template(
        "traceability/foreign.html", error=error, columns=foreign.COLUMNS, most=sheet.MAX_ROWS
    )


@bp.post("")
@requires(P.STAMP_APPROVE)
def send() -> Response:
    """Keep the table and show what it would do."""
    sent, code = request.files.get("file"), request.form.get("article", "").strip()
    source = request.form.get("source", "").replace("\0", "").strip()[:MAX_TEXT]
    content = sent.read() if sent else b""
    sku = products.sku_by_code(read_session(), code)
    if not content or not source or sku is None:
        error = _("Choose an article and a file, and say who issued the serials.")
        return make_response(_start(error), 422)
    try:
        foreign.read(content)
    except DomainError as error:
        return make_response(_start(message_of(error)), status_of(error))
    name = hashlib.sha256(content).hexdigest()
    files.write_once(files.path_of(_folder(), name), content)
    return see_other(url_for("foreign.judge", sku_id=sku.id, name=name, source=source))


@bp.get("/<uuid:sku_id>/<name>")
@requires(P.STAMP_APPROVE)
def judge(sku_id: UUID, name: str) -> str:
    """What taking over this table would do; nothing is changed by looking."""
    with transaction() as session:
        judged = _take(session, sku_id, name)
        session.rollback()
    return _report(sku_id, name, judged, done=False)


@bp.post("/<uuid:sku_id>/<name>")
@requires(P.STAMP_APPROVE)
def take(sku_id: UUID, name: str) -> Response:
    """Take the table over; sent twice it changes nothing more."""
    with transaction() as session:
        judged = _take(session, sku_id, name)
    taken = Counter(row.result for row in judged)[RowResult.TAKEN]
    flash(_("%(n)s serials were taken over.", n=taken), "ok")
    return make_response(_report(sku_id, name, judged, done=True))


def _take(session: Session, sku_id: UUID, name: str) -> list[Judged]:
    sku = session.scalar(select(Sku).filter_by(id=sku_id))
    if sku is None:
        raise products.UnknownSku
    rows = foreign.read(files.read(_folder(), name))
    source = request.args.get("source", "").replace("\0", "").strip()[:MAX_TEXT] or "?"
    return foreign.take(session, sku, source, rows, now=clock.now(), actor_id=actor_id())


def _report(sku_id: UUID, name: str, judged: list[Judged], *, done: bool) -> str:
    return render_template(
        "traceability/foreign_report.html",
        sku_id=sku_id,
        name=name,
        source=request.args.get("source", ""),
        rows=judged[:SHOWN],
        total=len(judged),
        counts=Counter(row.result for row in judged),
        results=list(RowResult),
        done=done,
    )

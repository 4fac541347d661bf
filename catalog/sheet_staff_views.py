"""Taking over a table of products: send it, see what would happen, then say yes."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from uuid import uuid4

from flask import Blueprint, flash, make_response, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.access import Permission
from app.accounts.guards import actor_id, demand, requires
from app.core import clock, operations
from app.core.db import transaction
from app.core.errors import DomainError
from app.core.types import Json
from app.core.web import message_of, see_other, settings, status_of
from catalog import files, sheet, sheet_import, tables
from catalog.sheet_import import COLUMNS, NEEDED, Judged, Verdict

bp = Blueprint("sheets", __name__)

P = Permission
KIND = "product.sheet"


def _folder() -> Path:
    return Path(settings().instance_dir) / "sheets"


@bp.get("/san-pham/nhap")
@requires(P.CATALOG_EDIT)
def start() -> str:
    """Ask for the table."""
    demand(P.CATALOG_EDIT)
    return _start(None)


def _start(error: str | None) -> str:
    return render_template(
        "catalog/sheet_start.html", columns=COLUMNS, needed=NEEDED, most=sheet.MAX_ROWS, error=error
    )


@bp.get("/san-pham/nhap/mau.xlsx")
@requires(P.CATALOG_EDIT)
def template() -> Response:
    """An empty table with the right heading."""
    demand(P.CATALOG_EDIT)
    response = make_response(tables.to_xlsx("SanPham", list(COLUMNS), []))
    response.mimetype = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    response.headers["Content-Disposition"] = 'attachment; filename="phohien-san-pham.xlsx"'
    return response


@bp.post("/san-pham/nhap")
@requires(P.CATALOG_EDIT)
def send() -> Response:
    """Keep the table and show what it would do."""
    demand(P.CATALOG_EDIT)
    sent = request.files.get("file")
    content = sent.read() if sent else b""
    if not content:
        return make_response(_start(_("Choose a file first.")), 422)
    try:
        sheet.read(content, NEEDED)
    except DomainError as error:
        return make_response(_start(message_of(error)), status_of(error))
    name = hashlib.sha256(content).hexdigest()
    files.write_once(files.path_of(_folder(), name), content)
    return see_other(url_for("sheets.judge", name=name))


@bp.get("/san-pham/nhap/<name>")
@requires(P.CATALOG_EDIT)
def judge(name: str) -> str:
    """What taking over this table would do; nothing is changed by looking."""
    demand(P.CATALOG_EDIT)
    rows = _rows(name)
    with transaction() as db:
        judged = sheet_import.take(db, rows, now=clock.now(), actor_id=actor_id())
        db.rollback()
    return _report(name, judged, done=False)


@bp.post("/san-pham/nhap/<name>")
@requires(P.CATALOG_EDIT)
def take(name: str) -> Response:
    """Take the table over; the same form sent twice does it once."""
    demand(P.CATALOG_EDIT)
    rows, now, who = _rows(name), clock.now(), actor_id()

    def effect(_operation: object) -> Json:
        return sheet_import.as_json(sheet_import.take(db, rows, now=now, actor_id=who))

    with transaction() as db:
        key = request.form.get("key", "")
        done = operations.once(db, kind=KIND, key=key, body=name, now=now, effect=effect)
    judged = sheet_import.from_json(done.result)
    flash(_("The table was taken over."), "ok")
    return make_response(_report(name, judged, done=True))


def _rows(name: str) -> list[sheet.Row]:
    return sheet.read(files.read(_folder(), name), NEEDED)


def _report(name: str, judged: Sequence[Judged], *, done: bool) -> str:
    return render_template(
        "catalog/sheet_report.html",
        name=name,
        rows=[(row, Verdict.parse(row.verdict), _why(row)) for row in judged],
        counts=[(v, n) for v, n in Counter(Verdict.parse(r.verdict) for r in judged).items()],
        done=done,
        key=str(uuid4()),
    )


def _why(row: Judged) -> str | None:
    if row.why is None:
        return ", ".join(row.changes) or None
    params = {k: _(v) if isinstance(v, str) and v else v for k, v in (row.params or {}).items()}
    return str(_(row.why, **params))

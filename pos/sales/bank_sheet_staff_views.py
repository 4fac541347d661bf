"""Taking over a bank statement: send it, see what would happen, then say yes."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from uuid import uuid4

from flask import Blueprint, flash, make_response, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.access import Permission
from app.accounts.guards import demand, requires
from app.core import clock, operations
from app.core.db import transaction
from app.core.errors import DomainError
from app.core.types import Json
from app.core.web import message_of, see_other, settings, status_of
from catalog import files, sheet
from pos.sales import bank_sheet
from pos.sales.bank_sheet import COLUMNS, NEEDED, Judged, RowVerdict

bp = Blueprint("statements", __name__)

P = Permission
KIND = "bank.statement"


def _folder() -> Path:
    return Path(settings().instance_dir) / "statements"


@bp.get("/tien-ve/sao-ke")
@requires(P.PAYMENT_EDIT)
def start() -> str:
    """Ask for the statement."""
    demand(P.PAYMENT_EDIT)
    return _start(None)


def _start(error: str | None) -> str:
    return render_template(
        "pos/sales/bank_sheet.html",
        columns=COLUMNS,
        needed=NEEDED,
        most=sheet.MAX_ROWS,
        error=error,
    )


@bp.post("/tien-ve/sao-ke")
@requires(P.PAYMENT_EDIT)
def send() -> Response:
    """Keep the statement and show what it would do."""
    demand(P.PAYMENT_EDIT)
    sent = request.files.get("file")
    content = sent.read() if sent else b""
    if not content:
        return make_response(_start(_("Choose a file first.")), 422)
    try:
        bank_sheet.read(content)
    except DomainError as error:
        return make_response(_start(message_of(error)), status_of(error))
    name = hashlib.sha256(content).hexdigest()
    files.write_once(files.path_of(_folder(), name), content)
    return see_other(url_for("statements.judge", name=name))


@bp.get("/tien-ve/sao-ke/<name>")
@requires(P.PAYMENT_EDIT)
def judge(name: str) -> str:
    """What taking over this statement would do; nothing is changed by looking."""
    demand(P.PAYMENT_EDIT)
    rows = _rows(name)
    with transaction() as db:
        judged = bank_sheet.take(db, rows, now=clock.now())
        db.rollback()
    return _report(name, judged, done=False)


@bp.post("/tien-ve/sao-ke/<name>")
@requires(P.PAYMENT_EDIT)
def take(name: str) -> Response:
    """Take the statement over; the same form sent twice does it once."""
    demand(P.PAYMENT_EDIT)
    rows, now = _rows(name), clock.now()

    def effect(_operation: object) -> Json:
        return bank_sheet.as_json(bank_sheet.take(db, rows, now=now))

    with transaction() as db:
        key = request.form.get("key", "")
        done = operations.once(db, kind=KIND, key=key, body=name, now=now, effect=effect)
    flash(_("The statement was taken over."), "ok")
    return make_response(_report(name, bank_sheet.from_json(done.result), done=True))


def _rows(name: str) -> list[sheet.Row]:
    return bank_sheet.read(files.read(_folder(), name))


def _report(name: str, judged: Sequence[Judged], *, done: bool) -> str:
    verdicts = [RowVerdict.parse(row.verdict) for row in judged]
    return render_template(
        "pos/sales/bank_report.html",
        name=name,
        rows=list(zip(judged, verdicts, strict=True)),
        counts=list(Counter(verdicts).items()),
        done=done,
        key=str(uuid4()),
    )

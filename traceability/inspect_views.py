"""The inspector's page: works on a phone without network; reports come home when there is one."""

import hashlib
import json
import os
from pathlib import Path

from flask import Blueprint, Response, current_app, make_response, render_template, request, url_for
from flask_babel import gettext as _
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from app.core import clock
from app.core.db import transaction
from app.core.errors import Rejected
from app.core.forgery import signed_by_sender
from app.core.text import N_
from app.core.web import language, read_session, settings
from traceability import doubts, inspection, inspection_reports, scans
from traceability.inspect_texts import inspect_texts

bp = Blueprint("inspect", __name__)

MOST_BODY = 20_000


class BadReport(Rejected):
    """The report has another form."""

    code = "bad_inspection_report"
    message = N_("This report cannot be read.")


class Report(BaseModel):
    """What the phone sends; `key` makes a repetition harmless."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    key: str = Field(pattern="^[0-9a-f-]{36}$")
    bearer: str = Field(alias="pass", max_length=120)
    code: str = Field(min_length=1, max_length=100, pattern=r"^[^\x00]+$")
    text: str = Field(min_length=1, max_length=2_000, pattern=r"^[^\x00]+$")
    where: str = Field(max_length=200, pattern=r"^[^\x00]*$")
    at: str = Field(pattern=r"^\d{4}-\d\d-\d\dT[0-9:.]{8,15}Z$")


@bp.get("/kiem-tra")
def page() -> str:
    """The page; everything on it is done by its script, from the file that was taken along."""
    return render_template(
        "traceability/inspect.html",
        texts=inspect_texts(),
        public_key=inspection.public_key(settings().anchor_key),
    )


@bp.get("/kiem-tra.js")
def worker() -> Response:
    """The script that keeps the page on the phone, with the files that belong to it."""
    asset = current_app.jinja_env.globals["asset"]
    files = [
        url_for("inspect.page"),
        asset("plain.css"),  # type: ignore[operator]
        asset("inspect.js"),  # type: ignore[operator]
        url_for("static", filename="img/logo.svg"),
    ]
    # Names of files change with their content, and so does the store that they lie in.
    digest = hashlib.sha256("".join(files).encode()).hexdigest()
    name = f"kiem-tra-{digest[:12]}"
    source = Path(str(current_app.static_folder)) / "js" / "inspect" / "worker.js"
    head = f"const NAME = {json.dumps(name)};\nconst FILES = {json.dumps(files)};\n"
    answer = make_response(head + source.read_text(encoding="utf-8"))
    answer.headers["Content-Type"] = "text/javascript; charset=utf-8"
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@bp.post("/kiem-tra/bao-cao")
@signed_by_sender
def report() -> Response:
    """Keep a report as a doubt; sent again, it is the same one.

    No session is used: the pass inside the bundle says who reports.
    """
    said = _read()
    now, config = clock.now(), settings()
    day = clock.local_day(now)
    officer = inspection_reports.holder(read_session(), config.secret_key, said.bearer, day)
    verdict = scans.look_up(
        read_session(), said.code, day=day, now=now, keys=config.stamp_keys, sighting=None
    )
    note = _("Inspection by %(name)s at %(at)s", name=officer.name, at=said.at)
    told = doubts.Told(
        key=f"inspection:{said.key}",
        code=said.code,
        text=f"{said.text}\n{note}",
        where=said.where or None,
        contact=officer.email,
        language=language(),
    )
    with transaction() as session:
        made = doubts.tell(
            session, told, verdict.kind, verdict.stamp, (), now=now, randomness=os.urandom
        )
        return make_response({"ref": made.ref})


def _read() -> Report:
    if request.mimetype != "application/json" or (request.content_length or 0) > MOST_BODY:
        raise BadReport
    try:
        return Report.model_validate_json(request.get_data())
    except ValidationError as error:
        raise BadReport from error

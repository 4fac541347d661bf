"""What a consumer can add to a scan: a doubt, and about where it was."""

import os
import secrets
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, flash, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response

from app.accounts.guards import count_try
from app.areas.centres import centres
from app.areas.models import SINCE_2025, AreaUnit
from app.core import clock
from app.core.db import transaction
from app.core.errors import DomainError
from app.core.web import language, message_of, read_session, see_other, settings, status_of
from catalog import files, photo_files
from catalog.photo_files import Picture
from traceability import (
    cells,
    doubts,
    guarding,
    guessing,
    issued,
    looking,
    pins,
    scans,
    serials,
    telling_where,
)
from traceability.page_forms import DoubtForm, PinForm, PlaceForm
from traceability.pins import PinResult
from traceability.scans import Verdict

bp = Blueprint("stamp_page", __name__)
bp.register_error_handler(guessing.TooManyGuesses, guarding.slowed)

NO_CODE = "khac"  # in the address of a doubt about something without a readable code
MAX_BODY = doubts.MOST_PICTURES * files.MAX_BYTES + 256 * 1024


@bp.url_value_preprocessor
def allow_pictures(_endpoint: str | None, _values: object) -> None:
    """Take larger forms than elsewhere; runs before anything reads the form."""
    request.max_content_length = MAX_BODY


@bp.get("/tem/<code>/nghi-ngo")
def doubt_form(code: str) -> Response:
    """The form for whoever doubts a pack or its stamp."""
    form = DoubtForm(formdata=None)
    form.key.data = secrets.token_urlsafe(16)
    return _doubt_page(code, form)


@bp.post("/tem/<code>/nghi-ngo")
def doubt(code: str) -> Response:
    """Keep the doubt and show under which number it can be followed."""
    form = DoubtForm()
    if not form.validate() or form.website.data:
        return _doubt_page(code, form, 422)
    try:
        ref = _tell(code, form)
    except DomainError as error:
        form.form_errors.append(message_of(error))
        return _doubt_page(code, form, status_of(error))
    flash(_("Thank you. The programme office looks into it; the answer will stand here."), "ok")
    return see_other(url_for("stamp_page.doubt_answer", ref=ref))


def _tell(code: str, form: DoubtForm) -> str:
    count_try("doubt", f"guest {request.remote_addr}")
    pictures, verdict = _kept_pictures(), _verdict(code)
    told = form.to_told(code[:100], language())
    with transaction() as session:
        made = doubts.tell(
            session,
            told,
            verdict.kind,
            verdict.stamp,
            pictures,
            now=clock.now(),
            randomness=os.urandom,
        )
        return made.ref


def _verdict(code: str) -> Verdict:
    """What the page of the stamp says; asking for it here is no scan."""
    now, keys = clock.now(), settings().stamp_keys
    day = clock.local_day(now)
    return scans.look_up(read_session(), code, day=day, now=now, keys=keys, sighting=None)


def _kept_pictures() -> list[Picture]:
    """The pictures of the form, judged by their content and written to disk."""
    sent = [file for file in request.files.getlist("pictures") if file.filename]
    if len(sent) > doubts.MOST_PICTURES:
        raise doubts.TooManyPictures(most=doubts.MOST_PICTURES)
    judged = [photo_files.judge(file.stream.read(files.MAX_BYTES + 1)) for file in sent]
    for picture in judged:
        files.keep(settings().instance_dir / doubts.FOLDER, picture.accepted)
    return judged


def _doubt_page(code: str, form: DoubtForm, status: int = 200) -> Response:
    serial = serials.parse_typed(code)
    shown = serials.grouped(serial) if serial else None if code == NO_CODE else code[:40]
    page = render_template("traceability/doubt_form.html", form=form, code=code, shown=shown)
    return make_response(page, status)


@bp.get("/nghi-ngo")
def find_doubt() -> ResponseReturnValue:
    """Find a report by its number."""
    text = request.args.get("so", "").replace("\0", "").strip()[:40]
    if text:
        return see_other(url_for("stamp_page.doubt_answer", ref=text))
    return render_template("traceability/doubt_find.html")


@bp.get("/nghi-ngo/<ref>")
def doubt_answer(ref: str) -> Response:
    """How far a report is; what was reported stays with the office."""
    found = doubts.by_ref(read_session(), ref)
    response = make_response(render_template("traceability/doubt_answer.html", doubt=found))
    response.headers["Cache-Control"] = "private, no-store"
    return response


@bp.get("/tem/<code>/ma-cao")
def pin_form(code: str) -> Response:
    """The form for the code that is scratched free."""
    return _pin_page(code, PinForm(formdata=None))


@bp.post("/tem/<code>/ma-cao")
def pin(code: str) -> Response:
    """Compare the code that was scratched free; the address never holds it."""
    form, unknown = PinForm(), guarding.admitted()
    if not form.validate():
        return _pin_page(code, form, status=422)
    now, keys = clock.now(), settings().stamp_keys
    with transaction() as session:
        serial = serials.parse_typed(code)
        stamp = issued.find(session, serial, keys) if serial else None
        if stamp is not None:
            before = pins.passed_at(session, stamp)
            found = pins.check_pin(session, stamp, str(form.pin.data), now, keys=keys)
            answer = Answer(found, before, pins.tries_left(session, stamp))
    if stamp is None:
        unknown()
        raise issued.UnknownStamp
    return _pin_page(code, PinForm(formdata=None), answer, PIN_STATUS[answer.result])


PIN_STATUS = {
    PinResult.RIGHT: 200,
    PinResult.NONE: 404,
    PinResult.WRONG: 422,
    PinResult.LOCKED: 429,
}


@dataclass(frozen=True)
class Answer:
    """What a code was worth, when the right one was typed before, and how many tries are left."""

    result: PinResult
    before: datetime | None
    left: int


def _pin_page(
    code: str, form: PinForm, answer: Answer | None = None, status: int = 200
) -> Response:
    page = render_template("traceability/pin_form.html", form=form, code=code, answer=answer)
    response = make_response(page, status)
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.get("/tem/<code>/noi")
def place_form(code: str) -> Response:
    """The form that asks about where the stamp was scanned."""
    form = PlaceForm(_communes(), formdata=None)
    form.scan.data = request.args.get("scan", "")
    return _place_page(code, form)


@bp.post("/tem/<code>/noi")
def place(code: str) -> Response:
    """Note the area of the scan."""
    form = PlaceForm(_communes())
    try:
        scan = looking.scan_of(str(form.scan.data))
        cell = _cell(form)
        if scan is None or not form.validate():
            raise telling_where.TooLateToTell
        if cell is None:
            form.form_errors.append(_("Choose a commune, or let the phone say where it is."))
            return _place_page(code, form, 422)
        with transaction() as session:
            telling_where.tell(session, scan, cell, now=clock.now())
    except DomainError as error:
        form.form_errors.append(message_of(error))
        return _place_page(code, form, status_of(error))
    flash(_("Thank you: that helps to find copies."), "ok")
    return see_other(url_for("stamp_page.thanks", code=code))


def _cell(form: PlaceForm) -> cells.Cell | None:
    if form.cell.data:
        return cells.read(str(form.cell.data))
    point = centres().get(str(form.commune.data or ""))
    return cells.cell_at(*point) if point else None


def _place_page(code: str, form: PlaceForm, status: int = 200) -> Response:
    return make_response(
        render_template("traceability/place_form.html", form=form, code=code), status
    )


@bp.get("/tem/<code>/cam-on")
def thanks(code: str) -> str:
    """Where the consumer goes on; the page of the stamp itself would count as another scan."""
    return render_template("traceability/place_thanks.html", code=code)


def _communes() -> list[tuple[str, str]]:
    query = select(AreaUnit.code, AreaUnit.full_name).where(
        AreaUnit.snapshot == SINCE_2025, AreaUnit.code.in_(list(centres()))
    )
    rows = read_session().execute(query.order_by(AreaUnit.sort_key)).all()
    return [(code, name) for code, name in rows]

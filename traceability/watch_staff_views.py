"""Scans, cases of likely copies, and doubts of consumers, for the programme office."""

from dataclasses import asdict
from uuid import UUID

from flask import Blueprint, flash, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.access import Permission
from app.accounts.guards import actor_id, requires
from app.areas.places_map import province
from app.core import clock
from app.core.db import transaction
from app.core.paging import page_number
from app.core.web import private_file, read_session, see_other, settings
from catalog import files
from traceability import cases, cells, doubts, issued, scan_figures, serials, thresholds
from traceability.clones import Rule
from traceability.scan_models import CaseKind, CaseStatus, DoubtPhoto, DoubtStatus, StampCase
from traceability.scans import VerdictKind
from traceability.watch_forms import AnswerDoubtForm, CaseForm, LimitsForm

bp = Blueprint("watch", __name__)

P = Permission


@bp.get("")
@requires(P.STAMP_APPROVE)
def index() -> str:
    """Figures of the last days, the map, and cases to be looked into."""
    session, now = read_session(), clock.now()
    status = next((one for one in CaseStatus if one.value == request.args.get("status")), None)
    kind = next((one for one in CaseKind if one.value == request.args.get("kind")), None)
    number = page_number(request.args.get("page"))
    return render_template(
        "traceability/watch.html",
        figures=scan_figures.figures(session, now=now),
        page=scan_figures.case_page(session, status, kind, number),
        waiting=scan_figures.waiting(session),
        status=status,
        kind=kind,
        statuses=list(CaseStatus),
        kinds=list(CaseKind),
        map=province(),
        rules={rule.value: rule for rule in Rule},
    )


@bp.get("/<uuid:case_id>")
@requires(P.STAMP_APPROVE)
def show(case_id: UUID) -> Response:
    """One case: what was counted, the scans, and what to do."""
    case = cases.get(read_session(), case_id)
    return _case_page(case, CaseForm(_moves(case), formdata=None))


@bp.post("/<uuid:case_id>/buoc")
@requires(P.STAMP_APPROVE)
def move(case_id: UUID) -> Response:
    """Go on with a case."""
    case = cases.get(read_session(), case_id)
    form = CaseForm(_moves(case))
    if not form.validate():
        return _case_page(case, form, 422)
    with transaction() as session:
        here = cases.get(session, case_id)
        to, note = form.to_status(), form.note.data
        cases.move(session, here, to, note=note, now=clock.now(), actor_id=actor_id())
    flash(_("Noted."), "ok")
    return see_other(url_for("watch.show", case_id=case_id))


def _moves(case: StampCase) -> list[CaseStatus]:
    return sorted(cases.CASE_MOVES.allowed(case.status), key=list(CaseStatus).index)


def _case_page(case: StampCase, form: CaseForm, status: int = 200) -> Response:
    session = read_session()
    seen = cases.scans_of(session, case.batch_id, case.number) if case.number is not None else []
    page = render_template(
        "traceability/watch_case.html",
        case=case,
        form=form,
        moves=_moves(case),
        seen=list(reversed(seen)),
        serial=_serial(case),
        spot=scan_figures.spot(cell, 0, 0) if (cell := cells.read(case.cell or "")) else None,
        map=province(),
        rules={rule.value: rule for rule in Rule},
    )
    return make_response(page, status)


def _serial(case: StampCase) -> str | None:
    if case.number is None:
        return None
    urls = issued.stamp_urls(settings().base_url, case.batch, case.number, 1, settings().stamp_keys)
    return serials.grouped(next(urls)[1])


@bp.get("/nguong")
@requires(P.STAMP_APPROVE)
def limits() -> Response:
    """The limits of the rules."""
    form = LimitsForm(formdata=None, data=asdict(thresholds.current(read_session())))
    return make_response(render_template("traceability/watch_limits.html", form=form))


@bp.post("/nguong")
@requires(P.STAMP_APPROVE)
def set_limits() -> Response:
    """Change limits."""
    form = LimitsForm()
    if not form.validate():
        return make_response(render_template("traceability/watch_limits.html", form=form), 422)
    with transaction() as session:
        thresholds.change(session, form.to_values(), now=clock.now(), actor_id=actor_id())
    flash(_("Saved."), "ok")
    return see_other(url_for("watch.limits"))


@bp.get("/phan-anh")
@requires(P.STAMP_APPROVE)
def reports() -> str:
    """Doubts of consumers."""
    status = next((one for one in DoubtStatus if one.value == request.args.get("status")), None)
    page = scan_figures.doubt_page(read_session(), status, page_number(request.args.get("page")))
    return render_template(
        "traceability/watch_doubts.html", page=page, status=status, statuses=list(DoubtStatus)
    )


@bp.get("/phan-anh/<uuid:doubt_id>")
@requires(P.STAMP_APPROVE)
def report(doubt_id: UUID) -> Response:
    """One report."""
    return _report_page(doubt_id, AnswerDoubtForm(formdata=None))


def _report_page(doubt_id: UUID, form: AnswerDoubtForm, status: int = 200) -> Response:
    found = doubts.get(read_session(), doubt_id)
    said = VerdictKind.parse(found.verdict)
    page = render_template("traceability/watch_doubt.html", doubt=found, form=form, said=said)
    return make_response(page, status)


@bp.post("/phan-anh/<uuid:doubt_id>/nhan")
@requires(P.STAMP_APPROVE)
def take(doubt_id: UUID) -> ResponseReturnValue:
    """Begin to look into a report."""
    with transaction() as session:
        found = doubts.get(session, doubt_id)
        doubts.take(session, found, now=clock.now(), actor_id=actor_id())
    return see_other(url_for("watch.report", doubt_id=doubt_id))


@bp.post("/phan-anh/<uuid:doubt_id>/tra-loi")
@requires(P.STAMP_APPROVE)
def answer(doubt_id: UUID) -> ResponseReturnValue:
    """Answer a report."""
    form = AnswerDoubtForm()
    if not form.validate():
        return _report_page(doubt_id, form, 422)
    with transaction() as session:
        found, text = doubts.get(session, doubt_id), str(form.text.data)
        doubts.answer(session, found, text, now=clock.now(), actor_id=actor_id())
    flash(_("The answer can be read under the number of the report."), "ok")
    return see_other(url_for("watch.report", doubt_id=doubt_id))


@bp.get("/phan-anh/<uuid:doubt_id>/anh/<uuid:photo_id>")
@requires(P.STAMP_APPROVE)
def picture(doubt_id: UUID, photo_id: UUID) -> Response:
    """A picture of a report: never kept by others, and harmless even if it were none."""
    photo = read_session().get(DoubtPhoto, photo_id)
    if photo is None or photo.doubt_id != doubt_id:
        raise doubts.UnknownDoubt
    content = files.read(settings().instance_dir / doubts.FOLDER, photo.sha256)
    return private_file(content, photo.media_type)

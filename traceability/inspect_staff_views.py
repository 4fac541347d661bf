"""Officers choose the batches that they take along to an inspection."""

from uuid import UUID

from flask import Blueprint, Response, make_response, render_template, request
from flask.typing import ResponseReturnValue

from app.accounts.access import Permission
from app.accounts.guards import actor_id, requires
from app.core import clock
from app.core.db import transaction
from app.core.errors import Conflict, Rejected
from app.core.paging import page_number
from app.core.web import message_of, read_session, settings, status_of
from traceability import inspection, inspection_reports, listings
from traceability.models import BatchStatus

bp = Blueprint("inspections", __name__)

P = Permission


@bp.get("")
@requires(P.STAMP_APPROVE)
def index() -> ResponseReturnValue:
    """Delivered batches to choose from."""
    return _page()


def _page(trouble: str | None = None) -> str:
    text = request.values.get("q", "").strip()
    number = page_number(request.args.get("page"))
    page = listings.batch_page(read_session(), text, BatchStatus.DELIVERED, number, producers=None)
    return render_template(
        "traceability/inspections.html",
        page=page,
        q=text,
        most=inspection.MOST_BATCHES,
        trouble=trouble,
        ready=settings().anchor_key is not None,
    )


@bp.post("")
@requires(P.STAMP_APPROVE)
def take() -> ResponseReturnValue:
    """The chosen batches as a signed file."""
    try:
        return _file(request.form.getlist("batch", type=UUID))
    except (Conflict, Rejected) as error:
        return _page(message_of(error)), status_of(error)


def _file(chosen: list[UUID]) -> Response:
    config, now = settings(), clock.now()
    officer, day = actor_id(), clock.local_day(now)
    if config.anchor_key is None or officer is None:
        raise inspection.NoSigningKey
    with transaction() as session:
        content = inspection.bundle(
            session,
            chosen,
            config.stamp_keys,
            reporter=inspection_reports.issue(config.secret_key, officer, day),
            day=day,
            now=now,
            actor_id=officer,
        )
    answer = make_response(inspection.sealed(content, config.anchor_key))
    answer.headers["Content-Type"] = "application/json"
    name = f"kiem-tra-{day.isoformat()}.json"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer

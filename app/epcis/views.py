"""EPCIS 2.0 over HTTP: asking for events, sending them. What of the standard is here: docs/epcis.md."""

import re
from collections.abc import Sequence
from urllib.parse import unquote, urlencode
from uuid import UUID

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import HTTPException

from app.api.models import Scope
from app.core import clock
from app.core.db import transaction
from app.core.errors import DomainError
from app.core.types import Json
from app.core.web import read_session, settings
from app.epcis import capturing, delivering, querying, serving
from app.epcis.models import Capture
from app.epcis.querying import Question
from app.epcis.seeing import Viewer
from app.epcis.serving import asks, token_of, told
from traceability import epcis_document
from traceability.epcis_problems import SENTENCES
from traceability.epcis_reading import MOST_BYTES, refused
from traceability.resolver_answers import raw_path

bp = Blueprint("epcis", __name__)
bp.after_request(serving.versions)
bp.register_error_handler(DomainError, serving.refuse)
bp.register_error_handler(HTTPException, serving.stop)

_ONE = re.compile("/epcis/events/(.+)")
_EPC = re.compile("/epcis/epcs/(.+)/events")


@bp.get("/epcis/events")
@asks(Scope.EPCIS_READ, public=True)
def events(viewer: Viewer) -> Response:
    """Events in order of time, page by page."""
    return _page(viewer, querying.question(_given()))


@bp.get("/epcis/events/<path:event_id>", merge_slashes=False)
@asks(Scope.EPCIS_READ, public=True)
def event(viewer: Viewer, event_id: str) -> Response:
    """One event by its identifier."""
    session = read_session()
    row = querying.by_id(session, _from_path(_ONE), viewer)
    found = list(delivering.events(session, [row], settings().stamp_keys))
    return told(epcis_document.single(found[0]))


@bp.get("/epcis/epcs/<path:epc>/events", merge_slashes=False)
@asks(Scope.EPCIS_READ, public=True)
def events_of(viewer: Viewer, epc: str) -> Response:
    """Events that name one thing, lot or article."""
    given = _given() | {"MATCH_anyEPC": [_from_path(_EPC)]}
    return _page(viewer, querying.question(given))


def _given() -> dict[str, list[str]]:
    found = request.args.to_dict(flat=False)
    found.pop("lang", None)
    return found


def _from_path(pattern: re.Pattern[str]) -> str:
    """A URI inside the path, from the path as sent: its own escapes must not be undone twice."""
    found = pattern.fullmatch(raw_path())
    return unquote(found[1]) if found else ""


def _page(viewer: Viewer, asked: Question) -> Response:
    session, keys = read_session(), settings().stamp_keys
    found = querying.find(session, asked, viewer, keys)
    listed = list(delivering.events(session, found.rows, keys))
    response = told(epcis_document.query_document(listed, clock.now()))
    if found.token:
        args = _given() | {"nextPageToken": [found.token]}
        address = f"{settings().base_url}{raw_path()}?{urlencode(args, doseq=True)}"
        response.headers["Link"] = f'<{address}>; rel="next"'
        response.headers["GS1-Next-Page-Token-Expires"] = "never"
    return response


@bp.post("/epcis/capture")
@asks(Scope.EPCIS_WRITE)
def capture(viewer: Viewer) -> Response:
    """Take a document of another; each event gets its own answer."""
    if (request.content_length or 0) > MOST_BYTES:
        raise refused("too_large")
    behaviour = request.headers.get("GS1-Capture-Error-Behaviour", "rollback").lower()
    sender = capturing.Sender(token_of(viewer), clock.now(), behaviour != "proceed")
    with transaction() as session:
        made = capturing.capture(
            session, request.get_data(), request.mimetype, sender, settings().stamp_keys
        )
    response = told(_job(made), 202)
    response.headers["Location"] = url_for("epcis.captured", capture_id=made.id)
    return response


@bp.get("/epcis/capture/<uuid:capture_id>")
@asks(Scope.EPCIS_WRITE)
def captured(viewer: Viewer, capture_id: UUID) -> Response:
    """What became of a document that this token sent."""
    return told(_job(capturing.get(read_session(), capture_id, token_of(viewer))))


def _job(made: Capture) -> Json:
    """A capture job as the standard shows it, with what became of each event."""
    at = made.at.isoformat()
    answers: Sequence[Json] = made.answers["events"]
    return {
        "captureID": str(made.id),
        "createdAt": at,
        "finishedAt": at,
        "running": False,
        "success": made.success,
        "captureErrorBehaviour": "rollback" if made.rollback else "proceed",
        "errors": [_error(n, answer) for n, answer in enumerate(answers) if answer["problems"]],
        "events": [_explained(answer) for answer in answers],
    }


def _error(number: int, answer: Json) -> Json:
    said = [f"{problem['field']}: {_sentence(problem)}" for problem in answer["problems"]]
    return {
        "type": "epcisException:ValidationException",
        "title": f"eventList[{number}]",
        "status": 400,
        "detail": "; ".join(said),
        "instance": answer["eventID"],
    }


def _explained(answer: Json) -> Json:
    said = [problem | {"detail": _sentence(problem)} for problem in answer["problems"]]
    return answer | {"problems": said}


def _sentence(problem: Json) -> str:
    sentence = SENTENCES[problem["code"]]
    return str(_(sentence))

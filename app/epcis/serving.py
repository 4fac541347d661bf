"""The manners of EPCIS over HTTP: tokens, headers of versions, errors as problems.

Rules: EPCIS 2.0, REST bindings (headers `GS1-EPCIS-Version` and so on; problems of RFC 9457 with
types `epcisException:…`).
"""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import Response, abort, jsonify, request
from flask_babel import gettext as _
from werkzeug.exceptions import HTTPException

from app.api.models import Scope
from app.api.serving import admit
from app.core.errors import DomainError, Rejected, TooMany
from app.core.text import N_
from app.core.web import message_of, status_of
from app.epcis.querying import BadQuestion
from app.epcis.seeing import Viewer
from traceability.epcis_document import MEDIA_TYPE
from traceability.epcis_reading import MOST_BYTES, MOST_EVENTS, BadDocument

EPCIS, CBV = "2.0.0", "2.0.0"
PROBLEM = "application/problem+json"
_STATUS = {"content_type": 415, "too_large": 413}
_TYPES = {
    400: "ValidationException",
    401: "SecurityException",
    403: "SecurityException",
    404: "NoSuchResourceException",
    406: "NotAcceptableException",
    413: "CaptureLimitExceededException",
    415: "UnsupportedMediaTypeException",
    429: "QueryTooLargeException",
}

View = Callable[..., Response]


class OtherVersion(Rejected):
    """The caller speaks a version that is not spoken here."""

    code = "epcis_version"
    message = N_("Only EPCIS 2.0 is spoken here.")


def asks(scope: Scope, *, public: bool = False) -> Callable[[Callable[..., Response]], View]:
    """Make a view of a function that is handed who asks. Programs sign in by token alone."""

    def decorate(view: Callable[..., Response]) -> View:
        @wraps(view)
        def served(**path: Any) -> Response:
            caller = admit(scope, public=public)
            _check_version()
            return view(Viewer(caller.token_id, caller.reach if caller.token_id else ""), **path)

        # No session is used here, so nobody can be made to act by another site.
        served.signed_by_sender = True  # type: ignore[attr-defined]
        return served

    return decorate


def token_of(viewer: Viewer) -> UUID:
    """The token of a view that is closed to everyone else."""
    if viewer.token_id is None:
        abort(401)
    return viewer.token_id


def _check_version() -> None:
    wanted = request.headers.get("GS1-EPCIS-Version", EPCIS)
    if not wanted.startswith("2.0"):
        raise OtherVersion


def told(document: Any, status: int = 200) -> Response:
    """A document as the answer."""
    response = jsonify(document)
    response.status_code = status
    best = request.accept_mimetypes.best_match([MEDIA_TYPE, "application/json"], MEDIA_TYPE)
    response.mimetype = best
    response.vary.update(("Authorization", "Accept"))
    return response


def versions(response: Response) -> Response:
    """Headers that every answer has; to OPTIONS also how much is taken at once."""
    response.headers["GS1-EPCIS-Version"] = EPCIS
    response.headers["GS1-EPCIS-Min"] = response.headers["GS1-EPCIS-Max"] = EPCIS
    response.headers["GS1-CBV-Version"] = CBV
    response.headers["GS1-CBV-Min"] = response.headers["GS1-CBV-Max"] = CBV
    if request.method == "OPTIONS":
        response.headers["GS1-EPCIS-Capture-Limit"] = str(MOST_EVENTS)
        response.headers["GS1-EPCIS-Capture-File-Size-Limit"] = str(MOST_BYTES)
        response.headers["GS1-Capture-Error-Behaviour"] = "rollback, proceed"
    return response


def refuse(error: DomainError) -> Response:
    """A broken rule as a problem."""
    status = status_of(error)
    if isinstance(error, BadDocument):
        status = _STATUS.get((error.detail or {}).get("code", ""), 400)
    if isinstance(error, BadQuestion):
        status = 400
    if isinstance(error, OtherVersion):
        status = 406
    response = _problem(status, error.code, message_of(error), error.detail)
    if isinstance(error, TooMany) and isinstance(error.detail, dict):
        response.headers["Retry-After"] = str(error.detail.get("retry_after", 60))
    return response


def stop(error: HTTPException) -> Response:
    """An error of HTTP itself as a problem."""
    status = error.code or 500
    if status != 401:
        return _problem(status, f"http_{status}", HTTPStatus(status).phrase)
    said = _("Send a token that holds as “Authorization: Bearer …”.")
    response = _problem(401, "invalid_token", said)
    response.headers["WWW-Authenticate"] = 'Bearer error="invalid_token"'
    return response


def _problem(status: int, code: str, detail: str, more: Any = None) -> Response:
    kind = _TYPES.get(status, "ImplementationException")
    if code == BadQuestion.code:
        kind = "QueryParameterException"
    response = jsonify(
        type=f"epcisException:{kind}",
        title=HTTPStatus(status).phrase,
        status=status,
        detail=detail,
        code=code,
        errors=more,
    )
    response.status_code = status
    response.mimetype = PROBLEM
    return response

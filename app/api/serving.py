"""How an address of the API is served: token, rate, reading what is asked, writing the answer."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from http import HTTPStatus
from typing import Any, TypeVar, get_origin
from uuid import UUID

from flask import Response, abort, g, request
from flask_babel import gettext as _
from pydantic import BaseModel, ValidationError

from app.accounts import sign_in
from app.accounts.access import EVERYWHERE
from app.api import rates, schemas, tokens
from app.api.endpoints import ENDPOINTS, PREFIX, Endpoint
from app.api.models import ApiToken, Scope
from app.core import clock
from app.core.db import transaction
from app.core.errors import Forbidden, Rejected
from app.core.text import N_
from app.core.web import LANGUAGES, read_session, settings

B = TypeVar("B", bound=BaseModel)
PROBLEM = "application/problem+json"
MOST_BODY = 100_000


class NoScope(Forbidden):
    """The token is good, but not for this."""

    code = "insufficient_scope"
    message = N_("This token does not have the scope %(scope)s.")


class BadInput(Rejected):
    """Values that are missing, unknown or out of bounds; `detail` lists all of them."""

    code = "bad_input"
    message = N_("These values are missing or not possible: %(fields)s.")


@dataclass(frozen=True)
class Caller:
    """Who asks: the reach of the token, everywhere without one (then only what is public)."""

    reach: str = EVERYWHERE
    token_id: UUID | None = None


def serves(endpoint: Endpoint) -> Callable[[Callable[..., BaseModel]], Callable[..., Response]]:
    """Make a view of a function of (caller, query or body, parts of the path) that gives a shape."""

    def decorate(view: Callable[..., BaseModel]) -> Callable[..., Response]:
        @wraps(view)
        def served(**path: str) -> Response:
            caller = admit(endpoint.scope, public=endpoint.public)
            shape, given = endpoint.query, _query(endpoint.query)
            if endpoint.body is not None:
                shape, given = endpoint.body, _body()
            return _answer(view(caller, _read(shape, given), **path))

        # No session is used here, so nobody can be made to act by another site.
        served.signed_by_sender = True  # type: ignore[attr-defined]
        return served

    return decorate


def admit(scope: Scope, *, public: bool) -> Caller:
    """Who asks, counted. Raises `TooOften`, `NoScope`; answers 401 to a token that is none.

    `public`: whether one may ask without a token.
    """
    now, text = clock.now(), _token_text()
    token = tokens.find(read_session(), text, now=now) if text else None
    _count(token)
    if token is None:
        if text is not None or not public:
            abort(401)
        return Caller()
    if scope not in token.granted:
        raise NoScope(scope=scope.value)
    return Caller(token.reach, token.id)


def _count(token: ApiToken | None) -> None:
    now, most = clock.now(), rates.WITH_TOKEN if token else rates.WITHOUT_TOKEN
    limit = sign_in.Limit(most, settings().sign_in_window)
    who = str(token.id) if token else f"{settings().secret_key}:{request.remote_addr}"
    subject = sign_in.subject("api token" if token else "api client", who)
    rates.check(read_session(), subject, limit, now)
    with transaction() as session:
        rates.count(session, subject, limit, now)
        if token is not None:
            tokens.note_use(session, token.id, clock.local_day(now))


def _token_text() -> str | None:
    """The token that was sent; None when none was. Any other way of signing in is a wrong one."""
    sent = request.headers.get("Authorization")
    if sent is None:
        return None
    kind, _blank, text = sent.partition(" ")
    return text.strip() if kind.lower() == "bearer" and text.strip() else "-"


def _query(shape: type[BaseModel]) -> dict[str, Any]:
    fields = shape.model_fields.items()
    many = {name for name, part in fields if get_origin(part.annotation) is list}
    found = request.args.to_dict(flat=False)
    found.pop("lang", None)
    return {name: values if name in many else values[-1] for name, values in found.items()}


def _body() -> Any:
    if request.mimetype != "application/json" or (request.content_length or 0) > MOST_BODY:
        raise BadInput(fields="body", detail=[{"field": "body", "problem": "json_type"}])
    found = request.get_json(silent=True)
    if found is None:
        raise BadInput(fields="body", detail=[{"field": "body", "problem": "json_invalid"}])
    return found


def _read(shape: type[B], given: Any) -> B:
    try:
        return shape.model_validate(given)
    except ValidationError as error:
        found = [
            {"field": ".".join(map(str, item["loc"])) or "body", "problem": item["type"]}
            for item in error.errors(include_url=False, include_input=False, include_context=False)
        ]
        fields = ", ".join(dict.fromkeys(item["field"] for item in found))
        raise BadInput(fields=fields, detail=found) from error


def _answer(shape: BaseModel) -> Response:
    body = shape.model_dump_json().encode()
    response = Response(body, mimetype="application/json")
    response.vary.update(("Authorization", "Accept-Language"))
    if request.method == "GET":
        response.set_etag(hashlib.blake2b(body, digest_size=12).hexdigest())
        response.make_conditional(request)
    return response


def choose_language() -> None:
    """Programs say in which language they want the words by `Accept-Language`; else Vietnamese."""
    if request.path.startswith(f"{PREFIX}/") and "lang" not in request.args:
        best = request.accept_languages.best_match(LANGUAGES, "vi")
        # Where `app.core.web.language` keeps its answer for the rest of the request.
        request.environ["phohien.language"] = best


def finish(response: Response) -> Response:
    """Errors as problems (RFC 9457), and who may read what in a browser."""
    if not request.path.startswith(f"{PREFIX}/"):
        return response
    if response.status_code >= 400 and response.mimetype == "application/json":
        _as_problem(response)
    if _is_open():
        _open_to_browsers(response)
    return response


def _as_problem(response: Response) -> None:
    told: Mapping[str, Any] = response.get_json()
    code, detail, status = told["code"], told["message"], response.status_code
    if status == 401:
        code = "invalid_token"
        detail = _("Send a token that holds as “Authorization: Bearer …”.")
        response.headers["WWW-Authenticate"] = 'Bearer error="invalid_token"'
    more = told.get("detail")
    if isinstance(more, dict) and "retry_after" in more:
        response.headers["Retry-After"] = str(more["retry_after"])
    problem = schemas.Problem(
        type="about:blank",
        title=HTTPStatus(status).phrase,
        status=status,
        detail=detail,
        code=code,
        request_id=g.request_id,
        errors=more if isinstance(more, list) else None,
    )
    response.set_data(problem.model_dump_json())
    response.mimetype = PROBLEM


def _is_open() -> bool:
    """Whether any page may read the answer: public resources and the document itself."""
    view = (request.endpoint or "").rpartition(".")[2]
    names = {one.name for one in ENDPOINTS if one.public and one.method == "GET"}
    return request.method in {"GET", "HEAD", "OPTIONS"} and view in names | {"openapi"}


def _open_to_browsers(response: Response) -> None:
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Expose-Headers"] = "ETag, Retry-After"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    if request.method == "OPTIONS":
        response.headers["Access-Control-Allow-Methods"] = "GET, HEAD, OPTIONS"
        response.headers["Access-Control-Allow-Headers"] = "Authorization, If-None-Match"
        response.headers["Access-Control-Max-Age"] = "86400"

"""What the API offers: a document for programs, and a page for people."""

import json

from flask import Blueprint, Response, render_template, request
from flask_babel import gettext as _

from app.api import document, rates
from app.api.endpoints import ENDPOINTS, PREFIX
from app.api.models import EventType, Scope
from app.api.schemas import MOST_ROWS, MOST_SKUS, MOST_STAMPS
from app.core.outbox import MAX_ATTEMPTS
from app.core.types import Json
from app.core.web import settings

bp = Blueprint("api_docs", __name__)


@bp.get(f"{PREFIX}/openapi.json")
def openapi() -> Response:
    """The OpenAPI document of this installation."""
    found = document.document(settings().base_url, settings().shop_name)
    body = json.dumps(found, ensure_ascii=False, separators=(",", ":"))
    response = Response(body, mimetype="application/json")
    response.add_etag()
    response.make_conditional(request)
    return response


@bp.get("/api")
def page() -> str:
    """How to use the API, readable without script."""
    return render_template(
        "api/docs.html",
        endpoints=[(one, document.parameters(one)) for one in ENDPOINTS],
        shapes=document.shapes(),
        scopes=list(Scope),
        events=list(EventType),
        base=settings().base_url + PREFIX,
        minutes=settings().sign_in_window // 60,
        rates=rates,
        attempts=MAX_ATTEMPTS,
        limits={"rows": MOST_ROWS, "skus": MOST_SKUS, "stamps": MOST_STAMPS},
        words=_words,
    )


def _words(schema: Json) -> str:
    """The kind of a value in a few words, from its schema."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "anyOf" in schema:
        between = _("or")
        return f" {between} ".join(_words(one) for one in schema["anyOf"])
    if "enum" in schema:
        return ", ".join(str(value) for value in schema["enum"])
    if schema.get("type") == "array":
        return str(_("list of %(what)s", what=_words(schema["items"])))
    return str(schema.get("format") or schema.get("type", ""))

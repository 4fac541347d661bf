"""The only place where an error becomes an HTTP answer."""

import structlog
from flask import Flask, Response, g, jsonify, make_response, render_template
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError
from werkzeug.exceptions import HTTPException

from app.core.errors import DomainError
from app.core.text import N_
from app.core.web import message_of, status_of, wants_json

log = structlog.get_logger()

TITLES = {
    400: N_("That request could not be read"),
    401: N_("Please sign in"),
    403: N_("No access"),
    404: N_("Nothing here"),
    405: N_("Not possible this way"),
    409: N_("Someone was faster"),
    410: N_("No longer offered"),
    413: N_("Too large"),
    422: N_("Please check what you entered"),
    429: N_("Too many tries"),
    500: N_("Our mistake"),
    503: N_("Back in a moment"),
}

MESSAGES = {
    400: N_("The address or the form is damaged. Go back and try again."),
    401: N_("This page is for people who are signed in."),
    403: N_("Your account has no right to this. Ask the programme office if you need it."),
    404: N_("The page does not exist or has moved. Search for what you need, or start again."),
    405: N_("Open the page from its link instead."),
    409: N_("Something changed in the meantime. Look at the page again; nothing was lost."),
    410: N_("This was withdrawn. The shop has similar things."),
    413: N_("The file or form is larger than allowed. Send a smaller one."),
    422: N_("One of the values is not possible. Go back and mend it."),
    429: N_("Wait a few minutes, then try again."),
    500: N_("We have noted what happened. Nothing was saved halfway; try again in a moment."),
    503: N_("The shop is busy. Try again in a few seconds; nothing was lost."),
}


def answer(status: int, code: str, message: str, detail: object = None) -> Response:
    """The same error as JSON for programs, as a page for people."""
    if wants_json():
        body = jsonify(code=code, message=message, detail=detail, request_id=g.request_id)
        return make_response(body, status)
    page = render_template(
        "errors/error.html",
        status=status,
        title=_(TITLES.get(status, TITLES[500])),
        message=message,
        request_id=g.request_id,
    )
    return make_response(page, status)


def _domain(error: DomainError) -> Response:
    return answer(status_of(error), error.code, message_of(error), error.detail)


def _http(error: HTTPException) -> Response:
    status = error.code or 500
    if status < 400:
        return make_response(error.get_response())
    response = answer(status, f"http_{status}", _(MESSAGES.get(status, MESSAGES[500])))
    if status == 405 and error.get_response().headers.get("Allow"):
        response.headers["Allow"] = error.get_response().headers["Allow"]
    return response


def _csrf(_error: CSRFError) -> Response:
    message = _(
        "The form was open too long or came from elsewhere. Reload the page and send it again."
    )
    return answer(400, "csrf", message)


def _database(error: DBAPIError) -> Response:
    log.error("database", kind=type(error).__name__, orig=type(error.orig).__name__)
    status = 503 if _is_busy(error) else 500
    return answer(status, f"http_{status}", _(MESSAGES[status]))


def _is_busy(error: DBAPIError) -> bool:
    text = str(error.orig).lower()
    return error.connection_invalidated or "locked" in text or "deadlock" in text


def _unexpected(error: Exception) -> Response:
    log.exception("unexpected", kind=type(error).__name__)
    return answer(500, "http_500", _(MESSAGES[500]))


def init_errors(app: Flask) -> None:
    """Register one handler per family of errors."""
    app.register_error_handler(DomainError, _domain)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(DBAPIError, _database)
    app.register_error_handler(Exception, _unexpected)

"""The limit on guesses at the edge of the web: what a view calls before and after a look-up."""

from collections.abc import Callable

from flask import jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.core import clock
from app.core.db import transaction
from app.core.web import read_session, settings, wants_json
from traceability import guessing
from traceability.guessing import TooManyGuesses


def admitted() -> Callable[[], None]:
    """What to call when the serial turns out to be unknown. Raises `TooManyGuesses`; one statement."""
    now, window = clock.now(), settings().sign_in_window
    token = guessing.token(settings().secret_key, request.remote_addr, clock.local_day(now))
    guessing.check(read_session(), token, window, now)

    def unknown() -> None:
        with transaction() as session:
            guessing.note(session, token, window, now)

    return unknown


def slowed(error: TooManyGuesses) -> ResponseReturnValue:
    """429 and when to come again."""
    sentence = _(error.message, **error.params)
    headers = {"Retry-After": str(error.detail["retry_after"]), "Cache-Control": "no-store"}
    if wants_json():
        return jsonify(code=error.code, message=sentence), 429, headers
    return render_template("traceability/slowed.html", sentence=sentence), 429, headers

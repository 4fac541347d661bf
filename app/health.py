"""Liveness and readiness, for whatever watches the process."""

from flask import Flask, Response, jsonify, make_response
from sqlalchemy.exc import DBAPIError

from app.core import db
from app.migrate import is_current


def live() -> Response:
    """The process answers."""
    return jsonify(status="ok")


def ready() -> Response:
    """The database answers and has the schema that this code needs; else 503."""
    try:
        # Reading: on SQLite the other kind of session would queue for the only write lock.
        with db.reading() as session:
            current = is_current(session.connection())
    except DBAPIError:
        return make_response(jsonify(status="no database"), 503)
    if not current:
        return make_response(jsonify(status="schema is not current"), 503)
    return jsonify(status="ok")


def init_health(app: Flask) -> None:
    """Register both addresses."""
    app.add_url_rule("/health/live", "health.live", live)
    app.add_url_rule("/health/ready", "health.ready", ready)

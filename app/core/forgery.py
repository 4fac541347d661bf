"""Refusing forms that another site sends in the name of our visitor.

Who has a session proves a form by its token. Who has none has nothing that a forger could use but
the visit itself, so there the browser's own word is enough that the form came from one of our pages:
`Origin`, or `Sec-Fetch-Site` (OWASP, Cross-Site Request Forgery Prevention, Fetch Metadata). That
lets pages for guests be the same bytes for everyone.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, current_app, g, request
from flask_wtf import CSRFProtect
from flask_wtf.csrf import generate_csrf

View = TypeVar("View", bound=Callable[..., Any])

SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})

_protect = CSRFProtect()


def has_session() -> bool:
    """Whether this browser sent a session cookie, valid or not."""
    return current_app.config["SESSION_COOKIE_NAME"] in request.cookies


def same_origin() -> bool:
    """Whether the browser itself says that the form came from one of our pages."""
    origin = request.headers.get("Origin")
    if origin is not None:
        return origin == request.host_url.rstrip("/")
    return request.headers.get("Sec-Fetch-Site") == "same-origin"


def signed_by_sender(view: View) -> View:
    """Mark a view for programs: it checks their signature itself and uses no session."""
    view.signed_by_sender = True  # type: ignore[attr-defined]
    return view


def _check() -> None:
    if request.routing_exception is not None:
        return  # there is no view that could change anything
    view = current_app.view_functions.get(request.endpoint or "")
    if request.method in SAFE or getattr(view, "signed_by_sender", False):
        return
    if not has_session() and same_origin():
        g.csrf_valid = True  # forms ask Flask-WTF again
        return
    _protect.protect()


def token() -> str:
    """What a form carries: nothing on a page that is the same for all guests."""
    return "" if g.get("shared_page") and not has_session() else str(generate_csrf())


def init_forgery(app: Flask) -> None:
    """Check every form that changes something."""
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False
    _protect.init_app(app)
    app.context_processor(lambda: {"csrf_token": token})  # in place of Flask-WTF's own
    app.before_request(_check)

"""What every request needs: the read session, settings, language, safe redirects, headers."""

import secrets
from typing import Any, cast
from urllib.parse import quote, urlencode, urlsplit

from flask import Flask, Response, abort, current_app, g, request
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.utils import redirect

from app.core.db import active
from app.core.errors import Conflict, DomainError, Forbidden, Gone, NotFound, Rejected, TooMany

STATUS = {NotFound: 404, Forbidden: 403, Rejected: 422, Conflict: 409, Gone: 410, TooMany: 429}

LANGUAGES = ("vi", "en")
LANGUAGE_COOKIE = "lang"
_LANGUAGE = "phohien.language"

# Styles, scripts, fonts and pictures come from this host only; nothing inline runs.
CSP = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)

HEADERS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(self), microphone=(), payment=()",
}


def read_session() -> Session:
    """The session for reading in this request; opened when first asked for."""
    if "read_session" not in g:
        g.read_session = active().read_sessions()
    return cast(Session, g.read_session)


def close_read_session(_error: BaseException | None = None) -> None:
    """Give the connection back at the end of the request."""
    session = g.pop("read_session", None)
    if session is not None:
        session.close()


def settings() -> Any:
    """The frozen `Settings` of this application."""
    return current_app.extensions["phohien_settings"]


def language() -> str:
    """Language of this request: the one asked for in the address, then the cookie, then Vietnamese."""
    # A page asks hundreds of times; the request itself cannot change meanwhile.
    known: str | None = request.environ.get(_LANGUAGE)
    if known is None:
        known = request.environ[_LANGUAGE] = _asked_language()
    return known


def _asked_language() -> str:
    asked = request.args.get("lang")
    if asked in LANGUAGES:
        return asked
    kept = request.cookies.get(LANGUAGE_COOKIE)
    if kept is None and request.path.startswith("/api/"):
        # A program has no cookie; it says in each question which language it wants.
        return request.accept_languages.best_match(LANGUAGES, default="vi")
    return kept if kept in LANGUAGES else "vi"


def lang_url(code: str) -> str:
    """This page in another language."""
    args = request.args.to_dict(flat=False) | {"lang": [code]}
    # One slash at the start: two would make a link to another site out of a crafted path.
    return f"/{quote(request.path.lstrip('/'))}?{urlencode(args, doseq=True)}"


def wants_json() -> bool:
    """Whether the caller is a program."""
    return "/api/" in request.path or request.accept_mimetypes.best == "application/json"


def is_fragment() -> bool:
    """Whether htmx asks for a part of a page."""
    return request.headers.get("HX-Request") == "true"


def safe_next(target: str | None, fallback: str) -> str:
    """`target` when it is a path of this site, else `fallback`; stops open redirects."""
    if not target or not target.startswith("/") or target.startswith("//") or "\\" in target:
        return fallback
    if not target.isprintable():  # browsers drop line ends: «/\r/x» would become «//x»
        return fallback
    parts = urlsplit(target)
    return fallback if parts.scheme or parts.netloc else target


def see_other(location: str) -> Response:
    """Redirect after a post (303): the browser fetches the next page with GET."""
    return cast(Response, redirect(location, code=303, Response=Response))


def private_file(content: bytes, media_type: str) -> Response:
    """A file that somebody sent: kept by nobody on the way, harmless even if it lies of itself."""
    headers = {
        "Cache-Control": "private, no-store",
        "Content-Disposition": "inline",
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    return Response(content, content_type=media_type, headers=headers)


def status_of(error: DomainError) -> int:
    """HTTP status of a domain error, by its base class."""
    return next((code for base, code in STATUS.items() if isinstance(error, base)), 500)


def message_of(error: DomainError) -> str:
    """What the error says to people, in the language of the request."""
    params = {key: _translated(value) for key, value in error.params.items()}
    return str(gettext(error.message, **params) if params else gettext(error.message))


def _translated(value: object) -> object:
    if isinstance(value, list):
        return ", ".join(str(_translated(item)) for item in value)
    return gettext(value) if isinstance(value, str) and value else value


def _remember_language(response: Response) -> Response:
    asked = request.args.get("lang")
    if asked in LANGUAGES:
        response.set_cookie(
            LANGUAGE_COOKIE,
            asked,
            max_age=365 * 86400,
            httponly=True,
            samesite="Lax",
            secure=settings().secure_cookies,
        )
    return response


def _set_headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if settings().secure_cookies:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    response.headers["X-Request-Id"] = g.request_id
    if request.endpoint != "static":
        response.headers.setdefault(
            "Cache-Control", "no-store" if _signed_in() else "private, no-cache"
        )
        response.vary.update(("Cookie",))
        if request.path.startswith("/api/"):
            response.vary.add("Accept-Language")
    return response


def _signed_in() -> bool:
    return bool(g.get("_login_user") and g._login_user.is_authenticated)


def _give_request_id() -> None:
    g.request_id = secrets.token_hex(8)


def _refuse_nul() -> None:
    # PostgreSQL keeps no such character, so nothing with it in its address can exist.
    if "\0" in request.path:
        abort(404)


def init_web(app: Flask) -> None:
    """Register the hooks of this module."""
    app.before_request(_give_request_id)
    app.before_request(_refuse_nul)
    app.after_request(_remember_language)
    app.after_request(_set_headers)
    app.teardown_appcontext(close_read_session)

"""Pages that are the same bytes for every guest, kept for a few seconds.

A view says with `shared` that its page depends on the address and the language only. What a visitor
with any other cookie gets is never kept and never served from here. On a day's end nothing is kept
over midnight, for stars end with a day.
"""

import gzip
import hashlib
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache, wraps
from http.cookies import CookieError, SimpleCookie
from typing import Any, ParamSpec, TypeVar

from flask import g, request

from app.core import clock

P = ParamSpec("P")
R = TypeVar("R")
Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Wsgi = Callable[[Environ, StartResponse], Iterable[bytes]]

FLAG = "phohien.shared_page"
LANGUAGE_COOKIE = "lang"
MOST_BYTES = 32 * 1024 * 1024
# Headers of one answer only.
_OWN = frozenset({"x-request-id", "content-length", "date"})
_WITH_304 = frozenset({"cache-control", "etag", "vary", "content-location", "expires"})


def shared(view: Callable[P, R]) -> Callable[P, R]:
    """Mark a view: its page may be kept for guests."""

    @wraps(view)
    def marked(*args: P.args, **kwargs: P.kwargs) -> R:
        g.shared_page = True
        request.environ[FLAG] = True
        return view(*args, **kwargs)

    return marked


@dataclass(frozen=True)
class Page:
    """An answer with status 200. `until` in seconds since 1970."""

    headers: list[tuple[str, str]]
    plain: bytes
    packed: bytes
    etag: str
    until: float

    @property
    def size(self) -> int:
        return len(self.plain) + len(self.packed)


class PageCache:
    """WSGI middleware that keeps shared pages for `seconds`; 0 keeps nothing, but still tags them."""

    def __init__(self, app: Wsgi, *, seconds: int) -> None:
        self._app, self._seconds = app, seconds
        self._pages: dict[tuple[str, ...], Page] = {}
        self._bytes = 0
        self._lock = threading.Lock()

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        key = _key(environ)
        if key is None:
            return self._app(environ, start_response)
        page = self._pages.get(key)
        if page is None or clock.now().timestamp() >= page.until:
            if environ["REQUEST_METHOD"] == "HEAD":
                return self._app(environ, start_response)
            answer = _Answer(self._app, environ)
            if not answer.may_be_kept(environ):
                return answer.send(start_response)
            page = _page(answer, self._seconds)
            self._keep(key, page)
        return _send(page, environ, start_response)

    def _keep(self, key: tuple[str, ...], page: Page) -> None:
        if not self._seconds:
            return
        with self._lock:
            if self._bytes + page.size > MOST_BYTES:
                self._pages.clear()
                self._bytes = 0
            before = self._pages.get(key)
            self._bytes += page.size - (before.size if before else 0)
            self._pages[key] = page


def _key(environ: Environ) -> tuple[str, ...] | None:
    """What the page depends on; None for whoever is not a mere guest."""
    if environ["REQUEST_METHOD"] not in {"GET", "HEAD"} or environ.get("HTTP_HX_REQUEST"):
        return None
    language = ""
    if cookies := environ.get("HTTP_COOKIE"):
        try:
            parsed = SimpleCookie(cookies)
        except CookieError:
            return None
        if set(parsed) != {LANGUAGE_COOKIE}:
            return None
        language = parsed[LANGUAGE_COOKIE].value
    return (
        environ.get("wsgi.url_scheme", ""),
        environ.get("HTTP_X_FORWARDED_PROTO", ""),
        environ.get("HTTP_X_FORWARDED_HOST", ""),
        environ.get("HTTP_HOST", ""),
        environ.get("PATH_INFO", ""),
        environ.get("QUERY_STRING", ""),
        str(environ.get("HTTP_ACCEPT", "").startswith("application/json")),
        language,
    )


class _Answer:
    """What the application answered, read to its end when it is a shared page."""

    def __init__(self, app: Wsgi, environ: Environ) -> None:
        self.status, self.headers = "", list[tuple[str, str]]()
        self._chunks = app(environ, self._start)

    def _start(self, status: str, headers: list[tuple[str, str]], _error: Any = None) -> None:
        self.status, self.headers = status, headers

    def may_be_kept(self, environ: Environ) -> bool:
        names = {name.lower() for name, _value in self.headers}
        fresh = not names & {"set-cookie", "content-encoding"}
        return bool(environ.get(FLAG)) and self.status.startswith("200") and fresh

    def send(self, start_response: StartResponse) -> Iterable[bytes]:
        start_response(self.status, self.headers)
        return self._chunks

    def read(self) -> bytes:
        try:
            return b"".join(self._chunks)
        finally:
            if hasattr(self._chunks, "close"):
                self._chunks.close()


def _page(answer: _Answer, seconds: int) -> Page:
    plain = answer.read()
    etag, packed = _packed(plain)
    headers = [(name, value) for name, value in answer.headers if name.lower() not in _OWN]
    until = clock.now().timestamp() + min(seconds, _until_midnight(clock.now()))
    return Page([*headers, ("ETag", etag)], plain, packed, etag, until)


@lru_cache(maxsize=256)
def _packed(plain: bytes) -> tuple[str, bytes]:
    """The tag of a body and its short form: a page drawn once comes by more than once."""
    tag = hashlib.blake2b(plain, digest_size=12).hexdigest()
    return f'"{tag}"', gzip.compress(plain, 6, mtime=0)


def _until_midnight(now: datetime) -> float:
    midnight = clock.local_midnight(clock.local_day(now) + timedelta(days=1))
    return (midnight - now).total_seconds()


def _send(page: Page, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
    asked = environ.get("HTTP_IF_NONE_MATCH", "")
    if asked and (asked.strip() == "*" or page.etag in asked.replace("W/", "").split(", ")):
        kept = [(name, value) for name, value in page.headers if name.lower() in _WITH_304]
        start_response("304 NOT MODIFIED", kept)
        return ()
    body, headers = page.plain, page.headers
    if "gzip" in environ.get("HTTP_ACCEPT_ENCODING", ""):
        body, headers = page.packed, [*headers, ("Content-Encoding", "gzip")]
    start_response("200 OK", [*headers, ("Content-Length", str(len(body)))])
    return () if environ["REQUEST_METHOD"] == "HEAD" else (body,)

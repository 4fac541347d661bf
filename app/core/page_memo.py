"""Finished pages for guests, remembered by everything that they show.

A page is a function of its address, its language and the data read for it. Where a view has read the
same data as before, the page made then is the page to send: reading says what is true now, and only
the work of drawing it once more is saved. Nothing here is ever stale.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable

from flask import Flask, current_app, g, request

from app.core.forgery import has_session
from app.core.web import language

EXTENSION = "phohien_page_memo"


class PageMemo:
    """Pages by key, the least recently used ones dropped beyond `most` bytes; 0 remembers nothing."""

    def __init__(self, most: int) -> None:
        self._most, self._bytes = most, 0
        self._pages: OrderedDict[Hashable, bytes] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], str]) -> bytes:
        """The page of this key, made when it is not known."""
        with self._lock:
            known = self._pages.get(key)
            if known is not None:
                self._pages.move_to_end(key)
                return known
        page = make().encode()
        if len(page) <= self._most:
            self._keep(key, page)
        return page

    def _keep(self, key: Hashable, page: bytes) -> None:
        with self._lock:
            self._bytes += len(page) - len(self._pages.pop(key, b""))
            self._pages[key] = page
            while self._bytes > self._most:
                _old, dropped = self._pages.popitem(last=False)
                self._bytes -= len(dropped)


def remembered(data: Hashable, make: Callable[[], str]) -> bytes | str:
    """What `make` draws, for guests perhaps drawn before from the same `data`.

    `data` must hold everything that the page shows and that the address, the language and the
    settings do not say. Who has a session gets a page of its own: its forms carry a token.
    """
    if not g.get("shared_page") or has_session() or request.cookies.keys() - {"lang"}:
        return make()
    memo, around = current_app.extensions[EXTENSION]
    where = (request.url_root, request.full_path, language(), around())
    page: bytes = memo.get((where, data), make)
    return page


def init_page_memo(app: Flask, most: int, around: Callable[[], Hashable]) -> None:
    """Let the views of this application remember at most `most` bytes of pages.

    `around` gives the data that the layout shows on every page.
    """
    app.extensions[EXTENSION] = PageMemo(most), around

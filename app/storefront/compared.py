"""Which products this browser compares: their addresses in a cookie, so nothing is kept of guests.

Pages that are the same for all guests are never drawn from it: whoever has any cookie but the
language gets pages of their own (`app.core.page_memo`).
"""

from collections.abc import Iterable, Sequence

from flask import Response, request

from app.core.web import settings
from app.storefront.comparison import MOST
from app.storefront.forms import slug_or_none

COOKIE = "so_sanh"
_BETWEEN = "~"
_DAYS = 30


def chosen() -> list[str]:
    """The addresses of the products, in the order in which they were chosen."""
    return readable(request.cookies.get(COOKIE, "").split(_BETWEEN))


def readable(texts: Iterable[str]) -> list[str]:
    """Of what a browser sent, what can be an address of a product: each once, and not too many."""
    possible = dict.fromkeys(slug for text in texts if (slug := slug_or_none(text)))
    return list(possible)[:MOST]


def keep(response: Response, slugs: Sequence[str]) -> None:
    """Let the browser remember this choice; an empty one is forgotten."""
    if not slugs:
        response.delete_cookie(COOKIE, httponly=True, samesite="Lax")
        return
    response.set_cookie(
        COOKIE,
        _BETWEEN.join(slugs),
        max_age=_DAYS * 86400,
        httponly=True,
        samesite="Lax",
        secure=settings().secure_cookies,
    )

"""The cart of this browser: its token in a cookie, and how many things are in it."""

from flask import Response, request

from app.accounts.guards import actor_id
from app.core.web import read_session, settings
from app.storefront import cart as carts
from app.storefront.cart import COOKIE


def token() -> str | None:
    """The token by which this browser finds its cart again."""
    return request.cookies.get(COOKIE)


def keep(response: Response, token: str) -> None:
    """Let the browser keep the token of its cart."""
    response.set_cookie(
        COOKIE,
        token,
        max_age=settings().cart_lifetime,
        httponly=True,
        samesite="Lax",
        secure=settings().secure_cookies,
    )


def cart_count() -> int:
    """Number of lines in the cart; no query for a guest without a cart cookie."""
    mine, member = token(), actor_id()
    if not mine and member is None:
        return 0
    return carts.count(read_session(), mine, member)

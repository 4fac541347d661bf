"""The cart of this browser: its token in a cookie, and how many things are in it."""

from flask import Response, request
from sqlalchemy import func, select

from app.core.web import read_session, settings
from app.storefront.cart import COOKIE, token_hash
from app.storefront.models import Cart, CartLine


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
    """Number of lines in the cart of this browser; no query without a cart cookie."""
    mine = token()
    if not mine:
        return 0
    lines = (
        select(func.count(CartLine.sku_id)).join(Cart).where(Cart.token_hash == token_hash(mine))
    )
    return int(read_session().scalar(lines) or 0)

"""How many things are in the visitor's cart; shown on every shop page."""

from flask import request
from sqlalchemy import func, select

from app.core.web import read_session
from app.storefront.cart import COOKIE, token_hash
from app.storefront.models import Cart, CartLine


def cart_count() -> int:
    """Number of lines in the cart of this browser; no query without a cart cookie."""
    token = request.cookies.get(COOKIE)
    if not token:
        return 0
    lines = (
        select(func.count(CartLine.sku_id)).join(Cart).where(Cart.token_hash == token_hash(token))
    )
    return int(read_session().scalar(lines) or 0)

"""Messages to customers."""

from uuid import UUID

from sqlalchemy.orm import joinedload

from app.core.clock import now
from app.core.db import reading
from app.core.mail import Post
from app.core.types import Json
from app.storefront import stock_notices
from app.storefront.models import StockNotice
from catalog.models import Sku
from pos.sales import orders


def order_placed(post: Post, payload: Json) -> None:
    """Confirm an order to the buyer, if an address was given."""
    with reading() as session:
        order = orders.get(session, UUID(payload["order_id"]))
        if order.contact_email:
            post.send(
                order.contact_email,
                "order_placed",
                {"order": order},
                key=order.number,
                language=order.language,
                now=now(),
            )


def back_in_stock(post: Post, secret: str, payload: Json) -> None:
    """Tell who asked that an article can be bought again, unless the request was ended."""
    with reading() as session:
        notice = session.get(
            StockNotice,
            UUID(payload["notice_id"]),
            options=[joinedload(StockNotice.sku).joinedload(Sku.product)],
        )
    if notice is None:
        return
    values = {"sku": notice.sku, "token": stock_notices.token(notice, secret)}
    language, key = notice.language, notice.id.hex
    post.send(notice.email, "back_in_stock", values, key=key, language=language, now=now())

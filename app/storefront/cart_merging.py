"""A guest who signs in keeps what was chosen."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from app.storefront import cart as carts
from app.storefront.cart import MAX_LINES
from app.storefront.models import Cart, CartLine
from pos.sales.lines import MAX_QUANTITY


def merge(session: Session, token: str | None, user_id: UUID, *, now: datetime) -> bool:
    """Put what the browser and older carts of the member hold into the member's newest cart.

    Quantities of the same article are added up to the limit. True when a guest's choice has come to
    one that was there before.
    """
    own = select(Cart).filter_by(user_id=user_id).order_by(Cart.updated_at.desc(), Cart.id)
    found = list(session.scalars(own.options(selectinload(Cart.lines)).with_for_update(of=Cart)))
    guest = carts.find(session, token)
    if guest is not None:
        found.append(guest)
    if not found:
        return False
    kept, *others = found
    carts.give(kept, user_id)
    joined = guest is not None and bool(guest.lines and kept.lines) and guest is not kept
    for other in others:
        _pour(other, kept)
        session.delete(other)
    if guest is not None:
        kept.updated_at = now
    session.flush()
    return joined


def _pour(source: Cart, into: Cart) -> None:
    known = {line.sku_id: line for line in into.lines}
    for line in source.lines:
        if line.sku_id in known:
            mine = known[line.sku_id]
            mine.quantity = min(mine.quantity + line.quantity, MAX_QUANTITY)
        elif len(into.lines) < MAX_LINES:
            into.lines.append(
                CartLine(
                    sku_id=line.sku_id,
                    quantity=line.quantity,
                    added_at=line.added_at,
                    seen_price=line.seen_price,
                )
            )

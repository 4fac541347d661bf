"""Thresholds of the demonstration, so that «Running short» has something to show."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.demo.goods import Offered
from catalog import products
from pos.stock import alerts, availability

ARTICLES = 6
# So many units above what the emptiest place has: some places run short, the others do not.
ABOVE = 3


def load(
    session: Session, offered: Sequence[Offered], *, day: date, now: datetime, actor_id: UUID
) -> None:
    """Say of some articles how few is too few, and notice where that is so."""
    skus = [offer.skus[0] for offer in offered if offer.stocked][:ARTICLES]
    found = availability.by_place(session, [sku.id for sku in skus], day)
    for sku in skus:
        left = [stock.available for stock in found.get(sku.id, ())]
        few = min(left, default=0) + ABOVE
        products.set_low_stock(session, sku, few, now=now, actor_id=actor_id)
    alerts.sweep(session, day=day, now=now)

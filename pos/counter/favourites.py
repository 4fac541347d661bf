"""The keys of a till: what sells best here, then what is in stock."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from app.core.clock import local_day
from catalog.models import Product, ProductStatus, Sku
from pos.counter.scanning import Scanned, offer
from pos.sales.models import Order, OrderLine
from pos.sales.status import Channel
from pos.stock.models import Balance

MOST = 24
SPAN = timedelta(days=30)


def keys(session: Session, place_id: UUID, *, now: datetime) -> list[Scanned]:
    """At most 24 articles: most often sold here in 30 days, then others on hand, by name."""
    sold = _best_sellers(session, place_id, now - SPAN)
    filled = [*sold, *(sku for sku in _in_stock(session, place_id) if sku not in sold)]
    wanted = filled[:MOST]
    skus = {sku.id: sku for sku in _skus(session, wanted)}
    ordered = [skus[sku_id] for sku_id in wanted if sku_id in skus]
    return offer(session, ordered, place_id, day=local_day(now))


def _best_sellers(session: Session, place_id: UUID, since: datetime) -> list[UUID]:
    times = func.count(OrderLine.id)
    query = (
        select(OrderLine.sku_id)
        .join(Order, Order.id == OrderLine.order_id)
        .where(Order.place_id == place_id, Order.placed_at >= since, Order.channel == Channel.TILL)
        .group_by(OrderLine.sku_id)
        .order_by(times.desc(), OrderLine.sku_id)
        .limit(MOST)
    )
    return list(session.scalars(query))


def _in_stock(session: Session, place_id: UUID) -> list[UUID]:
    query = (
        select(Sku.id)
        .join(Product)
        .where(
            Sku.id.in_(
                select(Balance.sku_id).filter_by(place_id=place_id).where(Balance.on_hand > 0)
            )
        )
        .order_by(Product.sort_key, Sku.position)
        .limit(2 * MOST)
    )
    return list(session.scalars(query))


def _skus(session: Session, sku_ids: list[UUID]) -> list[Sku]:
    query = (
        select(Sku)
        .join(Product)
        .where(Sku.id.in_(sku_ids), Sku.active, Product.status == ProductStatus.PUBLISHED)
    )
    return list(session.scalars(query.options(joinedload(Sku.product))))

"""Lists of lots and stamp batches for those who work with them."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, true
from sqlalchemy.orm import Session, joinedload

from app.core.paging import Page
from app.core.text import words_of
from catalog.models import Product, Sku
from traceability.models import BatchStatus, Lot, LotStatus, StampBatch

PAGE_SIZE = 30

Producers = frozenset[UUID] | None


def lot_page(
    session: Session, text: str, status: LotStatus | None, number: int, *, producers: Producers
) -> Page[Lot]:
    """Lots, newest first; `text` is looked for in lot code, article code, GTIN and product."""
    query = select(Lot).join(Lot.sku).join(Sku.product).where(_allowed(producers))
    query = query.where(_matches(text, Lot.code))
    if status is not None:
        query = query.where(Lot.status == status)
    article = joinedload(Lot.sku).joinedload(Sku.product).joinedload(Product.producer)
    return _page(session, query.options(article), (Lot.created_at.desc(), Lot.id.desc()), number)


def batch_page(
    session: Session, text: str, status: BatchStatus | None, number: int, *, producers: Producers
) -> Page[StampBatch]:
    """Stamp batches, newest first; `text` is looked for in ref, article code, GTIN and product."""
    query = select(StampBatch).join(StampBatch.sku).join(Sku.product).where(_allowed(producers))
    query = query.where(_matches(text, StampBatch.ref))
    if status is not None:
        query = query.where(StampBatch.status == status)
    product = joinedload(StampBatch.sku).joinedload(Sku.product).joinedload(Product.producer)
    query = query.options(product, joinedload(StampBatch.lot))
    return _page(session, query, (StampBatch.requested_at.desc(), StampBatch.id.desc()), number)


def batches_of(session: Session, lot: Lot) -> Sequence[StampBatch]:
    """The stamp batches of a lot, oldest first."""
    query = select(StampBatch).where(StampBatch.lot_id == lot.id)
    return session.scalars(query.order_by(StampBatch.requested_at)).all()


def _allowed(producers: Producers) -> ColumnElement[bool]:
    return true() if producers is None else Product.producer_id.in_(producers)


def _matches(text: str, code: Any) -> ColumnElement[bool]:
    words, bare = words_of(text)[:6], text.strip()
    found = [Product.search_text.contains(word, autoescape=True) for word in words]
    named = code.startswith(bare.upper(), autoescape=True)
    article = or_(Sku.code == bare.upper(), Sku.gtin == bare)
    return or_(named, article, and_(true(), *found)) if bare else true()


def _page(session: Session, query: Select[Any], order: tuple[Any, ...], number: int) -> Page[Any]:
    total = session.scalar(query.with_only_columns(func.count()).order_by(None)) or 0
    rows = query.order_by(*order).limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE)
    return Page(session.scalars(rows).all(), number, PAGE_SIZE, total)

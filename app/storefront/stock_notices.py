"""«Tell me when it is back»: one message for each request, then the address is forgotten."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session, joinedload

from app.accounts import users
from app.core import links
from app.core.db import insert_if_new
from app.core.outbox import enqueue
from app.storefront.cart import NotInShop
from app.storefront.models import StockNotice
from catalog import pricing
from catalog.models import PriceChannel, Product, ProductStatus, Sku
from pos.stock import availability

PURPOSE = "stock-notice"
# As the form promises: the address goes soon after the message, or when none comes for a year.
KEPT_SENT = timedelta(days=30)
KEPT_OPEN = timedelta(days=365)


def ask(session: Session, sku_id: UUID, email: str, language: str, *, now: datetime) -> Sku:
    """Note who wants to know; asking twice is asking once. Raises `NotInShop`, `BadEmail`."""
    address = users.normal_email(email)
    sku = session.get(Sku, sku_id, options=[joinedload(Sku.product)])
    if sku is None or not sku.active or sku.product.status is not ProductStatus.PUBLISHED:
        raise NotInShop
    values = {"sku_id": sku_id, "email": address, "language": language, "created_at": now}
    insert_if_new(session, StockNotice, values)
    return sku


def token(notice: StockNotice, secret: str) -> str:
    """What the link to end the request carries; nothing is stored for it."""
    return links.signed(secret, PURPOSE, notice.id)


def find(session: Session, text: str, secret: str) -> StockNotice | None:
    """The request of a link; None when it was made up or is gone."""
    key = links.opened(secret, PURPOSE, text)
    part = joinedload(StockNotice.sku).joinedload(Sku.product)
    return session.get(StockNotice, key, options=[part]) if key else None


def end(session: Session, notice: StockNotice) -> None:
    """Forget the request and every other one of this address."""
    session.execute(delete(StockNotice).filter_by(email=notice.email))


def forget(session: Session, email: str) -> None:
    """Forget what was asked for with this address."""
    session.execute(delete(StockNotice).filter_by(email=email))


def tell(session: Session, *, day: date, now: datetime) -> int:
    """Queue one message for each open request whose article can be bought again; returns how many.

    A request is marked in the transaction that queues its message, so it never gets a second one.
    """
    _forget_old(session, now)
    waiting = session.scalars(select(StockNotice.sku_id).filter_by(sent_at=None).distinct()).all()
    back = _for_sale(session, waiting, day)
    if not back:
        return 0
    query = select(StockNotice).where(StockNotice.sku_id.in_(back), StockNotice.sent_at.is_(None))
    found = session.scalars(query.with_for_update(skip_locked=True)).all()
    for notice in found:
        notice.sent_at = now
        enqueue(session, "back_in_stock", {"notice_id": str(notice.id)}, now=now)
    return len(found)


def _for_sale(session: Session, sku_ids: Iterable[UUID], day: date) -> set[UUID]:
    """Those of the articles that are offered, priced and in stock where shoppers get them."""
    offered = select(Sku.id).join(Product).where(Sku.id.in_(sku_ids), Sku.active)
    ids = session.scalars(offered.where(Product.status == ProductStatus.PUBLISHED)).all()
    if not ids:
        return set()
    priced = pricing.prices(session, ids, PriceChannel.WEB, day)
    places = availability.by_place(session, ids, day)
    return {sku_id for sku_id in ids if sku_id in priced and places[sku_id]}


def _forget_old(session: Session, now: datetime) -> None:
    old = or_(StockNotice.sent_at < now - KEPT_SENT, StockNotice.created_at < now - KEPT_OPEN)
    session.execute(delete(StockNotice).where(old))

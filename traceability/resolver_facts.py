"""What the resolver must know of an identifier: one statement each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, and_, or_, select, true
from sqlalchemy.orm import Session

from catalog.models import Producer, Product, ProductStatus, Sku
from traceability import lots, serials
from traceability.gs1 import DigitalLink
from traceability.issued import Keys, key_of
from traceability.models import Lot, LotStatus, StampBatch
from traceability.resolver_links import Link
from traceability.resolver_models import ResolverLink


@dataclass(frozen=True)
class Goods:
    """The article that a GTIN names; `lot` when the address names one that people may know of."""

    gtin: str
    slug: str
    name: str
    public: bool  # offered now or once: it has a page in the shop
    offered: bool
    lot: str | None


def goods(session: Session, link: DigitalLink) -> Goods | None:
    """The article of the GTIN, and the lot of the link; None when no pack of ours has the GTIN.

    A draft has no page, so its GTIN alone is not known either; a released lot of it is.
    """
    query = _articles().select_from(Sku).where(Sku.gtin == _gtin13(link))
    row = session.execute(_with(query, link)).first()
    found = _goods(link, row) if row else None
    return found if found and (found.public or found.lot) else None


def piece(session: Session, link: DigitalLink, keys: Keys) -> Goods | None:
    """The article on which the stamp of the link was issued; None when it never was.

    Raises `KeyMissing`.
    """
    serial = serials.parse(link.serial or "")
    if serial is None:
        return None
    query = _articles().add_columns(StampBatch).select_from(StampBatch)
    query = query.join(Sku, Sku.id == StampBatch.sku_id).where(
        StampBatch.ref == serial[: serials.REF_LENGTH],
        StampBatch.identity == link.gtin,
        StampBatch.has_gtin,
        StampBatch.generated_at.is_not(None),
    )
    row = session.execute(_with(query, link)).first()
    if row is None:
        return None
    batch: StampBatch = row.StampBatch
    key = key_of(batch, keys)
    number = serials.index_of(key, batch.identity, batch.ref, serial, batch.size)
    return None if number is None else _goods(link, row)


def _articles() -> Select[Any]:
    columns: tuple[Any, ...] = (Product.slug, Product.name_vi, Product.status)
    return select(*columns, Lot.code.label("lot"))


def _with(query: Select[Any], link: DigitalLink) -> Select[Any]:
    """Product, and the lot of that code, if it is known to the public."""
    named = Lot.code == link.lot if link.lot is not None else ~true()
    mine = and_(Lot.sku_id == Sku.id, named, Lot.status != LotStatus.DRAFT, lots.named())
    return query.join(Product, Product.id == Sku.product_id).outerjoin(Lot, mine)


def _gtin13(link: DigitalLink) -> str | None:
    return link.gtin[1:] if link.gtin.startswith("0") else None


def _goods(link: DigitalLink, row: Any) -> Goods:
    offered = row.status is ProductStatus.PUBLISHED
    public = offered or row.status is ProductStatus.WITHDRAWN
    return Goods(link.gtin, row.slug, row.name_vi, public, offered, row.lot)


def producer(session: Session, gln: str) -> Producer | None:
    """The producer with this GLN."""
    return session.scalar(select(Producer).filter_by(gln=gln))


def added(
    session: Session, anchors: Sequence[str], day: date
) -> dict[str, list[tuple[Link, bool]]]:
    """Links that staff added and that hold on `day`, by anchor, and whether each is the default."""
    query = (
        select(ResolverLink)
        .where(ResolverLink.anchor.in_(anchors), ResolverLink.ended_at.is_(None))
        .where(or_(ResolverLink.valid_from.is_(None), ResolverLink.valid_from <= day))
        .where(or_(ResolverLink.valid_to.is_(None), ResolverLink.valid_to >= day))
        .order_by(ResolverLink.created_at, ResolverLink.id)
    )
    found: dict[str, list[tuple[Link, bool]]] = {anchor: [] for anchor in anchors}
    for row in session.scalars(query):
        link = Link(
            row.link_type,
            row.href,
            row.title,
            row.language,
            row.media_type,
            row.context,
            own=False,
        )
        found[row.anchor].append((link, row.is_default))
    return found

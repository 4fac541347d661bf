"""The public page of a lot: what it is, how it stands, and its journey."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from catalog.models import Product, ProductStatus, Sku
from traceability import journal, lineage, lots, recalls
from traceability.gs1 import InvalidGtin, gtin14
from traceability.history_models import JournalFile, Recall
from traceability.lineage import Relative
from traceability.models import JournalEntry, Lot, LotStatus


@dataclass(frozen=True)
class Journey:
    """A lot with its public history, as it happened."""

    lot: Lot
    entries: Sequence[JournalEntry]
    expired: bool
    files: Mapping[int, Sequence[JournalFile]]
    ancestors: Sequence[Relative]
    recall: Recall | None

    @property
    def product(self) -> Product:
        """What was made."""
        return self.lot.sku.product

    @property
    def offered(self) -> bool:
        """Whether the product has a page in the shop."""
        return self.product.status is ProductStatus.PUBLISHED


def of_lot(session: Session, article: str, code: str, day: date) -> Journey:
    """The lot `code` of an article named by its GTIN or its code. Raises `UnknownLot`.

    Drafts and lots that stand for goods without one are nobody's business.
    """
    product = joinedload(Lot.sku).joinedload(Sku.product).joinedload(Product.producer)
    found = session.scalar(
        select(Lot)
        .join(Sku, Sku.id == Lot.sku_id)
        .where(Lot.code == code, or_(Sku.code == article, Sku.gtin == _gtin13(article)))
        .where(Lot.status != LotStatus.DRAFT, lots.named())
        .options(product)
    )
    if found is None:
        raise lots.UnknownLot
    entries = journal.entries(session, found.id, public_only=True)
    told = sorted(entries, key=lambda entry: (entry.occurred_at, entry.number))
    expired = found.expires_on is not None and found.expires_on < day
    return Journey(
        found,
        told,
        expired,
        journal.files_of(session, [entry.id for entry in told if entry.file_hashes]),
        _public(lineage.ancestors(session, found)),
        recalls.of_lot(session, found.id),
    )


def _public(relatives: Sequence[Relative]) -> list[Relative]:
    """Those that have a page of their own."""
    return [one for one in relatives if one.lot.status is not LotStatus.DRAFT]


def _gtin13(text: str) -> str | None:
    try:
        full = gtin14(text)
    except InvalidGtin:
        return None
    return full[1:] if full.startswith("0") else None

"""What search engines and other shops are told: addresses of pages, new products, offers."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload

from app.accounts.models import AuditEntry
from app.storefront.structured import real_gtin
from catalog import photos, pricing
from catalog.models import PriceChannel, Producer, Product, ProductStatus, Sku, Unit
from catalog.photos import PhotoView
from pos.stock import availability

# https://www.sitemaps.org/protocol.html: a file names at most 50,000 addresses.
PER_SITEMAP = 50_000
NEWEST = 30
BATCH = 1_000
# Characters that XML 1.0 has no way to write.
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_BASE = {Unit.GRAM: "1 kg", Unit.MILLILITRE: "1 l"}


@dataclass(frozen=True)
class Listed:
    """A page in a sitemap; `changed` when it is known."""

    slug: str
    changed: datetime | None = None


@dataclass(frozen=True)
class ChannelRow:
    """An article as other shops take it over. `price` in đồng, `available` in packs by parcel."""

    sku: Sku
    product: Product
    price: int
    available: int
    photo: PhotoView | None = None

    @property
    def title(self) -> str:
        """Name of the product and of the pack."""
        return xml_text(f"{self.product.name_vi} – {self.sku.name_vi}")

    @property
    def description(self) -> str:
        """The summary, or the title where there is none."""
        return xml_text(self.product.summary_vi or self.title)

    @property
    def brand(self) -> str | None:
        """The producer, as far as known."""
        return xml_text(self.product.producer.name) if self.product.producer else None

    @property
    def gtin(self) -> str | None:
        """The GTIN, unless it is one for demonstrations."""
        return real_gtin(self.sku)

    @property
    def unit_measure(self) -> tuple[str, str] | None:
        """(content of the pack, amount that unit prices are for), where the content is known."""
        base = _BASE.get(self.sku.net_unit) if self.sku.net_unit else None
        if base is None or self.sku.net_unit is None or not self.sku.net_content:
            return None
        return f"{self.sku.net_content} {self.sku.net_unit.value}", base


def xml_text(text: str) -> str:
    """`text` without the characters that XML cannot hold."""
    return _NOT_XML.sub(" ", text)


def sitemap_pages(session: Session, table: type[Product] | type[Producer]) -> int:
    """How many files the addresses of a table fill; one at least."""
    query = select(func.count()).select_from(_listed(table).subquery())
    return max(1, -(-int(session.scalar(query) or 0) // PER_SITEMAP))


def _listed(table: type[Product] | type[Producer]) -> Select[UUID, str]:
    query = select(table.id, table.slug).order_by(table.slug)
    published = Product.status == ProductStatus.PUBLISHED
    if table is Product:
        return query.where(published)
    return query.where(table.id.in_(select(Product.producer_id).where(published)))


def sitemap(
    session: Session, table: type[Product] | type[Producer], number: int
) -> Sequence[Listed]:
    """Published products, or the producers that have some, of one file."""
    query = _listed(table).limit(PER_SITEMAP).offset((number - 1) * PER_SITEMAP)
    changed = _changes(session) if table is Product else {}
    return [Listed(slug, changed.get(str(key))) for key, slug in session.execute(query)]


def _changes(session: Session) -> dict[str, datetime]:
    """When each product was last touched, by its key as text."""
    query = select(AuditEntry.object_id, func.max(AuditEntry.at))
    touched = query.where(AuditEntry.object_type == "product").group_by(AuditEntry.object_id)
    return {str(key): at for key, at in session.execute(touched)}


def newest(session: Session) -> Sequence[Product]:
    """The products that came last, newest first."""
    query = select(Product).where(Product.status == ProductStatus.PUBLISHED)
    return session.scalars(
        query.order_by(Product.created_at.desc(), Product.id).limit(NEWEST)
    ).all()


def channel_rows(
    session: Session, day: date, only: frozenset[UUID] | None = None
) -> Iterator[ChannelRow]:
    """Published articles with a price, by product and pack; `only` limits them to producers."""
    skus = list(session.scalars(_articles(only)))
    for start in range(0, len(skus), BATCH):
        batch = skus[start : start + BATCH]
        ids = [sku.id for sku in batch]
        prices = pricing.prices(session, ids, PriceChannel.WEB, day)
        places = availability.by_place(session, ids, day)
        shown = _first_photos(session, batch)
        for sku in batch:
            if sku.id in prices:
                free = (s.available for s in places[sku.id] if s.place.serves_web)
                amount = prices[sku.id].for_quantity(1)
                photo = shown.get(sku.product_id)
                yield ChannelRow(sku, sku.product, amount, max(free, default=0), photo)


def _first_photos(session: Session, skus: Sequence[Sku]) -> dict[UUID, PhotoView]:
    query = photos.first_of({sku.product_id for sku in skus})
    return photos.first_by_product(session.execute(query))


def _articles(only: frozenset[UUID] | None) -> Select[Sku]:
    offered = [Product.status == ProductStatus.PUBLISHED, Sku.active.is_(True)]
    if only is not None:
        offered.append(Product.producer_id.in_(only))
    whole = joinedload(Sku.product).options(
        joinedload(Product.producer), joinedload(Product.category)
    )
    query = select(Sku).join(Product).where(*offered).options(whole)
    return query.order_by(Product.sort_key, Product.id, Sku.position, Sku.code)

"""Producers, products, SKUs and prices."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.areas.models import AreaUnit
from app.core.db import Model
from app.core.enums import LabelledEnum
from app.core.text import N_
from app.core.types import JSON_COLUMN, Json, Pk, Quantity, Vnd
from catalog.vat import VatClass


class ProducerKind(LabelledEnum):
    """Legal form; a co-operative group has no legal person and often no tax code."""

    COOPERATIVE = "cooperative", N_("Co-operative")
    GROUP = "group", N_("Co-operative group")
    COMPANY = "company", N_("Company")
    HOUSEHOLD = "household", N_("Household business")


class ProductStatus(LabelledEnum):
    """Where a product stands in the shop."""

    DRAFT = "draft", N_("Draft")  # known, not offered
    PUBLISHED = "published", N_("Published")  # offered
    WITHDRAWN = "withdrawn", N_("Withdrawn")  # was offered; its page says so


class Unit(LabelledEnum):
    """Base units in which quantities are counted, always whole."""

    PIECE = "piece", N_("piece")
    GRAM = "g", N_("g")
    MILLILITRE = "ml", N_("ml")


class PriceChannel(LabelledEnum):
    """Where a price applies."""

    ANY = "any", N_("All channels")
    WEB = "web", N_("Online shop")
    TILL = "till", N_("Sales points")


class Producer(Model):
    """Who makes it. `area_text` is the address as its source wrote it; `area_id` is the unit meant."""

    __tablename__ = "producer"
    __table_args__ = (Index(None, "gln", unique=True),)

    id: Mapped[Pk]
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    kind: Mapped[ProducerKind | None]
    area_id: Mapped[UUID | None] = mapped_column(ForeignKey(AreaUnit.id))
    area_text: Mapped[str | None]
    address: Mapped[str | None]
    phone: Mapped[str | None]
    tax_code: Mapped[str | None]
    story_vi: Mapped[str | None]
    story_en: Mapped[str | None]
    source_url: Mapped[str | None]
    created_at: Mapped[datetime]
    gln: Mapped[str | None]
    area: Mapped[AreaUnit | None] = relationship()


class Category(Model):
    """A shelf of the shop, freely editable; OCOP groups are `ProductGroup`."""

    __tablename__ = "category"

    id: Mapped[Pk]
    slug: Mapped[str] = mapped_column(unique=True)
    name_vi: Mapped[str]
    name_en: Mapped[str]
    illustration: Mapped[str]
    position: Mapped[int]


class ProductGroup(Model):
    """An OCOP product group under one scheme: `2019` (1048/QĐ-TTg) or `2023` (148/QĐ-TTg)."""

    __tablename__ = "product_group"
    __table_args__ = (UniqueConstraint("scheme", "code"),)

    id: Mapped[Pk]
    scheme: Mapped[str]
    code: Mapped[str]
    name_vi: Mapped[str]
    name_en: Mapped[str]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]


class Product(Model):
    """What is described to people. Unknown facts stay empty."""

    __tablename__ = "product"
    __table_args__ = (Index(None, "status", "category_id"),)

    id: Mapped[Pk]
    slug: Mapped[str] = mapped_column(unique=True)
    name_vi: Mapped[str]
    name_en: Mapped[str | None]
    producer_id: Mapped[UUID | None] = mapped_column(ForeignKey(Producer.id), index=True)
    category_id: Mapped[UUID] = mapped_column(ForeignKey(Category.id), index=True)
    group_id: Mapped[UUID | None] = mapped_column(ForeignKey(ProductGroup.id))
    group_2019_id: Mapped[UUID | None] = mapped_column(ForeignKey(ProductGroup.id))
    area_id: Mapped[UUID | None] = mapped_column(ForeignKey(AreaUnit.id), index=True)
    area_text: Mapped[str | None]
    status: Mapped[ProductStatus] = mapped_column(default=ProductStatus.DRAFT)
    illustration: Mapped[str]
    summary_vi: Mapped[str | None]
    summary_en: Mapped[str | None]
    storage_vi: Mapped[str | None]
    storage_en: Mapped[str | None]
    ingredients_vi: Mapped[str | None]
    ingredients_en: Mapped[str | None]
    # Kind of goods in `data/label_profiles.csv`: says which facts a buyer must be told.
    profile: Mapped[str | None]
    # Label facts and attributes by field: {"abv": {"value": "29.5"}, "use": {"vi": …, "en": …}}.
    facts: Mapped[Json] = mapped_column(JSON_COLUMN, default=dict, server_default="{}")
    # Services and living plants are sold without lot or expiry.
    needs_lot: Mapped[bool] = mapped_column(default=True)
    # Services are not counted either: there is always one more.
    counted: Mapped[bool] = mapped_column(default=True, server_default=true())
    # Harvest, each year from day to day as MMDD; from 1101 to 0215 goes over New Year.
    season_from: Mapped[int | None]
    season_until: Mapped[int | None]
    # Longest time on the way that the goods bear, in days; empty when they keep.
    max_transit_days: Mapped[int | None]
    # Sum and number of the stars that buyers gave; the mean is `rating_sum / rating_count`.
    rating_sum: Mapped[int] = mapped_column(default=0, server_default="0")
    rating_count: Mapped[int] = mapped_column(default=0, server_default="0")
    # What the goods are to the VAT law; unknown until an accountant has decided.
    vat_class: Mapped[VatClass | None]
    # A rate ruled for this product alone, in thousandths: it goes before its class, on every day.
    vat_permille: Mapped[int | None]
    search_text: Mapped[str]
    sort_key: Mapped[str]
    register_key: Mapped[str | None] = mapped_column(unique=True)
    source_url: Mapped[str | None]
    source_note: Mapped[str | None]
    created_at: Mapped[datetime]
    producer: Mapped[Producer | None] = relationship()
    category: Mapped[Category] = relationship()
    group: Mapped[ProductGroup | None] = relationship(foreign_keys=[group_id])
    area: Mapped[AreaUnit | None] = relationship()
    skus: Mapped[list["Sku"]] = relationship(order_by="Sku.position", back_populates="product")


class Sku(Model):
    """What is counted and priced: one pack of a product.

    `unit` is the base unit of stock quantities; `net_content` in `net_unit` is what the pack holds.
    """

    __tablename__ = "sku"
    __table_args__ = (
        CheckConstraint("net_content IS NULL OR net_content > 0", name="net_content_positive"),
    )

    id: Mapped[Pk]
    product_id: Mapped[UUID] = mapped_column(ForeignKey(Product.id), index=True)
    code: Mapped[str] = mapped_column(unique=True)
    gtin: Mapped[str | None] = mapped_column(unique=True)
    name_vi: Mapped[str]
    name_en: Mapped[str | None]
    unit: Mapped[Unit] = mapped_column(default=Unit.PIECE)
    net_content: Mapped[Quantity | None]
    net_unit: Mapped[Unit | None]
    shelf_life_days: Mapped[int | None]
    # Days before expiry from which the goods are no longer sold.
    sell_by_buffer_days: Mapped[int] = mapped_column(default=0)
    # Grams of one pack as it is sent; empty: what it holds (catalog/weights.py).
    weight: Mapped[Quantity | None]
    # Staff are told when a place has no more than this many base units left; empty: never.
    low_stock: Mapped[Quantity | None]
    position: Mapped[int] = mapped_column(default=0)
    active: Mapped[bool] = mapped_column(default=True)
    product: Mapped[Product] = relationship(back_populates="skus")


class Price(Model):
    """Đồng including VAT for `per_quantity` base units, from a day on; a later row replaces it."""

    __tablename__ = "price"
    __table_args__ = (
        UniqueConstraint("sku_id", "channel", "valid_from"),
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint("per_quantity > 0", name="per_quantity_positive"),
    )

    id: Mapped[Pk]
    sku_id: Mapped[UUID] = mapped_column(ForeignKey(Sku.id))
    channel: Mapped[PriceChannel] = mapped_column(default=PriceChannel.ANY)
    amount: Mapped[Vnd]
    per_quantity: Mapped[Quantity] = mapped_column(default=1)
    valid_from: Mapped[date]
    set_at: Mapped[datetime]

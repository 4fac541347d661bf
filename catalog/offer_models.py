"""What surrounds a product in the shop: photographs, old addresses, gift sets, pre-orders, channels."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Model
from app.core.enums import LabelledEnum
from app.core.text import N_
from app.core.types import Pk, Quantity
from catalog.models import Product, Sku


class PhotoState(LabelledEnum):
    """Whether the sizes for the pages have been made."""

    WAITING = "waiting", N_("Being prepared")
    READY = "ready", N_("Ready")
    FAILED = "failed", N_("Could not be prepared")


class Photo(Model):
    """A photograph of a product. The file lies outside the web root under its hash.

    `alt_vi` says in words what it shows; nobody may leave that out. `widths` are the sizes made.
    """

    __tablename__ = "photo"
    __table_args__ = (CheckConstraint("alt_vi <> ''", name="described"),)

    id: Mapped[Pk]
    product_id: Mapped[UUID] = mapped_column(ForeignKey(Product.id), index=True)
    position: Mapped[int]
    alt_vi: Mapped[str]
    alt_en: Mapped[str | None]
    sha256: Mapped[str] = mapped_column(index=True)
    width: Mapped[int]
    height: Mapped[int]
    state: Mapped[PhotoState] = mapped_column(default=PhotoState.WAITING)
    widths: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
    product: Mapped[Product] = relationship()


class OldSlug(Model):
    """An address that a product had before; it leads to the new one for ever."""

    __tablename__ = "old_slug"

    slug: Mapped[str] = mapped_column(primary_key=True)
    product_id: Mapped[UUID] = mapped_column(ForeignKey(Product.id), index=True)
    changed_at: Mapped[datetime]


class BundlePart(Model):
    """`quantity` base units of an article that lie in each gift set `bundle_id`."""

    __tablename__ = "bundle_part"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity_positive"),
        CheckConstraint("bundle_id <> part_id", name="not_itself"),
    )

    bundle_id: Mapped[UUID] = mapped_column(ForeignKey(Sku.id), primary_key=True)
    part_id: Mapped[UUID] = mapped_column(ForeignKey(Sku.id), primary_key=True, index=True)
    quantity: Mapped[Quantity]
    part: Mapped[Sku] = relationship(foreign_keys=[part_id])


class PreOrder(Model):
    """Goods of a harvest to come that may be ordered now: at most `units`, of which `taken` are.

    Open from `opens_on` to `closes_on`; sent between `ships_from` and `ships_until`.
    """

    __tablename__ = "pre_order"
    __table_args__ = (
        CheckConstraint("units > 0", name="units_positive"),
        CheckConstraint("taken >= 0 AND taken <= units", name="never_oversold"),
        CheckConstraint("closes_on >= opens_on", name="opens_before_it_closes"),
        CheckConstraint("ships_until >= ships_from", name="ships_in_order"),
    )

    id: Mapped[Pk]
    sku_id: Mapped[UUID] = mapped_column(ForeignKey(Sku.id), index=True)
    units: Mapped[Quantity]
    taken: Mapped[Quantity] = mapped_column(default=0)
    opens_on: Mapped[date]
    closes_on: Mapped[date]
    ships_from: Mapped[date]
    ships_until: Mapped[date]
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    sku: Mapped[Sku] = relationship()


class LinkState(LabelledEnum):
    """What the last look at a page of another shop said."""

    UNKNOWN = "unknown", N_("Not looked at yet")
    LIVE = "live", N_("There")
    DOUBTFUL = "doubtful", N_("No clear answer")
    DEAD = "dead", N_("Gone")


class ChannelLink(Model):
    """The page of a product in another shop; shown to shoppers unless it is dead."""

    __tablename__ = "channel_link"
    __table_args__ = (UniqueConstraint("product_id", "url"),)

    id: Mapped[Pk]
    product_id: Mapped[UUID] = mapped_column(ForeignKey(Product.id), index=True)
    channel: Mapped[str]
    url: Mapped[str]
    state: Mapped[LinkState] = mapped_column(default=LinkState.UNKNOWN)
    failures: Mapped[int] = mapped_column(default=0)
    answer: Mapped[str | None]
    checked_at: Mapped[datetime | None]
    created_at: Mapped[datetime]

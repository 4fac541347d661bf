"""Promotions, their terms (append-only), codes, and each use with what it cost whom."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.core.db import Model
from app.core.types import JSON_COLUMN, Json, Pk, Quantity, SerialPk, Vnd
from catalog.models import PriceChannel
from pos.promotions.bearers import Bearer
from pos.promotions.rules import Kind


class Promotion(Model):
    """A rule that takes something off: with a code when `by_code`, else by itself.

    `version` says which terms are in force. `used` is kept only while the terms limit the uses.
    """

    __tablename__ = "promotion"
    __table_args__ = (CheckConstraint("used >= 0", name="used_not_negative"),)

    id: Mapped[Pk]
    by_code: Mapped[bool]
    version: Mapped[int] = mapped_column(default=1)
    used: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_reason: Mapped[str | None]
    every_terms: Mapped[list["PromotionTerms"]] = relationship(order_by="PromotionTerms.version")

    @property
    def terms(self) -> "PromotionTerms":
        """The terms in force."""
        return next(terms for terms in self.every_terms if terms.version == self.version)


class PromotionTerms(Model):
    """What a promotion says from `set_at` on. Never changed: new terms are a new row.

    `reach` and `gift` name goods as {"skus": […], "products": […], "categories": […],
    "producers": […]} with keys as text, `reach` also {"places": […]}; `bearers` are permille by
    bearer. `most` limits the uses in all, `most_each` those of one person. It holds from
    `starts_at` until just before `ends_at`.
    """

    __tablename__ = "promotion_terms"
    __table_args__ = (
        UniqueConstraint("promotion_id", "version"),
        Index(None, "starts_at", "ends_at"),
        CheckConstraint("permille IS NULL OR permille BETWEEN 1 AND 1000", name="permille_part"),
        CheckConstraint("amount IS NULL OR amount > 0", name="amount_positive"),
        CheckConstraint("cap IS NULL OR cap > 0", name="cap_positive"),
        CheckConstraint("minimum >= 0", name="minimum_not_negative"),
        CheckConstraint("ends_at IS NULL OR ends_at > starts_at", name="ends_after_start"),
        CheckConstraint("most IS NULL OR most > 0", name="most_positive"),
        CheckConstraint("most_each IS NULL OR most_each > 0", name="most_each_positive"),
    )

    id: Mapped[Pk]
    promotion_id: Mapped[UUID] = mapped_column(ForeignKey(Promotion.id))
    version: Mapped[int]
    name_vi: Mapped[str]
    name_en: Mapped[str | None]
    kind: Mapped[Kind]
    permille: Mapped[int | None]
    amount: Mapped[Vnd | None]
    cap: Mapped[Vnd | None]
    buy: Mapped[Quantity | None]
    get: Mapped[Quantity | None]
    reach: Mapped[Json] = mapped_column(JSON_COLUMN)
    gift: Mapped[Json | None]
    channel: Mapped[PriceChannel]
    minimum: Mapped[Vnd]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]
    most: Mapped[int | None]
    most_each: Mapped[int | None]
    alone: Mapped[bool]
    bearers: Mapped[Json] = mapped_column(JSON_COLUMN)
    set_at: Mapped[datetime]
    set_by: Mapped[UUID | None] = mapped_column(ForeignKey(User.id))
    promotion: Mapped[Promotion] = relationship(back_populates="every_terms")


class Voucher(Model):
    """A code for a promotion; `most` limits the uses of this code alone."""

    __tablename__ = "voucher"
    __table_args__ = (
        CheckConstraint("used >= 0 AND (most IS NULL OR used <= most)", name="used_within"),
    )

    id: Mapped[Pk]
    promotion_id: Mapped[UUID] = mapped_column(ForeignKey(Promotion.id), index=True)
    code: Mapped[str] = mapped_column(unique=True)
    most: Mapped[int | None]
    used: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    promotion: Mapped[Promotion] = relationship()


class Redemption(Model):
    """One use of a promotion by what `reference` names, such as `order:PH-26-…`."""

    __tablename__ = "redemption"
    __table_args__ = (
        UniqueConstraint("reference", "promotion_id"),
        Index(None, "promotion_id", "at"),
    )

    id: Mapped[Pk]
    promotion_id: Mapped[UUID] = mapped_column(ForeignKey(Promotion.id))
    terms_id: Mapped[UUID] = mapped_column(ForeignKey(PromotionTerms.id))
    voucher_id: Mapped[UUID | None] = mapped_column(ForeignKey(Voucher.id), index=True)
    reference: Mapped[str]
    at: Mapped[datetime]
    given_back_at: Mapped[datetime | None]
    shares: Mapped[list["RedemptionShare"]] = relationship(order_by="RedemptionShare.id")
    voucher: Mapped[Voucher | None] = relationship()


class RedemptionShare(Model):
    """Đồng that one bearer gave away with one use."""

    __tablename__ = "redemption_share"
    __table_args__ = (
        UniqueConstraint("redemption_id", "bearer"),
        CheckConstraint("amount > 0", name="amount_positive"),
    )

    id: Mapped[SerialPk]
    redemption_id: Mapped[UUID] = mapped_column(ForeignKey(Redemption.id))
    bearer: Mapped[Bearer]
    amount: Mapped[Vnd]


class PersonUse(Model):
    """The `nth` use of a promotion by one person. Unique, so that no race can use it twice.

    `person` is a digest of the account or of the phone number: enough to count, no list of buyers.
    """

    __tablename__ = "promotion_person_use"
    __table_args__ = (UniqueConstraint("promotion_id", "person", "nth"),)

    id: Mapped[SerialPk]
    promotion_id: Mapped[UUID] = mapped_column(ForeignKey(Promotion.id))
    person: Mapped[str]
    nth: Mapped[int]
    redemption_id: Mapped[UUID] = mapped_column(ForeignKey(Redemption.id), index=True)

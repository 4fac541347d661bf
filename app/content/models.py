"""Blocks of the home page, news of the programme, and policies with their versions."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.accounts.models import User
from app.core.db import Model
from app.core.enums import LabelledEnum
from app.core.text import N_
from app.core.types import JSON_COLUMN, Json, Pk


class BlockKind(LabelledEnum):
    """What a block of the home page shows."""

    OPENING = "opening", N_("Opening")
    SEASON = "season", N_("In season")
    NEW_STARS = "new_stars", N_("New stars")
    STORY = "story", N_("Story of a producer")
    FAIR = "fair", N_("Fair")
    SHELVES = "shelves", N_("Shelves")
    STARRED = "starred", N_("Products with stars")
    POINTS = "points", N_("Sales points")
    NEWS = "news", N_("News")
    TEXT = "text", N_("Text")


class Block(Model):
    """One block of the home page, shown from `shown_from` through `shown_until`.

    `options` holds what its kind needs besides words: a producer, a link, how many.
    """

    __tablename__ = "block"

    id: Mapped[Pk]
    kind: Mapped[BlockKind]
    position: Mapped[int]
    title_vi: Mapped[str | None]
    title_en: Mapped[str | None]
    body_vi: Mapped[str | None]
    body_en: Mapped[str | None]
    options: Mapped[Json] = mapped_column(JSON_COLUMN, default=dict)
    shown_from: Mapped[date | None]
    shown_until: Mapped[date | None]
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]


class NewsItem(Model):
    """A piece of news; a draft until `published_at`, its first day. Bodies are Markdown."""

    __tablename__ = "news_item"

    id: Mapped[Pk]
    slug: Mapped[str] = mapped_column(unique=True)
    title_vi: Mapped[str]
    title_en: Mapped[str | None]
    summary_vi: Mapped[str]
    summary_en: Mapped[str | None]
    body_vi: Mapped[str]
    body_en: Mapped[str | None]
    source_url: Mapped[str | None]
    published_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class PolicyKind(LabelledEnum):
    """The policies a shop must publish (Decree 52/2013, arts. 32 and following)."""

    TERMS = "terms", N_("General terms")
    DELIVERY = "delivery", N_("Delivery")
    RETURNS = "returns", N_("Returns and refunds")
    PAYMENT = "payment", N_("Payment")
    PRIVACY = "privacy", N_("Personal data")
    REVIEWS = "reviews", N_("Rules for reviews")
    COMPLAINTS = "complaints", N_("Complaints")


class PolicyVersion(Model):
    """One version of a policy, in force from a day until the next; never changed afterwards."""

    __tablename__ = "policy_version"
    __table_args__ = (
        UniqueConstraint("kind", "number"),
        UniqueConstraint("kind", "valid_from"),
        CheckConstraint("number > 0", name="number_positive"),
    )

    id: Mapped[Pk]
    kind: Mapped[PolicyKind]
    number: Mapped[int]
    valid_from: Mapped[date]
    body_vi: Mapped[str]
    body_en: Mapped[str | None]
    change_vi: Mapped[str | None]  # what is different from the version before
    change_en: Mapped[str | None]
    created_at: Mapped[datetime]
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey(User.id))

"""What shoppers say in public: reviews by those who bought, questions to producers."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.core.db import Model
from app.core.enums import LabelledEnum
from app.core.text import N_
from app.core.types import Pk
from catalog.models import Product
from pos.sales.models import OrderLine


class HiddenReason(LabelledEnum):
    """Why a text is not shown. A bad opinion is no reason (Law 19/2023/QH15: reviews are not hidden)."""

    PERSONAL_DATA = "personal_data", N_("It names a person or gives away somebody's data")
    ABUSE = "abuse", N_("It insults or threatens")
    ADVERTISING = "advertising", N_("It advertises something else")
    OFF_TOPIC = "off_topic", N_("It is not about this product")
    HEALTH_CLAIM = "health_claim", N_("It claims that food heals, which the law forbids in a shop")
    UNLAWFUL = "unlawful", N_("A law or an authority forbids it")


class Review(Model):
    """The opinion of somebody who bought the product: one for each purchase.

    A hidden text leaves its stars and the reason in view, so that hiding cannot better the mean.
    """

    __tablename__ = "review"
    __table_args__ = (
        CheckConstraint("stars BETWEEN 1 AND 5", name="one_to_five"),
        Index(None, "product_id", "created_at"),
    )

    id: Mapped[Pk]
    product_id: Mapped[UUID] = mapped_column(ForeignKey(Product.id))
    line_id: Mapped[UUID] = mapped_column(ForeignKey(OrderLine.id), unique=True)
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey(User.id), index=True)
    author: Mapped[str]
    stars: Mapped[int]
    text: Mapped[str | None]
    language: Mapped[str]
    created_at: Mapped[datetime]
    # Looked at by staff; flagged ones come first in their queue.
    flags: Mapped[str | None]
    judged_at: Mapped[datetime | None]
    judged_by: Mapped[UUID | None] = mapped_column(ForeignKey(User.id))
    hidden_reason: Mapped[HiddenReason | None]
    answer: Mapped[str | None]
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[UUID | None] = mapped_column(ForeignKey(User.id))
    product: Mapped[Product] = relationship()


class Question(Model):
    """Something a shopper wants to know from the producer; public once it is answered."""

    __tablename__ = "question"
    __table_args__ = (Index(None, "product_id", "created_at"),)

    id: Mapped[Pk]
    product_id: Mapped[UUID] = mapped_column(ForeignKey(Product.id))
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey(User.id), index=True)
    author: Mapped[str]
    email: Mapped[str | None]
    text: Mapped[str]
    language: Mapped[str]
    created_at: Mapped[datetime]
    flags: Mapped[str | None]
    judged_at: Mapped[datetime | None]
    judged_by: Mapped[UUID | None] = mapped_column(ForeignKey(User.id))
    hidden_reason: Mapped[HiddenReason | None]
    answer: Mapped[str | None]
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[UUID | None] = mapped_column(ForeignKey(User.id))
    product: Mapped[Product] = relationship()

"""Who was told of a recall, and which places have put their goods aside."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.core.db import Model
from app.core.types import Pk, Quantity
from pos.sales.models import Order
from pos.stock.models import Place
from traceability.history_models import Recall


class RecallNotice(Model):
    """A buyer of recalled goods. `told_at` is when a message was queued or staff spoke to them."""

    __tablename__ = "recall_notice"
    __table_args__ = (UniqueConstraint("recall_id", "order_id"),)

    id: Mapped[Pk]
    recall_id: Mapped[UUID] = mapped_column(ForeignKey(Recall.id))
    order_id: Mapped[UUID] = mapped_column(ForeignKey(Order.id), index=True)
    quantity: Mapped[Quantity]
    by_mail: Mapped[bool]
    told_at: Mapped[datetime | None]
    told_by: Mapped[UUID | None] = mapped_column(ForeignKey(User.id))
    order: Mapped[Order] = relationship()


class RecallPlace(Model):
    """A place that held recalled goods: `expected` by the books, `found` when it put them aside."""

    __tablename__ = "recall_place"
    __table_args__ = (
        UniqueConstraint("recall_id", "place_id"),
        CheckConstraint("found IS NULL OR found >= 0", name="found_not_negative"),
    )

    id: Mapped[Pk]
    recall_id: Mapped[UUID] = mapped_column(ForeignKey(Recall.id))
    place_id: Mapped[UUID] = mapped_column(ForeignKey(Place.id), index=True)
    expected: Mapped[Quantity]
    found: Mapped[Quantity | None]
    confirmed_at: Mapped[datetime | None]
    confirmed_by: Mapped[UUID | None] = mapped_column(ForeignKey(User.id))
    note: Mapped[str | None]
    place: Mapped[Place] = relationship()
    recall: Mapped[Recall] = relationship()

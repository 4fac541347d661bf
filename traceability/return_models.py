"""Sales of stamped packs that were ended because the pack came back."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.accounts.models import User
from app.core.db import Model
from app.core.types import SerialPk
from traceability.models import StampBatch


class StampReturn(Model):
    """One pack came back, and with it its stamp. Append-only: the sale is ended, not forgotten.

    `sold_*` is the sale as it was noted, `reference` what it came back by, such as `case:KN-…`, and
    `place` where, as people know it.
    """

    __tablename__ = "stamp_return"
    __table_args__ = (UniqueConstraint("batch_id", "number", "reference"),)

    id: Mapped[SerialPk]
    batch_id: Mapped[UUID] = mapped_column(ForeignKey(StampBatch.id))
    number: Mapped[int]
    sold_reference: Mapped[str]
    sold_at: Mapped[datetime]
    sold_place: Mapped[str | None]
    reference: Mapped[str]
    place: Mapped[str]
    at: Mapped[datetime]
    actor_id: Mapped[UUID | None] = mapped_column(ForeignKey(User.id))

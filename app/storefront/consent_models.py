"""What guests agree to besides their order."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.accounts.models import ConsentPurpose
from app.core.db import Model
from app.core.types import SerialPk
from pos.sales.models import Order


class GuestConsent(Model):
    """A consent that a guest gave with an order, or took back; append-only, the newest row of a
    purpose counts.

    `said` is the sentence as it stood beside the box, in `language`; `text_version` names its wording.
    """

    __tablename__ = "guest_consent"
    __table_args__ = (
        CheckConstraint("(given_at IS NULL) <> (withdrawn_at IS NULL)", name="one_of_both"),
    )

    id: Mapped[SerialPk]
    order_id: Mapped[UUID] = mapped_column(ForeignKey(Order.id), index=True)
    purpose: Mapped[ConsentPurpose]
    given_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    text_version: Mapped[str]
    language: Mapped[str]
    said: Mapped[str]

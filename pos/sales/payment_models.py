"""What comes in and goes back: receipts of money, bank entries, notices, refunds, disputes."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.core.db import Model
from app.core.types import Json, Pk, SerialPk, Vnd
from pos.sales.models import Order, Payment
from pos.sales.payment_status import (
    DisputeStatus,
    EntryStatus,
    NoticeStatus,
    RefundKind,
    RefundStatus,
)


class MoneyIn(Model):
    """Đồng that came for a payment, once for each `key` of a `source`. Append-only.

    `provider_ref` is what a card provider pays it back by.
    """

    __tablename__ = "money_in"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount_positive"),
        UniqueConstraint("source", "key"),
    )

    id: Mapped[SerialPk]
    payment_id: Mapped[UUID] = mapped_column(ForeignKey(Payment.id), index=True)
    source: Mapped[str]
    key: Mapped[str]
    amount: Mapped[Vnd]
    came_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    actor_id: Mapped[UUID | None] = mapped_column(ForeignKey(User.id))
    reason: Mapped[str | None]
    provider_ref: Mapped[str | None] = mapped_column(index=True)


class BankEntry(Model):
    """A line of the shop's bank account: money that came in, and what it was matched with.

    `bank_ref` is the bank's own number of the transfer, the same whoever tells of it. `counted` is
    false for what staff had confirmed before the bank told of it.
    """

    __tablename__ = "bank_entry"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount_positive"),
        UniqueConstraint("source", "provider_id"),
        Index(None, "status", "at"),
    )

    id: Mapped[Pk]
    source: Mapped[str]
    provider_id: Mapped[str]
    bank_ref: Mapped[str | None] = mapped_column(index=True)
    account: Mapped[str | None]
    amount: Mapped[Vnd]
    text: Mapped[str]
    at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    status: Mapped[EntryStatus]
    counted: Mapped[bool] = mapped_column(default=True)
    payment_id: Mapped[UUID | None] = mapped_column(ForeignKey(Payment.id), index=True)
    actor_id: Mapped[UUID | None] = mapped_column(ForeignKey(User.id))
    reason: Mapped[str | None]
    payment: Mapped[Payment | None] = relationship()


class ProviderEvent(Model):
    """A notice of a provider as it came, kept before anything is done with it."""

    __tablename__ = "provider_event"
    __table_args__ = (
        UniqueConstraint("provider", "event_id"),
        Index(None, "status", "tried_at"),
    )

    id: Mapped[SerialPk]
    provider: Mapped[str]
    event_id: Mapped[str]
    kind: Mapped[str]
    body: Mapped[Json]
    made_at: Mapped[datetime]
    received_at: Mapped[datetime]
    status: Mapped[NoticeStatus]
    tries: Mapped[int] = mapped_column(default=0)
    tried_at: Mapped[datetime | None]
    note: Mapped[str | None]


class Refund(Model):
    """Đồng of a payment that go back the way they came. `proof` says how staff paid them.

    `through` is the charge at a card provider, `provider_ref` the provider's name of the refund.
    """

    __tablename__ = "refund"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount_positive"),
        Index(None, "status", "requested_at"),
    )

    id: Mapped[Pk]
    payment_id: Mapped[UUID] = mapped_column(ForeignKey(Payment.id), index=True)
    order_id: Mapped[UUID] = mapped_column(ForeignKey(Order.id), index=True)
    key: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[RefundKind]
    status: Mapped[RefundStatus]
    amount: Mapped[Vnd]
    reason: Mapped[str]
    proof: Mapped[str | None]
    provider_ref: Mapped[str | None] = mapped_column(unique=True)
    through: Mapped[str | None]
    requested_at: Mapped[datetime]
    requested_by: Mapped[UUID | None] = mapped_column(ForeignKey(User.id))
    queued_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    payment: Mapped[Payment] = relationship()
    order: Mapped[Order] = relationship()


class Dispute(Model):
    """A buyer's objection against a card payment, as the provider tells it."""

    __tablename__ = "dispute"

    id: Mapped[Pk]
    payment_id: Mapped[UUID] = mapped_column(ForeignKey(Payment.id), index=True)
    provider_ref: Mapped[str] = mapped_column(unique=True)
    status: Mapped[DisputeStatus]
    amount: Mapped[Vnd]
    reason: Mapped[str]
    answer_by: Mapped[datetime | None]
    told_at: Mapped[datetime]
    payment: Mapped[Payment] = relationship()

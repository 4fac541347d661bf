"""Tokens of other programs, their webhooks, what was told to them and how it went."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.core.db import Model
from app.core.enums import LabelledEnum
from app.core.text import N_
from app.core.types import Json, Pk, SerialPk


class Scope(LabelledEnum):
    """What a token opens."""

    CATALOGUE = "catalogue:read", N_("Read products, prices and recognitions")
    AVAILABILITY = "availability:read", N_("Read what is in stock")
    ORDERS = "orders:read", N_("Read orders")
    STAMPS = "stamps:verify", N_("Look up stamps")
    EPCIS_READ = "epcis:read", N_("Read events of goods (EPCIS)")
    EPCIS_WRITE = "epcis:write", N_("Send events of goods (EPCIS)")


class EventType(LabelledEnum):
    """What a webhook can be told of."""

    PLACED = "order.placed", N_("An order was placed")
    ACCEPTED = "order.accepted", N_("An order was accepted")
    PAID = "order.paid", N_("An order was paid")
    PACKED = "order.packed", N_("An order was packed")
    SHIPPED = "order.shipped", N_("An order is on its way")
    DELIVERED = "order.delivered", N_("An order was delivered")
    FAILED = "order.failed", N_("An order could not be delivered")
    COMPLETED = "order.completed", N_("An order was completed")
    RETURNED = "order.returned", N_("An order came back")
    REFUSED = "order.refused", N_("An order was refused")
    CANCELLED = "order.cancelled", N_("An order was cancelled")
    EXPIRED = "order.expired", N_("An order was not paid in time")
    STOCK_LOW = "stock.low", N_("An article runs short at a place")
    RECOGNITION_ENDED = "recognition.ended", N_("A recognition has ended")
    TEST = "test", N_("A test by the staff")


class DeliveryState(LabelledEnum):
    """How the telling of one event to one webhook stands."""

    WAITING = "waiting", N_("Waiting")
    DONE = "done", N_("Delivered")
    DEAD = "dead", N_("Given up")


class ApiToken(Model):
    """A key of another program. Only its hash is kept; `prefix` is what people know it by.

    `scopes` are values of `Scope` with blanks between; `reach` says whose orders, as grants do:
    `*`, `place:<uuid>` or `producer:<uuid>`. `expires_on` is the last day on which it holds.
    """

    __tablename__ = "api_token"

    id: Mapped[Pk]
    note: Mapped[str]  # for whom
    prefix: Mapped[str] = mapped_column(unique=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    scopes: Mapped[str]
    reach: Mapped[str]
    created_at: Mapped[datetime]
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey(User.id))
    expires_on: Mapped[date | None]
    last_used_on: Mapped[date | None]
    revoked_at: Mapped[datetime | None]

    @property
    def granted(self) -> frozenset[Scope]:
        """What it opens."""
        return frozenset(Scope.parse(text) for text in self.scopes.split())


class Webhook(Model):
    """An address that is told of events. Its secret is computed from its key and `secret_no`."""

    __tablename__ = "webhook"

    id: Mapped[Pk]
    note: Mapped[str]  # for whom
    url: Mapped[str]
    events: Mapped[str]
    active: Mapped[bool]
    secret_no: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey(User.id))

    @property
    def wanted(self) -> frozenset[EventType]:
        """What it is told of."""
        return frozenset(EventType.parse(text) for text in self.events.split())


class WebhookEvent(Model):
    """Something that happened and that at least one webhook wanted to know.

    `subject` says what it is about in words that come out the same when it is noticed again.
    """

    __tablename__ = "webhook_event"
    __table_args__ = (UniqueConstraint("type", "subject"),)

    id: Mapped[Pk]
    type: Mapped[EventType]
    subject: Mapped[str]
    data: Mapped[Json]
    created_at: Mapped[datetime]


class WebhookDelivery(Model):
    """The telling of one event to one webhook. `attempts` counts since it was last begun anew."""

    __tablename__ = "webhook_delivery"
    __table_args__ = (
        UniqueConstraint("webhook_id", "event_id"),
        Index(None, "state", "created_at"),
        CheckConstraint("attempts >= 0", name="attempts_not_negative"),
    )

    id: Mapped[Pk]
    webhook_id: Mapped[UUID] = mapped_column(ForeignKey(Webhook.id))
    event_id: Mapped[UUID] = mapped_column(ForeignKey(WebhookEvent.id), index=True)
    state: Mapped[DeliveryState]
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    webhook: Mapped[Webhook] = relationship()
    event: Mapped[WebhookEvent] = relationship()
    log: Mapped[list["WebhookAttempt"]] = relationship(order_by="WebhookAttempt.id")


class WebhookAttempt(Model):
    """One call and what came back: append-only. Without a `status` nothing did; `trouble` says why."""

    __tablename__ = "webhook_attempt"

    id: Mapped[SerialPk]
    delivery_id: Mapped[UUID] = mapped_column(ForeignKey(WebhookDelivery.id), index=True)
    at: Mapped[datetime]
    status: Mapped[int | None]
    millis: Mapped[int]
    answer: Mapped[str]
    trouble: Mapped[str | None]

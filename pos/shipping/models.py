"""Parcels, and the lists of money that carriers have collected at the door and hand over."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.core.db import Model
from app.core.enums import LabelledEnum
from app.core.text import N_
from app.core.types import Pk, Quantity, SerialPk, Vnd
from pos.sales.models import Order


class ParcelStatus(LabelledEnum):
    """Where a parcel is."""

    READY = "ready", N_("To hand over")
    HANDED = "handed", N_("With the carrier")
    DELIVERED = "delivered", N_("Delivered")
    FAILED = "failed", N_("Nobody met")  # the carrier has it and may try again
    REFUSED = "refused", N_("Not accepted")  # the carrier has it and brings it back
    BACK = "back", N_("Came back")


class Parcel(Model):
    """One order on its way. `cod_amount` đồng are due at the door; `weight` in grams, if known.

    `number` is the carrier's; `service` names the service in the tables of the tariff.
    """

    __tablename__ = "parcel"
    __table_args__ = (
        CheckConstraint("cod_amount >= 0", name="cod_not_negative"),
        CheckConstraint("weight IS NULL OR weight > 0", name="weight_positive"),
        UniqueConstraint("carrier", "number"),
        Index(None, "status", "created_at"),
    )

    id: Mapped[Pk]
    order_id: Mapped[UUID] = mapped_column(ForeignKey(Order.id), unique=True)
    carrier: Mapped[str]
    service: Mapped[str]
    number: Mapped[str | None]
    weight: Mapped[Quantity | None]
    cod_amount: Mapped[Vnd]
    status: Mapped[ParcelStatus]
    tries: Mapped[int] = mapped_column(default=0)
    reason: Mapped[str | None]
    handed_at: Mapped[datetime | None]
    delivered_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
    returned_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    order: Mapped[Order] = relationship()


class LineVerdict(LabelledEnum):
    """What a line of a remittance list was found to be."""

    SETTLED = "settled", N_("Settled")
    OTHER_AMOUNT = "other_amount", N_("Another amount")
    AGAIN = "again", N_("Settled before")
    UNKNOWN = "unknown", N_("No such parcel")
    NOT_DUE = "not_due", N_("No money expected")


class Remittance(Model):
    """One list of a carrier: the money of many parcels that came together."""

    __tablename__ = "remittance"
    __table_args__ = (UniqueConstraint("carrier", "reference"),)

    id: Mapped[Pk]
    carrier: Mapped[str]
    reference: Mapped[str]
    received_on: Mapped[date]
    recorded_at: Mapped[datetime]
    actor_id: Mapped[UUID | None] = mapped_column(ForeignKey(User.id))
    lines: Mapped[list["RemittanceLine"]] = relationship(order_by="RemittanceLine.id")


class RemittanceLine(Model):
    """`amount` đồng for the parcel or order with this number, as the list says."""

    __tablename__ = "remittance_line"

    id: Mapped[SerialPk]
    remittance_id: Mapped[UUID] = mapped_column(ForeignKey(Remittance.id), index=True)
    number: Mapped[str]
    amount: Mapped[Vnd]
    verdict: Mapped[LineVerdict]
    parcel_id: Mapped[UUID | None] = mapped_column(ForeignKey(Parcel.id), index=True)
    cleared_at: Mapped[datetime | None]
    note: Mapped[str | None]
    parcel: Mapped[Parcel | None] = relationship()

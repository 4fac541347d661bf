"""Registers, till sessions, cash movements and discrepancies."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.core.db import Model
from app.core.enums import LabelledEnum
from app.core.text import N_
from app.core.types import Json, Pk, SerialPk, Vnd
from pos.stock.models import Place


class SessionStatus(LabelledEnum):
    """Whether a till session takes sales."""

    OPEN = "open", N_("Open")
    CLOSED = "closed", N_("Closed")


class CashKind(LabelledEnum):
    """Why cash entered or left the drawer."""

    FLOAT = "float", N_("Opening float")
    SALE = "sale", N_("Sale")
    PAY_IN = "pay_in", N_("Cash put in")
    PAY_OUT = "pay_out", N_("Cash taken out")


class DiscrepancyKind(LabelledEnum):
    """What a sale at the counter contradicts; a manager clears it."""

    SHORT_STOCK = "short_stock", N_("Sold more than the books had")
    PRICE_CHANGED = "price_changed", N_("Price differs from the price list")
    LOT_NOT_HERE = "lot_not_here", N_("Lot not expected at this point")
    LOT_BLOCKED = "lot_blocked", N_("Lot on hold, recalled or expired")
    STAMP_SOLD = "stamp_sold", N_("Stamp already sold")
    STAMP_UNKNOWN = "stamp_unknown", N_("Stamp that was never issued")
    STAMP_NOT_VALID = "stamp_not_valid", N_("Stamp void or not activated")
    STAMP_MISMATCH = "stamp_mismatch", N_("Stamp belongs to other goods")
    CLOCK_WRONG = "clock_wrong", N_("Clock of the till was wrong")
    RESERVATION_BROKEN = "reservation_broken", N_("Goods promised to an online order were sold")
    CASH_DIFFERENCE = "cash_difference", N_("Counted cash differs")
    STARS_ENDED = "stars_ended", N_("Stars have ended: change the labels")


class DiscrepancyStatus(LabelledEnum):
    """Whether someone still has to look at it."""

    OPEN = "open", N_("Open")
    CLEARED = "cleared", N_("Cleared")


class Register(Model):
    """A till. Receipts are numbered `<code>-<letter>-<number>`; a new device gets a new letter."""

    __tablename__ = "register"

    id: Mapped[Pk]
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    place_id: Mapped[UUID] = mapped_column(ForeignKey(Place.id), index=True)
    lease_letter: Mapped[str] = mapped_column(default="A")
    active: Mapped[bool] = mapped_column(default=True)
    place: Mapped[Place] = relationship()


class TillSession(Model):
    """From opening with a counted float to closing with counted cash; one open per register."""

    __tablename__ = "till_session"
    __table_args__ = (
        CheckConstraint("float_amount >= 0", name="float_not_negative"),
        Index(
            "uq_till_session_open_per_register",
            "register_id",
            unique=True,
            postgresql_where=text("closed_at IS NULL"),
            sqlite_where=text("closed_at IS NULL"),
        ),
    )

    id: Mapped[Pk]
    register_id: Mapped[UUID] = mapped_column(ForeignKey(Register.id), index=True)
    status: Mapped[SessionStatus] = mapped_column(default=SessionStatus.OPEN)
    opened_by: Mapped[UUID] = mapped_column(ForeignKey(User.id))
    opened_at: Mapped[datetime]
    float_amount: Mapped[Vnd]
    closed_by: Mapped[UUID | None] = mapped_column(ForeignKey(User.id))
    closed_at: Mapped[datetime | None]
    expected_cash: Mapped[Vnd | None]
    counted_cash: Mapped[Vnd | None]
    difference: Mapped[Vnd | None]
    difference_reason: Mapped[str | None]
    register: Mapped[Register] = relationship()


class CashMovement(Model):
    """Cash into (+) or out of (−) the drawer; append-only."""

    __tablename__ = "cash_movement"

    id: Mapped[SerialPk]
    session_id: Mapped[UUID] = mapped_column(ForeignKey(TillSession.id), index=True)
    kind: Mapped[CashKind]
    amount: Mapped[Vnd]
    reference: Mapped[str]
    reason: Mapped[str | None]
    actor_id: Mapped[UUID | None] = mapped_column(ForeignKey(User.id))
    at: Mapped[datetime]


class Discrepancy(Model):
    """Something a fact contradicts. It has a place, an age and, once cleared, a note."""

    __tablename__ = "discrepancy"
    __table_args__ = (Index(None, "status", "place_id"),)

    id: Mapped[Pk]
    kind: Mapped[DiscrepancyKind]
    status: Mapped[DiscrepancyStatus] = mapped_column(default=DiscrepancyStatus.OPEN)
    place_id: Mapped[UUID] = mapped_column(ForeignKey(Place.id))
    reference: Mapped[str]
    detail: Mapped[Json]
    opened_at: Mapped[datetime]
    cleared_at: Mapped[datetime | None]
    cleared_by: Mapped[UUID | None] = mapped_column(ForeignKey(User.id))
    note: Mapped[str | None]
    place: Mapped[Place] = relationship()

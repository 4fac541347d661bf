"""Cases of buyers about goods they have, what came back, and how many units are spoken for."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.core.db import Model
from app.core.types import Pk, Quantity, SerialPk, Vnd
from pos.aftersales.status import CaseStatus, Condition, Reason, Wish
from pos.sales.models import Order, OrderLine
from pos.stock.models import Place
from traceability.models import Lot


class Case(Model):
    """A return, an exchange or a complaint about one order.

    `due_on` is the last day on which the shop should answer. `remedy` is what was granted,
    `decision` says why in words, `amount` what was paid back in đồng, `exchange_id` names the
    order that replaces the goods.
    """

    __tablename__ = "service_case"
    __table_args__ = (
        CheckConstraint("amount >= 0", name="amount_not_negative"),
        Index(None, "status", "due_on"),
    )

    id: Mapped[Pk]
    number: Mapped[str] = mapped_column(unique=True)
    order_id: Mapped[UUID] = mapped_column(ForeignKey(Order.id), index=True)
    status: Mapped[CaseStatus]
    reason: Mapped[Reason]
    wish: Mapped[Wish]
    text: Mapped[str]
    language: Mapped[str]
    contact_name: Mapped[str | None]
    contact_phone: Mapped[str | None]
    contact_email: Mapped[str | None]
    by_buyer: Mapped[bool]
    opened_at: Mapped[datetime]
    opened_by: Mapped[UUID | None] = mapped_column(ForeignKey(User.id))
    due_on: Mapped[date]
    remedy: Mapped[Wish | None]
    goods_back: Mapped[bool] = mapped_column(default=False)
    decision: Mapped[str | None]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey(User.id))
    ended_at: Mapped[datetime | None]
    amount: Mapped[Vnd] = mapped_column(default=0)
    exchange_id: Mapped[UUID | None] = mapped_column(ForeignKey(Order.id), unique=True)
    order: Mapped[Order] = relationship(foreign_keys=order_id)
    exchange: Mapped[Order | None] = relationship(foreign_keys=exchange_id)
    lines: Mapped[list["CaseLine"]] = relationship(order_by="CaseLine.id", back_populates="case")
    events: Mapped[list["CaseEvent"]] = relationship(order_by="CaseEvent.id")
    photos: Mapped[list["CasePhoto"]] = relationship(order_by="CasePhoto.id")


class CaseLine(Model):
    """Units of an order's line that a case is about: asked for, granted, come back.

    `held` units are spoken for (see `LineClaim`). `new_line_id` is the line that replaces them.
    """

    __tablename__ = "case_line"
    __table_args__ = (
        UniqueConstraint("case_id", "line_id"),
        CheckConstraint("asked > 0", name="asked_positive"),
        CheckConstraint("accepted >= 0 AND accepted <= asked", name="accepted_within"),
        CheckConstraint("received >= 0 AND received <= accepted", name="received_within"),
        CheckConstraint("held >= 0 AND held <= asked", name="held_within"),
    )

    id: Mapped[Pk]
    case_id: Mapped[UUID] = mapped_column(ForeignKey(Case.id))
    line_id: Mapped[UUID] = mapped_column(ForeignKey(OrderLine.id), index=True)
    asked: Mapped[Quantity]
    accepted: Mapped[Quantity] = mapped_column(default=0)
    received: Mapped[Quantity] = mapped_column(default=0)
    held: Mapped[Quantity] = mapped_column(default=0)
    new_line_id: Mapped[UUID | None] = mapped_column(ForeignKey(OrderLine.id), unique=True)
    case: Mapped[Case] = relationship(back_populates="lines")
    line: Mapped[OrderLine] = relationship(foreign_keys=line_id)
    goods: Mapped[list["CaseGoods"]] = relationship(order_by="CaseGoods.id")


class CaseGoods(Model):
    """Units of a lot that came back and where they went. Append-only.

    Without a lot when the goods are not counted.
    """

    __tablename__ = "case_goods"
    __table_args__ = (CheckConstraint("quantity > 0", name="quantity_positive"),)

    id: Mapped[SerialPk]
    case_line_id: Mapped[UUID] = mapped_column(ForeignKey(CaseLine.id), index=True)
    lot_id: Mapped[UUID | None] = mapped_column(ForeignKey(Lot.id), index=True)
    condition: Mapped[Condition]
    place_id: Mapped[UUID | None] = mapped_column(ForeignKey(Place.id))
    quantity: Mapped[Quantity]
    at: Mapped[datetime]
    lot: Mapped[Lot | None] = relationship()


class CaseEvent(Model):
    """One step of a case and what was said with it. Append-only."""

    __tablename__ = "case_event"

    id: Mapped[SerialPk]
    case_id: Mapped[UUID] = mapped_column(ForeignKey(Case.id), index=True)
    at: Mapped[datetime]
    actor_id: Mapped[UUID | None] = mapped_column(ForeignKey(User.id))
    by_buyer: Mapped[bool]
    status: Mapped[CaseStatus]
    text: Mapped[str | None]


class CasePhoto(Model):
    """A picture sent with a case, kept by its hash; `width` and `height` in pixels."""

    __tablename__ = "case_photo"
    __table_args__ = (UniqueConstraint("case_id", "sha256"),)

    id: Mapped[Pk]
    case_id: Mapped[UUID] = mapped_column(ForeignKey(Case.id))
    sha256: Mapped[str]
    media_type: Mapped[str]
    width: Mapped[int]
    height: Mapped[int]
    at: Mapped[datetime]


class LineClaim(Model):
    """How many units of a sold line are spoken for by cases, and paid back; never more than sold."""

    __tablename__ = "line_claim"
    __table_args__ = (
        CheckConstraint("claimed >= 0 AND claimed <= sold", name="claimed_within"),
        CheckConstraint("repaid >= 0 AND repaid <= sold", name="repaid_within"),
    )

    line_id: Mapped[UUID] = mapped_column(ForeignKey(OrderLine.id), primary_key=True)
    sold: Mapped[Quantity]
    claimed: Mapped[Quantity] = mapped_column(default=0)
    repaid: Mapped[Quantity] = mapped_column(default=0)

"""Places, movements, balances and reservations."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.areas.models import AreaUnit
from app.core.db import Model
from app.core.enums import LabelledEnum
from app.core.operations import Operation
from app.core.text import N_
from app.core.types import Pk, Quantity, SerialPk
from catalog.models import Sku
from traceability.models import Lot


class PlaceKind(LabelledEnum):
    """What a place is; virtual places have no floor and exist so that every move has two ends."""

    SHOP = "shop", N_("Sales point")
    DEPOT = "depot", N_("Depot")
    BACK_ROOM = "back_room", N_("Back room")
    VEHICLE = "vehicle", N_("Vehicle")
    FAIR = "fair", N_("Fair")
    TRANSIT = "transit", N_("In transit")
    QUARANTINE = "quarantine", N_("Quarantine")
    PRODUCER = "producer", N_("Producers")
    CUSTOMER = "customer", N_("Customers")
    WASTE = "waste", N_("Waste")
    COUNT_DIFFERENCE = "count_difference", N_("Count differences")
    SUSPENSE = "suspense", N_("Unexplained")


PHYSICAL = frozenset(
    {
        PlaceKind.SHOP,
        PlaceKind.DEPOT,
        PlaceKind.BACK_ROOM,
        PlaceKind.VEHICLE,
        PlaceKind.FAIR,
        PlaceKind.TRANSIT,
        PlaceKind.QUARANTINE,
    }
)
SELLING = frozenset({PlaceKind.SHOP, PlaceKind.FAIR})
OPEN_ALERT = text("cleared_at IS NULL")


class MovementKind(LabelledEnum):
    """Why goods moved."""

    RECEIVE = "receive", N_("Received")
    TRANSFER = "transfer", N_("Transferred")
    SALE = "sale", N_("Sold")
    RETURN = "return", N_("Returned by customer")
    WRITE_OFF = "write_off", N_("Written off")
    COUNT = "count", N_("Count difference")
    REVERSAL = "reversal", N_("Reversed")


class ReservationStatus(LabelledEnum):
    """How a promise of stock stands."""

    HELD = "held", N_("Held")
    CONSUMED = "consumed", N_("Used")
    RELEASED = "released", N_("Released")
    BROKEN = "broken", N_("Broken")  # the till sold the goods; the order must be served elsewhere


class Place(Model):
    """Any place where stock can be. A suspense place belongs to the place named by `parent_id`.

    Of every article `kept_back` units stay for whoever comes to the counter: online orders leave
    them alone.
    """

    __tablename__ = "place"
    __table_args__ = (
        CheckConstraint("kept_back >= 0", name="kept_back_not_negative"),
        Index(None, "gln", unique=True),
    )

    id: Mapped[Pk]
    code: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[PlaceKind]
    name: Mapped[str]
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("place.id"), index=True)
    address: Mapped[str | None]
    area_id: Mapped[UUID | None] = mapped_column(ForeignKey(AreaUnit.id))
    phone: Mapped[str | None]
    opening_hours: Mapped[str | None]
    pickup: Mapped[bool] = mapped_column(default=False)
    serves_web: Mapped[bool] = mapped_column(default=False)
    active: Mapped[bool] = mapped_column(default=True)
    kept_back: Mapped[Quantity] = mapped_column(default=0, server_default="0")
    gln: Mapped[str | None]
    area: Mapped[AreaUnit | None] = relationship()


class Movement(Model):
    """Goods went from one place to another. Never updated, never deleted (database triggers)."""

    __tablename__ = "movement"
    __table_args__ = (
        UniqueConstraint("operation_id", "line_no"),
        CheckConstraint("quantity > 0", name="quantity_positive"),
        CheckConstraint("from_place_id <> to_place_id", name="two_places"),
        Index("ix_movement_from", "from_place_id", "lot_id"),
        Index("ix_movement_to", "to_place_id", "lot_id"),
        Index("ix_movement_reference", "reference"),
    )

    id: Mapped[SerialPk]
    operation_id: Mapped[UUID] = mapped_column(ForeignKey(Operation.id))
    line_no: Mapped[int]
    kind: Mapped[MovementKind]
    from_place_id: Mapped[UUID] = mapped_column(ForeignKey(Place.id))
    to_place_id: Mapped[UUID] = mapped_column(ForeignKey(Place.id))
    sku_id: Mapped[UUID] = mapped_column(ForeignKey(Sku.id), index=True)
    lot_id: Mapped[UUID] = mapped_column(ForeignKey(Lot.id), index=True)
    quantity: Mapped[Quantity]
    occurred_at: Mapped[datetime]
    recorded_at: Mapped[datetime] = mapped_column(index=True)
    actor_id: Mapped[UUID | None] = mapped_column(ForeignKey(User.id))
    reference: Mapped[str]
    reason: Mapped[str | None]
    reverses_id: Mapped[int | None] = mapped_column(ForeignKey("movement.id"), unique=True)


class Balance(Model):
    """What the movements of one lot add up to at one place, kept in the same transaction."""

    __tablename__ = "balance"
    __table_args__ = (
        CheckConstraint(
            "NOT physical OR (reserved >= 0 AND on_hand >= reserved)", name="never_oversold"
        ),
        CheckConstraint("physical OR reserved = 0", name="virtual_unreserved"),
        Index("ix_balance_sku_place", "sku_id", "place_id"),
    )

    place_id: Mapped[UUID] = mapped_column(ForeignKey(Place.id), primary_key=True)
    lot_id: Mapped[UUID] = mapped_column(ForeignKey(Lot.id), primary_key=True)
    sku_id: Mapped[UUID] = mapped_column(ForeignKey(Sku.id))
    physical: Mapped[bool]
    on_hand: Mapped[Quantity] = mapped_column(default=0)
    reserved: Mapped[Quantity] = mapped_column(default=0)


class Reservation(Model):
    """A promise of stock to `reference` (such as `order:PH-26-000042`), until it ends."""

    __tablename__ = "reservation"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity_positive"),
        Index(None, "reference"),
        Index(None, "place_id", "lot_id", "status"),
    )

    id: Mapped[Pk]
    reference: Mapped[str]
    line_no: Mapped[int]
    place_id: Mapped[UUID] = mapped_column(ForeignKey(Place.id))
    lot_id: Mapped[UUID] = mapped_column(ForeignKey(Lot.id))
    sku_id: Mapped[UUID] = mapped_column(ForeignKey(Sku.id))
    quantity: Mapped[Quantity]
    status: Mapped[ReservationStatus] = mapped_column(default=ReservationStatus.HELD)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class StockAlert(Model):
    """An article fell to its threshold at a place; one open alert for each pair.

    `left` and `threshold` are base units as they were when it was raised.
    """

    __tablename__ = "stock_alert"
    __table_args__ = (
        Index(
            "uq_stock_alert_open",
            "place_id",
            "sku_id",
            unique=True,
            sqlite_where=OPEN_ALERT,
            postgresql_where=OPEN_ALERT,
        ),
    )

    id: Mapped[Pk]
    place_id: Mapped[UUID] = mapped_column(ForeignKey(Place.id))
    sku_id: Mapped[UUID] = mapped_column(ForeignKey(Sku.id))
    left: Mapped[Quantity]
    threshold: Mapped[Quantity]
    raised_at: Mapped[datetime]
    cleared_at: Mapped[datetime | None]
    place: Mapped[Place] = relationship()
    sku: Mapped[Sku] = relationship()


class Bin(Model):
    """Where at a place an article stands, as people there say it: «Kệ 3, tầng 2»."""

    __tablename__ = "bin"

    place_id: Mapped[UUID] = mapped_column(ForeignKey(Place.id), primary_key=True)
    sku_id: Mapped[UUID] = mapped_column(ForeignKey(Sku.id), primary_key=True)
    code: Mapped[str]

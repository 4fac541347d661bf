"""Orders of every channel, their lines, the lots picked for them, and payments."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.areas.models import AreaUnit
from app.core.db import Model
from app.core.types import Json, Pk, Quantity, SerialPk, Vnd
from catalog.models import Producer, Sku, Unit
from catalog.offer_models import PreOrder
from catalog.vat import VatKind
from pos.promotions.bearers import Bearer
from pos.sales.status import Channel, Delivery, OrderStatus, PaymentStatus, Tender
from pos.stock.models import Place
from traceability.models import Lot


class Order(Model):
    """One sale. `place_id` is where its goods come from; `session_ref` names the till session.

    `confirmed` is the order as the buyer confirmed it, kept for both sides. `weight` in grams,
    packing not included; empty when the weight of a part is unknown. `province` is the code of a
    province of today.
    """

    __tablename__ = "sales_order"
    __table_args__ = (
        CheckConstraint(
            "total = subtotal - discount + delivery_fee - delivery_discount + cod_fee + rounding",
            name="total_adds_up",
        ),
        CheckConstraint("total >= 0", name="total_not_negative"),
        Index(None, "status", "placed_at"),
        Index(None, "place_id", "placed_at"),
        Index(None, "session_ref"),
    )

    id: Mapped[Pk]
    number: Mapped[str] = mapped_column(unique=True)
    channel: Mapped[Channel]
    status: Mapped[OrderStatus]
    place_id: Mapped[UUID] = mapped_column(ForeignKey(Place.id))
    customer_id: Mapped[UUID | None] = mapped_column(ForeignKey(User.id), index=True)
    contact_name: Mapped[str | None]
    contact_phone: Mapped[str | None]
    contact_email: Mapped[str | None]
    delivery: Mapped[Delivery]
    address: Mapped[str | None]
    area_id: Mapped[UUID | None] = mapped_column(ForeignKey(AreaUnit.id))
    area_text: Mapped[str | None]
    note: Mapped[str | None]
    language: Mapped[str] = mapped_column(default="vi")
    province: Mapped[str | None]
    delivery_option: Mapped[str | None]
    arrives_from: Mapped[date | None]
    arrives_until: Mapped[date | None]
    weight: Mapped[Quantity | None]
    subtotal: Mapped[Vnd]
    discount: Mapped[Vnd] = mapped_column(default=0, server_default="0")
    delivery_fee: Mapped[Vnd] = mapped_column(default=0)
    delivery_discount: Mapped[Vnd] = mapped_column(default=0, server_default="0")
    cod_fee: Mapped[Vnd] = mapped_column(default=0, server_default="0")
    rounding: Mapped[Vnd] = mapped_column(default=0)
    total: Mapped[Vnd]
    voucher_code: Mapped[str | None]
    invoice_to: Mapped[Json | None]
    terms_version: Mapped[str | None]
    confirmed: Mapped[Json | None]
    session_ref: Mapped[str | None]
    cashier_id: Mapped[UUID | None] = mapped_column(ForeignKey(User.id))
    placed_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    pay_until: Mapped[datetime | None]
    accepted_at: Mapped[datetime | None]
    paid_at: Mapped[datetime | None]
    packed_at: Mapped[datetime | None]
    shipped_at: Mapped[datetime | None]
    delivered_at: Mapped[datetime | None]
    completed_at: Mapped[datetime | None]
    ended_reason: Mapped[str | None]
    place: Mapped[Place] = relationship()
    lines: Mapped[list["OrderLine"]] = relationship(
        order_by="OrderLine.line_no", back_populates="order"
    )
    payments: Mapped[list["Payment"]] = relationship(order_by="Payment.created_at")
    discounts: Mapped[list["Discount"]] = relationship(order_by="Discount.id")

    @property
    def delivery_due(self) -> int:
        """Đồng the buyer pays for the way, fee for payment on delivery included."""
        return self.delivery_fee - self.delivery_discount + self.cod_fee


class OrderLine(Model):
    """What was sold, as it was named and priced then.

    `line_total` less `discount` is what the buyer pays for it; VAT is contained in that. An empty
    `vat_kind` means not decided; `vat_permille` is set when it is a rate.
    """

    __tablename__ = "order_line"
    __table_args__ = (
        UniqueConstraint("order_id", "line_no"),
        CheckConstraint("quantity > 0", name="quantity_positive"),
        CheckConstraint("discount >= 0 AND discount <= line_total", name="discount_within"),
    )

    id: Mapped[Pk]
    order_id: Mapped[UUID] = mapped_column(ForeignKey(Order.id))
    line_no: Mapped[int]
    sku_id: Mapped[UUID] = mapped_column(ForeignKey(Sku.id), index=True)
    producer_id: Mapped[UUID | None] = mapped_column(ForeignKey(Producer.id), index=True)
    name: Mapped[str]
    sku_code: Mapped[str]
    unit: Mapped[Unit]
    stars: Mapped[int | None]
    quantity: Mapped[Quantity]
    unit_price: Mapped[Vnd]
    per_quantity: Mapped[Quantity]
    line_total: Mapped[Vnd]
    discount: Mapped[Vnd] = mapped_column(default=0, server_default="0")
    vat_kind: Mapped[VatKind | None]
    vat_permille: Mapped[int | None]
    vat_amount: Mapped[Vnd | None]
    # Lines of one gift set share `bundle_no`; `bundle_name` and `bundle_quantity` say what was bought.
    bundle_no: Mapped[int | None]
    bundle_sku_id: Mapped[UUID | None] = mapped_column(ForeignKey(Sku.id))
    bundle_name: Mapped[str | None]
    bundle_quantity: Mapped[Quantity | None]
    # Ordered before the harvest: no goods are set aside until they have come.
    pre_order_id: Mapped[UUID | None] = mapped_column(ForeignKey(PreOrder.id), index=True)
    order: Mapped[Order] = relationship(back_populates="lines")
    picks: Mapped[list["Pick"]] = relationship(order_by="Pick.id")

    @property
    def net(self) -> int:
        """Đồng to pay for the line."""
        return self.line_total - self.discount


class Discount(Model):
    """Đồng taken off a line, or off the delivery fee without one, and who bears it."""

    __tablename__ = "discount"
    __table_args__ = (CheckConstraint("amount > 0", name="amount_positive"),)

    id: Mapped[SerialPk]
    order_id: Mapped[UUID] = mapped_column(ForeignKey(Order.id), index=True)
    line_id: Mapped[UUID | None] = mapped_column(ForeignKey(OrderLine.id), index=True)
    amount: Mapped[Vnd]
    bearer: Mapped[Bearer]
    source: Mapped[str]  # voucher:<id>, promotion:<id>, manual
    name: Mapped[str]
    line: Mapped[OrderLine | None] = relationship()


class Pick(Model):
    """Units of one lot handed over for a line; `serial` is the stamp that was scanned, if any."""

    __tablename__ = "pick"
    __table_args__ = (CheckConstraint("quantity > 0", name="quantity_positive"),)

    id: Mapped[SerialPk]
    line_id: Mapped[UUID] = mapped_column(ForeignKey(OrderLine.id), index=True)
    lot_id: Mapped[UUID] = mapped_column(ForeignKey(Lot.id), index=True)
    quantity: Mapped[Quantity]
    serial: Mapped[str | None] = mapped_column(index=True)
    at: Mapped[datetime]


class Payment(Model):
    """Money expected or come for an order. `tendered` less `amount` is the change given.

    `received` is what has come, which may be more or less than `amount`; `refunded` what is on its
    way back or was given back. `code` is the buyer's reference in a transfer. `session_ref`
    and `pay_url` name the last payment page at a card provider, `attempt` counts its pages.
    """

    __tablename__ = "payment"
    __table_args__ = (
        CheckConstraint("amount >= 0", name="amount_not_negative"),
        CheckConstraint("tendered IS NULL OR tendered >= amount", name="tendered_covers"),
        CheckConstraint("refunded >= 0 AND refunded <= received", name="refunded_within"),
        UniqueConstraint("tender", "reference"),
    )

    id: Mapped[Pk]
    order_id: Mapped[UUID] = mapped_column(ForeignKey(Order.id), index=True)
    tender: Mapped[Tender]
    status: Mapped[PaymentStatus]
    amount: Mapped[Vnd]
    tendered: Mapped[Vnd | None]
    reference: Mapped[str]
    created_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    code: Mapped[str | None] = mapped_column(unique=True)
    received: Mapped[Vnd] = mapped_column(default=0, server_default="0")
    refunded: Mapped[Vnd] = mapped_column(default=0, server_default="0")
    claimed_at: Mapped[datetime | None]
    session_ref: Mapped[str | None] = mapped_column(unique=True)
    pay_url: Mapped[str | None]
    attempt: Mapped[int] = mapped_column(default=0, server_default="0")
    started_at: Mapped[datetime | None]
    asked_at: Mapped[datetime | None]

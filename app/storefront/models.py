"""Carts, and what members and shoppers leave with the shop: addresses, wishes, requests for notice.

Carts are a web concern, so they live here and not among the orders.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.areas.models import AreaUnit
from app.core.db import Model
from app.core.types import Pk, Quantity, Vnd
from catalog.models import Product, Sku


class Cart(Model):
    """What a visitor means to buy; takes no stock. Found by the hash of the browser's token."""

    __tablename__ = "cart"

    id: Mapped[Pk]
    token_hash: Mapped[str] = mapped_column(unique=True)
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey(User.id), index=True)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    lines: Mapped[list["CartLine"]] = relationship(
        order_by="CartLine.added_at", cascade="all, delete-orphan"
    )


class CartLine(Model):
    """One SKU in a cart. `seen_price` is the price, in đồng, that the visitor has last been shown."""

    __tablename__ = "cart_line"
    __table_args__ = (CheckConstraint("quantity > 0", name="quantity_positive"),)

    cart_id: Mapped[UUID] = mapped_column(ForeignKey(Cart.id), primary_key=True)
    sku_id: Mapped[UUID] = mapped_column(ForeignKey(Sku.id), primary_key=True)
    quantity: Mapped[Quantity]
    added_at: Mapped[datetime]
    seen_price: Mapped[Vnd | None]
    sku: Mapped[Sku] = relationship()


class Address(Model):
    """Where a member has goods sent. `area_text` is how the commune was called when it was entered,
    `province` the code of a province of today; empty when nobody has said which."""

    __tablename__ = "address"

    id: Mapped[Pk]
    user_id: Mapped[UUID] = mapped_column(ForeignKey(User.id), index=True)
    label: Mapped[str | None]
    contact_name: Mapped[str]
    phone: Mapped[str]
    street: Mapped[str]
    area_id: Mapped[UUID | None] = mapped_column(ForeignKey(AreaUnit.id))
    area_text: Mapped[str | None]
    province: Mapped[str | None]
    is_default: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]


class Wish(Model):
    """A product that a member wants to find again."""

    __tablename__ = "wish"

    user_id: Mapped[UUID] = mapped_column(ForeignKey(User.id), primary_key=True)
    product_id: Mapped[UUID] = mapped_column(ForeignKey(Product.id), primary_key=True)
    added_at: Mapped[datetime]


OPEN_NOTICE = text("sent_at IS NULL")


class StockNotice(Model):
    """Someone asked to be told when an article is back. One open request per article and address."""

    __tablename__ = "stock_notice"
    __table_args__ = (
        Index(
            "uq_stock_notice_open",
            "sku_id",
            "email",
            unique=True,
            sqlite_where=OPEN_NOTICE,
            postgresql_where=OPEN_NOTICE,
        ),
    )

    id: Mapped[Pk]
    sku_id: Mapped[UUID] = mapped_column(ForeignKey(Sku.id))
    email: Mapped[str]
    language: Mapped[str]
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    sku: Mapped[Sku] = relationship()

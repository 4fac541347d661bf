"""Carts: a web concern, so they live here and not among the orders."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.core.db import Model
from app.core.types import Pk, Quantity
from catalog.models import Sku


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
    """One SKU in a cart."""

    __tablename__ = "cart_line"
    __table_args__ = (CheckConstraint("quantity > 0", name="quantity_positive"),)

    cart_id: Mapped[UUID] = mapped_column(ForeignKey(Cart.id), primary_key=True)
    sku_id: Mapped[UUID] = mapped_column(ForeignKey(Sku.id), primary_key=True)
    quantity: Mapped[Quantity]
    added_at: Mapped[datetime]
    sku: Mapped[Sku] = relationship()

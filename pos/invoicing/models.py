"""Tax invoices of sales and their corrections."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.core.db import Model
from app.core.types import Json, Pk, Vnd
from pos.invoicing.status import InvoiceKind, InvoiceStatus
from pos.sales.models import Order
from pos.sales.payment_models import Refund


class EInvoice(Model):
    """One invoice, made once for its `key`. Once issued it is only ever corrected by another one.

    `document` is what is sent, word for word; `net` and `vat` are empty for a seller who shows no
    separate VAT. `refund_id` is what led to an adjustment. `symbol` and `number` are given once;
    `tax_code` is the tax authority's.
    """

    __tablename__ = "e_invoice"
    __table_args__ = (
        CheckConstraint("net IS NULL OR net + vat = total", name="total_adds_up"),
        CheckConstraint(
            "status NOT IN ('issued', 'adjusted', 'replaced') OR issued_at IS NOT NULL",
            name="issued_has_time",
        ),
        UniqueConstraint("symbol", "number"),
        Index(None, "status", "made_at"),
    )

    id: Mapped[Pk]
    key: Mapped[str] = mapped_column(unique=True)
    order_id: Mapped[UUID] = mapped_column(ForeignKey(Order.id), index=True)
    kind: Mapped[InvoiceKind]
    status: Mapped[InvoiceStatus]
    corrects_id: Mapped[UUID | None] = mapped_column(ForeignKey("e_invoice.id"), index=True)
    refund_id: Mapped[UUID | None] = mapped_column(ForeignKey(Refund.id), unique=True)
    provider: Mapped[str | None]
    symbol: Mapped[str | None]
    number: Mapped[int | None]
    tax_code: Mapped[str | None]
    lookup_url: Mapped[str | None]
    document: Mapped[Json]
    net: Mapped[Vnd | None]
    vat: Mapped[Vnd | None]
    total: Mapped[Vnd]
    reason: Mapped[str | None]
    last_error: Mapped[str | None]
    attempts: Mapped[int] = mapped_column(default=0)
    actor_id: Mapped[UUID | None] = mapped_column(ForeignKey(User.id))
    made_at: Mapped[datetime]
    queued_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    issued_at: Mapped[datetime | None]
    order: Mapped[Order] = relationship()
    corrects: Mapped["EInvoice | None"] = relationship(remote_side="EInvoice.id")

    @property
    def name(self) -> str | None:
        """Symbol and number as people write them; None while it has none."""
        return None if self.number is None else f"{self.symbol} {self.number:08}"

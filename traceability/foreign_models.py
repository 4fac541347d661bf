"""Serials that others issued, for goods that carry them already."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.core.db import Model
from app.core.types import Pk
from catalog.models import Sku
from traceability.models import Lot


class ForeignSerial(Model):
    """One code of another system. It cannot be worked out, so each has a row."""

    __tablename__ = "foreign_serial"
    __table_args__ = (
        UniqueConstraint("sku_id", "serial"),
        Index(None, "serial"),
        CheckConstraint("scan_count >= 0", name="scans_not_negative"),
    )

    id: Mapped[Pk]
    sku_id: Mapped[UUID] = mapped_column(ForeignKey(Sku.id))
    serial: Mapped[str]
    lot_id: Mapped[UUID | None] = mapped_column(ForeignKey(Lot.id), index=True)
    source: Mapped[str]  # who issued it
    imported_at: Mapped[datetime]
    imported_by: Mapped[UUID | None] = mapped_column(ForeignKey(User.id))
    scan_count: Mapped[int] = mapped_column(default=0, server_default="0")
    first_scan_at: Mapped[datetime | None]
    last_scan_at: Mapped[datetime | None]
    sku: Mapped[Sku] = relationship()
    lot: Mapped[Lot | None] = relationship()

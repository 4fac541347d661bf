"""Lots, their journal, and stamps: batches, ranges, touched items, scans.

No row exists for a stamp that nobody has touched: its serial is computed from batch and index.
"""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.core.db import Model
from app.core.enums import LabelledEnum
from app.core.text import N_
from app.core.types import Pk, Quantity, SerialPk, Vnd
from catalog.models import Producer, Sku
from catalog.recognition_models import Recognition


class LotStatus(LabelledEnum):
    """Whether goods of the lot may be sold."""

    DRAFT = "draft", N_("Draft")  # being described
    RELEASED = "released", N_("Released")  # may be sold and stamped
    HELD = "held", N_("On hold")  # stopped for now
    RECALLED = "recalled", N_("Recalled")  # stopped for good; holders are told


class BatchStatus(LabelledEnum):
    """Life of a print run of stamps, before its ranges go their own ways."""

    REQUESTED = "requested", N_("Requested")
    APPROVED = "approved", N_("Approved")
    GENERATED = "generated", N_("Generated")
    PRINTED = "printed", N_("Printed")
    DELIVERED = "delivered", N_("Delivered")
    REFUSED = "refused", N_("Refused")


class RangeState(LabelledEnum):
    """What happened to a run of neighbouring stamps."""

    ACTIVATED = "activated", N_("Activated")
    VOID = "void", N_("Void")
    RECALLED = "recalled", N_("Recalled")


class JournalKind(LabelledEnum):
    """Public facts in a lot's history."""

    MADE = "made", N_("Made")
    INSPECTED = "inspected", N_("Inspected")
    PACKED = "packed", N_("Packed")
    STAMPED = "stamped", N_("Stamped")
    RECEIVED = "received", N_("Received at a place")
    RELEASED = "released", N_("Released for sale")
    HELD = "held", N_("Put on hold")
    RECALLED = "recalled", N_("Recalled")
    SPLIT = "split", N_("Divided from another lot")
    MERGED = "merged", N_("Brought together from several lots")
    CORRECTION = "correction", N_("Correction")
    NOTE = "note", N_("Remark")


class Lot(Model):
    """One production run with one expiry and one owner, for ever.

    `owner_id` is the producer whose goods these are until sold; empty means they are our own.
    `sell_by` is the last day of sale: expiry less the SKU's buffer; empty for goods that keep.
    """

    __tablename__ = "lot"
    __table_args__ = (
        UniqueConstraint("sku_id", "code"),
        CheckConstraint("quantity_declared > 0", name="quantity_positive"),
        CheckConstraint(
            "expires_on IS NULL OR made_on IS NULL OR expires_on >= made_on", name="dates_ordered"
        ),
    )

    id: Mapped[Pk]
    sku_id: Mapped[UUID] = mapped_column(ForeignKey(Sku.id), index=True)
    code: Mapped[str]
    owner_id: Mapped[UUID | None] = mapped_column(ForeignKey(Producer.id), index=True)
    made_on: Mapped[date | None]
    expires_on: Mapped[date | None]
    sell_by: Mapped[date | None]
    quantity_declared: Mapped[Quantity]
    unit_cost: Mapped[Vnd | None]
    status: Mapped[LotStatus] = mapped_column(default=LotStatus.DRAFT)
    status_reason: Mapped[str | None]
    created_at: Mapped[datetime]
    sku: Mapped[Sku] = relationship()
    owner: Mapped[Producer | None] = relationship()


class JournalEntry(Model):
    """One fact, chained by hash to the one before it; a mistake is corrected by a further entry."""

    __tablename__ = "journal_entry"
    __table_args__ = (UniqueConstraint("lot_id", "number"),)

    id: Mapped[SerialPk]
    lot_id: Mapped[UUID] = mapped_column(ForeignKey(Lot.id))
    number: Mapped[int]
    kind: Mapped[JournalKind]
    text: Mapped[str | None]
    place: Mapped[str | None]
    occurred_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    actor_id: Mapped[UUID | None] = mapped_column(ForeignKey(User.id))
    public: Mapped[bool] = mapped_column(default=True)
    # The entry that this one corrects; both stay.
    corrects: Mapped[int | None]
    # SHA-256 of its files, in order; part of the hash, and empty for most.
    file_hashes: Mapped[str | None]
    # How `hash` is reckoned, see `journal.hash_of`.
    form: Mapped[int] = mapped_column(default=2, server_default="1")
    previous_hash: Mapped[str]
    hash: Mapped[str]


class StampBatch(Model):
    """One print run. `identity` is what its key is derived for: the GTIN-14, or the SKU code."""

    __tablename__ = "stamp_batch"
    __table_args__ = (CheckConstraint("size BETWEEN 1 AND 16777216", name="size_in_range"),)

    id: Mapped[Pk]
    ref: Mapped[str] = mapped_column(unique=True)
    sku_id: Mapped[UUID] = mapped_column(ForeignKey(Sku.id), index=True)
    identity: Mapped[str]
    has_gtin: Mapped[bool]
    key_epoch: Mapped[int]
    lot_id: Mapped[UUID] = mapped_column(ForeignKey(Lot.id), index=True)
    recognition_id: Mapped[UUID] = mapped_column(ForeignKey(Recognition.id))
    size: Mapped[int]
    status: Mapped[BatchStatus] = mapped_column(default=BatchStatus.REQUESTED)
    status_reason: Mapped[str | None]  # why it was refused
    # Set at issue: binds the batch to its key, and so to all its serials.
    key_check: Mapped[str | None]
    # SHA-256 over all serials: proof of what was issued, should the keys ever be lost. Computed by
    # the worker soon after the issue, and always before a serial leaves the house.
    serials_digest: Mapped[str | None]
    # Whether a code to scratch free stands on each stamp.
    has_pin: Mapped[bool] = mapped_column(default=False, server_default=false())
    requested_by: Mapped[UUID | None] = mapped_column(ForeignKey(User.id))
    requested_at: Mapped[datetime]
    approved_at: Mapped[datetime | None]
    generated_at: Mapped[datetime | None]
    printed_at: Mapped[datetime | None]
    delivered_at: Mapped[datetime | None]
    sku: Mapped[Sku] = relationship()
    lot: Mapped[Lot] = relationship()
    recognition: Mapped[Recognition] = relationship()


class StampRange(Model):
    """Stamps `first` to `last` of a batch (both counted) in one state; ranges never overlap."""

    __tablename__ = "stamp_range"
    __table_args__ = (
        UniqueConstraint("batch_id", "first"),
        CheckConstraint("first >= 0 AND last >= first", name="ordered"),
    )

    id: Mapped[Pk]
    batch_id: Mapped[UUID] = mapped_column(ForeignKey(StampBatch.id))
    first: Mapped[int]
    last: Mapped[int]
    state: Mapped[RangeState]
    lot_id: Mapped[UUID] = mapped_column(ForeignKey(Lot.id), index=True)
    reason: Mapped[str | None]
    at: Mapped[datetime]
    actor_id: Mapped[UUID | None] = mapped_column(ForeignKey(User.id))


class StampItem(Model):
    """A stamp that someone has touched: scanned, sold or voided singly."""

    __tablename__ = "stamp_item"

    batch_id: Mapped[UUID] = mapped_column(ForeignKey(StampBatch.id), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    scan_count: Mapped[int] = mapped_column(default=0)
    first_scan_at: Mapped[datetime | None]
    last_scan_at: Mapped[datetime | None]
    sold_at: Mapped[datetime | None]
    sold_reference: Mapped[str | None]
    sold_place: Mapped[str | None]
    void_at: Mapped[datetime | None]
    void_reason: Mapped[str | None]
    # How likely copies are, from 0 to 100; scans before `cleared_at` were looked into and are left out.
    suspicion: Mapped[int] = mapped_column(default=0, server_default="0")
    cleared_at: Mapped[datetime | None]


class Scan(Model):
    """One look-up of a code by a consumer; holds no personal data.

    `device` tells phones of one day apart and leads to nobody once the day's salt is gone. The place
    is in tenths of a degree, about 11 km, and only there when the consumer told it or a trusted
    proxy did.
    """

    __tablename__ = "scan"
    __table_args__ = (Index(None, "batch_id", "number", "at"), Index(None, "at"))

    id: Mapped[SerialPk]
    at: Mapped[datetime]
    batch_id: Mapped[UUID | None] = mapped_column(ForeignKey(StampBatch.id))
    number: Mapped[int | None]
    verdict: Mapped[str]
    device: Mapped[str | None]
    lat10: Mapped[int | None]
    lon10: Mapped[int | None]

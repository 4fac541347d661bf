"""What belongs to the histories of lots: ancestors, files, what is shown, daily anchors, recalls."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.core.db import Model
from app.core.enums import LabelledEnum
from app.core.text import N_
from app.core.types import BigInt, Json, Pk, Quantity, SerialPk
from traceability.models import JournalEntry, Lot, StampBatch


class LotParent(Model):
    """Goods of `parent_id` went into `lot_id`: a lot was split or several were brought together.

    Append-only. `quantity` is in base units of the parent, where it is known.
    """

    __tablename__ = "lot_parent"
    __table_args__ = (
        CheckConstraint("lot_id <> parent_id", name="another_lot"),
        CheckConstraint("quantity IS NULL OR quantity > 0", name="quantity_positive"),
    )

    lot_id: Mapped[UUID] = mapped_column(ForeignKey(Lot.id), primary_key=True)
    parent_id: Mapped[UUID] = mapped_column(ForeignKey(Lot.id), primary_key=True, index=True)
    quantity: Mapped[Quantity | None]
    at: Mapped[datetime]
    actor_id: Mapped[UUID | None] = mapped_column(ForeignKey(User.id))
    parent: Mapped[Lot] = relationship(foreign_keys=[parent_id])
    lot: Mapped[Lot] = relationship(foreign_keys=[lot_id])


class JournalFile(Model):
    """A paper or picture of an entry. Its SHA-256 is part of the entry's own hash. Append-only."""

    __tablename__ = "journal_file"
    __table_args__ = (UniqueConstraint("entry_id", "sha256"),)

    id: Mapped[SerialPk]
    entry_id: Mapped[int] = mapped_column(BigInt, ForeignKey(JournalEntry.id))
    sha256: Mapped[str] = mapped_column(index=True)
    media_type: Mapped[str]
    name: Mapped[str]


class EntryShown(Model):
    """Whether an entry is shown to everyone from now on; the newest row counts. Append-only.

    The entry itself stays as it is: its hash covers what it was written with.
    """

    __tablename__ = "entry_shown"

    id: Mapped[SerialPk]
    entry_id: Mapped[int] = mapped_column(BigInt, ForeignKey(JournalEntry.id), index=True)
    public: Mapped[bool]
    at: Mapped[datetime]
    actor_id: Mapped[UUID | None] = mapped_column(ForeignKey(User.id))


class Anchor(Model):
    """A signed digest over the ends of all histories on a day. Append-only.

    `root` is the Merkle root over `lot hash` lines in order; `signature` is Ed25519 over the text that
    `anchors.statement` makes of it, `public_key` and it in hexadecimal digits.
    """

    __tablename__ = "anchor"

    day: Mapped[date] = mapped_column(primary_key=True)
    lots: Mapped[int]
    root: Mapped[str]
    previous: Mapped[str]
    signature: Mapped[str]
    public_key: Mapped[str]
    at: Mapped[datetime]


class RecallKind(LabelledEnum):
    """Whether goods are really called back."""

    REAL = "real", N_("Recall")
    DRILL = "drill", N_("Drill")


class Recall(Model):
    """One act that calls goods back: a whole lot, or a run of stamps of it.

    A drill blocks nothing and tells nobody; it shows whom a recall would reach, and how fast.
    """

    __tablename__ = "recall"
    __table_args__ = (
        CheckConstraint(
            "(batch_id IS NULL) = (first IS NULL) AND (first IS NULL) = (last IS NULL)",
            name="range_whole",
        ),
        CheckConstraint("first IS NULL OR (first >= 0 AND last >= first)", name="range_ordered"),
    )

    id: Mapped[Pk]
    number: Mapped[str] = mapped_column(unique=True)
    key: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[RecallKind]
    lot_id: Mapped[UUID] = mapped_column(ForeignKey(Lot.id), index=True)
    batch_id: Mapped[UUID | None] = mapped_column(ForeignKey(StampBatch.id), index=True)
    first: Mapped[int | None]
    last: Mapped[int | None]
    reason: Mapped[str]
    advice: Mapped[str | None]  # what holders should do
    opened_at: Mapped[datetime]
    opened_by: Mapped[UUID | None] = mapped_column(ForeignKey(User.id))
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[UUID | None] = mapped_column(ForeignKey(User.id))
    outcome: Mapped[str | None]
    reach: Mapped[Json]  # what was where when it was opened
    lot: Mapped[Lot] = relationship()
    batch: Mapped[StampBatch | None] = relationship()

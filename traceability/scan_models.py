"""What scans teach: salts of the day, thresholds, cases of likely copies, doubts of consumers."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.core.db import Model
from app.core.enums import LabelledEnum
from app.core.text import N_
from app.core.types import Json, Pk
from traceability.models import StampBatch

OPEN_CASE = text("closed_at IS NULL")


class CaseKind(LabelledEnum):
    """What a case is about."""

    CODE = "code", N_("One code")
    BATCH = "batch", N_("A whole batch")
    PLACE = "place", N_("A batch in one area")


class CaseStatus(LabelledEnum):
    """How far the looking into it is."""

    OPEN = "open", N_("New")
    LOOKING = "looking", N_("Being looked into")
    CONFIRMED = "confirmed", N_("Copies found")
    DISMISSED = "dismissed", N_("Nothing wrong")


class DoubtStatus(LabelledEnum):
    """How far a consumer's report is."""

    NEW = "new", N_("New")
    LOOKING = "looking", N_("Being looked into")
    ANSWERED = "answered", N_("Answered")


class DaySalt(Model):
    """The secret of one day: with it gone, the day's tokens lead to nobody any more."""

    __tablename__ = "day_salt"

    day: Mapped[date] = mapped_column(primary_key=True)
    salt: Mapped[str]


class ScanDay(Model):
    """Scans of a batch on a day in one area, kept when the single scans are forgotten.

    `cell` is `latitude,longitude` in tenths of a degree, or empty when no place was told.
    """

    __tablename__ = "scan_day"

    batch_id: Mapped[UUID] = mapped_column(ForeignKey(StampBatch.id), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    cell: Mapped[str] = mapped_column(primary_key=True)
    verdict: Mapped[str] = mapped_column(primary_key=True)
    scans: Mapped[int]
    codes: Mapped[int]


class CloneThreshold(Model):
    """A limit of the rules that an officer has set otherwise than it came."""

    __tablename__ = "clone_threshold"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[int]
    changed_at: Mapped[datetime]
    changed_by: Mapped[UUID | None] = mapped_column(ForeignKey(User.id))


class StampCase(Model):
    """A suspicion that someone looks into; only one of a subject is open at a time."""

    __tablename__ = "stamp_case"
    __table_args__ = (
        CheckConstraint("score >= 0", name="score_not_negative"),
        Index(
            "uq_stamp_case_open",
            "subject",
            unique=True,
            sqlite_where=OPEN_CASE,
            postgresql_where=OPEN_CASE,
        ),
    )

    id: Mapped[Pk]
    kind: Mapped[CaseKind]
    subject: Mapped[str]  # such as `code:<batch>:<number>`
    batch_id: Mapped[UUID] = mapped_column(ForeignKey(StampBatch.id), index=True)
    number: Mapped[int | None]
    cell: Mapped[str | None]
    score: Mapped[int]
    reasons: Mapped[Json]  # name of the rule → what was counted
    status: Mapped[CaseStatus] = mapped_column(default=CaseStatus.OPEN)
    opened_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    note: Mapped[str | None]
    assigned_to: Mapped[UUID | None] = mapped_column(ForeignKey(User.id))
    batch: Mapped[StampBatch] = relationship()


class Doubt(Model):
    """What somebody found wrong with a pack or its stamp, told without signing in."""

    __tablename__ = "doubt"

    id: Mapped[Pk]
    ref: Mapped[str] = mapped_column(unique=True)  # the reporter finds the answer by it
    key: Mapped[str] = mapped_column(unique=True)
    at: Mapped[datetime]
    code: Mapped[str]  # as scanned or typed; perhaps no stamp of ours
    batch_id: Mapped[UUID | None] = mapped_column(ForeignKey(StampBatch.id), index=True)
    number: Mapped[int | None]
    verdict: Mapped[str]
    text: Mapped[str]
    where: Mapped[str | None]
    contact: Mapped[str | None]
    language: Mapped[str]
    status: Mapped[DoubtStatus] = mapped_column(default=DoubtStatus.NEW)
    answer: Mapped[str | None]
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[UUID | None] = mapped_column(ForeignKey(User.id))
    batch: Mapped[StampBatch | None] = relationship()
    photos: Mapped[list["DoubtPhoto"]] = relationship(order_by="DoubtPhoto.at")


class DoubtPhoto(Model):
    """A picture that came with a doubt; the file lies outside the web root under its hash."""

    __tablename__ = "doubt_photo"
    __table_args__ = (UniqueConstraint("doubt_id", "sha256"),)

    id: Mapped[Pk]
    doubt_id: Mapped[UUID] = mapped_column(ForeignKey(Doubt.id))
    sha256: Mapped[str] = mapped_column(index=True)
    media_type: Mapped[str]
    width: Mapped[int]
    height: Mapped[int]
    at: Mapped[datetime]

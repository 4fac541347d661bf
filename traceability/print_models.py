"""Prints of stamps, layouts that staff made, and tries of codes that are scratched free."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.core.db import Model
from app.core.enums import LabelledEnum
from app.core.text import N_
from app.core.types import Json, Pk
from traceability.models import StampBatch

MOST_TRIES = 5


class PrintKind(LabelledEnum):
    """What the printing house gets."""

    PDF = "pdf", N_("Sheets (PDF)")
    CSV = "csv", N_("List of codes (CSV)")
    XLSX = "xlsx", N_("List of codes (Excel)")


class PrintState(LabelledEnum):
    """How far the file is."""

    QUEUED = "queued", N_("Waiting")
    RUNNING = "running", N_("Being made")
    DONE = "done", N_("Ready")
    CANCELLED = "cancelled", N_("Stopped")
    FAILED = "failed", N_("Failed")


class PrintRun(Model):
    """One file of stamps `first` (from 0) to `first + count - 1` of a batch.

    Layout, address and day are kept, so that a print that was cut off goes on as it began. `done` is
    how many stamps are in the file so far; `beat_at` when the worker last gave a sign of life.
    """

    __tablename__ = "print_run"
    __table_args__ = (
        CheckConstraint("first >= 0 AND count > 0", name="numbers"),
        CheckConstraint("done BETWEEN 0 AND count", name="done_in_range"),
    )

    id: Mapped[Pk]
    batch_id: Mapped[UUID] = mapped_column(ForeignKey(StampBatch.id), index=True)
    kind: Mapped[PrintKind]
    layout: Mapped[Json]
    paths: Mapped[bool] = mapped_column(default=False)
    head: Mapped[str]
    first: Mapped[int]
    count: Mapped[int]
    state: Mapped[PrintState] = mapped_column(default=PrintState.QUEUED)
    done: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None]
    file: Mapped[str | None]
    bytes: Mapped[int | None] = mapped_column(BigInteger)
    sha256: Mapped[str | None]
    printed_on: Mapped[date]
    created_at: Mapped[datetime]
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey(User.id))
    beat_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    removed_at: Mapped[datetime | None]
    batch: Mapped[StampBatch] = relationship()

    @property
    def active(self) -> bool:
        """Whether it still moves by itself."""
        return self.state in {PrintState.QUEUED, PrintState.RUNNING}

    @property
    def ready(self) -> bool:
        """Whether there is a file to fetch."""
        return self.state is PrintState.DONE and self.removed_at is None


class PrintLayout(Model):
    """A layout that staff made; a later one of the same name takes its place."""

    __tablename__ = "print_layout"

    id: Mapped[Pk]
    name: Mapped[str] = mapped_column(index=True)
    data: Mapped[Json]
    created_at: Mapped[datetime]
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey(User.id))


class PinTry(Model):
    """Wrong tries of the code that is scratched free on one stamp."""

    __tablename__ = "pin_try"
    __table_args__ = (CheckConstraint(f"tries BETWEEN 0 AND {MOST_TRIES}", name="few_tries"),)

    batch_id: Mapped[UUID] = mapped_column(ForeignKey(StampBatch.id), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    tries: Mapped[int] = mapped_column(default=0)
    last_at: Mapped[datetime | None]
    passed_at: Mapped[datetime | None]

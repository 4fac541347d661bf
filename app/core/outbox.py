"""Follow-ups queued in the transaction that causes them, so that neither can exist alone."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Index, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.core.db import Model
from app.core.types import Json, SerialPk

MAX_ATTEMPTS = 12
AT_ONCE = 1_000


class OutboxJob(Model):
    """One thing to do later. `run_at` moves forward after a failure, until it is given up."""

    __tablename__ = "outbox_job"
    __table_args__ = (Index(None, "done_at", "run_at"),)

    id: Mapped[SerialPk]
    name: Mapped[str]
    payload: Mapped[Json]
    run_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str | None]
    created_at: Mapped[datetime]
    done_at: Mapped[datetime | None]


def enqueue(session: Session, name: str, payload: Json, *, now: datetime) -> OutboxJob:
    """Queue job `name` in the caller's transaction; it runs after the commit, at least once.

    It is written with whatever is written next: an act often queues several.
    """
    job = OutboxJob(name=name, payload=payload, run_at=now, attempts=0, created_at=now)
    session.add(job)
    return job


def claim(session: Session, now: datetime) -> OutboxJob | None:
    """Lock and return the next due job; workers skip what another one holds."""
    due = (
        select(OutboxJob)
        .where(OutboxJob.done_at.is_(None), OutboxJob.run_at <= now)
        .where(OutboxJob.attempts < MAX_ATTEMPTS)
        .order_by(OutboxJob.run_at, OutboxJob.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    return session.scalars(due).first()


def waiting(session: Session, name: str, now: datetime) -> list[int]:
    """Keys of due jobs of one name that no other worker holds; locked, and at most `AT_ONCE`."""
    due = (
        select(OutboxJob.id)
        .where(OutboxJob.done_at.is_(None), OutboxJob.run_at <= now, OutboxJob.name == name)
        .order_by(OutboxJob.run_at, OutboxJob.id)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    return list(session.scalars(due))


def finish(session: Session, keys: Sequence[int], now: datetime) -> None:
    """Note that there is nothing to do for these jobs any more."""
    session.execute(update(OutboxJob).where(OutboxJob.id.in_(keys)).values(done_at=now))


def lease(job: OutboxJob, until: datetime) -> None:
    """Keep other workers off a job that runs outside the transaction; if this one dies, the job is
    due again at `until`."""
    job.run_at = until


def succeeded(job: OutboxJob, now: datetime) -> None:
    """Note that the job is done."""
    job.done_at = now
    job.attempts += 1


def failed(job: OutboxJob, error: str, now: datetime) -> None:
    """Note a failure and try again later: after 2, 4, 8 … seconds, at most an hour."""
    job.attempts += 1
    job.last_error = error[:500]
    job.run_at = now + timedelta(seconds=min(2**job.attempts, 3600))

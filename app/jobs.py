"""What happens after the answer: queued follow-ups and periodic sweeps."""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import sign_in, tokens
from app.api import events
from app.core import clock, outbox
from app.core.db import reading, transaction
from app.core.outbox import MAX_ATTEMPTS, OutboxJob
from app.core.types import Json
from app.storefront import cart as carts
from app.storefront import reviews, stock_notices
from catalog import channel_links, reminders
from pos.counter import relabel
from pos.sales import (
    card_refunds,
    cards,
    notice_work,
    notices,
    orders,
    paying,
    preorders,
    reallocation,
)
from pos.stock import alerts, reservations, whereabouts
from traceability import clone_watch, day_tokens, scan_keeping

log = structlog.get_logger()

Job = Callable[[Session, Json, datetime], object]


@dataclass(frozen=True)
class Sweep:
    """Work that comes round by itself; several workers may run it, so it must be repeatable."""

    name: str
    every: timedelta
    run: Callable[[Session, datetime], object]


# Outbox name → function(session, payload, now). Each runs in a transaction of its own, at least
# once: it must bear a repetition.
JOBS: dict[str, Job] = {notices.WORK: notice_work.job, events.ORDER: events.order_event}

# Outbox name → function(payload) for what talks to others, such as a mail server. It runs outside
# any transaction, so that nobody waits for the network while a row is locked.
Errand = Callable[[Json], object]

LEASE = timedelta(minutes=5)
CART_LIFETIME = timedelta(days=30)
SESSION_KEPT = timedelta(days=30)

SWEEPS: tuple[Sweep, ...] = (
    Sweep(
        "old carts",
        timedelta(hours=1),
        lambda session, now: carts.forget_old(session, lifetime=CART_LIFETIME, now=now),
    ),
    Sweep(
        "old sign-ins",
        timedelta(hours=1),
        lambda session, now: sign_in.forget_old(session, kept=SESSION_KEPT, now=now),
    ),
    Sweep(
        "old links",
        timedelta(hours=1),
        lambda session, now: tokens.forget_old(session, now=now),
    ),
    Sweep(
        "goods that are back",
        timedelta(minutes=10),
        lambda session, now: stock_notices.tell(session, day=clock.local_day(now), now=now),
    ),
    Sweep(
        "goods that run short",
        timedelta(minutes=10),
        lambda session, now: alerts.sweep(session, day=clock.local_day(now), now=now),
    ),
    Sweep(
        "goods ordered ahead",
        timedelta(minutes=1),
        lambda session, now: preorders.reserve_waiting(session, day=clock.local_day(now), now=now),
    ),
    Sweep(
        "promises of recalled goods",
        timedelta(minutes=1),
        lambda session, now: reservations.break_recalled(session, now=now),
    ),
    Sweep(
        "promises that a till broke",
        timedelta(minutes=1),
        lambda session, now: reallocation.mend(session, day=clock.local_day(now), now=now),
    ),
    Sweep(
        "unpaid orders",
        timedelta(minutes=1),
        lambda session, now: orders.expire_unpaid(session, now=now),
    ),
    Sweep(
        "notices to work off",
        timedelta(seconds=15),
        lambda session, now: notices.queue_open(session, now=now),
    ),
    Sweep(
        "card pages without word",
        timedelta(minutes=1),
        lambda session, now: cards.queue_looks(session, now=now),
    ),
    Sweep(
        "card refunds without word",
        timedelta(minutes=10),
        lambda session, now: card_refunds.queue_again(session, now=now),
    ),
    Sweep(
        "money of orders that ended",
        timedelta(minutes=5),
        lambda session, now: paying.return_for_ended(session, now=now),
    ),
    Sweep(
        "orders to be reviewed",
        timedelta(hours=1),
        lambda session, now: reviews.ask(session, now=now),
    ),
    # A recognition ends with a day; looking every quarter of an hour is soon enough after midnight.
    Sweep(
        "stars that ended",
        timedelta(minutes=15),
        lambda session, now: relabel.flag_ended(session, day=clock.local_day(now), now=now),
    ),
    Sweep(
        "codes that were perhaps copied",
        timedelta(hours=1),
        lambda session, now: clone_watch.sweep(session, whereabouts.of_lots, now=now),
    ),
    Sweep(
        "salts of days that are over",
        timedelta(hours=1),
        lambda session, now: day_tokens.forget_old(session, clock.local_day(now)),
    ),
    Sweep(
        "scans of last year",
        timedelta(hours=6),
        lambda session, now: scan_keeping.reduce_old(session, now=now),
    ),
    Sweep(
        "endings to warn of",
        timedelta(hours=1),
        lambda session, now: reminders.remind(session, day=clock.local_day(now), now=now),
    ),
    Sweep(
        "events for other programs",
        timedelta(minutes=1),
        lambda session, now: events.sweep(session, now=now),
    ),
    Sweep(
        "pages in other shops",
        timedelta(hours=1),
        lambda session, now: channel_links.queue_looks(session, now=now),
    ),
)


class UnknownJob(Exception):
    """The outbox names a job that this release does not have."""


def run_due(
    now: datetime, jobs: Mapping[str, Job] = JOBS, errands: Mapping[str, Errand] | None = None
) -> int:
    """Run every job that is due at `now`; returns how many were tried, whatever came of them."""
    tried = 0
    while _run_next(now, jobs, errands or {}):
        tried += 1
    return tried


def _run_next(now: datetime, jobs: Mapping[str, Job], errands: Mapping[str, Errand]) -> bool:
    # Looking first keeps an idle worker from taking SQLite's only write lock every second.
    if not _waiting(now):
        return False
    job_id, errand, payload = None, None, Json()
    try:
        with transaction() as session:
            job = outbox.claim(session, now)
            if job is None:
                return False
            job_id, payload, errand = job.id, job.payload, errands.get(job.name)
            if errand is None:
                _function(jobs, job.name)(session, job.payload, now)
                outbox.succeeded(job, now)
            else:
                outbox.lease(job, now + LEASE)
        if errand is not None:
            errand(payload)
            _note_success(job_id, now)
    except Exception as error:
        if job_id is None:
            raise
        _note_failure(job_id, error, now)
    return True


def _note_success(job_id: int, now: datetime) -> None:
    with transaction() as session:
        outbox.succeeded(session.get_one(OutboxJob, job_id), now)


def _waiting(now: datetime) -> bool:
    with reading() as session:
        due = select(OutboxJob.id).where(
            OutboxJob.done_at.is_(None), OutboxJob.run_at <= now, OutboxJob.attempts < MAX_ATTEMPTS
        )
        return session.scalar(due.limit(1)) is not None


def _function(jobs: Mapping[str, Job], name: str) -> Job:
    if name not in jobs:
        raise UnknownJob(name)
    return jobs[name]


def _note_failure(job_id: int, error: Exception, now: datetime) -> None:
    """Record the failure, unless another worker finished the job after our rollback."""
    reason = f"{type(error).__name__}: {error}"
    with transaction() as session:
        job = session.get_one(OutboxJob, job_id, with_for_update=True)
        if job.done_at is None:
            outbox.failed(job, reason, now)
        log.warning("job failed", job=job.name, attempts=job.attempts, kind=type(error).__name__)


def run_sweeps(last: dict[str, datetime], now: datetime, sweeps: Sequence[Sweep] = SWEEPS) -> int:
    """Run the sweeps whose time has come and note it in `last`; a failing one waits its turn."""
    due = [s for s in sweeps if s.name not in last or now - last[s.name] >= s.every]
    for sweep in due:
        last[sweep.name] = now
        try:
            with transaction() as session:
                sweep.run(session, now)
        except Exception as error:
            log.exception("sweep failed", sweep=sweep.name, kind=type(error).__name__)
    return len(due)


def run_forever(
    stop: threading.Event,
    errands: Mapping[str, Errand] | None = None,
    poll: float = 1.0,
    sweeps: Sequence[Sweep] = SWEEPS,
) -> None:
    """Work until `stop` is set, looking every `poll` seconds; the job in hand is finished first."""
    last: dict[str, datetime] = {}
    while not stop.is_set():
        try:
            run_sweeps(last, clock.now(), sweeps)
            run_due(clock.now(), JOBS, errands)
        except Exception as error:
            # The database is away or locked: the queue is kept there, so waiting loses nothing.
            log.exception("worker failed", kind=type(error).__name__)
            stop.wait(poll * 5)
        stop.wait(poll)

"""Follow-ups: queued with their cause, retried, given up at last."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.db import Database, transaction
from app.core.outbox import MAX_ATTEMPTS, OutboxJob, claim, enqueue, failed, succeeded
from builders import NOW


def later(seconds: int) -> datetime:
    return NOW + timedelta(seconds=seconds)


def test_a_job_vanishes_with_the_act_that_queued_it(database: Database) -> None:
    with pytest.raises(RuntimeError), transaction() as session:
        enqueue(session, "mail", {}, now=NOW)
        raise RuntimeError
    with transaction() as session:
        assert session.scalars(select(OutboxJob)).all() == []


def test_the_oldest_due_job_comes_first(session: Session) -> None:
    enqueue(session, "second", {}, now=later(1))
    first = enqueue(session, "first", {"to": "lan"}, now=NOW)
    found = claim(session, later(5))
    assert found is first
    assert found.payload == {"to": "lan"}


def test_nothing_is_due_before_its_time_or_after_it_is_done(session: Session) -> None:
    job = enqueue(session, "mail", {}, now=NOW)
    assert claim(session, later(-1)) is None
    succeeded(job, NOW)
    session.flush()
    assert (job.done_at, job.attempts, claim(session, later(5))) == (NOW, 1, None)


def test_a_failed_job_waits_longer_each_time(session: Session) -> None:
    job = enqueue(session, "mail", {}, now=NOW)
    waits = []
    for _ in range(MAX_ATTEMPTS):
        failed(job, "no answer", NOW)
        waits.append((job.run_at - NOW).total_seconds())
    assert waits[:3] == [2, 4, 8]
    assert waits == sorted(waits)
    assert waits[-1] == 3600


def test_a_job_that_always_fails_is_given_up_but_kept(session: Session) -> None:
    job = enqueue(session, "mail", {}, now=NOW)
    for _ in range(MAX_ATTEMPTS):
        assert claim(session, later(10**6)) is job
        failed(job, "x" * 1000, NOW)
        session.flush()
    assert claim(session, later(10**6)) is None
    assert (job.done_at, len(job.last_error or "")) == (None, 500)

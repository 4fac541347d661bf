"""The worker: every job once, again after a failure, never lost, never by two at a time."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock, outbox
from app.core.db import Database, reading, transaction
from app.core.outbox import OutboxJob
from app.core.series import NumberSeries, next_number
from app.core.types import Json
from app.jobs import Sweep, run_due, run_forever, run_sweeps


def queue(name: str, **payload: object) -> None:
    with transaction() as session:
        outbox.enqueue(session, name, payload, now=clock.now())


def only_job() -> OutboxJob:
    with reading() as session:
        return session.scalars(select(OutboxJob)).one()


def effects() -> int:
    """How often a job that counts its runs in the database was committed."""
    with reading() as session:
        series = session.get(NumberSeries, "effects")
        return series.last if series else 0


def count(session: Session, _payload: Json, _now: object) -> None:
    next_number(session, "effects")


def test_a_due_job_runs_once_with_its_payload(database: Database) -> None:
    seen: list[Json] = []
    queue("greet", to="Lan")
    now = clock.now()
    assert run_due(now, {"greet": lambda _s, payload, _n: seen.append(payload)}) == 1
    assert run_due(now, {"greet": lambda _s, payload, _n: seen.append(payload)}) == 0
    assert seen == [{"to": "Lan"}]
    assert only_job().done_at == now


def test_a_job_of_the_future_waits(database: Database) -> None:
    queue("count")
    assert run_due(clock.now() - timedelta(minutes=1), {"count": count}) == 0
    assert effects() == 0


def test_a_failed_job_leaves_no_trace_and_comes_back_later_each_time(database: Database) -> None:
    def half_way(session: Session, payload: Json, now: object) -> None:
        count(session, payload, now)
        raise ValueError("the printer is on fire")

    queue("print")
    now = clock.now()
    delays = []
    for _attempt in range(3):
        assert run_due(now, {"print": half_way}) == 1
        delays.append((only_job().run_at - now).total_seconds())
        now = only_job().run_at
    assert delays == [2, 4, 8]
    assert effects() == 0
    assert only_job().last_error == "ValueError: the printer is on fire"
    assert run_due(now, {"print": count}) == 1
    assert effects() == 1


def test_a_job_is_given_up_after_its_last_attempt(database: Database) -> None:
    queue("unheard of")
    for _attempt in range(outbox.MAX_ATTEMPTS):
        assert run_due(only_job().run_at, {}) == 1
    assert run_due(only_job().run_at, {}) == 0
    assert only_job().done_at is None


def test_a_job_that_nobody_knows_is_noted_as_a_failure(database: Database) -> None:
    queue("unheard of")
    run_due(clock.now(), {})
    assert only_job().last_error == "UnknownJob: unheard of"


def test_one_broken_job_does_not_hold_up_the_next(database: Database) -> None:
    queue("unheard of")
    queue("count")
    assert run_due(clock.now(), {"count": count}) == 2
    assert effects() == 1


def test_a_crash_between_claim_and_commit_loses_nothing(real_database: Database) -> None:
    def power_cut(session: Session, payload: Json, now: object) -> None:
        count(session, payload, now)
        raise SystemExit

    queue("count")
    with pytest.raises(SystemExit):
        run_due(clock.now(), {"count": power_cut})
    assert (only_job().attempts, effects()) == (0, 0)
    assert run_due(clock.now(), {"count": count}) == 1
    assert effects() == 1


@pytest.mark.race
def test_two_workers_never_run_one_job_twice(real_database: Database) -> None:
    for number in range(20):
        queue("count", number=number)
    seen: list[int] = []
    start = threading.Barrier(4)

    def counted(session: Session, payload: Json, now: object) -> None:
        count(session, payload, now)
        seen.append(payload["number"])

    def work() -> None:
        start.wait()
        run_due(clock.now(), {"count": counted})

    in_threads(work, 4)
    assert sorted(seen) == list(range(20))
    assert effects() == 20


def test_the_worker_ends_when_told_and_finishes_what_is_due(real_database: Database) -> None:
    stop = threading.Event()
    queue("unheard of")
    worker = threading.Thread(target=run_forever, args=(stop,), kwargs={"poll": 0.01}, daemon=True)
    worker.start()
    while only_job().attempts == 0:
        stop.wait(0.01)
    stop.set()
    worker.join(timeout=10)
    assert not worker.is_alive()


def test_a_sweep_comes_round_after_its_pause(database: Database) -> None:
    now, last = clock.now(), dict[str, object]()
    hourly = Sweep(
        "tidy", timedelta(hours=1), lambda session, _now: next_number(session, "effects")
    )
    ran = [run_sweeps(last, now + timedelta(minutes=m), [hourly]) for m in (0, 59, 60, 61)]
    assert ran == [1, 0, 1, 0]
    assert effects() == 2


def test_a_failing_sweep_stops_neither_the_others_nor_the_worker(database: Database) -> None:
    def broken(session: Session, _now: object) -> None:
        next_number(session, "effects")
        raise ValueError

    hour = timedelta(hours=1)
    sweeps = [Sweep("broken", hour, broken), Sweep("tidy", hour, lambda s, n: count(s, {}, n))]
    assert run_sweeps({}, clock.now(), sweeps) == 2
    assert effects() == 1


def in_threads(work: Callable[[], None], number: int) -> None:
    threads = [threading.Thread(target=work) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import AuditEntry
from app.core.outbox import OutboxJob
from builders import BY_NOBODY, NOW, TODAY, make_lot, make_sku, recognise
from builders_prints import layout, make_issued, make_run
from traceability import print_layouts, prints, stamps
from traceability.issued import NotIssued
from traceability.print_models import PrintKind, PrintState
from traceability.printing.layouts import BadLayout
from traceability.ranges import OutsideBatch


def running(session: Session, **over: Any) -> Any:
    run = make_run(session, make_issued(session), **over)
    assert prints.begin(session, run.id, NOW)
    session.refresh(run)
    return run


def test_a_print_that_is_asked_for_waits_for_the_worker_and_is_audited(session: Session) -> None:
    batch = make_issued(session)
    run = make_run(session, batch, first=5, count=10)
    assert (run.state, run.done, run.head) == (
        PrintState.QUEUED,
        0,
        f"https://id.ocop.vn/01/{batch.identity}/21/",
    )
    job = session.scalars(select(OutboxJob).filter_by(name=prints.WORK)).one()
    assert job.payload == {"run": str(run.id)}
    audited = session.scalars(select(AuditEntry).filter_by(action="stamps.print")).one()
    assert (audited.detail["first"], audited.detail["count"]) == (5, 10)


def test_articles_without_a_gtin_have_the_short_address(session: Session) -> None:
    sku = make_sku(session, gtin=None)
    recognise(session, sku.product)
    batch = stamps.request(
        session,
        make_lot(session, sku),
        5,
        day=TODAY,
        epoch=1,
        randomness=lambda count: bytes(count),
        **BY_NOBODY,
    )
    assert prints.head_of(batch, "https://id.ocop.vn/") == "https://id.ocop.vn/t/"


@pytest.mark.parametrize(("first", "count"), [(0, 201), (200, 1), (-1, 5), (0, 0)])
def test_stamps_outside_the_batch_are_refused(session: Session, first: int, count: int) -> None:
    batch = make_issued(session)
    with pytest.raises(OutsideBatch):
        make_run(session, batch, first=first, count=count)


def test_stamps_that_are_not_issued_are_not_printed(session: Session) -> None:
    batch = make_issued(session)
    batch.generated_at = None
    with pytest.raises(NotIssued):
        make_run(session, batch)


def test_a_layout_too_small_for_the_address_is_refused_with_the_size_it_takes(
    session: Session,
) -> None:
    batch = make_issued(session)
    small = layout("a4-15", symbol=12)
    with pytest.raises(prints.SymbolTooSmall) as caught:
        make_run(session, batch, layout=small)
    assert caught.value.params == {"side": "14.7"}
    assert make_run(session, batch, PrintKind.CSV, layout=small).state is PrintState.QUEUED


def test_a_field_to_scratch_needs_stamps_with_codes(session: Session) -> None:
    batch = make_issued(session)
    with pytest.raises(prints.NoPins):
        make_run(session, batch, layout=layout("a4-20-pin"))
    batch.has_pin = True
    assert make_run(session, batch, layout=layout("a4-20-pin")).layout["pin"]


def test_one_worker_takes_a_print_and_others_wait(session: Session) -> None:
    run = running(session)
    with pytest.raises(prints.StillRunning):
        prints.begin(session, run.id, NOW + timedelta(seconds=30))


def test_a_print_whose_worker_fell_silent_is_taken_over(session: Session) -> None:
    run = running(session)
    assert prints.begin(session, run.id, NOW + timedelta(seconds=61))


def test_progress_is_noted_until_somebody_stops_the_print(session: Session) -> None:
    run = running(session)
    assert prints.beat(session, run.id, 90, NOW)
    prints.cancel(session, run, **BY_NOBODY)
    assert (run.state, run.done) == (PrintState.CANCELLED, 90)
    assert not prints.beat(session, run.id, 180, NOW)
    prints.finish(session, run, file="x", size=1, sha256="x", now=NOW)
    session.refresh(run)
    assert run.state is PrintState.CANCELLED


def test_a_stopped_print_goes_on(session: Session) -> None:
    run = running(session)
    with pytest.raises(prints.NotStopped):
        prints.resume(session, run, **BY_NOBODY)
    prints.cancel(session, run, **BY_NOBODY)
    prints.resume(session, run, **BY_NOBODY)
    assert run.state is PrintState.QUEUED
    assert len(session.scalars(select(OutboxJob).filter_by(name=prints.WORK)).all()) == 2
    assert prints.begin(session, run.id, NOW)


def test_a_print_that_ended_is_not_taken_again(session: Session) -> None:
    run = running(session)
    prints.finish(session, run, file="x", size=7, sha256="x", now=NOW)
    assert not prints.begin(session, run.id, NOW + timedelta(days=1))
    prints.cancel(session, run, **BY_NOBODY)
    assert (run.state, run.bytes) == (PrintState.DONE, 7)


def test_the_file_is_fetched_when_it_is_ready_and_that_is_audited(session: Session) -> None:
    run = running(session)
    with pytest.raises(prints.NotReady):
        prints.fetched(session, run, **BY_NOBODY)
    prints.finish(session, run, file="a.pdf", size=1, sha256="x", now=NOW)
    session.refresh(run)
    assert prints.fetched(session, run, **BY_NOBODY) == "a.pdf"
    assert session.scalars(select(AuditEntry).filter_by(action="stamps.print_fetch")).one()


def test_old_files_are_forgotten_but_not_those_being_made(session: Session) -> None:
    done, active, young = (running(session) for _ in range(3))
    prints.finish(session, done, file="x", size=1, sha256="x", now=NOW)
    prints.finish(session, young, file="x", size=1, sha256="x", now=NOW)
    session.expire_all()
    young.created_at = NOW + timedelta(days=10)
    session.flush()
    later = NOW + prints.KEPT + timedelta(seconds=1)
    assert prints.forget_old(session, now=later) == [f"{done.id}.pdf", f"{done.id}.pdf.part"]
    assert prints.forget_old(session, now=later) == []
    assert not done.ready
    assert young.ready
    assert active.removed_at is None


def test_an_unknown_print_is_not_found(session: Session) -> None:
    with pytest.raises(prints.UnknownPrint):
        prints.get(session, make_issued(session).id)


def test_layouts_of_ones_own_stand_beside_the_others_and_the_newest_counts(
    session: Session,
) -> None:
    own = layout("roll-20").to_data() | {"name": "my-roll"}
    print_layouts.add(session, own, now=NOW, actor_id=None)
    print_layouts.add(
        session, own | {"paper": [30, 28]}, now=NOW + timedelta(seconds=1), actor_id=None
    )
    assert print_layouts.find(session, "my-roll").paper == (30, 28)
    assert print_layouts.find(session, "a4-20") == layout("a4-20")
    with pytest.raises(print_layouts.UnknownLayout):
        print_layouts.find(session, "nowhere")


def test_a_layout_that_cannot_be_printed_is_not_kept(session: Session) -> None:
    with pytest.raises(BadLayout, match="wider"):
        print_layouts.add(session, layout().to_data() | {"columns": 99}, now=NOW, actor_id=None)

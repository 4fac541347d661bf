import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from app.accounts.models import AuditEntry
from app.core import db
from app.core.outbox import OutboxJob
from app.core.states import ForbiddenMove
from builders import (
    BY_NOBODY,
    NOW,
    STAMP_KEYS,
    TODAY,
    activate,
    make_batch,
    make_lot,
    make_sku,
    recognise,
    serial_of,
)
from catalog import recognitions
from catalog.models import Sku
from traceability import digests, gs1, journal, lots, ranges, scans, serials, stamps
from traceability.models import BatchStatus, JournalKind, Lot, RangeState, StampBatch, StampItem
from traceability.scans import Sighting
from traceability.stamps import StampState

ISSUE = {"day": TODAY, "epoch": 1, "randomness": os.urandom, **BY_NOBODY}


def stamped_lot(session: Session, **sku: object) -> Lot:
    article = make_sku(session, **sku)
    recognise(session, article.product)
    return make_lot(session, article)


def sold(session: Session, serial: str, reference: str) -> stamps.SoldResult:
    return stamps.mark_sold(
        session, serial, reference=reference, place="Điểm bán 1", now=NOW, keys=STAMP_KEYS
    )


def test_a_batch_goes_from_request_to_delivery_and_each_step_is_audited(session: Session) -> None:
    batch = make_batch(session, stamped_lot(session), 50)
    assert batch.status is BatchStatus.DELIVERED
    assert None not in (batch.approved_at, batch.generated_at, batch.printed_at, batch.delivered_at)
    query = select(AuditEntry.action).where(AuditEntry.object_id == str(batch.id))
    assert sorted(session.scalars(query)) == ["stamps.move"] * 4 + ["stamps.request"]


def test_issue_binds_the_batch_to_its_key_and_leaves_the_digest_to_the_worker(
    session: Session,
) -> None:
    batch = make_batch(session, stamped_lot(session), 7)
    assert batch.key_check == digests.key_check(stamps.key_of(batch, STAMP_KEYS))
    assert batch.serials_digest is None
    job = session.scalars(select(OutboxJob).filter_by(name=digests.WORK)).one()
    assert job.payload == {"batch": str(batch.id)}


def test_issue_takes_as_many_steps_for_millions_as_for_ten(session: Session) -> None:
    counts = []
    for size in (10, 10_000_000):
        lot = make_lot(session, sku_with_stars(session), quantity_declared=size)
        batch = stamps.request(session, lot, size, **ISSUE)
        stamps.approve(session, batch, **BY_NOBODY)
        with statements(session) as seen:
            stamps.generate(session, batch, day=TODAY, keys=STAMP_KEYS, **BY_NOBODY)
        counts.append(len(seen))
    assert counts[0] == counts[1]


@contextmanager
def statements(session: Session) -> Iterator[list[str]]:
    """What is sent to the database meanwhile."""
    seen: list[str] = []

    def note(_conn: object, _cursor: object, statement: str, *_more: object) -> None:
        seen.append(statement)

    bind = session.get_bind()
    event.listen(bind, "before_cursor_execute", note)
    yield seen
    event.remove(bind, "before_cursor_execute", note)


def sku_with_stars(session: Session) -> Sku:
    article = make_sku(session)
    recognise(session, article.product)
    return article


def test_a_step_cannot_be_skipped(session: Session) -> None:
    batch = stamps.request(session, stamped_lot(session), 10, **ISSUE)
    with pytest.raises(ForbiddenMove):
        stamps.mark_printed(session, batch, **BY_NOBODY)


def test_the_gtin_identifies_the_stamps_where_there_is_one(session: Session) -> None:
    lot = stamped_lot(session)
    batch = stamps.request(session, lot, 10, **ISSUE)
    assert (batch.identity, batch.has_gtin) == (gs1.gtin14(lot.sku.gtin or ""), True)


def test_without_gtin_the_code_identifies_the_stamps(session: Session) -> None:
    lot = stamped_lot(session, gtin=None, code="LN500")
    batch = stamps.request(session, lot, 10, **ISSUE)
    assert (batch.identity, batch.has_gtin) == ("LN500", False)


def test_a_code_with_marks_cannot_identify_stamps(session: Session) -> None:
    lot = stamped_lot(session, gtin=None, code="NHÃN")
    with pytest.raises(stamps.BadStampIdentity):
        stamps.request(session, lot, 10, **ISSUE)


def test_only_a_released_lot_gets_stamps(session: Session) -> None:
    sku = make_sku(session)
    recognise(session, sku.product)
    with pytest.raises(stamps.LotNotReleased):
        stamps.request(session, make_lot(session, sku, release=False), 10, **ISSUE)


@pytest.mark.parametrize(
    ("stars", "until"), [(2, None), (4, TODAY - timedelta(days=1))], ids=["two stars", "lapsed"]
)
def test_stamps_need_three_stars_in_force(session: Session, stars: int, until: date | None) -> None:
    sku = make_sku(session)
    recognise(session, sku.product, stars, valid_until=until)
    with pytest.raises(stamps.NoRecognition):
        stamps.request(session, make_lot(session, sku), 10, **ISSUE)


def test_the_last_day_of_the_recognition_still_counts(session: Session) -> None:
    sku = make_sku(session)
    recognise(session, sku.product, 3, valid_until=TODAY)
    assert stamps.request(session, make_lot(session, sku), 10, **ISSUE).size == 10


def test_the_recognition_must_still_be_in_force_when_serials_are_made(session: Session) -> None:
    batch = stamps.request(session, stamped_lot(session), 10, **ISSUE)
    stamps.approve(session, batch, **BY_NOBODY)
    recognitions.revoke(session, batch.recognition, on=TODAY, reason="Vi phạm", **BY_NOBODY)
    session.flush()
    with pytest.raises(stamps.NoRecognition):
        stamps.generate(session, batch, day=TODAY, keys=STAMP_KEYS, **BY_NOBODY)


def test_a_lot_never_gets_more_stamps_than_packs(session: Session) -> None:
    lot = stamped_lot(session)
    stamps.request(session, lot, 990, **ISSUE)
    with pytest.raises(stamps.TooManyStamps) as refused:
        stamps.request(session, lot, 11, **ISSUE)
    assert refused.value.detail == {"remaining": 10}


def test_refused_stamps_are_free_for_another_request(session: Session) -> None:
    lot = stamped_lot(session)
    batch = stamps.request(session, lot, 1_000, **ISSUE)
    stamps.refuse(session, batch, reason="Sai lô", **BY_NOBODY)
    session.flush()
    assert stamps.request(session, lot, 1_000, **ISSUE).status is BatchStatus.REQUESTED
    assert batch.status_reason == "Sai lô"


@pytest.mark.parametrize("size", [0, -1, serials.MAX_SIZE + 1])
def test_an_impossible_size_is_rejected(session: Session, size: int) -> None:
    with pytest.raises(stamps.BadSize):
        stamps.request(session, stamped_lot(session), size, **ISSUE)


def test_a_ref_that_is_taken_is_drawn_again(session: Session) -> None:
    draws = iter([b"\0\0\0", b"\0\0\0", b"\0\0\1"])
    issue = ISSUE | {"randomness": lambda _count: next(draws)}
    lot = stamped_lot(session)
    refs = [stamps.request(session, lot, 1, **issue).ref for _ in range(2)]
    assert refs == ["0000", "0001"]


def test_stamps_that_are_not_delivered_cannot_be_activated(session: Session) -> None:
    batch = stamps.request(session, stamped_lot(session), 10, **ISSUE)
    with pytest.raises(stamps.NotDelivered):
        activate(session, batch)


@pytest.mark.parametrize(("first", "last"), [(-1, 5), (5, 4), (0, 10)])
def test_only_stamps_of_the_batch_can_be_activated(session: Session, first: int, last: int) -> None:
    batch = make_batch(session, stamped_lot(session), 10)
    with pytest.raises(ranges.OutsideBatch):
        activate(session, batch, first, last)


@pytest.mark.parametrize(("first", "last"), [(0, 3), (3, 6), (6, 9), (4, 5), (0, 9)])
def test_no_stamp_is_activated_twice(session: Session, first: int, last: int) -> None:
    batch = make_batch(session, stamped_lot(session), 10)
    activate(session, batch, 3, 6)
    with pytest.raises(ranges.RangeOverlap) as refused:
        activate(session, batch, first, last)
    assert refused.value.detail == {"first": 4, "last": 7}


def test_neighbouring_stamps_can_be_activated_one_after_the_other(session: Session) -> None:
    batch = make_batch(session, stamped_lot(session), 10)
    activate(session, batch, 3, 6)
    activate(session, batch, 0, 2)
    activate(session, batch, 7, 9)
    assert [(run.first, run.last) for run in ranges.all_of(session, batch)] == [
        (0, 2),
        (3, 6),
        (7, 9),
    ]


def test_stamps_of_a_held_lot_cannot_be_activated(session: Session) -> None:
    batch = make_batch(session, stamped_lot(session))
    lots.hold(session, batch.lot, reason="Kiểm tra", **BY_NOBODY)
    session.flush()
    with pytest.raises(stamps.LotNotReleased):
        activate(session, batch)


def test_activation_is_told_in_the_lots_history(session: Session) -> None:
    batch = make_batch(session, stamped_lot(session))
    activate(session, batch)
    last = journal.entries(session, batch.lot_id, public_only=True)[-1]
    assert (last.kind, last.text) == (JournalKind.STAMPED, batch.ref)


def test_voiding_cuts_an_activated_run_in_two(session: Session) -> None:
    batch = make_batch(session, stamped_lot(session), 10)
    activate(session, batch)
    stamps.void_range(session, batch, 4, 5, reason="Rách", **BY_NOBODY)
    found = [(run.first, run.last, run.state) for run in ranges.all_of(session, batch)]
    live, void = RangeState.ACTIVATED, RangeState.VOID
    assert found == [(0, 3, live), (4, 5, void), (6, 9, live)]


@pytest.mark.parametrize(("first", "last"), [(0, 3), (6, 9), (0, 9)])
def test_voiding_the_edge_of_a_run_leaves_the_rest(session: Session, first: int, last: int) -> None:
    batch = make_batch(session, stamped_lot(session), 10)
    activate(session, batch)
    stamps.void_range(session, batch, first, last, reason="Rách", **BY_NOBODY)
    found = ranges.all_of(session, batch)
    assert sum(run.last - run.first + 1 for run in found) == 10
    void = [(run.first, run.last) for run in found if run.state is RangeState.VOID]
    assert void == [(first, last)]


def test_void_stamps_cannot_be_activated_or_voided_again(session: Session) -> None:
    batch = make_batch(session, stamped_lot(session), 10)
    stamps.void_range(session, batch, 0, 4, reason="Mất", **BY_NOBODY)
    with pytest.raises(ranges.RangeOverlap):
        activate(session, batch, 4, 6)
    with pytest.raises(ranges.RangeOverlap):
        stamps.void_range(session, batch, 4, 6, reason="Mất", **BY_NOBODY)


def test_stamps_that_do_not_exist_yet_cannot_be_voided(session: Session) -> None:
    batch = stamps.request(session, stamped_lot(session), 10, **ISSUE)
    with pytest.raises(stamps.NotIssued):
        stamps.void_range(session, batch, 0, 1, reason="Mất", **BY_NOBODY)


def test_one_stamp_can_be_voided_once(session: Session) -> None:
    batch = make_batch(session, stamped_lot(session), 10)
    activate(session, batch)
    void = {"reason": "Rách", "keys": STAMP_KEYS, **BY_NOBODY}
    stamp = stamps.void_item(session, serial_of(batch, 3), **void)
    assert (stamp.state, stamp.void_reason, stamp.number) == (StampState.VOID, "Rách", 3)
    assert stamps.get(session, serial_of(batch, 4), STAMP_KEYS).state is StampState.ACTIVATED
    with pytest.raises(stamps.AlreadyVoid):
        stamps.void_item(session, serial_of(batch, 3), **void)


def test_finding_an_untouched_stamp_writes_no_row(session: Session) -> None:
    batch = make_batch(session, stamped_lot(session), 10)
    activate(session, batch, 0, 4)
    live = stamps.get(session, serial_of(batch, 4), STAMP_KEYS)
    idle = stamps.get(session, serial_of(batch, 5), STAMP_KEYS)
    assert (live.number, live.state, live.lot) == (4, StampState.ACTIVATED, batch.lot)
    assert (idle.number, idle.state, idle.item) == (5, StampState.NOT_ACTIVATED, None)
    assert session.scalar(select(func.count()).select_from(StampItem)) == 0


def test_a_stamp_tells_why_its_pack_may_not_be_sold(session: Session) -> None:
    batch = make_batch(session, stamped_lot(session), 10)
    activate(session, batch, 0, 4)
    assert stamps.get(session, serial_of(batch, 4), STAMP_KEYS).obstacle() is None
    assert stamps.get(session, serial_of(batch, 5), STAMP_KEYS).obstacle() is not None


def test_a_made_up_serial_is_not_found(session: Session) -> None:
    batch = make_batch(session, stamped_lot(session), 10)
    beyond = serials.serial_for(
        stamps.key_of(batch, STAMP_KEYS), batch.identity, batch.ref, batch.size
    )
    for serial in (batch.ref + "000000000000", "0" * 16, beyond, beyond.lower(), ""):
        assert stamps.find(session, serial, STAMP_KEYS) is None


def test_serials_of_a_batch_that_was_not_generated_are_not_found(session: Session) -> None:
    batch = stamps.request(session, stamped_lot(session), 10, **ISSUE)
    assert stamps.find(session, serial_of(batch, 0), STAMP_KEYS) is None


def test_a_missing_key_is_said_and_not_taken_for_an_unknown_stamp(session: Session) -> None:
    batch = make_batch(session, stamped_lot(session), 10)
    with pytest.raises(stamps.KeyMissing):
        stamps.find(session, serial_of(batch, 0), {2: b"x" * 32})


def test_a_sale_is_noted_on_the_stamp(session: Session) -> None:
    batch = make_batch(session, stamped_lot(session), 10)
    activate(session, batch)
    result = sold(session, serial_of(batch, 0), "order:DH-1")
    assert (result.already_sold, result.before) == (False, StampState.ACTIVATED)
    assert result.stamp.state is StampState.SOLD
    assert result.stamp.item is not None
    assert result.stamp.item.sold_place == "Điểm bán 1"


def test_a_second_sale_is_told_and_changes_nothing(session: Session) -> None:
    batch = make_batch(session, stamped_lot(session), 10)
    activate(session, batch)
    sold(session, serial_of(batch, 0), "order:DH-1")
    again = sold(session, serial_of(batch, 0), "order:DH-2")
    assert again.already_sold
    assert again.stamp.item is not None
    assert again.stamp.item.sold_reference == "order:DH-1"


def test_the_same_sale_told_twice_is_one_sale(session: Session) -> None:
    batch = make_batch(session, stamped_lot(session), 10)
    activate(session, batch)
    sold(session, serial_of(batch, 0), "order:DH-1")
    assert not sold(session, serial_of(batch, 0), "order:DH-1").already_sold


def test_the_sale_of_a_stamp_never_activated_is_a_fact_with_a_past(session: Session) -> None:
    batch = make_batch(session, stamped_lot(session), 10)
    assert sold(session, serial_of(batch, 0), "order:DH-1").before is StampState.NOT_ACTIVATED


def test_an_unknown_stamp_cannot_be_sold(session: Session) -> None:
    with pytest.raises(stamps.UnknownStamp):
        sold(session, "0" * 16, "order:DH-1")


def test_addresses_follow_gs1_where_there_is_a_gtin(session: Session) -> None:
    batch = make_batch(session, stamped_lot(session), 10)
    made = list(stamps.stamp_urls("https://ocop.example.vn/", batch, 8, 2, STAMP_KEYS))
    assert [serial for _url, serial in made] == [serial_of(batch, 8), serial_of(batch, 9)]
    url, serial = made[0]
    assert url == gs1.digital_link("https://ocop.example.vn", batch.identity, serial)


def test_addresses_are_short_where_there_is_no_gtin(session: Session) -> None:
    batch = make_batch(session, stamped_lot(session, gtin=None), 10)
    [(url, serial)] = stamps.stamp_urls("https://ocop.example.vn", batch, 0, 1, STAMP_KEYS)
    assert url == f"https://ocop.example.vn/t/{serial}"


@pytest.mark.parametrize(("first", "count"), [(9, 2), (0, 0), (-1, 1)])
def test_addresses_outside_the_batch_are_rejected(session: Session, first: int, count: int) -> None:
    batch = make_batch(session, stamped_lot(session), 10)
    with pytest.raises(ranges.OutsideBatch):
        stamps.stamp_urls("https://ocop.example.vn", batch, first, count, STAMP_KEYS)


@pytest.mark.parametrize(
    ("taken", "free"),
    [([], [(0, 9)]), ([(0, 9)], []), ([(0, 2), (5, 6)], [(3, 4), (7, 9)]), ([(4, 9)], [(0, 3)])],
)
def test_gaps_are_what_no_run_covers(
    taken: list[tuple[int, int]], free: list[tuple[int, int]]
) -> None:
    runs = [ranges.StampRange(first=first, last=last) for first, last in taken]
    assert ranges.gaps(10, runs) == free


def at_once(count: int, act: Callable[[Session, int], str]) -> list[str]:
    """What `act` says when that many do it at the same time, each in a transaction of its own."""
    outcomes: list[str] = []
    start = threading.Barrier(count)

    def one(number: int) -> None:
        start.wait()
        with db.transaction() as session:
            said = act(session, number)
        outcomes.append(said)

    threads = [threading.Thread(target=one, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(outcomes)


def real_batch() -> tuple[UUID, str]:
    with db.transaction() as session:
        batch = make_batch(session, stamped_lot(session), 100)
        return batch.id, serial_of(batch, 0)


@pytest.mark.race
def test_two_activations_of_the_same_stamps_at_once_give_one(real_database: db.Database) -> None:
    batch_id, _serial = real_batch()

    def try_it(session: Session, _number: int) -> str:
        try:
            activate(session, session.get_one(StampBatch, batch_id), 10, 20)
        except ranges.RangeOverlap:
            return "refused"
        return "activated"

    assert at_once(4, try_it) == ["activated", "refused", "refused", "refused"]


@pytest.mark.race
def test_of_sales_at_once_one_is_the_first(real_database: db.Database) -> None:
    _batch_id, serial = real_batch()

    def sell(session: Session, number: int) -> str:
        return "later" if sold(session, serial, f"order:{number}").already_sold else "first"

    assert at_once(4, sell) == ["first", "later", "later", "later"]


@pytest.mark.race
def test_scans_at_once_are_all_counted(real_database: db.Database) -> None:
    _batch_id, serial = real_batch()

    def scan(session: Session, _number: int) -> str:
        look = {"day": TODAY, "now": NOW, "keys": STAMP_KEYS, "sighting": Sighting()}
        return str(scans.look_up(session, serial, **look).tally.scans)

    assert at_once(4, scan) == ["1", "2", "3", "4"]

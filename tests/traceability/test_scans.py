from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

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
from traceability import journal, lots, scans, stamps
from traceability.cells import Cell
from traceability.models import JournalKind, Scan, StampBatch
from traceability.scan_models import StampCase
from traceability.scans import Sighting, Verdict, VerdictKind

PHONE = Sighting("00112233aabbccdd")


def live_batch(session: Session, **sku: object) -> StampBatch:
    article = make_sku(session, **sku)
    recognise(session, article.product)
    batch = make_batch(session, make_lot(session, article), 10)
    activate(session, batch, 0, 7)
    return batch


def look(session: Session, code: str, **over: object) -> Verdict:
    values = {"day": TODAY, "now": NOW, "keys": STAMP_KEYS, "sighting": PHONE}
    return scans.look_up(session, code, **(values | over))  # type: ignore[arg-type]


def sell(session: Session, batch: StampBatch, number: int) -> None:
    serial = serial_of(batch, number)
    stamps.mark_sold(
        session, serial, reference="order:1", place="Chợ Phố Hiến", now=NOW, keys=STAMP_KEYS
    )


def test_an_activated_stamp_tells_what_it_is_from(session: Session) -> None:
    batch = live_batch(session)
    verdict = look(session, serial_of(batch, 0))
    assert verdict.kind is VerdictKind.ACTIVE
    assert (verdict.lot, verdict.sku, verdict.product) == (batch.lot, batch.sku, batch.sku.product)
    assert verdict.recognition.shown_stars == 4
    assert [entry.kind.value for entry in verdict.journal] == ["made", "released", "stamped"]


def test_the_journey_is_told_as_it_happened(session: Session) -> None:
    batch = live_batch(session)
    earlier = NOW - timedelta(days=5)
    kind = JournalKind.INSPECTED
    journal.append(session, batch.lot, kind, occurred_at=earlier, text="Đạt", **BY_NOBODY)
    journal.append(session, batch.lot, kind, occurred_at=NOW, public=False, **BY_NOBODY)
    told = look(session, serial_of(batch, 0)).journal
    assert [entry.kind.value for entry in told] == ["made", "inspected", "released", "stamped"]


def test_scans_are_counted_and_the_first_is_remembered(session: Session) -> None:
    serial = serial_of(live_batch(session), 0)
    later = NOW + timedelta(hours=5)
    assert look(session, serial).tally == scans.Tally(1, NOW)
    assert look(session, serial, now=later).tally == scans.Tally(2, NOW, NOW)
    assert look(session, serial, sighting=None).tally == scans.Tally(2, NOW, later)


def test_looking_without_recording_writes_nothing(session: Session) -> None:
    serial = serial_of(live_batch(session), 0)
    assert look(session, serial, sighting=None).tally == scans.Tally(0, None)
    assert session.scalars(select(Scan)).all() == []


def test_a_scan_holds_time_stamp_answer_token_and_area(session: Session) -> None:
    batch = live_batch(session)
    look(session, serial_of(batch, 3), sighting=Sighting("aa" * 8, Cell(206, 1060)))
    scan = session.scalars(select(Scan)).one()
    assert (scan.at, scan.batch_id, scan.number, scan.verdict) == (NOW, batch.id, 3, "active")
    assert (scan.device, scan.lat10, scan.lon10) == ("aa" * 8, 206, 1060)


def test_many_phones_on_one_code_make_it_suspicious_and_open_one_case(session: Session) -> None:
    batch = live_batch(session)
    serial = serial_of(batch, 0)
    kinds = [
        look(session, serial, sighting=Sighting(f"{phone:016x}")).kind for phone in range(1, 10)
    ]
    assert kinds == [VerdictKind.ACTIVE] * 7 + [VerdictKind.SUSPICIOUS] * 2
    case = session.scalars(select(StampCase)).one()
    assert (case.batch_id, case.number, case.reasons) == (batch.id, 0, {"repeat": 9})
    assert not look(session, serial, sighting=None).vouched


def test_one_phone_many_times_is_nothing(session: Session) -> None:
    serial = serial_of(live_batch(session), 0)
    assert {look(session, serial).kind for _time in range(20)} == {VerdictKind.ACTIVE}
    assert session.scalars(select(StampCase)).all() == []


def test_a_scan_of_a_stamp_not_in_use_opens_a_case_at_once(session: Session) -> None:
    batch = live_batch(session)
    assert look(session, serial_of(batch, 9)).kind is VerdictKind.NOT_ACTIVATED
    assert session.scalars(select(StampCase)).one().reasons == {"unactivated": 1}


def test_a_recall_comes_before_a_suspicion(session: Session) -> None:
    batch = live_batch(session)
    serial = serial_of(batch, 0)
    for phone in range(12):
        look(session, serial, sighting=Sighting(f"{phone:016x}"))
    lots.recall(session, batch.lot, reason="Nấm mốc", **BY_NOBODY)
    assert look(session, serial).kind is VerdictKind.RECALLED


def test_a_sold_stamp_says_where_and_its_first_scan_still_counts(session: Session) -> None:
    batch = live_batch(session)
    sell(session, batch, 0)
    verdict = look(session, serial_of(batch, 0))
    assert (verdict.kind, verdict.sold_place) == (VerdictKind.SOLD, "Chợ Phố Hiến")
    assert verdict.tally == scans.Tally(1, NOW)


def test_a_stamp_that_was_never_activated_vouches_for_nothing(session: Session) -> None:
    verdict = look(session, serial_of(live_batch(session), 9))
    assert verdict.kind is VerdictKind.NOT_ACTIVATED
    assert not verdict.vouched


def test_a_void_stamp_says_why(session: Session) -> None:
    batch = live_batch(session)
    stamps.void_range(session, batch, 0, 1, reason="Mất cuộn", **BY_NOBODY)
    verdict = look(session, serial_of(batch, 1))
    assert verdict.kind is VerdictKind.VOID
    assert verdict.stamp is not None
    assert verdict.stamp.void_reason == "Mất cuộn"


def test_a_recall_comes_before_everything_else(session: Session) -> None:
    batch = live_batch(session)
    sell(session, batch, 0)
    stamps.void_range(session, batch, 1, 1, reason="Rách", **BY_NOBODY)
    lots.recall(session, batch.lot, reason="Nhiễm khuẩn", **BY_NOBODY)
    session.flush()
    answers = {look(session, serial_of(batch, number)).kind for number in (0, 1, 2, 9)}
    assert answers == {VerdictKind.RECALLED}


def test_a_lot_on_hold_is_said(session: Session) -> None:
    batch = live_batch(session)
    lots.hold(session, batch.lot, reason="Kiểm tra", **BY_NOBODY)
    session.flush()
    assert look(session, serial_of(batch, 0)).kind is VerdictKind.HELD


def test_when_the_recognition_has_lapsed_no_stars_are_left(session: Session) -> None:
    sku = make_sku(session)
    recognise(session, sku.product, 4, valid_until=TODAY)
    batch = make_batch(session, make_lot(session, sku), 10)
    activate(session, batch)
    assert look(session, serial_of(batch, 0)).kind is VerdictKind.ACTIVE
    verdict = look(session, serial_of(batch, 0), day=TODAY + timedelta(days=1))
    assert verdict.kind is VerdictKind.LAPSED
    assert verdict.recognition.shown_stars is None
    assert verdict.recognition_ended_on == TODAY


def test_a_revocation_says_from_when(session: Session) -> None:
    batch = live_batch(session)
    recognitions.revoke(session, batch.recognition, on=TODAY, reason="Vi phạm", **BY_NOBODY)
    session.flush()
    verdict = look(session, serial_of(batch, 0))
    assert (verdict.kind, verdict.recognition_ended_on) == (VerdictKind.LAPSED, TODAY)


def test_goods_past_their_date_are_said_to_be(session: Session) -> None:
    batch = live_batch(session)
    last = batch.lot.expires_on
    assert last is not None
    assert not look(session, serial_of(batch, 0), day=last).expired
    assert look(session, serial_of(batch, 0), day=last + timedelta(days=1)).expired


def test_a_made_up_serial_is_unknown_and_recorded_without_a_batch(session: Session) -> None:
    verdict = look(session, "0" * 16)
    assert (verdict.kind, verdict.product) == (VerdictKind.UNKNOWN, None)
    scan = session.scalars(select(Scan)).one()
    assert (scan.batch_id, scan.number, scan.verdict) == (None, None, "unknown")


@pytest.mark.parametrize("code", ["", "abc", "O" * 17, "ă" * 16])
def test_what_is_no_serial_is_malformed_and_not_recorded(session: Session, code: str) -> None:
    assert look(session, code).kind is VerdictKind.MALFORMED
    assert session.scalars(select(Scan)).all() == []


def test_another_makers_serial_under_a_gtin_is_unknown(session: Session) -> None:
    assert look(session, "abc", gtin="09521000000018").kind is VerdictKind.UNKNOWN


def test_the_gtin_of_the_address_must_be_that_of_the_batch(session: Session) -> None:
    batch, other = live_batch(session), live_batch(session)
    right = look(session, serial_of(batch, 0), gtin=batch.identity)
    wrong = look(session, serial_of(batch, 0), gtin=other.identity)
    assert (right.kind, wrong.kind) == (VerdictKind.ACTIVE, VerdictKind.UNKNOWN)


def test_a_stamp_without_gtin_is_not_found_under_one(session: Session) -> None:
    batch = live_batch(session, gtin=None)
    assert look(session, serial_of(batch, 0)).kind is VerdictKind.ACTIVE
    wrong = look(session, serial_of(batch, 0), gtin="09521000000018")
    assert wrong.kind is VerdictKind.UNKNOWN


def test_a_typed_code_is_read_as_people_write_it(session: Session) -> None:
    batch = live_batch(session)
    serial = serial_of(batch, 0)
    typed = "-".join((serial[:4], serial[4:10], serial[10:])).lower()
    assert look(session, typed).serial == serial

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import AuditEntry
from app.core.states import ForbiddenMove
from builders import NOW, activate, make_batch, make_lot, make_sku, recognise
from traceability import cases, clone_watch, day_tokens, scan_keeping, thresholds
from traceability.cells import Cell, cell_at
from traceability.clones import Limits
from traceability.models import Scan, StampBatch, StampItem
from traceability.scan_models import CaseKind, CaseStatus, DaySalt, ScanDay, StampCase

HUNG_YEN, SAI_GON = cell_at(20.65, 106.06), cell_at(10.8, 106.7)


@pytest.fixture
def batch(session: Session) -> StampBatch:
    article = make_sku(session)
    recognise(session, article.product)
    made = make_batch(session, make_lot(session, article), 100)
    activate(session, made, 0, 99)
    return made


def scanned(
    session: Session, batch: StampBatch, number: int, phones: int, cell: Cell | None = None
) -> StampItem:
    """A code seen by so many phones, one an hour until now."""
    for phone in range(phones):
        at = NOW - timedelta(hours=phones - phone)
        lat, lon = (cell.lat10, cell.lon10) if cell else (None, None)
        device = f"{number:08x}{phone:08x}"
        values = {"verdict": "active", "device": device, "lat10": lat, "lon10": lon}
        session.add(Scan(at=at, batch_id=batch.id, number=number, **values))
    item = StampItem(
        batch_id=batch.id, number=number, scan_count=phones, first_scan_at=NOW, last_scan_at=NOW
    )
    session.add(item)
    session.flush()
    return item


def all_cases(session: Session, kind: CaseKind) -> list[StampCase]:
    return list(session.scalars(select(StampCase).filter_by(kind=kind)))


def judge(session: Session, item: StampItem) -> int:
    return cases.judge_code(session, item, Limits(), now=NOW).score


def test_a_case_is_opened_once_and_then_renewed(session: Session, batch: StampBatch) -> None:
    item = scanned(session, batch, 5, 9)
    assert judge(session, item) == judge(session, item) == 60
    (case,) = all_cases(session, CaseKind.CODE)
    assert (case.status, case.score, case.number) == (CaseStatus.OPEN, 60, 5)


def test_a_dismissed_case_clears_the_scans_so_far(session: Session, batch: StampBatch) -> None:
    item = scanned(session, batch, 5, 9)
    judge(session, item)
    (case,) = all_cases(session, CaseKind.CODE)
    note = "Lớp học nấu ăn"
    cases.move(session, case, CaseStatus.DISMISSED, note=note, now=NOW, actor_id=None)
    session.refresh(item)
    assert (item.suspicion, judge(session, item)) == (0, 0)
    entry = session.scalars(select(AuditEntry).filter_by(action="stamps.case")).one()
    assert entry.detail == {"before": "open", "after": "dismissed", "note": note}


def test_a_closed_case_stays_closed_and_new_scans_open_another(
    session: Session, batch: StampBatch
) -> None:
    item = scanned(session, batch, 5, 9)
    judge(session, item)
    (case,) = all_cases(session, CaseKind.CODE)
    cases.move(session, case, CaseStatus.CONFIRMED, note=None, now=NOW, actor_id=None)
    with pytest.raises(ForbiddenMove):
        cases.move(session, case, CaseStatus.DISMISSED, note=None, now=NOW, actor_id=None)
    judge(session, item)
    assert len(all_cases(session, CaseKind.CODE)) == 2


def test_the_sweep_finds_batches_and_areas(session: Session, batch: StampBatch) -> None:
    for number in range(4):
        scanned(session, batch, number, 9, SAI_GON)
    for number in range(10, 30):
        scanned(session, batch, number, 1, HUNG_YEN)
    sent = {batch.lot_id: [HUNG_YEN]}
    assert clone_watch.sweep(session, lambda _session, _lots: sent, now=NOW) == 24
    assert [case.number for case in all_cases(session, CaseKind.CODE)] == [0, 1, 2, 3]
    assert [case.reasons for case in all_cases(session, CaseKind.BATCH)] == [{"batch": 4}]
    (area,) = all_cases(session, CaseKind.PLACE)
    assert (area.cell, area.reasons) == (str(SAI_GON), {"far": 4})


def test_the_sweep_repeats_itself_without_harm(session: Session, batch: StampBatch) -> None:
    for number in range(4):
        scanned(session, batch, number, 15, SAI_GON)
    for _time in range(2):
        clone_watch.sweep(session, lambda _session, _lots: {}, now=NOW)
    assert len(all_cases(session, CaseKind.CODE)) == 4
    assert len(all_cases(session, CaseKind.BATCH)) == 1


def test_an_officer_changes_a_limit_and_the_change_is_kept(session: Session) -> None:
    assert thresholds.current(session) == Limits()
    changed = thresholds.change(session, {"phones": 5, "far": 120}, now=NOW, actor_id=None)
    assert changed == thresholds.current(session) == Limits(phones=5)
    entry = session.scalars(select(AuditEntry).filter_by(action="stamps.limit")).one()
    assert (entry.object_id, entry.detail) == ("phones", {"before": 8, "after": 5})


@pytest.mark.parametrize("value", [0, -1, 100_001])
def test_a_limit_has_limits(session: Session, value: int) -> None:
    with pytest.raises(thresholds.BadLimit):
        thresholds.change(session, {"phones": value}, now=NOW, actor_id=None)


def test_tokens_are_the_same_for_a_day_and_then_lead_nowhere(session: Session) -> None:
    def token(address: str, days: int) -> str:
        day = NOW.date() + timedelta(days=days)
        salt = day_tokens.salt_of(session, day, lambda count: bytes(count))
        return day_tokens.token(salt, address, "Phone")

    assert token("10.0.0.1", 0) == token("10.0.0.1", 0) != token("10.0.0.2", 0)
    day_tokens.forget_old(session, NOW.date() + timedelta(days=1))
    assert session.scalar(select(DaySalt.day)) == NOW.date()
    day_tokens.forget_old(session, NOW.date() + timedelta(days=2))
    assert session.scalar(select(DaySalt.day)) is None


def test_old_scans_become_sums_and_young_ones_stay(session: Session, batch: StampBatch) -> None:
    old = NOW - timedelta(days=400)
    for number in (1, 1, 2):
        place = {"lat10": HUNG_YEN.lat10, "lon10": HUNG_YEN.lon10}
        session.add(Scan(at=old, batch_id=batch.id, number=number, verdict="active", **place))
    session.add(Scan(at=old, verdict="unknown"))
    scanned(session, batch, 7, 2)
    assert scan_keeping.reduce_old(session, now=NOW) == 4
    total = session.scalars(select(ScanDay)).one()
    assert (total.cell, total.scans, total.codes) == (str(HUNG_YEN), 3, 2)
    assert len(session.scalars(select(Scan)).all()) == 2
    assert scan_keeping.reduce_old(session, now=NOW) == 0

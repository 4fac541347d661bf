import os
from typing import Any

from sqlalchemy.orm import Session

from app.config import DEMO_STAMP_KEY
from builders import BY_NOBODY, NOW, STAMP_KEYS, TODAY, make_lot, make_sku, recognise, serial_of
from builders_prints import make_issued
from traceability import digests, key_check, serials, stamps
from traceability.key_check import KeyState
from traceability.models import StampBatch

NEW = {2: b"2" * 32}


def states(session: Session, keys: dict[int, bytes], **how: Any) -> list[KeyState]:
    return [finding.state for finding in key_check.findings(session, keys, **how)]


def digested(session: Session, batch: StampBatch) -> StampBatch:
    digests.store(session, batch.id, digests.compute(batch, STAMP_KEYS))
    session.refresh(batch)
    return batch


def test_the_right_key_is_right_with_and_without_a_digest(session: Session) -> None:
    batch = make_issued(session)
    assert states(session, STAMP_KEYS) == [KeyState.RIGHT]
    digested(session, batch)
    assert states(session, STAMP_KEYS) == [KeyState.RIGHT]
    assert states(session, STAMP_KEYS, full=True) == [KeyState.RIGHT]


def test_a_missing_epoch_and_another_key_are_told_apart(session: Session) -> None:
    make_issued(session)
    assert states(session, NEW) == [KeyState.MISSING]
    assert states(session, {1: b"1" * 32}) == [KeyState.WRONG]
    assert all(finding.bad for finding in key_check.findings(session, NEW))


def test_batches_issued_before_keys_were_noted_are_checked_by_their_digest(
    session: Session,
) -> None:
    batch = make_issued(session)
    batch.key_check = None
    assert states(session, STAMP_KEYS) == [KeyState.UNKNOWN]
    digested(session, batch)
    batch.key_check = None
    assert states(session, STAMP_KEYS) == [KeyState.RIGHT]
    assert states(session, {1: b"1" * 32}) == [KeyState.WRONG]


def test_a_digest_that_does_not_fit_is_told(session: Session) -> None:
    batch = digested(session, make_issued(session))
    batch.serials_digest = "0" * 64
    assert states(session, STAMP_KEYS) == [KeyState.WRONG]


def test_requests_need_no_key_yet(session: Session) -> None:
    make_issued(session).generated_at = None
    assert states(session, {}) == []


def test_new_batches_use_the_newest_epoch_and_old_stamps_stay_checkable(
    session: Session,
) -> None:
    old = make_issued(session)
    rotated = STAMP_KEYS | NEW
    sku = make_sku(session)
    recognise(session, sku.product)
    issue: dict[str, Any] = {"day": TODAY, "epoch": max(rotated), "randomness": os.urandom}
    new = stamps.request(session, make_lot(session, sku), 5, **issue, **BY_NOBODY)
    stamps.approve(session, new, **BY_NOBODY)
    stamps.generate(session, new, day=TODAY, keys=rotated, now=NOW, actor_id=None)
    assert (old.key_epoch, new.key_epoch) == (1, 2)
    assert stamps.get(session, serial_of(old, 3), rotated).number == 3
    key = serials.batch_key(NEW[2], new.identity, new.ref)
    assert (
        stamps.get(session, serials.serial_for(key, new.identity, new.ref, 4), rotated).number == 4
    )
    assert stamps.find(session, serials.serial_for(key, new.identity, new.ref, 5), rotated) is None
    under_old = serials.batch_key(DEMO_STAMP_KEY, new.identity, new.ref)
    forged = serials.serial_for(under_old, new.identity, new.ref, 4)
    assert stamps.find(session, forged, rotated) is None
    assert states(session, rotated) == [KeyState.RIGHT, KeyState.RIGHT]

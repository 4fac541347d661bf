import threading
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import AuditEntry
from app.core import db
from app.core.db import transaction
from builders import NOW, STAMP_KEYS, serial_of
from builders_prints import make_issued
from traceability import pins, serials, stamps
from traceability.issued import KeyMissing, Stamp
from traceability.pins import PinResult
from traceability.print_models import MOST_TRIES

KEY = pins.pin_key(bytes(32), "09520000000011", "7F3K")


def a_stamp(session: Session, **over: Any) -> Stamp:
    batch = make_issued(session, 20, **({"pin": True} | over))
    return stamps.get(session, serial_of(batch, 7), STAMP_KEYS)


def right(stamp: Stamp) -> str:
    return pins.pin_for(pins.key_of(stamp.batch, STAMP_KEYS), stamp.batch.ref, stamp.number)


def wrong(stamp: Stamp) -> str:
    return right(stamp)[:5] + ("0" if right(stamp)[5] != "0" else "1")


def tried(session: Session, stamp: Stamp, pin: str) -> PinResult:
    return pins.check_pin(session, stamp, pin, NOW, keys=STAMP_KEYS)


@given(st.integers(0, serials.MAX_SIZE - 1))
def test_a_code_is_six_characters_that_follow_from_batch_and_number(number: int) -> None:
    code = pins.pin_for(KEY, "7F3K", number)
    assert len(code) == 6
    assert set(code) <= set(serials.ALPHABET)
    assert code == pins.pin_for(KEY, "7F3K", number)


def test_a_code_never_changes_once_printed() -> None:
    assert pins.pin_for(KEY, "7F3K", 5) == "Q4CGQX"


def test_codes_made_together_are_those_made_alone() -> None:
    together = pins.rows(KEY, "7F3K", 100, 50)
    alone = [pins.pin_for(KEY, "7F3K", number) for number in range(100, 150)]
    assert [bytes(row).decode() for row in together] == alone
    assert together.dtype == np.uint8


def test_codes_of_neighbours_and_of_other_batches_differ() -> None:
    codes = {pins.pin_for(KEY, "7F3K", number) for number in range(1_000)}
    assert len(codes) > 990
    other = pins.pin_key(bytes(32), "09520000000011", "7F3M")
    assert pins.pin_for(other, "7F3M", 5) != pins.pin_for(KEY, "7F3K", 5)


def test_the_key_of_codes_is_not_that_of_serials() -> None:
    assert serials.batch_key(bytes(32), "09520000000011", "7F3K") != KEY


def test_the_right_code_is_right_however_it_is_typed(session: Session) -> None:
    stamp = a_stamp(session)
    code = right(stamp)
    for typed in (code, code.lower(), f" {code[:3]} {code[3:]} ", f"{code[:3]}-{code[3:]}"):
        assert tried(session, stamp, typed) is PinResult.RIGHT
    assert pins.tries_left(session, stamp) == MOST_TRIES


def test_letters_that_look_like_digits_count_as_them() -> None:
    assert pins.typed("oO iIlL") == "001111"


def test_the_fifth_wrong_code_is_the_last(session: Session) -> None:
    stamp = a_stamp(session)
    for left in (4, 3, 2, 1, 0):
        assert tried(session, stamp, wrong(stamp)) is PinResult.WRONG
        assert pins.tries_left(session, stamp) == left
    assert tried(session, stamp, wrong(stamp)) is PinResult.LOCKED
    assert tried(session, stamp, right(stamp)) is PinResult.LOCKED


def test_a_right_code_takes_no_try_away(session: Session) -> None:
    stamp = a_stamp(session)
    for _ in range(3):
        tried(session, stamp, wrong(stamp))
    for _ in range(10):
        assert tried(session, stamp, right(stamp)) is PinResult.RIGHT
    assert pins.tries_left(session, stamp) == 2


@pytest.mark.parametrize("typed", ["", "A", "ÀÁ", "🙂" * 50, "0" * 10_000, "'; DROP TABLE pin_try"])
def test_nonsense_is_a_wrong_code(session: Session, typed: str) -> None:
    assert tried(session, a_stamp(session), typed) is PinResult.WRONG


def test_a_batch_without_codes_says_so_and_counts_nothing(session: Session) -> None:
    stamp = a_stamp(session, pin=False)
    assert tried(session, stamp, "ABCDEF") is PinResult.NONE
    assert pins.tries_left(session, stamp) == MOST_TRIES


def test_every_try_is_audited_without_the_code(session: Session) -> None:
    stamp = a_stamp(session)
    tried(session, stamp, wrong(stamp))
    tried(session, stamp, right(stamp))
    entries = session.scalars(select(AuditEntry).filter_by(action="stamps.pin")).all()
    assert [entry.detail["result"] for entry in entries] == ["wrong", "right"]
    assert right(stamp) not in str([entry.detail for entry in entries])


def test_without_the_key_nothing_is_said(session: Session) -> None:
    stamp = a_stamp(session)
    with pytest.raises(KeyMissing):
        pins.check_pin(session, stamp, "ABCDEF", NOW, keys={})


@pytest.mark.race
def test_many_at_once_get_no_more_than_five_tries(real_database: db.Database) -> None:
    with transaction() as session:
        stamp = a_stamp(session)
        code = wrong(stamp)
    results: list[PinResult] = []

    def guess() -> None:
        with transaction() as session:
            results.append(tried(session, stamp, code))

    threads = [threading.Thread(target=guess) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(result.value for result in results) == ["locked"] * 11 + ["wrong"] * 5

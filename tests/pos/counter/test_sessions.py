"""Cash of a till session: float, sales, in and out, and the count at the end."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core import db
from app.core.errors import Rejected
from builders import NOW, make_register, make_user
from pos.counter import registers, sessions, summaries
from pos.counter.models import CashKind, Discrepancy, DiscrepancyKind, SessionStatus, TillSession
from pos.counter.sessions import (
    BadAmount,
    ReasonNeeded,
    SessionClosed,
    SessionOpen,
    UnknownSession,
)

LIMIT = 20_000


def opened(session: Session, float_amount: int = 500_000) -> TillSession:
    cashier = make_user(session)
    register = make_register(session)
    return sessions.open_session(session, register, float_amount, now=NOW, actor_id=cashier.id)


def close(session: Session, till: TillSession, counted: int, reason: str = "") -> None:
    sessions.close(session, till, counted, reason, limit=LIMIT, now=NOW, actor_id=till.opened_by)


def move(session: Session, till: TillSession, kind: CashKind, amount: int, why: str = "đá") -> None:
    sessions.move_cash(session, till, kind, amount, why, now=NOW, actor_id=till.opened_by)


def test_a_session_starts_with_its_float(session: Session) -> None:
    till = opened(session)
    assert till.status is SessionStatus.OPEN
    assert sessions.expected_cash(session, till.id) == 500_000
    assert sessions.current(session, till.register_id) is till


def test_a_register_has_one_open_session(session: Session) -> None:
    till = opened(session)
    with pytest.raises(SessionOpen):
        sessions.open_session(session, till.register, 0, now=NOW, actor_id=till.opened_by)
    close(session, till, 500_000)
    again = sessions.open_session(session, till.register, 0, now=NOW, actor_id=till.opened_by)
    assert sessions.open_at(session, [till.register_id]) == {till.register_id: again}


def test_two_devices_that_did_not_see_each_other_get_one_session(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    till = opened(session)
    monkeypatch.setattr(sessions, "current", lambda _session, _register_id: None)
    with pytest.raises(SessionOpen):
        sessions.open_session(session, till.register, 0, now=NOW, actor_id=till.opened_by)
    assert session.scalars(select(TillSession)).all() == [till]


@pytest.mark.race
def test_of_two_openings_at_the_same_moment_one_wins(real_database: db.Database) -> None:
    with db.transaction() as session:
        cashier, register = make_user(session), make_register(session)
    together = Barrier(2)

    def open_it(_device: int) -> bool:
        together.wait()
        try:
            with db.transaction() as session:
                here = registers.get(session, register.id)
                sessions.open_session(session, here, 0, now=NOW, actor_id=cashier.id)
        except SessionOpen:
            return False
        return True

    with ThreadPoolExecutor(2) as devices:
        assert sorted(devices.map(open_it, range(2))) == [False, True]
    with db.reading() as session:
        assert session.scalar(select(func.count(TillSession.id))) == 1


amounts = st.integers(1, 50_000_000)
steps = st.lists(st.tuples(st.sampled_from(["sale", "in", "out"]), amounts), max_size=8)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(float_amount=st.integers(0, 5_000_000), steps=steps)
def test_float_and_sales_and_in_less_out_is_what_is_expected(
    database: db.Database, float_amount: int, steps: Sequence[tuple[str, int]]
) -> None:
    with database.write_sessions() as session:
        till = opened(session, float_amount)
        expected = float_amount
        for number, (what, amount) in enumerate(steps):
            if what == "sale":
                who = till.opened_by
                sessions.take_cash(session, till, f"N{number}", amount, now=NOW, actor_id=who)
            else:
                move(session, till, CashKind.PAY_IN if what == "in" else CashKind.PAY_OUT, amount)
            expected += -amount if what == "out" else amount
        summary = summaries.of(session, till)
        assert sessions.expected_cash(session, till.id) == summary.expected == expected


def test_cash_moved_by_hand_needs_a_reason_and_an_amount(session: Session) -> None:
    till = opened(session)
    with pytest.raises(ReasonNeeded):
        move(session, till, CashKind.PAY_OUT, 10_000, why=" ")
    for amount in (0, -1, sessions.MAX_CASH + 1):
        with pytest.raises(BadAmount):
            move(session, till, CashKind.PAY_IN, amount)


def test_closing_keeps_what_was_expected_counted_and_the_difference(session: Session) -> None:
    till = opened(session)
    close(session, till, 495_000)
    assert (till.status, till.closed_at) == (SessionStatus.CLOSED, NOW)
    assert (till.expected_cash, till.counted_cash, till.difference) == (500_000, 495_000, -5_000)
    assert session.scalars(select(Discrepancy)).all() == []


def test_a_large_difference_needs_a_reason_and_goes_to_the_manager(session: Session) -> None:
    till = opened(session)
    with pytest.raises(ReasonNeeded):
        close(session, till, 400_000)
    assert till.status is SessionStatus.OPEN
    close(session, till, 400_000, "trả nhầm tiền thừa")
    found = session.scalars(select(Discrepancy)).one()
    assert found.kind is DiscrepancyKind.CASH_DIFFERENCE
    assert found.reference == sessions.reference_of(till)


def test_a_closed_session_takes_nothing(session: Session) -> None:
    till = opened(session)
    close(session, till, 500_000)
    with pytest.raises(SessionClosed):
        close(session, till, 500_000)
    with pytest.raises(SessionClosed):
        move(session, till, CashKind.PAY_IN, 1_000)
    assert sessions.recent(session, [till.register_id]) == [till]


def test_a_float_below_zero_is_refused(session: Session) -> None:
    with pytest.raises(Rejected):
        opened(session, -1)


def test_an_unknown_session_is_said_to_be_unknown(session: Session) -> None:
    with pytest.raises(UnknownSession):
        sessions.get(session, make_register(session).id)

"""Registers, sessions and discrepancies for those who manage a point, and no other."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.access import place_scope
from app.accounts.models import Role
from builders import NOW, make_place, make_register, make_sku, make_user
from pos.counter import discrepancies, sessions
from pos.counter.discrepancies import Filter, NoteNeeded, UnknownDiscrepancy
from pos.counter.models import Discrepancy, DiscrepancyKind, DiscrepancyStatus, Register
from pos.counter.posting import SaleLine
from support.browser import Browser
from support.counter import Counter, make_counter

K = DiscrepancyKind


@pytest.fixture
def counter(session: Session, visitor: Browser) -> Counter:
    """A counter whose manager is signed in."""
    made = make_counter(session)
    manager = make_user(session, Role.POINT_MANAGER, place_scope(made.shop.id))
    session.commit()
    visitor.sign_in(manager)
    return made


def note(session: Session, counter: Counter, kind: K = K.STAMP_SOLD, days: int = 0) -> Discrepancy:
    when = NOW - timedelta(days=days)
    detail = {"serial": "ABCD", "article": "Long nhãn"}
    row = discrepancies.open_one(session, kind, counter.shop.id, "order:X", detail, now=when)
    session.commit()
    return row


def text_of(visitor: Browser, path: str) -> str:
    response = visitor.get(path)
    assert response.status_code == 200
    return response.get_data(as_text=True)


def test_a_manager_sees_the_registers_of_the_own_points(
    session: Session, visitor: Browser, counter: Counter
) -> None:
    other = make_register(session)
    counter.sell(session, SaleLine(make_sku(session).id, 2, 125_000))
    session.commit()
    page = text_of(visitor, "/quan-ly/quay/")
    assert counter.till.register.code in page
    assert other.code not in page
    assert "250.000" in page


def test_a_register_is_set_up_at_an_own_point(
    session: Session, visitor: Browser, counter: Counter
) -> None:
    values = {"place": str(counter.shop.id), "code": "hy9", "name": "Quầy 9"}
    elsewhere = str(make_place(session).id)
    session.commit()
    wrong = ({"code": "HY 9"}, {"code": ""}, {"code": counter.till.register.code}, {"name": ""})
    for change in (*wrong, {"place": elsewhere}):
        assert visitor.post("/quan-ly/quay/moi", values | change).status_code == 422
    assert visitor.post("/quan-ly/quay/moi", values).status_code == 303
    assert session.scalars(select(Register).filter_by(code="HY9")).one().place_id == counter.shop.id
    assert elsewhere not in text_of(visitor, "/quan-ly/quay/moi")


def test_a_session_shows_sales_cash_and_the_count(
    session: Session, visitor: Browser, counter: Counter
) -> None:
    sku = make_sku(session)
    number = counter.sell(session, SaleLine(sku.id, 1, 125_000)).result["number"]
    session.commit()
    path = f"/quan-ly/quay/phien/{counter.till.id}"
    page = text_of(visitor, path)
    assert number in page
    assert "625.000" in page
    who = counter.cashier.id
    till = sessions.get(session, counter.till.id)
    sessions.close(session, till, 600_000, "rơi mất", limit=20_000, now=NOW, actor_id=who)
    session.commit()
    assert "rơi mất" in text_of(visitor, path)
    assert "rơi mất" in text_of(visitor, "/quan-ly/quay/doi-chieu?kind=cash_difference")


def test_an_officer_reads_a_receipt_without_selling(
    session: Session, visitor: Browser, counter: Counter
) -> None:
    number = counter.sell(session, SaleLine(make_sku(session).id, 1, 125_000)).result["number"]
    officer = make_user(session, Role.OFFICER)
    other = make_user(session, Role.POINT_MANAGER, place_scope(make_place(session).id))
    session.commit()
    visitor.sign_in(officer)
    assert number in text_of(visitor, f"/quan-ly/quay/phieu/{number}")
    assert f"/quan-ly/quay/phieu/{number}" in text_of(
        visitor, f"/quan-ly/quay/phien/{counter.till.id}"
    )
    assert visitor.get(f"/pos/receipts/{number}").status_code == 403
    visitor.sign_in(other)
    assert visitor.get(f"/quan-ly/quay/phieu/{number}").status_code == 403


def test_open_entries_come_first_and_the_oldest_of_them_on_top(
    session: Session, counter: Counter
) -> None:
    new, old, done = (note(session, counter, days=days) for days in (0, 9, 30))
    discrepancies.clear(session, done, "đã xem", now=NOW, actor_id=None)
    everything = discrepancies.listing(session, Filter(None, None), 1)
    assert list(everything.items) == [old, new, done]
    assert list(discrepancies.listing(session, Filter(None), 1).items) == [old, new]
    elsewhere = frozenset({make_place(session).id})
    assert discrepancies.listing(session, Filter(elsewhere), 1).total == 0
    assert discrepancies.open_count(session, frozenset({counter.shop.id})) == 2


def test_entries_are_filtered_by_kind_and_state(
    session: Session, visitor: Browser, counter: Counter
) -> None:
    stamp, clock = note(session, counter), note(session, counter, K.CLOCK_WRONG)
    path = "/quan-ly/quay/doi-chieu"
    only_clock = text_of(visitor, f"{path}?kind=clock_wrong")
    assert str(clock.id) in only_clock
    assert str(stamp.id) not in only_clock
    assert str(stamp.id) in text_of(visitor, f"{path}?kind=nonsense&status=nonsense&page=x")
    assert str(stamp.id) not in text_of(visitor, f"{path}?status=cleared")


def test_every_kind_of_entry_can_be_shown(
    session: Session, visitor: Browser, counter: Counter
) -> None:
    details = {
        "article": "Long nhãn",
        "missing": 2,
        "lot": None,
        "shown": 1,
        "listed": 2,
        "counted": 1,
        "expected": 2,
        "reason": None,
        "broken": "order:PH-26-1",
        "claimed": "2026",
    }
    place_id = counter.shop.id
    for kind in K:
        discrepancies.open_one(session, kind, place_id, "order:X", details, now=NOW)
    session.commit()
    assert "PH-26-1" in text_of(visitor, "/quan-ly/quay/doi-chieu?status=all")


def test_clearing_needs_a_note_and_keeps_it(
    session: Session, visitor: Browser, counter: Counter
) -> None:
    row = note(session, counter)
    path = f"/quan-ly/quay/doi-chieu/{row.id}"
    assert visitor.post(path, {"note": " "}).status_code == 422
    assert visitor.post(path, {"note": "tem dán nhầm"}).status_code == 303
    session.refresh(row)
    assert (row.status, row.note) == (DiscrepancyStatus.CLEARED, "tem dán nhầm")
    visitor.post(path, {"note": "khác"})
    session.refresh(row)
    assert row.note == "tem dán nhầm"
    assert "tem dán nhầm" in text_of(visitor, path)


def test_the_verb_too_wants_a_note(session: Session, counter: Counter) -> None:
    row = note(session, counter)
    with pytest.raises(NoteNeeded):
        discrepancies.clear(session, row, " ", now=NOW, actor_id=None)
    with pytest.raises(UnknownDiscrepancy):
        discrepancies.get(session, uuid4())


def test_the_manager_of_another_point_is_kept_out(
    session: Session, visitor: Browser, counter: Counter
) -> None:
    row = note(session, counter)
    other = make_user(session, Role.POINT_MANAGER, place_scope(make_place(session).id))
    session.commit()
    visitor.sign_in(other)
    for path in (f"doi-chieu/{row.id}", f"phien/{counter.till.id}"):
        assert visitor.get(f"/quan-ly/quay/{path}").status_code == 403
    assert visitor.post(f"/quan-ly/quay/doi-chieu/{row.id}", {"note": "x"}).status_code == 403
    assert str(row.id) not in text_of(visitor, "/quan-ly/quay/doi-chieu")


@pytest.mark.parametrize("path", ["", "moi", "doi-chieu"])
def test_a_cashier_manages_nothing(visitor: Browser, counter: Counter, path: str) -> None:
    visitor.sign_in(counter.cashier)
    assert visitor.get(f"/quan-ly/quay/{path}").status_code == 403

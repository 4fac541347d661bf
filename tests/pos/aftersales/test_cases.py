"""Cases are opened for goods that buyers have, within the time of the policy, for what was sold."""

import os
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import Delete, Update, delete, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.core.outbox import OutboxJob
from app.core.states import ForbiddenMove
from builders import NOW, TODAY, make_offered, make_order
from builders_aftersales import BUYER, STAFF, a_claim, make_bought, make_case, make_dry
from pos.aftersales import cases, claims, rules
from pos.aftersales.models import Case, CaseEvent, LineClaim
from pos.aftersales.rules import Rules
from pos.aftersales.status import CaseStatus, Reason, Wish

RULE = rules.current()


def opened(session: Session, order: object, claim: object, by: object = BUYER) -> Case:
    return cases.open_case(session, order, claim, by, RULE, randomness=os.urandom)  # type: ignore[arg-type]


def test_a_case_speaks_for_its_units_and_is_told(session: Session) -> None:
    order = make_bought(session)
    case = make_case(session, order, 2)
    assert case.status is CaseStatus.OPEN
    assert claims.free(session, order.lines[0]) == 1
    assert [event.status for event in cases.get(session, case.id).events] == [CaseStatus.OPEN]
    assert case.due_on == date(2026, 11, 27)


def test_no_second_case_is_about_the_same_units(session: Session) -> None:
    order = make_bought(session)
    make_case(session, order, 2)
    with pytest.raises(claims.TooManyUnits):
        make_case(session, order, 2)


def test_a_question_takes_no_units(session: Session) -> None:
    order = make_bought(session)
    make_case(session, order, 3, wish=Wish.EXPLANATION)
    make_case(session, order, 3)
    assert claims.free(session, order.lines[0]) == 0


@pytest.mark.parametrize("units", [-1, 4, 10**6])
def test_only_what_was_sold_can_be_named(session: Session, units: int) -> None:
    order = make_bought(session)
    with pytest.raises(cases.BadUnits):
        make_case(session, order, units)


def test_a_case_is_about_goods_of_its_order(session: Session) -> None:
    order, other = make_bought(session), make_bought(session)
    with pytest.raises(cases.NothingNamed):
        make_case(session, order, 0)
    with pytest.raises(cases.NothingNamed):
        opened(session, order, a_claim(other, 1))


def test_goods_that_did_not_come_are_no_case_yet(session: Session) -> None:
    with pytest.raises(cases.NoGoodsYet):
        make_case(session, make_order(session, make_offered(session), 1))


@pytest.mark.parametrize(("reason", "days"), [(Reason.DAMAGED, 7), (Reason.CHANGED_MIND, 3)])
def test_the_time_ends_with_its_last_day(session: Session, reason: Reason, days: int) -> None:
    order = make_bought(session, make_dry(session))
    claim = a_claim(order, 1, reason=reason)
    # Seven in the evening UTC is two in the morning of the next day in Vietnam.
    ends = (NOW + timedelta(days=days)).replace(hour=16, minute=59)
    late = replace(BUYER, now=ends + timedelta(minutes=1))
    with pytest.raises(cases.TooLate):
        opened(session, order, claim, late)
    assert opened(session, order, claim, replace(BUYER, now=ends)).reason is reason
    assert opened(session, order, claim, replace(STAFF, now=late.now)).by_buyer is False


def test_fresh_goods_come_back_only_with_a_fault(session: Session) -> None:
    fresh = make_bought(session)
    with pytest.raises(cases.OnlyForFaults):
        make_case(session, fresh, 1, reason=Reason.CHANGED_MIND)
    make_case(session, fresh, 1)
    dry = make_bought(session, make_dry(session))
    make_case(session, dry, 1, reason=Reason.CHANGED_MIND)


def test_an_answer_begins_the_time_anew(session: Session) -> None:
    case = make_case(session, make_bought(session))
    cases.ask(session, case, "Ảnh đâu?", STAFF)
    later = replace(BUYER, now=NOW + timedelta(days=6))
    cases.answer(session, case, "Đây ạ", later, RULE)
    assert case.status is CaseStatus.ANSWERED
    assert case.due_on == date(2026, 12, 3)


def test_more_can_be_said_while_nothing_is_decided(session: Session) -> None:
    case = make_case(session, make_bought(session))
    cases.answer(session, case, "Thêm ảnh", BUYER, RULE)
    assert case.status is CaseStatus.OPEN
    with pytest.raises(cases.NothingSaid):
        cases.answer(session, case, "", BUYER, RULE)


def test_a_withdrawn_case_frees_its_units(session: Session) -> None:
    order = make_bought(session)
    case = make_case(session, order, 3)
    cases.withdraw(session, case, BUYER)
    assert claims.free(session, order.lines[0]) == 3
    with pytest.raises(ForbiddenMove):
        cases.ask(session, case, "Sao vậy?", STAFF)


def test_whoever_left_an_address_is_told_of_each_step(session: Session) -> None:
    order = make_bought(session)
    order.contact_email = "lan@example.vn"
    case = make_case(session, order)
    cases.ask(session, case, "Ảnh đâu?", STAFF)
    cases.answer(session, case, "Đây ạ", BUYER, RULE)
    names = session.scalars(select(OutboxJob.name).where(OutboxJob.name == "case_moved")).all()
    assert len(names) == 2


def test_the_database_counts_what_was_sold(session: Session) -> None:
    order = make_bought(session)
    make_case(session, order, 2)
    row = session.get_one(LineClaim, order.lines[0].id)
    assert (row.sold, row.claimed, row.repaid) == (3, 2, 0)


@pytest.mark.parametrize(
    ("day", "by"),
    [
        (date(2026, 11, 24), date(2026, 11, 27)),  # Tuesday to Friday
        (date(2026, 11, 27), date(2026, 12, 2)),  # over a weekend
        (date(2026, 12, 31), date(2027, 1, 6)),  # over New Year and a weekend
    ],
)
def test_the_shop_answers_within_working_days(day: date, by: date) -> None:
    assert rules.answer_by(day, RULE) == by


def test_days_off_are_entered_each_year() -> None:
    rule = Rules(7, 3, 1, days_off=frozenset({TODAY + timedelta(days=1)}))
    assert rules.answer_by(TODAY, rule) == TODAY + timedelta(days=2)


@pytest.mark.parametrize("change", [update(CaseEvent).values(text="khác"), delete(CaseEvent)])
def test_what_was_said_stays(session: Session, change: Update | Delete) -> None:
    make_case(session, make_bought(session))
    with pytest.raises(DBAPIError), session.begin_nested():
        session.execute(change.execution_options(synchronize_session=False))

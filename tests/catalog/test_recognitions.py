"""Recognitions: what may be said about a product's stars on every day."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from builders import BY_NOBODY, NOW, TODAY, make_decision, make_product, recognise
from catalog import recognitions
from catalog.models import Product
from catalog.recognition_models import Recognition
from catalog.recognitions import RecognitionState as State
from catalog.recognitions import state_on, view_of

DAY = timedelta(days=1)


def a_row(**over: object) -> Recognition:
    values = {"decision_id": uuid4(), "stars": 4, "valid_from": date(2024, 2, 29)}
    return Recognition(**(values | {"valid_until": date(2027, 2, 28)} | over))


@pytest.mark.parametrize(
    ("day", "state"),
    [
        (date(2024, 2, 28), State.FUTURE),
        (date(2024, 2, 29), State.IN_FORCE),
        (date(2024, 3, 1), State.IN_FORCE),
        (date(2027, 2, 27), State.IN_FORCE),
        (date(2027, 2, 28), State.IN_FORCE),
        (date(2027, 3, 1), State.LAPSED),
    ],
)
def test_the_first_and_the_last_day_count(day: date, state: State) -> None:
    assert state_on(a_row(), day) is state


@pytest.mark.parametrize(
    ("day", "state"),
    [
        (date(2026, 3, 30), State.IN_FORCE),
        (date(2026, 3, 31), State.REVOKED),
        (date(2028, 1, 1), State.REVOKED),
    ],
)
def test_a_revocation_counts_from_its_day_on(day: date, state: State) -> None:
    assert state_on(a_row(revoked_on=date(2026, 3, 31)), day) is state


@pytest.mark.parametrize("unknown", ["decision_id", "valid_until"])
def test_without_a_decision_or_an_end_it_is_a_report_and_shows_no_stars(unknown: str) -> None:
    row = a_row(**{unknown: None})
    row.decision = None
    for day in (date(2020, 1, 1), TODAY, date(2030, 1, 1)):
        view = view_of([row], day)
        assert (view.state, view.shown_stars, view.stars) == (State.UNVERIFIED, None, 4)


@pytest.mark.parametrize(
    ("issued", "until"),
    [
        (date(2024, 2, 29), date(2027, 2, 28)),
        (date(2025, 1, 31), date(2028, 1, 31)),
        (date(2025, 2, 28), date(2028, 2, 28)),
        (date(2025, 5, 12), date(2028, 5, 12)),
    ],
)
def test_a_recognition_is_valid_for_36_calendar_months_unless_stated(
    session: Session, issued: date, until: date
) -> None:
    granted = recognise(session, make_product(session), issued_on=issued)
    assert (granted.valid_from, granted.valid_until) == (issued, until)
    stated = recognise(session, make_product(session), valid_until=date(2026, 12, 31))
    assert stated.valid_until == date(2026, 12, 31)


@pytest.fixture
def product(session: Session) -> Product:
    return make_product(session)


SOME_DAYS = st.dates(date(2024, 2, 26), date(2024, 3, 4))
MAYBE = st.none() | SOME_DAYS


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    period=st.tuples(MAYBE, MAYBE),
    revoked_on=MAYBE,
    decided=st.booleans(),
    day=SOME_DAYS,
)
def test_the_database_and_the_rule_agree(
    session: Session,
    product: Product,
    period: tuple[date | None, date | None],
    revoked_on: date | None,
    decided: bool,
    day: date,
) -> None:
    start, end = sorted(period) if all(period) else period  # type: ignore[type-var]
    decision_id = make_decision(session, number="DEMO-HYP").id if decided else None
    row = Recognition(
        product_id=product.id,
        decision_id=decision_id,
        stars=3,
        valid_from=start,
        valid_until=end,
        revoked_on=revoked_on,
        created_at=NOW,
    )
    session.add(row)
    session.flush()
    found = session.scalar(
        select(Recognition.id).where(Recognition.id == row.id, recognitions.in_force_on(day))
    )
    assert (found is not None) is (state_on(row, day) is State.IN_FORCE)
    session.delete(row)
    session.flush()


def test_one_in_force_speaks_before_older_and_newer_ones(session: Session) -> None:
    product = make_product(session)
    recognise(session, product, 3, issued_on=date(2022, 1, 1))
    recognise(session, product, 4, issued_on=date(2025, 1, 1))
    recognise(session, product, 5, issued_on=TODAY + DAY)
    view = recognitions.view(session, product.id, TODAY)
    assert (view.state, view.shown_stars) == (State.IN_FORCE, 4)


def test_a_revoked_one_is_not_hidden_behind_a_lapsed_one(session: Session) -> None:
    product = make_product(session)
    recognise(session, product, 5, issued_on=date(2022, 1, 1))
    newer = recognise(session, product, 4, issued_on=date(2025, 1, 1))
    recognitions.revoke(session, newer, on=TODAY, reason="vi phạm", **BY_NOBODY)
    view = recognitions.view(session, product.id, TODAY)
    assert (view.state, view.shown_stars) == (State.REVOKED, None)
    assert recognitions.view(session, product.id, TODAY - DAY).shown_stars == 4


def test_a_product_without_recognitions_says_so(session: Session) -> None:
    product = make_product(session)
    assert recognitions.view(session, product.id, TODAY) == recognitions.NO_RECOGNITION


@pytest.mark.parametrize(("left", "soon"), [(0, True), (90, True), (91, False)])
def test_it_says_when_the_end_is_near(session: Session, left: int, soon: bool) -> None:
    product = make_product(session)
    recognise(session, product, valid_until=TODAY + timedelta(days=left))
    assert recognitions.view(session, product.id, TODAY).ends_soon is soon


@pytest.mark.parametrize("stars", [0, 6])
def test_stars_go_from_one_to_five(session: Session, stars: int) -> None:
    with pytest.raises(recognitions.StarsOutOfRange):
        recognise(session, make_product(session), stars)


def test_an_end_before_the_beginning_is_refused(session: Session) -> None:
    with pytest.raises(recognitions.PeriodReversed):
        recognise(session, make_product(session), valid_until=date(2025, 5, 11))


def test_one_decision_recognises_a_product_once(session: Session) -> None:
    product = make_product(session)
    recognise(session, product, number="DEMO-1/QĐ")
    with pytest.raises(recognitions.AlreadyRecognised):
        recognise(session, product, number=" DEMO-1/QĐ ")


def test_the_end_that_is_stored_counts_whatever_the_rule_says(session: Session) -> None:
    granted = recognise(session, make_product(session))
    end = update(Recognition).where(Recognition.id == granted.id)
    session.execute(end.values(valid_until=TODAY - DAY))
    session.refresh(granted)
    assert state_on(granted, TODAY) is State.LAPSED

"""The register through time: marks, renewals, upgrades, and warnings before the end."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.access import producer_scope
from app.accounts.models import Role
from app.core.outbox import OutboxJob
from builders import BY_NOBODY, NOW, TODAY, make_decision, make_product, make_user, recognise
from catalog import recognitions, reminders
from catalog.recognition_models import Evidence, EvidenceKind
from catalog.recognitions import Change, ScoreTooLow


def jobs(session: Session) -> list[dict[str, object]]:
    return [job.payload for job in session.scalars(select(OutboxJob).order_by(OutboxJob.id))]


def test_four_stars_with_ninety_marks_wait_for_the_centre(session: Session) -> None:
    product, decision = make_product(session), make_decision(session)
    recognitions.grant(session, product, decision, 4, score=Decimal("91.5"), **BY_NOBODY)
    view = recognitions.view(session, product.id, TODAY)
    assert (view.shown_stars, view.potential_five) == (4, True)


def test_stars_above_the_mark_are_refused(session: Session) -> None:
    product, decision = make_product(session), make_decision(session)
    with pytest.raises(ScoreTooLow):
        recognitions.grant(session, product, decision, 4, score=Decimal("69.99"), **BY_NOBODY)


def test_history_tells_renewal_upgrade_and_downgrade(session: Session) -> None:
    product = make_product(session)
    rows = [
        recognise(session, product, stars, issued_on=date(year, 5, 1))
        for year, stars in ((2016, 3), (2019, 3), (2022, 4), (2025, 3))
    ]
    found = recognitions.changes(rows)
    assert [found[row.id] for row in rows] == [
        Change.FIRST,
        Change.RENEWED,
        Change.UPGRADED,
        Change.DOWNGRADED,
    ]


def test_a_filed_renewal_does_not_lengthen_the_stars(session: Session) -> None:
    product = make_product(session)
    row = recognise(session, product, valid_until=TODAY - timedelta(days=1))
    recognitions.file_renewal(session, row, on=TODAY - timedelta(days=90), **BY_NOBODY)
    view = recognitions.view(session, product.id, TODAY)
    assert view.shown_stars is None
    assert view.renewal_filed_on == TODAY - timedelta(days=90)


@pytest.mark.parametrize(
    ("left", "due"), [(180, 180), (91, 180), (90, 90), (30, 30), (7, 7), (0, 7)]
)
def test_a_warning_goes_out_at_each_threshold(session: Session, left: int, due: int) -> None:
    recognise(session, make_product(session), valid_until=TODAY + timedelta(days=left))
    assert reminders.remind(session, day=TODAY, now=NOW) == 1
    assert [job["days"] for job in jobs(session)] == [due]


def test_no_warning_is_early_or_comes_twice(session: Session) -> None:
    recognise(session, make_product(session), valid_until=TODAY + timedelta(days=181))
    assert reminders.remind(session, day=TODAY, now=NOW) == 0
    tomorrow = TODAY + timedelta(days=1)
    assert reminders.remind(session, day=tomorrow, now=NOW) == 1
    assert reminders.remind(session, day=tomorrow, now=NOW) == 0


def test_a_lapsed_or_revoked_one_is_not_warned_of(session: Session) -> None:
    recognise(session, make_product(session), valid_until=TODAY - timedelta(days=1))
    gone = recognise(session, make_product(session), valid_until=TODAY + timedelta(days=20))
    recognitions.revoke(session, gone, on=TODAY, reason="x", **BY_NOBODY)
    assert reminders.remind(session, day=TODAY, now=NOW) == 0


def test_the_producer_and_the_officers_are_told_and_nobody_else(session: Session) -> None:
    product = make_product(session)
    assert product.producer_id is not None
    make_user(session, Role.OFFICER, email="canbo@example.vn")
    own = producer_scope(product.producer_id)
    make_user(session, Role.PRODUCER, own, email="htx@example.vn")
    make_user(
        session, Role.PRODUCER, producer_scope(make_user(session).id), email="khac@example.vn"
    )
    recognise(session, product, valid_until=TODAY + timedelta(days=30))
    reminders.remind(session, day=TODAY, now=NOW)
    assert jobs(session)[0]["to"] == ["canbo@example.vn", "htx@example.vn"]


def test_papers_that_end_are_warned_of_too(session: Session) -> None:
    product = make_product(session)
    ends = TODAY + timedelta(days=12)
    session.add(
        Evidence(product_id=product.id, kind=EvidenceKind.VIETGAP, valid_until=ends, created_at=NOW)
    )
    session.flush()
    assert reminders.remind(session, day=TODAY, now=NOW) == 1
    assert jobs(session)[0]["kind"] == "paper"

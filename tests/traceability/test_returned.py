from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from builders import BY_NOBODY, NOW, STAMP_KEYS, TODAY
from builders_returns import make_shelf
from traceability import returned, scans, stamps
from traceability.issued import StampState
from traceability.return_models import StampReturn
from traceability.returned import Return
from traceability.scans import Verdict, VerdictKind

SALE = "order:PH-26-1"
BACK = Return(SALE, "case:KN-1", "Điểm bán Phố Hiến", NOW + timedelta(days=1), None)


def sold(session: Session, serial: str, reference: str = SALE, **over: Any) -> stamps.SoldResult:
    values: dict[str, Any] = {"reference": reference, "place": "Kho", "now": NOW}
    return stamps.mark_sold(session, serial, keys=STAMP_KEYS, **(values | over))


def back(session: Session, serial: str, **over: Any) -> bool:
    return returned.mark_returned(session, serial, replace(BACK, **over), STAMP_KEYS)


def seen(session: Session, serial: str) -> Verdict:
    return scans.look_up(session, serial, day=TODAY, now=NOW, keys=STAMP_KEYS, sighting=None)


@pytest.fixture
def serial(session: Session) -> str:
    return make_shelf(session).serials[0]


def test_a_pack_that_came_back_answers_as_before_its_sale(session: Session, serial: str) -> None:
    sold(session, serial)
    assert seen(session, serial).kind is VerdictKind.SOLD
    assert back(session, serial)
    verdict = seen(session, serial)
    assert verdict.kind is VerdictKind.ACTIVE
    assert (verdict.sold_at, verdict.sold_place) == (None, None)
    assert stamps.get(session, serial, STAMP_KEYS).obstacle() is None


def test_the_sale_is_ended_and_not_forgotten(session: Session, serial: str) -> None:
    sold(session, serial)
    back(session, serial)
    (kept,) = returned.history(session, serial, STAMP_KEYS)
    assert (kept.sold_reference, kept.sold_at, kept.sold_place) == (SALE, NOW, "Kho")
    assert (kept.reference, kept.place, kept.at) == (BACK.reference, BACK.place, BACK.at)


def test_a_new_sale_is_noted_and_told(session: Session, serial: str) -> None:
    sold(session, serial)
    back(session, serial)
    later = NOW + timedelta(days=2)
    again = sold(session, serial, "order:PH-26-2", place="Quầy 1", now=later)
    assert (again.before, again.already_sold) == (StampState.ACTIVATED, False)
    verdict = seen(session, serial)
    assert (verdict.kind, verdict.sold_at, verdict.sold_place) == (
        VerdictKind.SOLD,
        later,
        "Quầy 1",
    )
    assert back(session, serial, sale="order:PH-26-2", reference="case:KN-2")
    assert len(returned.history(session, serial, STAMP_KEYS)) == 2


def test_only_the_sale_that_it_came_back_from_is_ended(session: Session, serial: str) -> None:
    assert not back(session, serial)
    sold(session, serial, "order:PH-26-2")
    assert not back(session, serial)
    assert seen(session, serial).kind is VerdictKind.SOLD


def test_it_is_noted_once(session: Session, serial: str) -> None:
    sold(session, serial)
    assert back(session, serial)
    assert not back(session, serial)
    sold(session, serial)
    assert not back(session, serial)
    assert seen(session, serial).kind is VerdictKind.SOLD


def test_a_void_stamp_stays_void(session: Session, serial: str) -> None:
    sold(session, serial)
    stamps.void_item(session, serial, reason="rách", keys=STAMP_KEYS, **BY_NOBODY)
    assert back(session, serial)
    assert seen(session, serial).kind is VerdictKind.VOID


@pytest.mark.parametrize("text", ["", "not a code", "0" * 16])
def test_what_is_no_stamp_of_ours_changes_nothing(session: Session, text: str) -> None:
    assert not back(session, text)


def test_without_the_key_nothing_changes(session: Session, serial: str) -> None:
    sold(session, serial)
    assert not returned.mark_returned(session, serial, BACK, {})
    assert returned.mark_all(session, [None, serial, serial], BACK, STAMP_KEYS) == 1


@pytest.mark.parametrize("change", [update(StampReturn).values(place="x"), delete(StampReturn)])
def test_the_row_is_never_changed(session: Session, serial: str, change: Any) -> None:
    sold(session, serial)
    back(session, serial)
    with pytest.raises(DBAPIError):
        session.execute(change)

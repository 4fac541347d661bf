"""When stars end, every shelf that carries the goods is told, once."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from builders import (
    BY_NOBODY,
    NOW,
    TODAY,
    make_depot,
    make_place,
    make_product,
    recognise,
    stock_up,
)
from catalog import recognitions
from pos.counter import relabel
from pos.counter.models import Discrepancy, DiscrepancyKind

TOMORROW = TODAY + timedelta(days=1)


def test_the_day_after_the_last_day_each_point_is_told_once(session: Session) -> None:
    product = make_product(session, publish=True)
    recognise(session, product, valid_until=TODAY)
    shelves = [make_place(session), make_place(session)]
    for place in [*shelves, make_depot(session)]:
        stock_up(session, place, product.skus[0], 7)
    assert relabel.flag_ended(session, day=TODAY, now=NOW) == 0
    assert relabel.flag_ended(session, day=TOMORROW, now=NOW) == 2
    assert relabel.flag_ended(session, day=TOMORROW, now=NOW) == 0
    notes = session.scalars(select(Discrepancy)).all()
    assert {note.place_id for note in notes} == {place.id for place in shelves}
    assert {(note.kind, note.detail["units"]) for note in notes} == {
        (DiscrepancyKind.STARS_ENDED, 7)
    }


def test_a_renewed_product_keeps_its_labels(session: Session) -> None:
    product = make_product(session, publish=True)
    recognise(session, product, valid_until=TODAY)
    recognise(session, product, valid_until=TODAY + timedelta(days=900))
    stock_up(session, make_place(session), product.skus[0], 7)
    assert relabel.flag_ended(session, day=TOMORROW, now=NOW) == 0


def test_a_revocation_is_told_on_its_day(session: Session) -> None:
    product = make_product(session, publish=True)
    row = recognise(session, product)
    stock_up(session, make_place(session), product.skus[0], 7)
    recognitions.revoke(session, row, on=TOMORROW, reason="giả mạo", **BY_NOBODY)
    assert relabel.flag_ended(session, day=TODAY, now=NOW) == 0
    assert relabel.flag_ended(session, day=TOMORROW, now=NOW) == 1

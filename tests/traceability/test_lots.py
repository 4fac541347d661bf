from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from app.core.states import ForbiddenMove
from builders import (
    BY_NOBODY,
    TODAY,
    make_lot,
    make_offered,
    make_producer,
    make_product,
    make_set,
    make_sku,
)
from traceability import journal, lots
from traceability.models import JournalKind, Lot, LotStatus


def kinds(session: Session, lot: Lot) -> list[JournalKind]:
    return [entry.kind for entry in journal.entries(session, lot.id, public_only=True)]


def test_expiry_follows_from_the_shelf_life(session: Session) -> None:
    sku = make_sku(session, shelf_life_days=90, sell_by_buffer_days=10)
    lot = make_lot(session, sku, made_on=date(2026, 11, 1))
    assert (lot.expires_on, lot.sell_by) == (date(2027, 1, 30), date(2027, 1, 20))


def test_a_stated_expiry_wins_over_the_shelf_life(session: Session) -> None:
    lot = make_lot(session, make_sku(session), expires_on=date(2026, 12, 31))
    assert lot.expires_on == date(2026, 12, 31)


def test_goods_that_keep_have_no_last_day(session: Session) -> None:
    lot = make_lot(session, make_sku(session, shelf_life_days=None))
    assert (lot.expires_on, lot.sell_by) == (None, None)
    assert lots.saleable(lot, date(2099, 1, 1))


def test_an_expiry_before_production_is_rejected(session: Session) -> None:
    with pytest.raises(lots.DatesReversed):
        make_lot(session, make_sku(session), made_on=TODAY, expires_on=TODAY - timedelta(days=1))


def test_a_lot_of_nothing_is_rejected(session: Session) -> None:
    with pytest.raises(lots.BadQuantity):
        make_lot(session, make_sku(session), quantity_declared=0)


def test_a_gift_set_has_no_lot_of_its_own(session: Session) -> None:
    one, other = make_offered(session), make_offered(session)
    gift = make_set(session, {one: 1, other: 2})
    with pytest.raises(lots.SetHasNoLot):
        make_lot(session, gift)


def test_a_code_is_used_once_for_an_article_whatever_its_case(session: Session) -> None:
    sku = make_sku(session)
    make_lot(session, sku, code="L01")
    with pytest.raises(lots.LotCodeTaken):
        make_lot(session, sku, code=" l01 ")
    assert make_lot(session, make_sku(session), code="L01").code == "L01"


def test_the_history_begins_with_production(session: Session) -> None:
    lot = make_lot(session, make_sku(session))
    assert kinds(session, lot) == [JournalKind.MADE, JournalKind.RELEASED]


def test_what_a_buyer_must_find_is_needed_for_release(session: Session) -> None:
    producer = make_producer(session, area_text=None, address=None)
    sku = make_sku(session, make_product(session, producer=producer))
    lot = make_lot(session, sku, release=False, made_on=None)
    missing = ["address of the producer", "production date", "expiry date"]
    assert lots.missing_for_release(lot) == missing
    with pytest.raises(lots.NotReleasable) as refused:
        lots.release(session, lot, **BY_NOBODY)
    assert refused.value.detail == missing
    assert lot.status is LotStatus.DRAFT


def test_a_draft_is_completed_with_what_was_not_known(session: Session) -> None:
    lot = make_lot(session, make_sku(session, shelf_life_days=90), release=False, made_on=None)
    made = date(2026, 11, 1)
    lots.complete(session, lot, made_on=made, expires_on=None, **BY_NOBODY)
    assert (lot.made_on, lot.expires_on) == (made, date(2027, 1, 30))
    assert kinds(session, lot) == [JournalKind.MADE]
    lots.complete(session, lot, made_on=TODAY, expires_on=TODAY, **BY_NOBODY)
    assert (lot.made_on, lot.expires_on) == (made, date(2027, 1, 30))
    assert kinds(session, lot) == [JournalKind.MADE]


def test_the_dates_of_a_released_lot_stay(session: Session) -> None:
    lot = make_lot(session, make_sku(session, shelf_life_days=None))
    with pytest.raises(lots.NotDraft):
        lots.complete(session, lot, made_on=None, expires_on=TODAY, **BY_NOBODY)


def test_a_lot_on_hold_comes_back_and_its_history_tells(session: Session) -> None:
    lot = make_lot(session, make_sku(session))
    lots.hold(session, lot, reason="Chờ kết quả thử", **BY_NOBODY)
    assert (lot.status, lot.status_reason) == (LotStatus.HELD, "Chờ kết quả thử")
    lots.release(session, lot, **BY_NOBODY)
    assert (lot.status, lot.status_reason) == (LotStatus.RELEASED, None)
    assert kinds(session, lot)[-2:] == [JournalKind.HELD, JournalKind.RELEASED]


def test_a_recall_is_for_good(session: Session) -> None:
    lot = make_lot(session, make_sku(session))
    lots.recall(session, lot, reason="Nhiễm khuẩn", **BY_NOBODY)
    for move in (lots.release, lambda s, it, **by: lots.hold(s, it, reason="x", **by)):
        with pytest.raises(ForbiddenMove):
            move(session, lot, **BY_NOBODY)


def test_a_lot_is_sold_up_to_and_on_its_last_day(session: Session) -> None:
    lot = make_lot(session, make_sku(session), expires_on=TODAY)
    assert lots.saleable(lot, TODAY)
    assert not lots.saleable(lot, TODAY + timedelta(days=1))


def test_the_lot_of_nobody_knows_which_is_one_and_never_sold(session: Session) -> None:
    sku = make_sku(session)
    lot = lots.unidentified(session, sku, now=BY_NOBODY["now"])
    assert lots.unidentified(session, sku, now=BY_NOBODY["now"]) is lot
    assert not lots.saleable(lot, TODAY)

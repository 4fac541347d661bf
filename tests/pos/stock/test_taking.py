"""Strict takes may be refused; fact takes never are."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from app.core import operations
from builders import NOW, TODAY, make_lot, make_place, make_sku, stock_up
from pos.stock import places, reservations
from pos.stock.ledger import OutOfStock, Posting
from pos.stock.models import Balance, MovementKind, Place, PlaceKind, ReservationStatus
from pos.stock.reservations import Wanted
from pos.stock.taking import FactResult, Take, take_fact, take_strict
from pos.stock.verify import problems
from traceability import lots
from traceability.models import Lot


def posting(session: Session, kind: MovementKind = MovementKind.SALE) -> Posting:
    outcome = operations.once(
        session, kind="test", key=str(uuid4()), body=None, now=NOW, effect=lambda _id: {}
    )
    return Posting(outcome.operation_id, kind, "order:T", NOW, NOW, None)


def sell(session: Session, shop: Place, *takes: Take) -> FactResult:
    return take_fact(session, posting(session), shop.id, takes, day=TODAY, now=NOW)


def balance(session: Session, place: Place, lot: Lot) -> tuple[int, int]:
    row = session.get_one(Balance, (place.id, lot.id), populate_existing=True)
    return row.on_hand, row.reserved


def test_the_lot_that_expires_first_goes_first(session: Session) -> None:
    shop, sku = make_place(session), make_sku(session)
    late = stock_up(session, shop, sku, 5, expires_on=TODAY + timedelta(days=90))
    soon = stock_up(session, shop, sku, 5, expires_on=TODAY + timedelta(days=9))
    picks = sell(session, shop, Take(sku.id, 7)).picks[0]
    assert [(p.lot_id, p.quantity) for p in picks] == [(soon.id, 5), (late.id, 2)]


def test_expired_goods_are_not_taken(session: Session) -> None:
    shop, sku = make_place(session), make_sku(session)
    stock_up(session, shop, sku, 5, expires_on=TODAY - timedelta(days=1))
    other = make_place(session)
    with pytest.raises(OutOfStock):
        take_strict(session, posting(session), shop.id, other.id, [Take(sku.id, 1)], day=TODAY)


def test_a_strict_take_is_all_or_nothing_and_names_the_short_line(session: Session) -> None:
    shop, other = make_place(session), make_place(session)
    plenty, scarce = make_sku(session), make_sku(session)
    lot = stock_up(session, shop, plenty, 10)
    stock_up(session, shop, scarce, 1)
    takes = [Take(plenty.id, 4), Take(scarce.id, 3)]
    with pytest.raises(OutOfStock) as caught:
        take_strict(session, posting(session), shop.id, other.id, takes, day=TODAY)
    assert caught.value.detail == [{"sku_id": str(scarce.id), "wanted": 3, "available": 1}]
    assert balance(session, shop, lot) == (10, 0)


def test_a_shortage_at_the_counter_is_booked_from_suspense(session: Session) -> None:
    shop, sku = make_place(session), make_sku(session)
    stock_up(session, shop, sku, 2)
    result = sell(session, shop, take := Take(sku.id, 5))
    assert result.short == [(take, 3)]
    unknown = lots.unidentified(session, sku, now=NOW)
    suspense = places.suspense_of(session, shop.id)
    assert balance(session, suspense, unknown)[0] == -3
    assert problems(session) == []


def test_a_counter_sale_may_break_a_promise_and_says_which(session: Session) -> None:
    shop, sku = make_place(session), make_sku(session)
    lot = stock_up(session, shop, sku, 5)
    reservations.hold(session, "order:A", shop.id, [Wanted(1, sku.id, 2)], day=TODAY, now=NOW)
    later = NOW + timedelta(minutes=1)
    reservations.hold(session, "order:B", shop.id, [Wanted(1, sku.id, 2)], day=TODAY, now=later)
    result = sell(session, shop, Take(sku.id, 2))
    assert [(r.reference, r.quantity) for r in result.broken] == [("order:B", 1)]
    assert balance(session, shop, lot) == (3, 3)
    assert [r.quantity for r in reservations.held(session, "order:B")] == [1]
    assert problems(session) == []


def test_a_scanned_lot_is_sold_though_the_books_do_not_know_it_here(session: Session) -> None:
    shop, elsewhere, sku = make_place(session), make_place(session), make_sku(session)
    lot = stock_up(session, elsewhere, sku, 5)
    result = sell(session, shop, take := Take(sku.id, 1, lot.id))
    assert (result.not_here, result.short) == ([take], [(take, 1)])
    assert balance(session, places.suspense_of(session, shop.id), lot)[0] == -1
    assert balance(session, elsewhere, lot)[0] == 5


def test_a_recalled_lot_at_the_counter_is_reported(session: Session) -> None:
    shop, sku = make_place(session), make_sku(session)
    lot = stock_up(session, shop, sku, 5)
    lots.recall(session, lot, reason="nghi nhiễm mốc", now=NOW, actor_id=None)
    result = sell(session, shop, take := Take(sku.id, 1, lot.id))
    assert result.blocked == [take]
    assert balance(session, shop, lot)[0] == 4


def test_holding_takes_nothing_when_one_line_is_short(session: Session) -> None:
    shop, plenty, scarce = make_place(session), make_sku(session), make_sku(session)
    lot = stock_up(session, shop, plenty, 10)
    wanted = [Wanted(1, plenty.id, 4), Wanted(2, scarce.id, 1)]
    with pytest.raises(OutOfStock):
        reservations.hold(session, "order:A", shop.id, wanted, day=TODAY, now=NOW)
    assert balance(session, shop, lot) == (10, 0)


def test_two_lines_of_one_sku_share_what_is_free(session: Session) -> None:
    shop, sku = make_place(session), make_sku(session)
    stock_up(session, shop, sku, 5)
    wanted = [Wanted(1, sku.id, 3), Wanted(2, sku.id, 3)]
    with pytest.raises(OutOfStock):
        reservations.hold(session, "order:A", shop.id, wanted, day=TODAY, now=NOW)


def test_released_promises_are_free_again(session: Session) -> None:
    shop, sku = make_place(session), make_sku(session)
    lot = stock_up(session, shop, sku, 5)
    reservations.hold(session, "order:A", shop.id, [Wanted(1, sku.id, 5)], day=TODAY, now=NOW)
    assert reservations.release(session, "order:A", now=NOW) == 1
    assert reservations.release(session, "order:A", now=NOW) == 0
    assert balance(session, shop, lot) == (5, 0)


def test_promises_end_when_their_time_is_over(session: Session) -> None:
    shop, sku = make_place(session), make_sku(session)
    lot = stock_up(session, shop, sku, 5)
    soon = NOW + timedelta(minutes=30)
    wanted = [Wanted(1, sku.id, 5)]
    reservations.hold(session, "order:A", shop.id, wanted, day=TODAY, now=NOW, expires_at=soon)
    (made,) = reservations.standing(session, "order:A")
    assert reservations.release_expired(session, now=NOW) == []
    assert reservations.release_expired(session, now=soon) == ["order:A"]
    assert made.status is ReservationStatus.RELEASED
    assert balance(session, shop, lot) == (5, 0)


def test_a_place_of_kind_customer_is_kept_by_the_system(session: Session) -> None:
    make_lot(session, make_sku(session))
    with pytest.raises(places.NotPhysical):
        make_place(session, PlaceKind.CUSTOMER)

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.outbox import OutboxJob
from builders import (
    BY_NOBODY,
    NOW,
    STAMP_KEYS,
    TODAY,
    activate,
    make_batch,
    make_depot,
    make_lot,
    make_offered,
    make_order,
    make_place,
    make_sku,
    recognise,
    serial_of,
    stock_up,
)
from pos.recalls import acting, listing, reach
from pos.recalls.models import RecallNotice, RecallPlace
from pos.sales import fulfilment, orders, packing
from pos.sales.models import Order
from pos.stock import reservations
from pos.stock.ledger import OutOfStock
from pos.stock.models import Balance, Reservation, ReservationStatus
from traceability import issued, lineage, lots, recalls, scans, stamps
from traceability.history_models import Recall, RecallKind
from traceability.models import Lot, LotStatus, StampRange
from traceability.recalls import Target, Words
from traceability.scans import VerdictKind

WORDS = Words("Nấm mốc trong lọ", "Mang trả lại điểm bán")


def start(
    session: Session, target: Target, kind: RecallKind = RecallKind.REAL, **over: Any
) -> Recall:
    values: dict[str, Any] = {"key": "k", "keys": STAMP_KEYS, **BY_NOBODY}
    return acting.start(session, target, kind, WORDS, **(values | over))


def stocked(session: Session) -> tuple[Lot, Order]:
    """A lot with 12 units in a depot; an order holds 2 of them."""
    sku, depot = make_offered(session), make_depot(session)
    lot = stock_up(session, depot, sku, 12)
    order = make_order(session, sku, 2, source=depot)
    return lot, order


def packed(session: Session, order: Order) -> None:
    orders.accept(session, order, **BY_NOBODY)
    fulfilment.pack(session, order, keys=STAMP_KEYS, **BY_NOBODY)


def test_one_act_stops_the_lot_and_breaks_its_promises(session: Session) -> None:
    lot, _order = stocked(session)
    made = start(session, Target(lot))
    assert lot.status is LotStatus.RECALLED
    assert session.scalars(select(Reservation.status)).all() == [ReservationStatus.BROKEN]
    balance = session.scalars(select(Balance).where(Balance.physical)).one()
    assert (balance.on_hand, balance.reserved) == (12, 0)
    assert made.reach["on_hand"] == 12
    assert made.reach["reserved"] == 2
    assert made.number.startswith("TH-26-")


def test_places_and_known_buyers_are_listed(session: Session) -> None:
    lot, order = stocked(session)
    packed(session, order)
    made = start(session, Target(lot))
    assert [(row.expected, row.found) for row in acting.places_of(session, made.id)] == [(10, None)]
    (notice,) = acting.notices_of(session, made.id)
    assert (notice.order_id, notice.quantity, notice.by_mail) == (order.id, 2, False)
    acting.mark_told(session, made, notice.id, **BY_NOBODY)
    assert notice.told_at == NOW


def test_buyers_with_an_address_get_one_message(session: Session) -> None:
    lot, order = stocked(session)
    order.contact_email = "lan@example.vn"
    packed(session, order)
    for _twice in range(2):
        start(session, Target(lot))
    jobs = session.scalars(select(OutboxJob).filter_by(name=acting.TELL_BUYER)).all()
    assert len(jobs) == 1
    assert session.scalars(select(RecallNotice.told_at)).one() == NOW


def test_a_drill_stops_nothing_and_tells_nobody(session: Session) -> None:
    lot, order = stocked(session)
    order.contact_email = "lan@example.vn"
    made = start(session, Target(lot), RecallKind.DRILL)
    assert lot.status is LotStatus.RELEASED
    assert session.scalars(select(Reservation.status)).all() == [ReservationStatus.HELD]
    assert session.scalars(select(OutboxJob).filter_by(name=acting.TELL_BUYER)).all() == []
    assert made.reach["on_hand"] == 12
    assert listing.to_put_aside(session, None) == []


def test_lots_filled_from_it_are_recalled_too(session: Session) -> None:
    lot, _order = stocked(session)
    child = make_lot(session, lot.sku)
    lineage.derive(session, child, {lot.id: 4}, **BY_NOBODY)
    made = start(session, Target(lot))
    assert child.status is LotStatus.RECALLED
    assert made.reach["lots"] == 2


def test_a_million_stamps_are_recalled_with_one_row(session: Session) -> None:
    sku = make_sku(session)
    recognise(session, sku.product)
    lot = stock_up(session, make_depot(session), sku, 5, quantity_declared=2_000_000)
    batch = make_batch(session, lot, 2_000_000)
    activate(session, batch)
    start(session, Target(lot, batch, 0, 999_999))
    runs = session.scalars(select(StampRange).order_by(StampRange.first)).all()
    assert [(run.first, run.last, run.state.value) for run in runs] == [
        (0, 999_999, "recalled"),
        (1_000_000, 1_999_999, "activated"),
    ]
    assert lot.status is LotStatus.RELEASED
    look = {"day": TODAY, "now": NOW, "keys": STAMP_KEYS, "sighting": None}
    kinds = [
        scans.look_up(session, serial_of(batch, n), **look).kind for n in (0, 999_999, 1_000_000)
    ]
    assert kinds == [VerdictKind.RECALLED, VerdictKind.RECALLED, VerdictKind.ACTIVE]
    assert issued.get(session, serial_of(batch, 3), STAMP_KEYS).obstacle() == "it is recalled"


def test_stamps_are_recalled_once(session: Session) -> None:
    sku = make_sku(session)
    recognise(session, sku.product)
    batch = make_batch(session, make_lot(session, sku), 100)
    activate(session, batch)
    start(session, Target(batch.lot, batch, 0, 9))
    with pytest.raises(stamps.ranges.RangeOverlap):
        start(session, Target(batch.lot, batch, 5, 20), key="other")


def test_the_shop_sells_none_of_a_recalled_lot(session: Session) -> None:
    lot, order = stocked(session)
    start(session, Target(lot))
    assert not lots.saleable(lot, TODAY)
    with pytest.raises(OutOfStock):
        make_order(session, lot.sku, 1, source=order.place)


def test_a_place_confirms_once_what_it_put_aside(session: Session) -> None:
    lot, _order = stocked(session)
    made = start(session, Target(lot))
    row = session.scalars(select(RecallPlace)).one()
    assert [one.id for one in listing.to_put_aside(session, None)] == [row.id]
    acting.confirm_place(session, made, row.place_id, 11, note="thiếu 1", **BY_NOBODY)
    assert (row.found, row.note) == (11, "thiếu 1")
    assert listing.to_put_aside(session, None) == []
    with pytest.raises(acting.AlreadyConfirmed):
        acting.confirm_place(session, made, row.place_id, 12, note=None, **BY_NOBODY)
    with pytest.raises(acting.UnknownHolder):
        acting.confirm_place(session, made, make_place(session).id, 1, note=None, **BY_NOBODY)


@pytest.mark.parametrize("count", [-1, 10**10])
def test_a_count_is_a_sensible_number(session: Session, count: int) -> None:
    lot, _order = stocked(session)
    made = start(session, Target(lot))
    row = session.scalars(select(RecallPlace)).one()
    with pytest.raises(acting.BadCount):
        acting.confirm_place(session, made, row.place_id, count, note=None, **BY_NOBODY)


def test_closing_ends_the_work_once(session: Session) -> None:
    lot, _order = stocked(session)
    made = start(session, Target(lot))
    recalls.close(session, made, "Đã tiêu hủy", **BY_NOBODY)
    assert (made.closed_at, made.outcome) == (NOW, "Đã tiêu hủy")
    with pytest.raises(recalls.RecallClosed):
        recalls.close(session, made, "x", now=NOW + timedelta(days=1), actor_id=None)


def test_packs_known_by_their_stamps_are_found_among_the_sold(session: Session) -> None:
    sku, depot = make_offered(session), make_depot(session)
    recognise(session, sku.product)
    lot = stock_up(session, depot, sku, 9)
    batch = make_batch(session, lot, 9)
    activate(session, batch)
    order = make_order(session, sku, 2, source=depot)
    orders.accept(session, order, **BY_NOBODY)
    codes = [serial_of(batch, 1), serial_of(batch, 7)]
    box = packing.fill(session, order, codes, day=TODAY, keys=STAMP_KEYS)
    fulfilment.pack(session, order, box=box, keys=STAMP_KEYS, **BY_NOBODY)

    def sold(*numbers: int) -> list[int]:
        found = reach.of(session, Target(lot, batch, *numbers), STAMP_KEYS)
        return [one.quantity for one in found.bought]

    assert [one.quantity for one in reach.of(session, Target(lot), STAMP_KEYS).bought] == [2]
    assert (sold(0, 3), sold(0, 8), sold(2, 6)) == ([1], [2], [])


def test_a_promise_made_while_the_lot_was_recalled_is_broken_soon(session: Session) -> None:
    lot, _order = stocked(session)
    lots.recall(session, lot, reason="Nấm mốc", **BY_NOBODY)
    assert reservations.break_recalled(session, now=NOW) == 1
    assert reservations.break_recalled(session, now=NOW) == 0
    assert session.scalars(select(Balance.reserved).where(Balance.physical)).one() == 0

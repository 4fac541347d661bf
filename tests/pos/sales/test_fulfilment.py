"""From an accepted order to goods in the buyer's hands."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.states import ForbiddenMove
from builders import (
    BY_NOBODY,
    TODAY,
    make_depot,
    make_offered,
    make_order,
    stock_up,
    take_at_counter,
)
from catalog.models import Sku
from pos.sales import fulfilment, orders, payments
from pos.sales.models import Order
from pos.sales.status import Delivery, OrderStatus
from pos.stock import places
from pos.stock.models import (
    Balance,
    Movement,
    Place,
    PlaceKind,
    Reservation,
    ReservationStatus,
)
from pos.stock.reservations import ReservationGone
from pos.stock.verify import problems


@pytest.fixture
def sku(session: Session) -> Sku:
    return make_offered(session)


@pytest.fixture
def depot(session: Session) -> Place:
    return make_depot(session)


def accepted(session: Session, sku: Sku, depot: Place, quantity: int = 3) -> Order:
    order = make_order(session, sku, quantity, source=depot)
    orders.accept(session, order, **BY_NOBODY)
    return order


def test_an_order_goes_all_the_way(session: Session, sku: Sku, depot: Place) -> None:
    stock_up(session, depot, sku, 10)
    order = accepted(session, sku, depot)
    for step in (fulfilment.pack, fulfilment.ship, fulfilment.deliver, fulfilment.complete):
        step(session, order, **BY_NOBODY)
    assert order.status is OrderStatus.COMPLETED
    assert payments.paid(order) == order.total
    assert None not in (order.packed_at, order.shipped_at, order.completed_at)
    assert problems(session) == []


def test_packing_takes_goods_out_of_stock_and_fixes_their_lots(
    session: Session, sku: Sku, depot: Place
) -> None:
    early = stock_up(session, depot, sku, 2, expires_on=TODAY + timedelta(days=20))
    late = stock_up(session, depot, sku, 5, expires_on=TODAY + timedelta(days=90))
    order = accepted(session, sku, depot)
    fulfilment.pack(session, order, **BY_NOBODY)
    picked = {pick.lot_id: pick.quantity for pick in order.lines[0].picks}
    assert picked == {early.id: 2, late.id: 1}
    customers = places.virtual(session, PlaceKind.CUSTOMER)
    moved = session.scalars(select(Movement).filter_by(to_place_id=customers.id)).all()
    assert {m.reference for m in moved} == {f"order:{order.number}"}
    left = session.scalars(select(Balance).filter_by(place_id=depot.id, lot_id=late.id)).one()
    assert (left.on_hand, left.reserved) == (4, 0)
    assert set(session.scalars(select(Reservation.status))) == {ReservationStatus.CONSUMED}


def test_a_promise_broken_at_a_counter_refuses_packing(
    session: Session, sku: Sku, depot: Place
) -> None:
    stock_up(session, depot, sku, 3)
    order = accepted(session, sku, depot)
    take_at_counter(session, depot, sku, 1)
    with pytest.raises(ReservationGone), session.begin_nested():
        fulfilment.pack(session, order, **BY_NOBODY)
    session.refresh(order)
    assert order.status is OrderStatus.ACCEPTED
    orders.cancel(session, order, "hết hàng", **BY_NOBODY)
    assert problems(session) == []


def test_goods_are_not_packed_before_the_shop_has_accepted(
    session: Session, sku: Sku, depot: Place
) -> None:
    stock_up(session, depot, sku, 3)
    with pytest.raises(ForbiddenMove):
        fulfilment.pack(session, make_order(session, sku, source=depot), **BY_NOBODY)


def test_a_packed_order_is_not_packed_again_or_cancelled(
    session: Session, sku: Sku, depot: Place
) -> None:
    stock_up(session, depot, sku, 3)
    order = accepted(session, sku, depot)
    fulfilment.pack(session, order, **BY_NOBODY)
    with pytest.raises(ForbiddenMove):
        fulfilment.pack(session, order, **BY_NOBODY)
    with pytest.raises(ForbiddenMove):
        orders.cancel(session, order, "x", **BY_NOBODY)


def test_the_next_steps_follow_from_state_and_delivery(
    session: Session, sku: Sku, depot: Place
) -> None:
    stock_up(session, depot, sku, 3)
    order = make_order(session, sku, source=depot)
    assert fulfilment.next_steps(order) == ["accept", "refuse"]
    orders.accept(session, order, **BY_NOBODY)
    assert fulfilment.next_steps(order) == ["pack", "cancel"]
    fulfilment.pack(session, order, **BY_NOBODY)
    assert fulfilment.next_steps(order) == ["ship"]
    order.delivery = Delivery.PICKUP
    assert fulfilment.next_steps(order) == ["complete"]
    fulfilment.complete(session, order, **BY_NOBODY)
    assert fulfilment.next_steps(order) == []

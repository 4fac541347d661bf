"""A packed order that has not left is called off: goods and money go back, once."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.states import ForbiddenMove
from builders import BY_NOBODY, NOW
from builders_payments import TOTAL, make_prepaid, payment_of
from builders_shipping import make_packed
from pos.sales import fulfilment, orders, paying, unpacking
from pos.sales.status import OrderStatus
from pos.stock.models import Balance, Movement
from pos.stock.verify import problems


def test_the_goods_go_back_to_their_lots_and_place(session: Session) -> None:
    order = make_packed(session, 2)
    lot_id = order.lines[0].picks[0].lot_id
    unpacking.cancel(session, order, "Khách đổi ý", **BY_NOBODY)
    assert (order.status, order.ended_reason) == (OrderStatus.CANCELLED, "Khách đổi ý")
    here = select(Balance).filter_by(place_id=order.place_id, lot_id=lot_id)
    balance = session.scalars(here.execution_options(populate_existing=True)).one()
    assert (balance.on_hand, balance.reserved) == (12, 0)
    back = session.scalars(select(Movement).where(Movement.reverses_id.is_not(None))).one()
    assert (back.lot_id, back.quantity) == (lot_id, 2)
    assert problems(session) == []


def test_it_happens_once(session: Session) -> None:
    order = make_packed(session)
    unpacking.cancel(session, order, "Khách đổi ý", **BY_NOBODY)
    with pytest.raises(ForbiddenMove):
        unpacking.cancel(session, order, "Khách đổi ý", **BY_NOBODY)


def test_money_that_has_come_goes_back(session: Session) -> None:
    order = make_prepaid(session)
    orders.accept(session, order, **BY_NOBODY)
    paying.money_came(session, payment_of(order), TOTAL, source="test", key="1", now=NOW)
    fulfilment.pack(session, order, **BY_NOBODY)
    unpacking.cancel(session, order, "Khách đổi ý", **BY_NOBODY)
    assert payment_of(order).refunded == TOTAL


def test_what_has_left_cannot_be_unpacked(session: Session) -> None:
    order = make_packed(session)
    fulfilment.ship(session, order, **BY_NOBODY)
    with pytest.raises(ForbiddenMove):
        unpacking.cancel(session, order, "Khách đổi ý", **BY_NOBODY)


def test_no_other_verb_takes_a_packed_order_back(session: Session) -> None:
    order = make_packed(session)
    with pytest.raises(ForbiddenMove):
        orders.cancel(session, order, "Khách đổi ý", **BY_NOBODY)


def test_the_buyer_is_told_why(session: Session) -> None:
    with pytest.raises(unpacking.NoReasonToUnpack):
        unpacking.cancel(session, make_packed(session), "", **BY_NOBODY)

"""From a packed order to the door, or back into quarantine."""

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.states import ForbiddenMove
from builders import BY_NOBODY, TODAY, make_offered, make_order
from builders_shipping import make_delivered, make_packed, make_parcel
from pos.sales.models import Order
from pos.sales.status import OrderStatus, PaymentStatus
from pos.shipping import parcels
from pos.shipping.models import Parcel, ParcelStatus
from pos.shipping.parcels import Plan
from pos.stock import availability
from pos.stock.models import Balance, Place, PlaceKind
from pos.stock.verify import problems

POST = Plan("post.standard", "VN123")


def state(parcel: Parcel) -> tuple[ParcelStatus, OrderStatus]:
    return parcel.status, parcel.order.status


def test_a_packed_order_becomes_a_parcel_with_what_is_due_at_the_door(session: Session) -> None:
    order = make_packed(session)
    parcel = parcels.prepare(session, order, POST, **BY_NOBODY)
    assert (parcel.carrier, parcel.number, parcel.cod_amount) == ("post", "VN123", order.total)
    assert state(parcel) == (ParcelStatus.READY, OrderStatus.PACKED)
    assert parcels.shown(session, order) is None  # nobody can follow it yet


def test_only_a_packed_order_becomes_a_parcel_and_only_once(session: Session) -> None:
    with pytest.raises(parcels.NotPacked):
        parcels.prepare(session, make_order(session, make_offered(session)), POST, **BY_NOBODY)
    order = make_packed(session)
    make_parcel(session, order)
    with pytest.raises(parcels.ParcelThere):
        make_parcel(session, order)
    with pytest.raises(parcels.UnknownService):
        parcels.prepare(session, make_packed(session), Plan("drone.now"), **BY_NOBODY)


def test_a_carrier_numbers_each_parcel_once(session: Session) -> None:
    make_parcel(session, number="VN123")
    with pytest.raises(parcels.NumberTaken):
        make_parcel(session, number="VN123")
    assert make_parcel(session, service="express.fast", number="VN123").number == "VN123"


def test_handing_over_sends_the_order_and_its_buyer_may_follow(session: Session) -> None:
    parcel = make_parcel(session, number="VN123")
    parcels.hand_over(session, parcel, **BY_NOBODY)
    assert state(parcel) == (ParcelStatus.HANDED, OrderStatus.SHIPPED)
    shown = parcels.shown(session, parcel.order)
    assert shown is not None
    assert shown.parcel.number == "VN123"


def test_delivered_money_is_with_the_carrier(session: Session) -> None:
    parcel = make_delivered(session)
    assert state(parcel) == (ParcelStatus.DELIVERED, OrderStatus.DELIVERED)
    assert [p.status for p in parcel.order.payments] == [PaymentStatus.COLLECTED]


def test_a_second_try_may_succeed(session: Session) -> None:
    parcel = make_parcel(session)
    parcels.hand_over(session, parcel, **BY_NOBODY)
    parcels.failed(session, parcel, "Không ai ở nhà", **BY_NOBODY)
    assert state(parcel) == (ParcelStatus.FAILED, OrderStatus.FAILED)
    parcels.again(session, parcel, **BY_NOBODY)
    assert (parcel.tries, parcel.order.status) == (2, OrderStatus.SHIPPED)
    parcels.delivered(session, parcel, **BY_NOBODY)
    assert parcel.order.status is OrderStatus.DELIVERED


def quarantine(session: Session, order: Order) -> Place:
    query = select(Place).filter_by(parent_id=order.place_id, kind=PlaceKind.QUARANTINE)
    return session.scalars(query).one()


def test_goods_that_come_back_wait_in_quarantine(session: Session) -> None:
    order = make_packed(session, 2)
    sku_id = order.lines[0].sku_id
    before = availability.available(session, order.place_id, [sku_id], TODAY)
    parcel = make_parcel(session, order)
    parcels.hand_over(session, parcel, **BY_NOBODY)
    parcels.refused(session, parcel, "Khách không nhận", **BY_NOBODY)
    parcels.back(session, parcel, **BY_NOBODY)
    assert state(parcel) == (ParcelStatus.BACK, OrderStatus.RETURNED)
    waiting = session.scalars(
        select(Balance).filter_by(place_id=quarantine(session, order).id)
    ).one()
    assert (waiting.sku_id, waiting.on_hand) == (sku_id, 2)
    assert availability.available(session, order.place_id, [sku_id], TODAY) == before
    assert availability.by_place(session, [sku_id], TODAY)[sku_id][0].available == before[sku_id]
    assert [p.status for p in order.payments] == [PaymentStatus.CANCELLED]
    assert problems(session) == []


def test_two_parcels_of_a_place_come_back_to_one_quarantine(session: Session) -> None:
    sku = make_offered(session)
    first = make_packed(session, sku=sku)
    second = make_packed(session, sku=sku, source=first.place)
    for order in (first, second):
        parcel = make_parcel(session, order)
        parcels.hand_over(session, parcel, **BY_NOBODY)
        parcels.failed(session, parcel, "Sai số", **BY_NOBODY)
        parcels.back(session, parcel, **BY_NOBODY)
    assert quarantine(session, first).id == quarantine(session, second).id


@pytest.mark.parametrize("verb", [parcels.delivered, parcels.again, parcels.back])
def test_a_parcel_that_waits_can_only_be_handed_over(session: Session, verb: Any) -> None:
    parcel = make_parcel(session)
    with pytest.raises(ForbiddenMove):
        verb(session, parcel, **BY_NOBODY)


@pytest.mark.parametrize("verb", [parcels.hand_over, parcels.again, parcels.back])
def test_what_was_delivered_stays_delivered(session: Session, verb: Any) -> None:
    parcel = make_delivered(session)
    with pytest.raises(ForbiddenMove):
        verb(session, parcel, **BY_NOBODY)

"""Packing by scanning: only what belongs into the box, and what lies in it is what leaves."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.access import place_scope
from app.accounts.models import Role
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
    make_user,
    recognise,
    serial_of,
    stock_up,
)
from catalog.models import Sku
from pos.sales import fulfilment, orders, packing
from pos.sales.lines import Item
from pos.sales.models import Order
from pos.sales.packing import Box
from pos.sales.status import OrderStatus
from pos.stock import goods
from pos.stock.ledger import OutOfStock
from pos.stock.models import Balance, Place
from pos.stock.verify import problems
from support.browser import Browser
from traceability import lots, stamps
from traceability.models import Lot


@pytest.fixture
def sku(session: Session) -> Sku:
    sku = make_offered(session, name_vi="Trà sen")
    recognise(session, sku.product)
    return sku


@pytest.fixture
def depot(session: Session) -> Place:
    return make_depot(session)


@pytest.fixture
def lot(session: Session, sku: Sku, depot: Place) -> Lot:
    return stock_up(session, depot, sku, 10, code="L-SEN", expires_on=TODAY.replace(year=2027))


@pytest.fixture
def order(session: Session, sku: Sku, depot: Place, lot: Lot) -> Order:
    order = make_order(session, sku, 3, source=depot)
    orders.accept(session, order, **BY_NOBODY)
    return order


@pytest.fixture
def serials(session: Session, lot: Lot) -> list[str]:
    batch = make_batch(session, lot)
    activate(session, batch)
    return [serial_of(batch, number) for number in range(4)]


def fill(session: Session, order: Order, *texts: str) -> Box:
    return packing.fill(session, order, texts, day=TODAY, keys=STAMP_KEYS)


def pack(session: Session, order: Order, *texts: str) -> None:
    box = fill(session, order, *texts)
    fulfilment.pack(session, order, box=box, keys=STAMP_KEYS, **BY_NOBODY)


def test_stamps_are_noted_on_the_order_and_as_sold(
    session: Session, order: Order, lot: Lot, serials: list[str]
) -> None:
    pack(session, order, serials[0], f"http://localhost/t/{serials[1]}", "l-sen")
    picks = {(pick.serial, pick.lot_id, pick.quantity) for pick in order.lines[0].picks}
    assert picks == {(serials[0], lot.id, 1), (serials[1], lot.id, 1), (None, lot.id, 1)}
    stamp = stamps.find(session, serials[0], STAMP_KEYS)
    assert stamp is not None
    assert stamp.item is not None
    assert stamp.item.sold_reference == f"order:{order.number}"
    assert order.status is OrderStatus.PACKED
    assert problems(session) == []


@pytest.mark.parametrize("code", ["3*L-SEN", "3 x l-sen", "3×L-SEN"])
def test_several_units_of_a_lot_are_typed_at_once(
    session: Session, order: Order, code: str
) -> None:
    assert fill(session, order, code).full


def test_a_barcode_stands_for_what_was_set_aside(
    session: Session, sku: Sku, order: Order, lot: Lot
) -> None:
    box = fill(session, order, str(sku.gtin), sku.code, f"http://localhost/01/0{sku.gtin}")
    assert [item.lot.id for item in box.found] == [lot.id] * 3


def test_the_same_stamp_goes_into_the_box_once(
    session: Session, order: Order, serials: list[str]
) -> None:
    with pytest.raises(packing.NotOfOrder):
        fill(session, order, serials[0], serials[0])


def test_no_more_than_was_ordered_goes_in(session: Session, order: Order) -> None:
    with pytest.raises(packing.NotOfOrder):
        fill(session, order, "4*L-SEN")


def test_goods_of_nobody_s_order_stay_out(session: Session, order: Order, depot: Place) -> None:
    other = make_offered(session)
    stock_up(session, depot, other, 3, code="L-KHAC")
    for code in (other.code, "L-KHAC"):
        with pytest.raises((packing.NotOfOrder, packing.UnknownCode)):
            fill(session, order, code)


def test_what_nobody_knows_is_told(session: Session, order: Order) -> None:
    with pytest.raises(packing.UnknownCode):
        fill(session, order, "khong-co")


def test_a_recalled_lot_is_not_sent(session: Session, order: Order, lot: Lot) -> None:
    lots.recall(session, lot, reason="vi sinh", **BY_NOBODY)
    with pytest.raises(packing.MayNotBeSent):
        fill(session, order, "L-SEN")


def test_a_stamp_that_was_sold_is_not_sent(
    session: Session, order: Order, serials: list[str]
) -> None:
    stamps.mark_sold(
        session, serials[0], reference="order:X", place="Quầy", now=NOW, keys=STAMP_KEYS
    )
    with pytest.raises(packing.MayNotBeSent):
        fill(session, order, serials[0])


def test_another_lot_in_the_hand_replaces_the_one_set_aside(
    session: Session, sku: Sku, depot: Place, order: Order, lot: Lot
) -> None:
    newer = stock_up(session, depot, sku, 5, code="L-MOI", expires_on=TODAY.replace(year=2028))
    pack(session, order, "2*L-SEN", "L-MOI")
    here = session.scalars(select(Balance).where(Balance.place_id == depot.id))
    left = {row.lot_id: (row.on_hand, row.reserved) for row in here}
    assert (left[lot.id], left[newer.id]) == ((8, 0), (4, 0))
    assert problems(session) == []


def test_a_lot_that_is_promised_to_somebody_else_is_not_taken(
    session: Session, sku: Sku, depot: Place, order: Order, lot: Lot
) -> None:
    newer = stock_up(session, depot, sku, 1, code="L-MOI", expires_on=TODAY)
    other = make_order(session, sku, 1, source=depot)
    assert other.number
    with pytest.raises(OutOfStock), session.begin_nested():
        pack(session, order, "2*L-SEN", "L-MOI")
    assert session.get_one(Balance, (depot.id, newer.id)).on_hand == 1


def test_a_box_that_is_not_full_is_not_closed(session: Session, order: Order) -> None:
    with pytest.raises(packing.BoxNotFull), session.begin_nested():
        pack(session, order, "2*L-SEN")


def test_two_lines_of_one_article_fill_one_after_the_other(
    session: Session, sku: Sku, depot: Place, lot: Lot
) -> None:
    order = make_order(session, sku, items=[Item(sku.id, 2), Item(sku.id, 1)], source=depot)
    assert fill(session, order, "3*L-SEN").there == {1: 2, 2: 1}


def test_a_keeper_packs_without_script(
    session: Session, visitor: Browser, depot: Place, order: Order, serials: list[str]
) -> None:
    keeper = make_user(session, Role.STOCK_KEEPER, place_scope(depot.id))
    session.commit()
    visitor.sign_in(keeper)
    path = f"/quan-ly/don-hang/{order.id}/dong-goi"
    assert "disabled" in visitor.get(path).text
    page = visitor.post(path, {"code": serials[0]})
    assert serials[0] in page.text
    refused = visitor.post(path, {"scanned": [serials[0]], "code": serials[0]})
    assert refused.status_code == 409
    assert f'name="scanned" value="{serials[0]}"' in refused.text
    full = visitor.post(path, {"scanned": [serials[0]], "code": "2*L-SEN"})
    assert "disabled" not in full.text
    emptied = visitor.post(path, {"scanned": [serials[0], "2*L-SEN"], "out": "0"})
    assert serials[0] not in emptied.text
    done = visitor.post(f"{path}/xong", {"scanned": [serials[0], "2*L-SEN"]})
    assert "Đã đóng gói" in visitor.follow(done).text
    again = visitor.post(f"{path}/xong", {"scanned": [serials[0], "2*L-SEN"]})
    assert again.status_code == 409


def test_goods_of_a_lot_at_another_place_are_out_of_stock(
    session: Session, sku: Sku, order: Order
) -> None:
    lot = make_lot(session, sku, code="L-XA")
    from_far = make_depot(session)
    goods.receive(session, from_far, lot, 5, goods.Act("far", NOW, None))
    with pytest.raises(OutOfStock), session.begin_nested():
        pack(session, order, "3*L-XA")

"""The ledger: double entry, floors, and rows that cannot be changed."""

from uuid import uuid4

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.core import operations
from builders import NOW, act, make_lot, make_place, make_sku, stock_up
from pos.stock import goods, places
from pos.stock.ledger import BadQuantity, Line, OutOfStock, Posting, SamePlace, post
from pos.stock.models import Balance, Movement, MovementKind, Place, PlaceKind
from pos.stock.verify import problems
from traceability.models import Lot


def on_hand(session: Session, place: Place, lot: Lot) -> int:
    found = session.get(Balance, (place.id, lot.id), populate_existing=True)
    return found.on_hand if found else 0


def a_posting(session: Session) -> Posting:
    outcome = operations.once(
        session, kind="test", key=str(uuid4()), body=None, now=NOW, effect=lambda _id: {}
    )
    return Posting(outcome.operation_id, MovementKind.TRANSFER, "test", NOW, NOW, None)


def test_receiving_puts_goods_at_the_place_and_takes_them_from_the_producer(
    session: Session,
) -> None:
    shop, sku = make_place(session), make_sku(session)
    lot = stock_up(session, shop, sku, 40)
    producers = places.virtual(session, PlaceKind.PRODUCER)
    assert (on_hand(session, shop, lot), on_hand(session, producers, lot)) == (40, -40)
    assert problems(session) == []


def test_a_repeated_receipt_changes_nothing(session: Session) -> None:
    shop, lot = make_place(session), make_lot(session, make_sku(session))
    same = act(key="delivery-7")
    first = goods.receive(session, shop, lot, 12, same)
    again = goods.receive(session, shop, lot, 12, same)
    assert (first.repeated, again.repeated) == (False, True)
    assert on_hand(session, shop, lot) == 12


def test_the_same_key_with_other_content_is_refused(session: Session) -> None:
    shop, lot = make_place(session), make_lot(session, make_sku(session))
    goods.receive(session, shop, lot, 12, act(key="delivery-7"))
    with pytest.raises(operations.KeyReused):
        goods.receive(session, shop, lot, 13, act(key="delivery-7"))


def test_a_real_place_never_falls_below_zero(session: Session) -> None:
    shop, other, sku = make_place(session), make_place(session), make_sku(session)
    lot = stock_up(session, shop, sku, 5)
    with pytest.raises(OutOfStock):
        post(session, a_posting(session), [Line(shop.id, other.id, sku.id, lot.id, 6)])


def test_promised_goods_do_not_move(session: Session) -> None:
    shop, other, sku = make_place(session), make_place(session), make_sku(session)
    lot = stock_up(session, shop, sku, 5)
    session.get_one(Balance, (shop.id, lot.id)).reserved = 3
    session.flush()
    with pytest.raises(OutOfStock):
        post(session, a_posting(session), [Line(shop.id, other.id, sku.id, lot.id, 3)])


@pytest.mark.parametrize("quantity", [0, -1, 10**12])
def test_impossible_quantities_are_refused(session: Session, quantity: int) -> None:
    shop, lot = make_place(session), make_lot(session, make_sku(session))
    with pytest.raises(BadQuantity):
        goods.receive(session, shop, lot, quantity, act())


def test_goods_cannot_move_to_where_they_are(session: Session) -> None:
    shop, sku = make_place(session), make_sku(session)
    lot = stock_up(session, shop, sku, 5)
    with pytest.raises(SamePlace):
        post(session, a_posting(session), [Line(shop.id, shop.id, sku.id, lot.id, 1)])


def test_a_lot_that_is_not_released_is_not_received(session: Session) -> None:
    lot = make_lot(session, make_sku(session), release=False)
    with pytest.raises(goods.LotNotReleased):
        goods.receive(session, make_place(session), lot, 5, act())


def test_a_write_off_needs_a_reason(session: Session) -> None:
    shop, sku = make_place(session), make_sku(session)
    lot = stock_up(session, shop, sku, 5)
    with pytest.raises(goods.ReasonMissing):
        goods.write_off(session, shop, lot, 2, "  ", act())


def test_a_write_off_moves_goods_to_waste(session: Session) -> None:
    shop, sku = make_place(session), make_sku(session)
    lot = stock_up(session, shop, sku, 5)
    goods.write_off(session, shop, lot, 2, "vỡ hộp", act())
    waste = places.virtual(session, PlaceKind.WASTE)
    assert (on_hand(session, shop, lot), on_hand(session, waste, lot)) == (3, 2)


def test_a_movement_is_reversed_exactly_and_only_once(session: Session) -> None:
    shop, sku = make_place(session), make_sku(session)
    lot = stock_up(session, shop, sku, 5)
    movement = session.scalars(select(Movement)).one()
    goods.reverse(session, movement, "nhập nhầm", act())
    assert on_hand(session, shop, lot) == 0
    with pytest.raises(goods.AlreadyReversed):
        goods.reverse(session, movement, "nhập nhầm", act())


@pytest.mark.parametrize("change", ["UPDATE movement SET quantity = 1", "DELETE FROM movement"])
def test_the_database_itself_refuses_to_change_movements(session: Session, change: str) -> None:
    stock_up(session, make_place(session), make_sku(session), 5)
    with pytest.raises(DBAPIError, match="append-only"):
        session.execute(text(change))


def test_the_proof_names_a_balance_that_was_tampered_with(session: Session) -> None:
    shop, sku = make_place(session, code="CHO"), make_sku(session)
    lot = stock_up(session, shop, sku, 5, code="L1")
    session.get_one(Balance, (shop.id, lot.id)).on_hand = 6
    session.flush()
    found = problems(session)
    assert "balance of lot L1 at CHO is 6, but its movements add up to 5" in found
    assert "lot L1 adds up to 1 over all places" in found

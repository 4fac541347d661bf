"""A sale at the counter: money, stock and stamps at once, never refused for what it contradicts."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.operations import KeyReused
from builders import (
    BY_NOBODY,
    NOW,
    STAMP_KEYS,
    TODAY,
    make_lot,
    make_order,
    make_sku,
    set_price,
    stock_up,
)
from catalog.models import Unit
from catalog.products import UnknownSku
from pos.counter import sessions
from pos.counter.models import Discrepancy
from pos.counter.posting import BadSale, SaleLine
from pos.counter.sessions import SessionClosed
from pos.sales import orders
from pos.sales.models import Order
from pos.sales.payments import TooLittle
from pos.sales.status import Channel, OrderStatus, PaymentStatus
from pos.stock.models import Balance, Movement
from pos.stock.verify import problems
from support.counter import make_counter, stamped
from traceability import lots, stamps
from traceability.stamps import StampState


def flagged(session: Session) -> list[str]:
    return [row.kind.value for row in session.scalars(select(Discrepancy))]


def test_a_sale_becomes_order_money_and_stock(session: Session) -> None:
    counter, sku = make_counter(session), make_sku(session)
    lot = stock_up(session, counter.shop, sku, 10)
    answer = counter.sell(session, SaleLine(sku.id, 3, 125_000)).result
    assert (answer["total"], answer["change"], answer["discrepancies"]) == (375_000, 625_000, [])
    order = orders.by_number(session, answer["number"])
    assert (order.channel, order.status) == (Channel.TILL, OrderStatus.COMPLETED)
    assert order.session_ref == sessions.reference_of(counter.till)
    payment = order.payments[0]
    assert (payment.status, payment.amount) == (PaymentStatus.SETTLED, 375_000)
    assert payment.tendered == 1_000_000
    assert session.get_one(Balance, (counter.shop.id, lot.id)).on_hand == 7
    assert sessions.expected_cash(session, counter.till.id) == 875_000
    assert problems(session) == []


def test_the_lot_that_expires_first_is_sold_first(session: Session) -> None:
    counter, sku = make_counter(session), make_sku(session)
    late = stock_up(session, counter.shop, sku, 5, expires_on=TODAY + timedelta(days=90))
    soon = stock_up(session, counter.shop, sku, 5, expires_on=TODAY + timedelta(days=9))
    answer = counter.sell(session, SaleLine(sku.id, 6, 125_000)).result
    picks = orders.by_number(session, answer["number"]).lines[0].picks
    assert [(p.lot_id, p.quantity) for p in picks] == [(soon.id, 5), (late.id, 1)]


def test_a_stamp_is_sold_with_its_pack(session: Session) -> None:
    counter, sku = make_counter(session), make_sku(session)
    lot = stock_up(session, counter.shop, sku, 10)
    _batch, serials = stamped(session, sku, lot=lot)
    line = SaleLine(sku.id, 3, 125_000, lot.id, tuple(serials[:2]))
    answer = counter.sell(session, line).result
    assert answer["discrepancies"] == []
    stamp = stamps.get(session, serials[0], STAMP_KEYS)
    assert stamp.state is StampState.SOLD
    picks = orders.by_number(session, answer["number"]).lines[0].picks
    assert [(p.quantity, p.serial) for p in picks] == [(1, serials[0]), (1, serials[1]), (1, None)]


def test_a_sale_sent_again_gets_the_first_answer_and_books_nothing(session: Session) -> None:
    counter, sku = make_counter(session), make_sku(session)
    stock_up(session, counter.shop, sku, 10)
    key, line = str(uuid4()), SaleLine(sku.id, 1, 125_000)
    first = counter.sell(session, line, key=key)
    second = counter.sell(session, line, key=key)
    assert (first.result, second.repeated) == (second.result, True)
    assert session.scalar(select(func.count(Order.id))) == 1
    assert session.scalar(select(func.count(Movement.id)).filter_by(kind="sale")) == 1
    assert sessions.expected_cash(session, counter.till.id) == 625_000


def test_a_sale_sent_again_is_answered_after_the_session_was_closed(session: Session) -> None:
    counter, sku = make_counter(session), make_sku(session)
    stock_up(session, counter.shop, sku, 10)
    key, line = str(uuid4()), SaleLine(sku.id, 1, 125_000)
    first = counter.sell(session, line, key=key)
    sessions.close(
        session, counter.till, 625_000, "", limit=0, now=NOW, actor_id=counter.cashier.id
    )
    assert counter.sell(session, line, key=key).result == first.result
    with pytest.raises(SessionClosed):
        counter.sell(session, line)


@pytest.mark.parametrize("change", ["quantity", "tendered", "lot", "time"])
def test_another_sale_under_the_same_key_is_refused(session: Session, change: str) -> None:
    counter, sku = make_counter(session), make_sku(session)
    lot = stock_up(session, counter.shop, sku, 10)
    key = str(uuid4())
    counter.sell(session, SaleLine(sku.id, 1, 125_000), key=key)
    line = SaleLine(sku.id, 2 if change == "quantity" else 1, 125_000)
    if change == "lot":
        line = SaleLine(sku.id, 1, 125_000, lot.id)
    tendered = 500_000 if change == "tendered" else 1_000_000
    sold_at = NOW + timedelta(seconds=change == "time")
    with pytest.raises(KeyReused):
        counter.sell(session, line, key=key, tendered=tendered, sold_at=sold_at)


def test_goods_that_the_books_do_not_have_are_sold_and_noted(session: Session) -> None:
    counter, sku = make_counter(session), make_sku(session)
    stock_up(session, counter.shop, sku, 1)
    answer = counter.sell(session, SaleLine(sku.id, 3, 125_000)).result
    assert answer["discrepancies"] == flagged(session) == ["short_stock"]
    assert session.scalars(select(Discrepancy)).one().detail["missing"] == 2
    assert problems(session) == []


def test_a_recalled_lot_is_noted(session: Session) -> None:
    counter, sku = make_counter(session), make_sku(session)
    lot = stock_up(session, counter.shop, sku, 5)
    lots.recall(session, lot, reason="vi sinh", **BY_NOBODY)
    answer = counter.sell(session, SaleLine(sku.id, 1, 125_000, lot.id)).result
    assert answer["discrepancies"] == ["lot_blocked"]


def test_a_lot_that_is_not_here_is_noted(session: Session) -> None:
    counter, sku = make_counter(session), make_sku(session)
    lot = make_lot(session, sku)
    kinds = counter.sell(session, SaleLine(sku.id, 1, 125_000, lot.id)).result["discrepancies"]
    assert kinds == ["short_stock", "lot_not_here"]


def test_a_lot_of_other_goods_is_noted_and_the_books_choose(session: Session) -> None:
    counter, sku, other = make_counter(session), make_sku(session), make_sku(session)
    stock_up(session, counter.shop, sku, 5)
    wrong = make_lot(session, other)
    for lot_id in (wrong.id, uuid4()):
        answer = counter.sell(session, SaleLine(sku.id, 1, 125_000, lot_id)).result
        assert answer["discrepancies"] == ["lot_not_here"]
    assert problems(session) == []


def test_a_price_that_has_changed_is_paid_as_shown_and_noted(session: Session) -> None:
    counter, sku = make_counter(session), make_sku(session)
    stock_up(session, counter.shop, sku, 5)
    set_price(session, sku, 130_000, valid_from=TODAY)
    answer = counter.sell(session, SaleLine(sku.id, 2, 125_000)).result
    assert (answer["total"], answer["discrepancies"]) == (250_000, ["price_changed"])
    detail = session.scalars(select(Discrepancy)).one().detail
    assert (detail["shown"], detail["listed"]) == (125_000, 130_000)


def test_goods_promised_to_an_online_order_are_sold_and_noted(session: Session) -> None:
    counter, sku = make_counter(session), make_sku(session, make_sku(session).product)
    stock_up(session, counter.shop, sku, 1)
    sku.product.status = sku.product.status.PUBLISHED
    make_order(session, sku, 1, source=counter.shop)
    answer = counter.sell(session, SaleLine(sku.id, 1, 125_000)).result
    assert answer["discrepancies"] == ["reservation_broken"]


def test_a_stamp_that_was_sold_before_is_noted(session: Session) -> None:
    counter, sku = make_counter(session), make_sku(session)
    lot = stock_up(session, counter.shop, sku, 10)
    _batch, serials = stamped(session, sku, lot=lot)
    line = SaleLine(sku.id, 1, 125_000, lot.id, (serials[0],))
    counter.sell(session, line)
    assert counter.sell(session, line).result["discrepancies"] == ["stamp_sold"]


def test_a_stamp_that_was_never_issued_is_noted(session: Session) -> None:
    counter, sku = make_counter(session), make_sku(session)
    stock_up(session, counter.shop, sku, 10)
    line = SaleLine(sku.id, 1, 125_000, None, ("0" * 16,))
    assert counter.sell(session, line).result["discrepancies"] == ["stamp_unknown"]


def test_a_void_stamp_is_noted(session: Session) -> None:
    counter, sku = make_counter(session), make_sku(session)
    lot = stock_up(session, counter.shop, sku, 10)
    _batch, serials = stamped(session, sku, lot=lot)
    stamps.void_item(session, serials[0], reason="rách", keys=STAMP_KEYS, **BY_NOBODY)
    line = SaleLine(sku.id, 1, 125_000, lot.id, (serials[0],))
    assert counter.sell(session, line).result["discrepancies"] == ["stamp_not_valid"]


def test_a_stamp_of_other_goods_is_noted(session: Session) -> None:
    counter, sku, other = make_counter(session), make_sku(session), make_sku(session)
    stock_up(session, counter.shop, sku, 10)
    _batch, serials = stamped(session, other)
    line = SaleLine(sku.id, 1, 125_000, None, (serials[0],))
    assert counter.sell(session, line).result["discrepancies"] == ["stamp_mismatch"]


@pytest.mark.parametrize("hours", [-24, 24])
def test_an_impossible_time_is_noted_and_replaced_by_ours(session: Session, hours: int) -> None:
    counter, sku = make_counter(session), make_sku(session)
    stock_up(session, counter.shop, sku, 5)
    claimed = NOW + timedelta(hours=hours)
    answer = counter.sell(session, SaleLine(sku.id, 1, 125_000), sold_at=claimed).result
    assert answer["discrepancies"] == ["clock_wrong"]
    assert orders.by_number(session, answer["number"]).placed_at == NOW


def test_the_total_is_rounded_to_what_can_be_paid_in_notes(session: Session) -> None:
    counter = make_counter(session)
    sku = make_sku(session, unit=Unit.GRAM, price=None)
    set_price(session, sku, 89_900, per_quantity=1_000)
    stock_up(session, counter.shop, sku, 5_000)
    answer = counter.sell(session, SaleLine(sku.id, 350, 89_900), tendered=50_000).result
    order = orders.by_number(session, answer["number"])
    assert (order.subtotal, order.rounding, order.total) == (31_465, -465, 31_000)
    assert answer["change"] == 19_000


def test_vat_is_taken_out_of_what_was_paid(session: Session) -> None:
    counter, sku = make_counter(session), make_sku(session)
    sku.product.vat_permille = 80
    stock_up(session, counter.shop, sku, 5)
    answer = counter.sell(session, SaleLine(sku.id, 1, 108_000)).result
    assert orders.by_number(session, answer["number"]).lines[0].vat_amount == 8_000


def test_too_little_money_is_not_a_sale(session: Session) -> None:
    counter, sku = make_counter(session), make_sku(session)
    with pytest.raises(TooLittle):
        counter.sell(session, SaleLine(sku.id, 1, 125_000), tendered=124_999)


@pytest.mark.parametrize(
    "faulty", [{"serials": ("A" * 16, "B" * 16)}, {"serials": ("A" * 16,) * 2}, {"unit_price": -1}]
)
def test_what_cannot_be_a_sale_is_refused(session: Session, faulty: dict[str, object]) -> None:
    counter, sku = make_counter(session), make_sku(session)
    quantity = 2 if faulty.get("serials") == ("A" * 16,) * 2 else 1
    values = {"sku_id": sku.id, "quantity": quantity, "unit_price": 125_000} | faulty
    with pytest.raises(BadSale):
        counter.sell(session, SaleLine(**values))  # type: ignore[arg-type]


def test_an_article_that_does_not_exist_is_refused(session: Session) -> None:
    counter = make_counter(session)
    with pytest.raises(UnknownSku):
        counter.sell(session, SaleLine(uuid4(), 1, 125_000))


def test_stars_are_kept_as_they_were_at_the_sale(session: Session) -> None:
    counter, sku = make_counter(session), make_sku(session)
    lot = stock_up(session, counter.shop, sku, 5, expires_on=date(2027, 1, 1))
    stamped(session, sku, lot=lot)
    answer = counter.sell(session, SaleLine(sku.id, 1, 125_000)).result
    assert orders.by_number(session, answer["number"]).lines[0].stars == 4

"""What is granted, turned down, received, and sent again; the books stay right."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.states import ForbiddenMove
from builders import BY_NOBODY, make_depot, make_offered, stock_up
from builders_aftersales import STAFF, grant, make_bought, make_case, settle
from pos.aftersales import claims, decisions, receiving
from pos.aftersales.models import Case
from pos.aftersales.receiving import Back
from pos.aftersales.status import CaseStatus, Condition, Wish
from pos.sales import fulfilment
from pos.sales.models import Order
from pos.sales.status import OrderStatus
from pos.stock.ledger import OutOfStock
from pos.stock.models import Balance, Movement, MovementKind
from pos.stock.verify import problems
from traceability import lots


@pytest.fixture(autouse=True)
def _books(session: Session) -> Iterator[None]:
    yield
    assert problems(session) == []


def came(case: Case, *parts: tuple[Condition, int]) -> list[Back]:
    row = case.lines[0]
    return [Back(row.id, row.line.picks[0].lot_id, kind, units) for kind, units in parts]


def on_hand(session: Session, order: Order) -> int:
    here = {"place_id": order.place_id, "lot_id": order.lines[0].picks[0].lot_id}
    return session.scalars(select(Balance.on_hand).filter_by(**here)).one()


def test_goods_that_came_go_where_they_belong(session: Session) -> None:
    order = make_bought(session)
    before = on_hand(session, order)
    case = make_case(session, order, 3)
    grant(session, case, back=True)
    assert case.status is CaseStatus.AWAITED
    parts = ((Condition.STOCK, 1), (Condition.QUARANTINE, 1), (Condition.WASTE, 1))
    receiving.receive(session, case, came(case, *parts), STAFF)
    moved = session.scalars(select(Movement).filter_by(kind=MovementKind.RETURN)).all()
    assert [(row.quantity, row.reference) for row in moved] == [(1, f"case:{case.number}")] * 3
    assert on_hand(session, order) == before + 1
    settle(session, case)
    assert case.amount == 330_000


def test_what_did_not_come_is_not_paid_and_free_again(session: Session) -> None:
    order = make_bought(session)
    case = make_case(session, order, 3)
    grant(session, case, back=True)
    receiving.receive(session, case, came(case, (Condition.QUARANTINE, 2)), STAFF)
    settle(session, case)
    assert case.amount == 200_000
    assert claims.free(session, order.lines[0]) == 1


def test_no_more_comes_back_than_was_granted(session: Session) -> None:
    case = make_case(session, make_bought(session), 3)
    grant(session, case, 2, back=True)
    with pytest.raises(receiving.TooManyBack):
        receiving.receive(session, case, came(case, (Condition.STOCK, 3)), STAFF)


def test_no_more_of_a_lot_comes_back_than_was_sold(session: Session) -> None:
    depot, sku = make_depot(session), make_offered(session, 100_000)
    stock_up(session, depot, sku, 2)
    stock_up(session, depot, sku, 5)
    order = make_bought(session, sku, 3, source=depot)
    case = make_case(session, order, 3)
    grant(session, case, back=True)
    assert sorted(pick.quantity for pick in order.lines[0].picks) in ([1, 2], [3])
    first = min(order.lines[0].picks, key=lambda pick: pick.quantity)
    too_many = [Back(case.lines[0].id, first.lot_id, Condition.STOCK, first.quantity + 1)]
    with pytest.raises(receiving.TooManyBack):
        receiving.receive(session, case, too_many, STAFF)


def test_goods_of_a_recalled_lot_are_not_sold_again(session: Session) -> None:
    order = make_bought(session)
    lot = lots.get(session, order.lines[0].picks[0].lot_id)
    case = make_case(session, order)
    grant(session, case, back=True)
    lots.recall(session, lot, reason="Nấm mốc", **BY_NOBODY)
    with pytest.raises(receiving.NotForSale):
        receiving.receive(session, case, came(case, (Condition.STOCK, 1)), STAFF)


def test_nothing_is_received_twice(session: Session) -> None:
    case = make_case(session, make_bought(session))
    grant(session, case, back=True)
    receiving.receive(session, case, came(case, (Condition.STOCK, 1)), STAFF)
    with pytest.raises(ForbiddenMove):
        receiving.receive(session, case, came(case, (Condition.STOCK, 1)), STAFF)


def test_a_case_that_is_turned_down_says_why_and_frees_its_units(session: Session) -> None:
    order = make_bought(session)
    case = make_case(session, order, 3)
    decisions.refuse(session, case, "Đã mở gói", STAFF)
    assert (case.status, case.decision) == (CaseStatus.REFUSED, "Đã mở gói")
    assert claims.free(session, order.lines[0]) == 3


def test_granting_nothing_is_turning_down(session: Session) -> None:
    case = make_case(session, make_bought(session), 2)
    with pytest.raises(decisions.NothingGranted):
        grant(session, case, 0)


def test_no_more_is_granted_than_was_asked(session: Session) -> None:
    case = make_case(session, make_bought(session), 2)
    with pytest.raises(decisions.NothingGranted):
        grant(session, case, 3)


def test_an_exchange_is_a_new_order_at_the_shops_expense(session: Session) -> None:
    order = make_bought(session)
    case = make_case(session, order, 2, wish=Wish.EXCHANGE)
    grant(session, case)
    settle(session, case)
    new = session.get_one(Order, case.exchange_id)
    assert (new.status, new.subtotal, new.total) == (OrderStatus.ACCEPTED, 200_000, 0)
    assert [(cut.amount, cut.bearer.value) for cut in new.discounts] == [(200_000, "shop")]
    fulfilment.pack(session, new, **BY_NOBODY)
    assert sum(pick.quantity for pick in new.lines[0].picks) == 2


def test_money_for_exchanged_goods_is_that_of_the_first(session: Session) -> None:
    order = make_bought(session)
    case = make_case(session, order, 2, wish=Wish.EXCHANGE)
    grant(session, case)
    settle(session, case)
    new = session.get_one(Order, case.exchange_id)
    for step in (fulfilment.pack, fulfilment.ship, fulfilment.deliver, fulfilment.complete):
        step(session, new, **BY_NOBODY)
    again = make_case(session, new, 2)
    grant(session, again)
    settle(session, again)
    assert again.amount == 200_000
    rest = make_case(session, order, 1)
    grant(session, rest)
    settle(session, rest)
    assert rest.amount == 130_000
    assert order.payments[0].refunded == order.total


def test_money_takes_the_place_of_goods_that_ran_out(session: Session) -> None:
    depot, sku = make_depot(session), make_offered(session, 100_000)
    stock_up(session, depot, sku, 3)
    order = make_bought(session, sku, 3, source=depot)
    case = make_case(session, order, 1, wish=Wish.EXCHANGE)
    grant(session, case)
    with session.begin_nested() as point:
        with pytest.raises(OutOfStock):
            settle(session, case)
        point.rollback()
    session.expire_all()
    settle(session, case, money_instead=True)
    assert (case.remedy, case.amount) == (Wish.MONEY, 100_000)

"""What goes back is what was paid for the units, to the đồng, and never more than came."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from builders import make_offered, stock_up
from builders_aftersales import STAFF, grant, make_bought, make_case, make_dry, settle
from builders_payments import make_refund, payment_of
from pos.aftersales import money
from pos.aftersales.models import Case
from pos.aftersales.status import CaseStatus, Reason, Wish
from pos.counter.posting import SaleLine
from pos.sales import orders, refunds
from pos.sales.models import OrderLine
from support.counter import make_counter


def repaid(session: Session, case: Case) -> int:
    return sum(r.amount for r in refunds.of_order(session, case.order_id))


def settled(session: Session, order: object, *units: int, **over: object) -> Case:
    case = make_case(session, order, *units, **over)  # type: ignore[arg-type]
    grant(session, case)
    settle(session, case)
    return case


@given(net=st.integers(0, 10**9), parts=st.lists(st.integers(0, 50), min_size=1, max_size=9))
def test_all_parts_together_are_the_line(net: int, parts: list[int]) -> None:
    quantity = max(1, sum(parts))
    line = OrderLine(line_total=net, discount=0, quantity=quantity)
    before, shares = 0, []
    for units in parts:
        shares.append(money.share(line, before, units))
        before += units
    assert all(share >= 0 for share in shares)
    assert sum(shares) == (net if before == quantity else 0)


def test_a_part_is_paid_without_the_way(session: Session) -> None:
    order = make_bought(session)
    case = settled(session, order, 2)
    assert (case.status, case.amount) == (CaseStatus.SETTLED, 200_000)
    assert repaid(session, case) == 200_000


def test_the_way_is_paid_when_everything_came_back_for_a_fault(session: Session) -> None:
    order = make_bought(session)
    assert settled(session, order, 2).amount == 200_000
    assert settled(session, order, 1).amount == 130_000
    assert payment_of(order).refunded == order.total


def test_a_changed_mind_pays_for_the_way(session: Session) -> None:
    order = make_bought(session, make_dry(session))
    case = settled(session, order, 3, reason=Reason.CHANGED_MIND)
    assert case.amount == 300_000


def test_one_changed_mind_keeps_the_way_paid(session: Session) -> None:
    order = make_bought(session, make_dry(session))
    settled(session, order, 1, reason=Reason.CHANGED_MIND)
    assert settled(session, order, 2).amount == 200_000


def test_what_was_taken_off_is_not_paid_back(session: Session) -> None:
    order = make_bought(session)
    line = order.lines[0]
    line.discount = order.discount = 100
    order.total -= 100
    payment_of(order).received -= 100
    session.flush()
    amounts = [settled(session, order, 1).amount for _ in range(3)]
    assert sum(amounts) == 299_900 + 30_000
    assert payment_of(order).refunded == payment_of(order).received


def test_money_with_the_carrier_is_waited_for(session: Session) -> None:
    order = make_bought(session, paid=False)
    case = make_case(session, order)
    grant(session, case)
    with pytest.raises(money.MoneyNotThere):
        settle(session, case)


def test_money_paid_back_before_is_not_paid_again(session: Session) -> None:
    order = make_bought(session)
    make_refund(session, order, 300_000)
    assert settled(session, order, 3).amount == 30_000


def test_only_granted_units_are_paid(session: Session) -> None:
    order = make_bought(session)
    case = make_case(session, order, 3)
    grant(session, case, 1)
    settle(session, case)
    assert case.amount == 100_000
    assert settled(session, order, 2).amount == 230_000


def test_words_pay_nothing(session: Session) -> None:
    case = make_case(session, make_bought(session), wish=Wish.EXPLANATION)
    grant(session, case)
    assert (case.status, case.amount, repaid(session, case)) == (CaseStatus.SETTLED, 0, 0)


def test_a_receipt_of_a_till_is_paid_back_to_the_last_note(session: Session) -> None:
    counter, sku = make_counter(session), make_offered(session, 125_400)
    lot = stock_up(session, counter.shop, sku, 5)
    sold = counter.sell(session, SaleLine(sku.id, 3, 125_400, lot.id))
    order = orders.by_number(session, sold.result["number"])
    assert (order.subtotal, order.total) == (376_200, 376_000)
    amounts = [settled(session, order, 1, by=STAFF).amount for _ in range(3)]
    assert amounts == [125_400, 125_400, 125_200]
    assert payment_of(order).refunded == order.total

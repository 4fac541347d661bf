"""Everyone claims the same units at once: no more are spoken for than were sold."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from sqlalchemy import func, select

from app.core.db import Database, reading, transaction
from app.core.errors import DomainError
from builders import BY_NOBODY
from builders_aftersales import STAFF, grant, make_bought, make_case, settle
from builders_shipping import make_packed
from pos.aftersales import cases
from pos.aftersales.models import Case, LineClaim
from pos.sales import orders, unpacking
from pos.sales.models import Order, Payment
from pos.sales.payment_models import Refund
from pos.stock.models import Movement
from pos.stock.verify import problems

RIVALS, UNITS = 24, 5
DONE = "done"

pytestmark = pytest.mark.race


def claim(order_id: UUID, locked: bool) -> str:
    """One unit of the order; without the lock only the database stands guard."""
    try:
        with transaction() as session:
            make_case(session, orders.get(session, order_id, lock=locked), 1, by=STAFF)
    except DomainError as error:
        return error.code
    return DONE


@pytest.mark.parametrize("locked", [True, False])
def test_twenty_four_rivals_get_five_units(real_database: Database, locked: bool) -> None:
    with transaction() as session:
        order_id = make_bought(session, quantity=UNITS).id
    with ThreadPoolExecutor(RIVALS) as pool:
        ends = Counter(pool.map(lambda _n: claim(order_id, locked), range(RIVALS)))
    with reading() as session:
        assert ends == {DONE: UNITS, "too_many_units": RIVALS - UNITS}
        assert session.scalar(select(func.count(Case.id))) == UNITS
        row = session.scalars(select(LineClaim)).one()
        assert (row.claimed, row.sold) == (UNITS, UNITS)


def pay(case_id: UUID) -> str:
    try:
        with transaction() as session:
            settle(session, cases.locked(session, case_id))
    except DomainError as error:
        return error.code
    return DONE


def test_a_case_is_paid_once_and_all_cases_together_what_came(real_database: Database) -> None:
    with transaction() as session:
        order = make_bought(session, quantity=UNITS)
        made = [make_case(session, order, 1) for _ in range(UNITS)]
        for case in made:
            grant(session, case)
        keys, total = [case.id for case in made] * 4, order.total
    with ThreadPoolExecutor(len(keys)) as pool:
        ends = Counter(pool.map(pay, keys))
    assert ends == {DONE: UNITS, "forbidden_move": 3 * UNITS}
    with reading() as session:
        assert session.scalar(select(func.sum(Refund.amount))) == total
        payment = session.scalars(select(Payment)).one()
        assert payment.refunded == payment.received == total


def unpack(order_id: UUID) -> str:
    try:
        with transaction() as session:
            order = orders.get(session, order_id, lock=True)
            unpacking.cancel(session, order, "Khách đổi ý", **BY_NOBODY)
    except DomainError as error:
        return error.code
    return DONE


def test_a_packed_order_is_unpacked_once(real_database: Database) -> None:
    with transaction() as session:
        order_id = make_packed(session, 2).id
    with ThreadPoolExecutor(8) as pool:
        ends = Counter(pool.map(unpack, [order_id] * 8))
    assert ends == {DONE: 1, "forbidden_move": 7}
    with reading() as session:
        back = select(func.count(Movement.id)).where(Movement.reverses_id.is_not(None))
        assert session.scalar(back) == 1
        assert session.scalar(select(Order.status)) == "cancelled"
        assert problems(session) == []

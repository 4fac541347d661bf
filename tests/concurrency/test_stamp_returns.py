"""One pack, many hands: its sale is ended once, and sold again once."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from app.core.db import Database, reading, transaction
from builders import NOW, STAMP_KEYS
from builders_returns import make_shelf
from traceability import returned, stamps
from traceability.return_models import StampReturn
from traceability.returned import Return

SALE, RIVALS = "order:PH-26-1", 12

pytestmark = pytest.mark.race


def sell(serial: str, reference: str) -> bool:
    with transaction() as session:
        sold = stamps.mark_sold(
            session, serial, reference=reference, place="Kho", now=NOW, keys=STAMP_KEYS
        )
    return not sold.already_sold


def back(serial: str, reference: str) -> bool:
    with transaction() as session:
        told = Return(SALE, reference, "Kho", NOW, None)
        return returned.mark_returned(session, serial, told, STAMP_KEYS)


@pytest.mark.parametrize("same", [True, False])
def test_two_returns_at_once_end_one_sale(real_database: Database, same: bool) -> None:
    with transaction() as session:
        serial = make_shelf(session).serials[0]
    assert sell(serial, SALE)
    names = [f"case:KN-{1 if same else number}" for number in range(RIVALS)]
    with ThreadPoolExecutor(RIVALS) as hands:
        done = list(hands.map(lambda name: back(serial, name), names))
    assert done.count(True) == 1
    with reading() as session:
        assert session.scalar(select(func.count(StampReturn.id))) == 1


def test_two_sales_at_once_after_a_return_are_one(real_database: Database) -> None:
    with transaction() as session:
        serial = make_shelf(session).serials[0]
    sell(serial, SALE)
    back(serial, "case:KN-1")
    with ThreadPoolExecutor(RIVALS) as hands:
        done = list(hands.map(lambda n: sell(serial, f"order:{n}"), range(RIVALS)))
    assert done.count(True) == 1

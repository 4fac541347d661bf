"""Sets and their parts are bought at once: no part is sold that is not there."""

import os
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from sqlalchemy import select

from app.core.db import Database, reading, transaction
from builders import NOW, make_depot, make_offered, make_set, stock_up
from pos.sales import placing
from pos.sales.lines import Item
from pos.sales.placing import Contact, Terms
from pos.sales.status import Delivery, Tender
from pos.stock import places
from pos.stock.ledger import OutOfStock
from pos.stock.models import Balance
from pos.stock.verify import problems

pytestmark = pytest.mark.race


def test_twenty_buyers_of_sets_and_parts_never_get_more_than_there_is(
    real_database: Database,
) -> None:
    with transaction() as session:
        depot, tea, honey = make_depot(session), make_offered(session), make_offered(session)
        stock_up(session, depot, tea, 15)
        stock_up(session, depot, honey, 100)
        bundle = make_set(session, {tea: 2, honey: 1})
        depot_id, tea_id, ids = depot.id, tea.id, (bundle.id, tea.id)

    def buy(number: int) -> int:
        """Units of tea that the buyer got."""
        wanted: UUID = ids[number % 2]
        try:
            with transaction() as session:
                contact = Contact(name="Người mua", phone="+84912345678", address="Phố Hiến")
                terms = Terms(Delivery.SHIP, places.get(session, depot_id), Tender.ON_DELIVERY)
                items = [Item(wanted, 1)]
                placing.place(session, items, contact, terms, now=NOW, randomness=os.urandom)
        except OutOfStock:
            return 0
        return 1 + (wanted == ids[0])

    with ThreadPoolExecutor(20) as pool:
        sold = sum(pool.map(buy, range(20)))
    with reading() as session:
        rows = session.scalars(select(Balance).filter_by(place_id=depot_id, sku_id=tea_id)).all()
        assert sum(row.reserved for row in rows) == sold
        assert 14 <= sold <= 15
        assert all(row.reserved <= row.on_hand for row in rows)
        assert problems(session) == []

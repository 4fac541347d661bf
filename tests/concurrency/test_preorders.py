"""Thirty buyers want the ten units of a harvest: ten get one each."""

import os
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from app.core.db import Database, reading, transaction
from builders import NOW, make_depot, make_offered, make_pre_order
from catalog.offer_models import PreOrder
from catalog.preorders import PreOrderFull
from pos.sales import placing
from pos.sales.lines import Item
from pos.sales.models import Order
from pos.sales.placing import Contact, Terms
from pos.sales.status import Delivery, Tender
from pos.stock import places

pytestmark = pytest.mark.race


def test_a_harvest_is_never_sold_twice(real_database: Database) -> None:
    with transaction() as session:
        depot, sku = make_depot(session), make_offered(session)
        pre = make_pre_order(session, sku, 10)
        depot_id, items = depot.id, [Item(sku.id, 1, pre.id)]

    def buy(_number: int) -> bool:
        try:
            with transaction() as session:
                contact = Contact(name="Người mua", phone="+84912345678", address="Phố Hiến")
                terms = Terms(Delivery.SHIP, places.get(session, depot_id), Tender.ON_DELIVERY)
                placing.place(session, items, contact, terms, now=NOW, randomness=os.urandom)
        except PreOrderFull:
            return False
        return True

    with ThreadPoolExecutor(30) as pool:
        assert sum(pool.map(buy, range(30))) == 10
    with reading() as session:
        assert session.scalars(select(PreOrder.taken)).one() == 10
        assert session.scalar(select(func.count(Order.id))) == 10

"""Everyone wants the last units at once: exactly as many are sold as there are."""

import os
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from sqlalchemy import func, select

from app.core.db import Database, reading, transaction
from builders import NOW, TODAY, make_depot, make_product, stock_up
from pos.sales import placing
from pos.sales.lines import Item
from pos.sales.models import Order
from pos.sales.placing import Contact, Terms
from pos.sales.status import Delivery, Tender
from pos.stock import places, reservations
from pos.stock.ledger import OutOfStock
from pos.stock.models import Balance, Place, PlaceKind
from pos.stock.reservations import Wanted
from pos.stock.verify import problems

BUYERS, UNITS = 200, 50

pytestmark = pytest.mark.race


def buy(sku_id: UUID, depot_id: UUID) -> bool:
    try:
        with transaction() as session:
            contact = Contact(name="Người mua", phone="+84912345678", address="Phố Hiến")
            source = places.get(session, depot_id)
            terms = Terms(Delivery.SHIP, source, Tender.ON_DELIVERY, fee=30_000)
            items = [Item(sku_id, 1)]
            placing.place(session, items, contact, terms, now=NOW, randomness=os.urandom)
    except OutOfStock:
        return False
    return True


def prepare(units: int) -> tuple[UUID, UUID]:
    with transaction() as session:
        product = make_product(session, publish=True)
        depot = make_depot(session)
        # Two lots, so that planning and booking can disagree about which one is left.
        stock_up(session, depot, product.skus[0], units // 2)
        stock_up(session, depot, product.skus[0], units - units // 2)
        return product.skus[0].id, depot.id


def test_two_hundred_buyers_get_fifty_units(real_database: Database) -> None:
    sku_id, depot_id = prepare(UNITS)
    with ThreadPoolExecutor(BUYERS) as pool:
        sold = sum(pool.map(lambda _n: buy(sku_id, depot_id), range(BUYERS)))
    with reading() as session:
        assert sold == UNITS
        assert session.scalar(select(func.count(Order.id))) == UNITS
        rows = session.scalars(select(Balance).where(Balance.place_id == depot_id)).all()
        assert sum(row.reserved for row in rows) == UNITS
        assert all(0 <= row.reserved <= row.on_hand for row in rows)
        assert problems(session) == []


def test_baskets_in_any_order_never_deadlock(real_database: Database) -> None:
    with transaction() as session:
        depot = make_depot(session)
        skus = [make_product(session, publish=True).skus[0] for _ in range(6)]
        for sku in skus:
            stock_up(session, depot, sku, 500)
        depot_id, ids = depot.id, [sku.id for sku in skus]

    def hold(number: int) -> None:
        turned = ids[number % 6 :] + ids[: number % 6]
        wanted = [Wanted(line, sku_id, 1) for line, sku_id in enumerate(turned, start=1)]
        with transaction() as session:
            reference = f"order:{number}"
            reservations.hold(session, reference, depot_id, wanted, day=TODAY, now=NOW)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(hold, range(120)))
    with reading() as session:
        reserved = select(func.sum(Balance.reserved)).where(Balance.place_id == depot_id)
        assert session.scalar(reserved) == 120 * 6
        assert problems(session) == []


def test_a_virtual_place_is_made_once_by_many(real_database: Database) -> None:
    def make(_number: int) -> UUID:
        with transaction() as session:
            return places.virtual(session, PlaceKind.CUSTOMER).id

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(make, range(24)))) == 1
    with reading() as session:
        kinds = select(func.count(Place.id)).where(Place.kind == PlaceKind.CUSTOMER)
        assert session.scalar(kinds) == 1

"""One cart in several windows, confirmed in all of them at once: it is ordered once."""

import os
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from app.core.db import Database, reading, transaction
from app.core.errors import DomainError
from app.storefront import cart as carts
from app.storefront import checkout
from app.storefront.checkout import Buyer, Details, Rules
from builders import NOW, make_depot, make_offered, stock_up
from pos.sales.models import Order
from pos.sales.placing import Contact
from pos.sales.status import Delivery
from pos.stock.models import Balance
from pos.stock.verify import problems

pytestmark = pytest.mark.race

WINDOWS = 6
LAN = Contact("Nguyễn Thị Lan", "+84912345678", address="12 Phố Hiến")
SHIP = Details(LAN, Delivery.SHIP, None, province="hung-yen")
GUEST = Buyer(None, "vi", Rules(free_from=500_000))


@pytest.mark.parametrize(("key", "met"), [("one", {"placed": 6}), ("", {"placed": 1, "empty": 5})])
def test_a_cart_is_ordered_once(real_database: Database, key: str, met: dict[str, int]) -> None:
    with transaction() as session:
        sku = make_offered(session)
        stock_up(session, make_depot(session), sku, 50)
        cart = carts.find_or_open(session, "a token", user_id=None, now=NOW)
        carts.add(session, cart, sku.id, 2, now=NOW)
    gate = threading.Barrier(WINDOWS)

    def confirm(number: int) -> str:
        gate.wait()
        try:
            with transaction() as session:
                mine = carts.find(session, "a token")
                form = {"key": key or f"form {number}", "now": NOW, "randomness": os.urandom}
                checkout.place(session, mine, SHIP, GUEST, **form)  # type: ignore[arg-type]
        except DomainError as error:
            return error.code.removesuffix("_order")
        return "placed"

    with ThreadPoolExecutor(WINDOWS) as pool:
        assert Counter(pool.map(confirm, range(WINDOWS))) == met
    with reading() as session:
        assert session.scalar(select(func.count(Order.id))) == 1
        assert session.scalar(select(func.sum(Balance.reserved))) == 2
        assert problems(session) == []

"""Orders that are paid before they are packed, made through the verbs."""

import os
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from builders import NOW, make_depot, stock_up
from catalog.models import Sku
from pos.sales import placing
from pos.sales.lines import Item
from pos.sales.models import Order
from pos.sales.status import Delivery, Tender


def make_prepaid(
    session: Session,
    sku: Sku,
    quantity: int = 1,
    *,
    tender: Tender = Tender.TRANSFER,
    now: datetime = NOW,
    **over: Any,
) -> Order:
    """A web order to be paid within a day before it is packed; 30,000 đồng for delivery."""
    source = over.pop("source", None)
    if source is None:
        source = make_depot(session)
        stock_up(session, source, sku, quantity + 10)
    contact = placing.Contact(
        "Trần Văn Bình", "+84987654321", email="binh@example.vn", address="3 Chợ Gạo"
    )
    terms = placing.Terms(Delivery.SHIP, source, tender, fee=30_000, pay_within=timedelta(hours=24))
    items = [Item(sku.id, quantity)]
    values: dict[str, Any] = {"now": now, "randomness": os.urandom}
    return placing.place(session, items, contact, terms, **(values | over))

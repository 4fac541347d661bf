"""Orders that are paid before their goods."""

import os
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from builders import BY_NOBODY, NOW, make_depot, make_offered, stock_up
from catalog.models import Sku
from pos.sales import placing, refunds
from pos.sales.lines import Item
from pos.sales.models import Order, Payment
from pos.sales.payment_models import Refund
from pos.sales.payment_status import RefundKind
from pos.sales.status import Delivery, Tender

TOTAL = 200_000


def make_prepaid(
    session: Session, tender: Tender = Tender.TRANSFER, sku: Sku | None = None, **over: Any
) -> Order:
    """A web order of 200,000 đồng, delivery included, to be paid within a day."""
    article = sku or make_offered(session, TOTAL - 30_000)
    source = over.pop("source", None) or make_depot(session)
    stock_up(session, source, article, 5)
    contact = placing.Contact("Nguyễn Thị Lan", "+84912345678", **over.pop("contact", {}))
    within = over.pop("within", timedelta(days=1))
    terms = placing.Terms(Delivery.SHIP, source, tender, fee=30_000, pay_within=within)
    values: dict[str, Any] = {"now": NOW, "randomness": os.urandom}
    return placing.place(session, [Item(article.id, 1)], contact, terms, **(values | over))


def payment_of(order: Order) -> Payment:
    """The only payment of an order."""
    (payment,) = order.payments
    return payment


def make_refund(session: Session, order: Order, amount: int, **over: Any) -> Refund:
    """Staff decide to pay a part of a paid order back."""
    values = {"kind": RefundKind.DECIDED, "reason": "Vỡ một lọ", "key": f"{order.number} {amount}"}
    return refunds.request(session, payment_of(order), amount, **(values | BY_NOBODY | over))

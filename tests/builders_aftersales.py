"""Cases about goods that buyers have, made through the verbs."""

import os
from typing import Any

from sqlalchemy.orm import Session

from builders import BY_NOBODY, NOW, make_offered, make_order
from catalog.models import Sku
from pos.aftersales import cases, decisions, rules
from pos.aftersales.cases import Claim
from pos.aftersales.decisions import Decision
from pos.aftersales.models import Case
from pos.aftersales.moves import By
from pos.aftersales.status import Reason, Wish
from pos.sales import fulfilment, orders
from pos.sales.models import Order

STAFF, BUYER = By(NOW, None), By(NOW, None, buyer=True)


def make_bought(
    session: Session, sku: Sku | None = None, quantity: int = 3, *, paid: bool = True, **over: Any
) -> Order:
    """A web order that its buyer has; 100,000 đồng each and 30,000 for the way, paid at the door."""
    article = sku or make_offered(session, 100_000)
    order = make_order(session, article, quantity, **over)
    orders.accept(session, order, **BY_NOBODY)
    fulfilment.pack(session, order, **BY_NOBODY)
    fulfilment.ship(session, order, **BY_NOBODY)
    fulfilment.deliver(session, order, **BY_NOBODY)
    if paid:
        fulfilment.complete(session, order, **BY_NOBODY)
    return order


def make_dry(session: Session) -> Sku:
    """An article that may also come back when nothing is wrong with it."""
    sku = make_offered(session, 100_000)
    sku.product.profile = "tea_herbal"
    session.flush()
    return sku


def a_claim(order: Order, *units: int, **over: Any) -> Claim:
    """The buyer says that these units of each line are broken."""
    named = {line.id: n for line, n in zip(order.lines, units, strict=False)}
    values = {"reason": Reason.DAMAGED, "wish": Wish.MONEY, "text": "Vỡ hai hộp"} | over
    return Claim(units=named, **values)


def make_case(session: Session, order: Order, *units: int, by: By = BUYER, **over: Any) -> Case:
    """A case about these units of each line, one of the first unless said."""
    claim = a_claim(order, *(units or (1,)), **over)
    return cases.open_case(session, order, claim, by, rules.current(), randomness=os.urandom)


def grant(session: Session, case: Case, *units: int, back: bool = False, **over: Any) -> None:
    """Grant these units of each line, all unless said."""
    asked = units or tuple(row.asked for row in case.lines)
    named = {row.id: n for row, n in zip(case.lines, asked, strict=False)}
    remedy = over.pop("remedy", case.wish)
    reason = over.pop("reason", "Lỗi của cửa hàng")
    decisions.accept(session, case, Decision(remedy, reason, named, back), STAFF)


def settle(session: Session, case: Case, **over: Any) -> None:
    """Pay back or send again what was granted."""
    decisions.settle(session, case, STAFF, randomness=os.urandom, **over)

"""Promotions and baskets for tests."""

from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from builders import BY_NOBODY, NOW
from catalog.models import PriceChannel
from pos.promotions import terms
from pos.promotions.engine import Basket, BasketLine
from pos.promotions.models import Promotion
from pos.promotions.plan import Plan
from pos.promotions.rules import Kind, Rule
from pos.promotions.vouchers import Person

LONGAN, HONEY, TEA = UUID(int=101), UUID(int=102), UUID(int=103)
MAKER, OTHER_MAKER = UUID(int=201), UUID(int=202)
FRUIT, DRINKS = UUID(int=301), UUID(int=302)
HERE, ELSEWHERE = UUID(int=401), UUID(int=402)


def line(total: int, quantity: int = 1, sku: UUID = LONGAN, **over: Any) -> BasketLine:
    """A line without its number; `basket` counts."""
    values = {"producer_id": MAKER, "category_id": FRUIT} | over
    return BasketLine(0, sku, quantity=quantity, line_total=total, **values)


def basket(*lines: BasketLine, **over: Any) -> Basket:
    """A basket of the online shop with a fee of 30,000 đồng."""
    numbered = tuple(
        BasketLine(n, x.sku_id, x.producer_id, x.category_id, x.quantity, x.line_total)
        for n, x in enumerate(lines, start=1)
    )
    values: dict[str, Any] = {
        "delivery_fee": 30_000,
        "place_id": HERE,
        "channel": PriceChannel.WEB,
        "moment": NOW,
    }
    return Basket(numbered, **(values | over))


def rule(kind: Kind = Kind.PERCENT, **over: Any) -> Rule:
    """Ten percent off everything, unless told otherwise."""
    key = over.pop("id", None) or uuid4()
    values: dict[str, Any] = {"source": f"promotion:{key}", "name": "Khuyến mại"}
    if kind in (Kind.PERCENT, Kind.GIFT):
        values["permille"] = 100 if kind is Kind.PERCENT else 1000
    return Rule(id=key, kind=kind, **(values | over))


def plan(kind: Kind = Kind.PERCENT, **over: Any) -> Plan:
    """Ten percent off everything from this morning on, borne by the shop."""
    values: dict[str, Any] = {"name_vi": "Mừng mùa nhãn", "starts_at": NOW}
    if kind is Kind.PERCENT:
        values["permille"] = 100
    return Plan(kind=kind, **(values | over))


def make_promotion(session: Session, kind: Kind = Kind.PERCENT, **over: Any) -> Promotion:
    """An automatic promotion."""
    return terms.create(session, plan(kind, **over), by_code=False, **BY_NOBODY)


def make_voucher(
    session: Session, code: str = "NHAN2026", kind: Kind = Kind.PERCENT, **over: Any
) -> Promotion:
    """A promotion with one common code."""
    return terms.create(session, plan(kind, **over), by_code=True, code=code, **BY_NOBODY)


LAN, NAM = Person(phone="+84912345678"), Person(phone="+84987654321")
GOODS = basket(line(100_000))

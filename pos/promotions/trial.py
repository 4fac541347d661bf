"""What a rule would take off some goods at today's prices: for staff who write it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.core.clock import local_day
from app.core.errors import Rejected
from app.core.text import N_
from catalog import pricing
from catalog.models import PriceChannel, Sku
from pos.promotions import reading
from pos.promotions.engine import Basket, BasketLine, evaluate, missing
from pos.promotions.models import PromotionTerms

MOST_LINES, MOST_QUANTITY = 20, 100_000


class BadTrial(Rejected):
    """A line is not a code and a quantity, or the article has no price."""

    code = "promotion_bad_trial"
    message = N_(
        "Write one article in each line: its code, a blank, the quantity. Not so: %(line)s"
    )


@dataclass(frozen=True)
class TrialLine:
    """One article: its name, base units, price and what is taken off, in đồng."""

    name: str
    quantity: int
    total: int
    off: int


@dataclass(frozen=True)
class Trial:
    """The outcome; `missing` đồng would have to be added before the rule holds."""

    lines: Sequence[TrialLine]
    fee: int
    fee_off: int
    missing: int

    @property
    def off(self) -> int:
        """Đồng taken off in all."""
        return sum(line.off for line in self.lines) + self.fee_off

    @property
    def to_pay(self) -> int:
        """Đồng that are left, delivery included."""
        return sum(line.total for line in self.lines) + self.fee - self.off


def run(session: Session, terms: PromotionTerms, text: str, fee: int, now: datetime) -> Trial:
    """Try the terms alone, as if they held now. `text`: a code and a quantity in each line.

    Raises `BadTrial`.
    """
    channel = terms.channel if terms.channel is not PriceChannel.ANY else PriceChannel.WEB
    wanted = _wanted(text)
    found = _articles(session, [code for code, _quantity in wanted])
    prices = pricing.prices(session, [s.id for s in found.values()], channel, local_day(now))
    lines = []
    for number, (code, quantity) in enumerate(wanted, start=1):
        sku = found.get(code)
        if sku is None or sku.id not in prices:
            raise BadTrial(line=code)
        total = prices[sku.id].for_quantity(quantity)
        maker, shelf = sku.product.producer_id, sku.product.category_id
        lines.append(BasketLine(number, sku.id, maker, shelf, quantity, total))
    rule = replace(reading.rules(session, [terms], {})[0], starts_at=None, ends_at=None)
    place = next(iter(sorted(rule.places)), None)
    basket = Basket(tuple(lines), fee, place, channel, now)
    off: dict[int | None, int] = {}
    for cut in evaluate([rule], basket):
        off[cut.line_no] = off.get(cut.line_no, 0) + cut.amount
    shown = [
        TrialLine(_name(found[code]), line.quantity, line.line_total, off.get(line.line_no, 0))
        for (code, _quantity), line in zip(wanted, lines, strict=True)
    ]
    return Trial(shown, fee, off.get(None, 0), missing(rule, basket))


def _name(sku: Sku) -> str:
    return f"{sku.product.name_vi} · {sku.name_vi}"


def _wanted(text: str) -> list[tuple[str, int]]:
    rows = [line.split() for line in text.splitlines() if line.strip()]
    if not 1 <= len(rows) <= MOST_LINES:
        raise BadTrial(line=len(rows))
    return [_row(row) for row in rows]


def _row(words: list[str]) -> tuple[str, int]:
    code, quantity = words[0], words[1] if len(words) == 2 else "1"
    whole = quantity.isascii() and quantity.isdigit() and len(quantity) <= 6
    if len(words) > 2 or not whole or not 1 <= int(quantity) <= MOST_QUANTITY:
        raise BadTrial(line=" ".join(words))
    return code, int(quantity)


def _articles(session: Session, codes: Sequence[str]) -> dict[str, Sku]:
    query = select(Sku).where(Sku.code.in_(codes)).options(joinedload(Sku.product))
    return {sku.code: sku for sku in session.scalars(query)}

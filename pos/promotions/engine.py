"""What promotions and one voucher take off a basket. Pure: rules and a basket in, cuts out.

Order of reckoning: automatic promotions first, on each line the one that is best for the buyer; then
at most one voucher on what is left. A rule that stands alone is weighed against all the others
together, and the buyer gets what is worth more. No line and no fee is ever cut below zero.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.core.money import split
from catalog.models import PriceChannel
from pos.promotions.bearers import Bearer
from pos.promotions.kinds import Piece, shares
from pos.promotions.rules import Kind, Reach, Rule


@dataclass(frozen=True)
class BasketLine:
    """One line: `quantity` base units for `line_total` đồng."""

    line_no: int
    sku_id: UUID
    producer_id: UUID | None
    category_id: UUID | None
    quantity: int
    line_total: int


@dataclass(frozen=True)
class Basket:
    """What somebody is about to buy. `place_id` is where the goods come from, when known."""

    lines: tuple[BasketLine, ...]
    delivery_fee: int
    place_id: UUID | None
    channel: PriceChannel
    moment: datetime


@dataclass(frozen=True)
class Cut:
    """Đồng taken off a line, or off the delivery fee without one, and who bears them."""

    line_no: int | None
    amount: int
    bearer: Bearer
    source: str
    name: str


@dataclass(frozen=True)
class _Part:
    rule: Rule
    line_no: int | None
    amount: int


def evaluate(rules: Iterable[Rule], basket: Basket) -> list[Cut]:
    """The cuts that are best for the buyer; the same ones whatever the order of the rules.

    Where two ways are worth the same, the one without voucher counts.
    """
    found = sorted((rule for rule in rules if applies(rule, basket)), key=lambda rule: rule.id)
    best = max(_ways(found, basket), key=lambda parts: sum(part.amount for part in parts))
    return [cut for part in _in_order(best) for cut in _borne(part)]


def applies(rule: Rule, basket: Basket) -> bool:
    """Whether the rule holds now, here, and for enough of the goods."""
    here = rule.sold_by(basket.channel) and rule.sold_at(basket.place_id)
    return here and rule.holds_at(basket.moment) and missing(rule, basket) == 0


def reached(rule: Rule, basket: Basket) -> list[BasketLine]:
    """The lines that the rule speaks of."""
    return _covered(rule, rule.reach, basket)


def missing(rule: Rule, basket: Basket) -> int:
    """Đồng by which the goods that the rule reaches fall short of its minimum; without goods at
    least one."""
    worth = sum(line.line_total for line in reached(rule, basket))
    return max(0, max(rule.minimum, 1) - worth)


def _covered(rule: Rule, reach: Reach, basket: Basket) -> list[BasketLine]:
    # Nobody can say who bears a producer's part of goods without a producer.
    return [
        line
        for line in basket.lines
        if reach.covers(line.sku_id, line.category_id, line.producer_id)
        and not (rule.needs_producer and line.producer_id is None)
    ]


def _ways(rules: Sequence[Rule], basket: Basket) -> Iterator[list[_Part]]:
    """Every allowed combination; the automatic ones without voucher come first."""
    automatic = [rule for rule in rules if not rule.voucher and not rule.alone]
    base = _automatic(automatic, basket)
    yield base
    yield from ([*_parts(rule, basket, [])] for rule in rules if rule.alone and not rule.voucher)
    for rule in rules:
        if rule.voucher:
            before = [] if rule.alone else base
            yield [*before, *_parts(rule, basket, before)]


def _automatic(rules: Sequence[Rule], basket: Basket) -> list[_Part]:
    best: dict[int | None, _Part] = {}
    for part in (part for rule in rules for part in _parts(rule, basket, [])):
        known = best.get(part.line_no)
        if known is None or part.amount > known.amount:
            best[part.line_no] = part
    return list(best.values())


def _parts(rule: Rule, basket: Basket, before: Sequence[_Part]) -> list[_Part]:
    """What the rule takes off what `before` has left."""
    taken: dict[int | None, int] = {part.line_no: part.amount for part in before}
    if rule.kind is Kind.DELIVERY:
        fee = basket.delivery_fee - taken.get(None, 0)
        found: Iterable[tuple[int | None, int]] = [(None, min(fee, rule.cap or fee))]
    else:
        found = _of_goods(rule, basket, taken).items()
    return [_Part(rule, line_no, amount) for line_no, amount in found if amount > 0]


def _of_goods(rule: Rule, basket: Basket, taken: dict[int | None, int]) -> dict[int, int]:
    def pieces(lines: Iterable[BasketLine]) -> list[Piece]:
        left = ((line, line.line_total - taken.get(line.line_no, 0)) for line in lines)
        return [Piece(line.line_no, line.quantity, worth) for line, worth in left]

    gifts = None if rule.gift is None else pieces(_covered(rule, rule.gift, basket))
    return shares(rule, pieces(reached(rule, basket)), gifts)


def _in_order(parts: Iterable[_Part]) -> list[_Part]:
    """By line, the fee last; promotions before the voucher."""
    last = 1 << 30
    return sorted(
        parts, key=lambda p: (last if p.line_no is None else p.line_no, p.rule.voucher, p.rule.id)
    )


def _borne(part: _Part) -> Iterator[Cut]:
    rule = part.rule
    amounts = split(part.amount, [share for _bearer, share in rule.bearers])
    for (bearer, _share), amount in zip(rule.bearers, amounts, strict=True):
        if amount:
            yield Cut(part.line_no, amount, bearer, rule.source, rule.name)

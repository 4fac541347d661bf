"""What one rule takes off each line, by its kind. Pure; whole đồng that add up exactly."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from app.core.money import round_div, split
from pos.promotions.rules import WHOLE, Kind, Rule


@dataclass(frozen=True)
class Piece:
    """A line as a rule sees it: `quantity` base units for which `worth` đồng are still to be paid."""

    line_no: int
    quantity: int
    worth: int


def shares(rule: Rule, bought: Sequence[Piece], gifts: Sequence[Piece] | None) -> dict[int, int]:
    """Đồng by line, never more than the line is worth.

    `gifts` are the lines that can be given; None: what is bought is given, too.
    """
    if rule.kind is Kind.GIFT:
        return _gift(rule, bought, gifts)
    if rule.kind is Kind.DELIVERY:
        return {}
    worth = [piece.worth for piece in bought]
    whole = sum(worth)
    wanted = round_div(whole * rule.permille, WHOLE) if rule.kind is Kind.PERCENT else rule.amount
    parts = split(_capped(rule, min(wanted, whole)), worth)
    return {piece.line_no: part for piece, part in zip(bought, parts, strict=True)}


def _capped(rule: Rule, amount: int) -> int:
    return amount if rule.cap is None else min(amount, rule.cap)


def _gift(rule: Rule, bought: Sequence[Piece], gifts: Sequence[Piece] | None) -> dict[int, int]:
    # What can be the gift is not counted as bought, or one unit would earn itself.
    given = bought if gifts is None else gifts
    paid = [p for p in bought if gifts is None or p.line_no not in {g.line_no for g in gifts}]
    units = sum(piece.quantity for piece in paid)
    free = _free_of_same(rule, units) if gifts is None else units // rule.buy * rule.get
    values = _cheapest(given, free, rule.permille)
    parts = split(_capped(rule, sum(values.values())), list(values.values()))
    return dict(zip(values, parts, strict=True))


def _free_of_same(rule: Rule, units: int) -> int:
    """Units that are free among `units`: of buy 2, get 1 the third, the sixth, and so on."""
    groups, rest = divmod(units, rule.buy + rule.get)
    return groups * rule.get + max(0, rest - rule.buy)


def _cheapest(pieces: Sequence[Piece], free: int, permille: int) -> dict[int, int]:
    """What comes off when the `free` cheapest units cost `permille` less."""
    values: dict[int, int] = {}
    for piece in sorted(pieces, key=lambda p: (Fraction(p.worth, p.quantity), p.line_no)):
        units = min(free, piece.quantity)
        values[piece.line_no] = round_div(piece.worth * units * permille, piece.quantity * WHOLE)
        free -= units
    return values

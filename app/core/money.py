"""Whole đồng. Prices include VAT; this module alone rounds.

One rounding rule: half up, away from zero, per line (as printed on Vietnamese invoices).
"""

from collections.abc import Sequence


def round_div(numerator: int, denominator: int) -> int:
    """Integer division rounded half up, symmetric around zero. `denominator` > 0."""
    sign = -1 if numerator < 0 else 1
    return sign * ((2 * abs(numerator) + denominator) // (2 * denominator))


def line_total(amount: int, per_quantity: int, quantity: int) -> int:
    """Đồng for `quantity` base units at `amount` đồng per `per_quantity` base units."""
    return round_div(amount * quantity, per_quantity)


def vat_inside(gross: int, rate_permille: int) -> int:
    """VAT contained in a gross amount: 108,000 at 80 ‰ holds 8,000."""
    return round_div(gross * rate_permille, 1000 + rate_permille)


def split(amount: int, weights: Sequence[int]) -> list[int]:
    """Divide `amount` by `weights` so that the parts add up exactly (largest remainder).

    Weights are not negative; when all are zero nothing can be divided and all parts are zero.
    """
    total = sum(weights)
    if total == 0:
        return [0] * len(weights)
    parts = [amount * w // total for w in weights]
    by_remainder = sorted(range(len(weights)), key=lambda i: (-(amount * weights[i] % total), i))
    for i in by_remainder[: amount - sum(parts)]:
        parts[i] += 1
    return parts


def cash_rounding(total: int, step: int) -> int:
    """What to add to `total` so that it can be paid in notes of `step` đồng."""
    return round_div(total, step) * step - total if step > 1 else 0


def format_vnd(amount: int) -> str:
    """125000 → «125.000 ₫», with a no-break space; grouped by points as in Vietnam."""
    sign = "−" if amount < 0 else ""
    return f"{sign}{abs(amount):,}".replace(",", ".") + "\u00a0₫"

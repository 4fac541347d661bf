"""What an article cost before, and when that may be said. Đồng; pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from catalog.models import PriceChannel

LOOK_BACK = timedelta(days=30)
FRESH = timedelta(days=90)
YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Step:
    """From a day on, `amount` đồng for `per_quantity` base units in one channel."""

    begins: date
    amount: int
    per_quantity: int
    own: bool  # the channel's own price, which goes before a general one


@dataclass(frozen=True)
class Spell:
    """The price that was really asked from `begins` until the next spell begins."""

    begins: date
    amount: int
    per_quantity: int


def steps_by_sku(rows: Iterable[Any]) -> dict[UUID, list[Step]]:
    """The steps of each SKU out of the rows of `pricing.query`."""
    found: dict[UUID, list[Step]] = {}
    for row in rows:
        own = row.channel is not PriceChannel.ANY
        step = Step(row.valid_from, row.amount, row.per_quantity, own)
        found.setdefault(row.sku_id, []).append(step)
    return found


def spells(steps: Sequence[Step]) -> list[Spell]:
    """The prices as they were asked, the oldest first; neighbours always differ."""
    found: list[Spell] = []
    for day in sorted({step.begins for step in steps}):
        asked = max((s for s in steps if s.begins <= day), key=lambda s: (s.own, s.begins))
        spell = Spell(day, asked.amount, asked.per_quantity)
        if not found or (found[-1].amount, found[-1].per_quantity) != (
            spell.amount,
            spell.per_quantity,
        ):
            found.append(spell)
    return found


def was(steps: Sequence[Step], day: date) -> int | None:
    """The former price that may stand beside the present one, or None.

    House rule, so that nothing is made dear in order to look cheap: the lowest price asked in the 30
    days before the present one began, if that is higher than the present one, for the same quantity,
    and only for the first 90 days.
    """
    asked = [spell for spell in spells(steps) if spell.begins <= day]
    if len(asked) < 2 or day - asked[-1].begins > FRESH:
        return None
    now, since = asked[-1], asked[-1].begins - LOOK_BACK
    ends = [after.begins for after in asked[1:]]
    before = [spell for spell, end in zip(asked, ends, strict=False) if end > since]
    if any(spell.per_quantity != now.per_quantity for spell in before):
        return None
    lowest = min(spell.amount for spell in before)
    return lowest if lowest > now.amount else None


def last_year(steps: Sequence[Step], day: date) -> list[Spell]:
    """The prices of the last year, the newest first, none that is still to come."""
    asked = [spell for spell in spells(steps) if spell.begins <= day]
    ends = [*(after.begins for after in asked[1:]), date.max]
    kept = [spell for spell, end in zip(asked, ends, strict=False) if end > day - YEAR]
    return kept[::-1]

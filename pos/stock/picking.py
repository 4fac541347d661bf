"""Which lots serve a quantity: first expired, first out. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class LotStock:
    """Free units of one lot at one place. Candidates come sorted: last day of sale, then age."""

    lot_id: UUID
    free: int


@dataclass(frozen=True)
class LotPick:
    """So many units of this lot."""

    lot_id: UUID
    quantity: int


def plan(candidates: Iterable[LotStock], quantity: int) -> tuple[list[LotPick], int]:
    """Lots to take in the order given, and how many units no lot could serve."""
    picks: list[LotPick] = []
    for candidate in candidates:
        if quantity == 0:
            break
        part = min(candidate.free, quantity)
        if part > 0:
            picks.append(LotPick(candidate.lot_id, part))
            quantity -= part
    return picks, quantity

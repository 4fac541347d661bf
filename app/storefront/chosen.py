"""What the front page sets out: products with stars, products in season. Values only."""

from collections import Counter
from collections.abc import Sequence
from datetime import date

from sqlalchemy.orm import Session

from app.storefront.cards import Card, by_ids
from app.storefront.index import Index, Mask
from app.storefront.index_rows import YES

FEWEST_STARS = "3"
ROUNDS = 3  # as many times what is shown is looked through for different kinds
ORDER = "stars"


def starred(session: Session, index: Index, day: date, *, limit: int) -> Sequence[Card]:
    """Products whose stars are in force: in stock first, and one of each kind before a second."""
    held, stocked = _having(index, "stars", FEWEST_STARS), _having(index, "in_stock", YES)
    ids = index.page(held & stocked, ORDER, 0, ROUNDS * limit)
    ids += index.page(held & ~stocked, ORDER, 0, max(0, limit - len(ids)))
    seen: Counter[str] = Counter()
    ranked = []
    for place, card in enumerate(by_ids(session, ids, day)):
        ranked.append(((card.available == 0, seen[card.illustration], place), card))
        seen[card.illustration] += 1
    return [card for _rank, card in sorted(ranked, key=lambda pair: pair[0])[:limit]]


def in_season(session: Session, index: Index, day: date, *, limit: int) -> Sequence[Card]:
    """Products whose season it is, most stars first."""
    ids = index.page(_having(index, "season", YES), ORDER, 0, limit)
    return by_ids(session, ids, day)


def _having(index: Index, column: str, value: str) -> Mask:
    mask = index.columns[column].mask(value)
    return ~index.everything if mask is None else mask

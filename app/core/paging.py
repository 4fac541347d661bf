"""A page of a list, as a value."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")

MAX_PAGE = 100_000


@dataclass(frozen=True)
class Page(Generic[T]):
    """`items` of page `number` (from 1) out of `total` rows in steps of `size`."""

    items: Sequence[T]
    number: int
    size: int
    total: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.size))

    @property
    def has_prev(self) -> bool:
        return self.number > 1

    @property
    def has_next(self) -> bool:
        return self.number < self.pages


def page_number(text: str | None) -> int:
    """The page asked for; anything that is not a sensible number means the first page."""
    if text is None or not text.isascii() or not text.isdigit() or len(text) > 9:
        return 1
    return min(max(int(text), 1), MAX_PAGE)

"""The published products in memory: what narrows and orders a listing, as columns of numbers.

Counting a dozen facets over a hundred thousand products takes a database seconds and an array a
millisecond. The index holds no text of products and nothing that is sold by: cards, prices and stock
on a page are read from the database, the index only says which products and in which order.
"""

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol
from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

Mask = NDArray[np.bool_]
Ints = NDArray[np.int64]

# At most this share of one core is spent on keeping the index fresh, however large it is.
_REST = 20
MOST_SEARCHES = 256


@dataclass(frozen=True)
class Value:
    """One value of a facet: as it stands in an address, and its name."""

    value: str
    name_vi: str
    name_en: str | None = None


class Column(Protocol):
    """What can narrow a listing."""

    @property
    def values(self) -> Sequence[Value]:
        """All values, also those that nothing has."""

    def mask(self, value: str) -> Mask | None:
        """The products that have this value; None when there is no such value."""

    def counts(self, passing: Mask) -> Ints:
        """For each of `values`, how many of the passing products have it."""


@dataclass(frozen=True)
class Pairs:
    """A facet as pairs: product `rows[i]` has value `codes[i]`; a product may have several or none."""

    size: int
    values: Sequence[Value]
    rows: Ints
    codes: Ints

    def mask(self, value: str) -> Mask | None:
        code = next((n for n, known in enumerate(self.values) if known.value == value), None)
        if code is None:
            return None
        found = np.zeros(self.size, dtype=bool)
        found[self.rows[self.codes == code]] = True
        return found

    def counts(self, passing: Mask) -> Ints:
        return np.bincount(self.codes[passing[self.rows]], minlength=len(self.values))


@dataclass(frozen=True)
class AtMost:
    """A facet by limit: value `n` fits the products that bear `limits[n]` or more."""

    values: Sequence[Value]
    limits: Ints
    bears: Ints

    def mask(self, value: str) -> Mask | None:
        for known, limit in zip(self.values, self.limits, strict=True):
            if known.value == value:
                return np.asarray(self.bears >= limit)
        return None

    def counts(self, passing: Mask) -> Ints:
        bears = self.bears[passing]
        return np.array([np.count_nonzero(bears >= limit) for limit in self.limits], dtype=np.int64)


@dataclass(frozen=True)
class Index:
    """`ids[row]` are the products; `orders` holds the rows in each order a listing can have."""

    ids: Sequence[UUID]
    columns: Mapping[str, Column]
    orders: Mapping[str, Ints]
    _rows: Mapping[UUID, int] = field(repr=False)
    _searches: dict[tuple[str, ...], Mask] = field(default_factory=dict, repr=False)

    @property
    def everything(self) -> Mask:
        """All products."""
        return np.ones(len(self.ids), dtype=bool)

    def searched(self, words: tuple[str, ...], find: Callable[[], Sequence[UUID]]) -> Mask:
        """The products that `find` finds for these words; a search is kept as long as the index."""
        if words not in self._searches:
            if len(self._searches) >= MOST_SEARCHES:
                self._searches.clear()
            found = np.zeros(len(self.ids), dtype=bool)
            found[[self._rows[key] for key in find() if key in self._rows]] = True
            self._searches[words] = found
        return self._searches[words]

    def page(self, passing: Mask, order: str, start: int, size: int) -> list[UUID]:
        """The keys of `size` passing products from place `start` on, in an order."""
        rows = self.orders[order]
        chosen = rows[passing[rows]][start : start + size]
        return [self.ids[row] for row in chosen]


Build = Callable[[Session, date], Index]


@dataclass
class _Kept:
    index: Index
    day: date
    made: float
    took: float


_kept: dict[Any, _Kept] = {}
_building = threading.Lock()


def current(session: Session, day: date, build: Build, *, seconds: float) -> Index:
    """The index of `day`, at most `seconds` old; older when building takes long.

    One request builds it anew, the others go on with the old one. `seconds` 0: always anew.
    """
    key = session.get_bind().engine.url
    kept = _kept.get(key)
    if seconds and kept is not None and kept.day == day:
        fresh = time.monotonic() - kept.made < max(seconds, _REST * kept.took)
        if fresh or not _building.acquire(blocking=False):
            return kept.index
    else:
        _building.acquire()
    try:
        begun = time.monotonic()
        index = build(session, day)
        done = time.monotonic()
        if seconds:
            _kept[key] = _Kept(index, day, done, done - begun)
    finally:
        _building.release()
    return index


def forget() -> None:
    """Drop every kept index."""
    _kept.clear()

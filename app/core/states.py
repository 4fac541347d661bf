"""State tables: which move is allowed from where, as data."""

from collections.abc import Iterable, Mapping
from typing import Generic, TypeVar

from app.core.enums import LabelledEnum
from app.core.errors import Conflict
from app.core.text import N_

S = TypeVar("S", bound=LabelledEnum)


class ForbiddenMove(Conflict):
    """The object is in a state from which this step is not allowed."""

    code = "forbidden_move"
    message = N_("It is “%(current)s” now and cannot become “%(to)s”.")


class Moves(Generic[S]):
    """Allowed moves of one kind of object: `Moves({A: {B, C}, B: {D}})`."""

    def __init__(self, table: Mapping[S, Iterable[S]]) -> None:
        self._table = {state: frozenset(targets) for state, targets in table.items()}

    def allowed(self, current: S) -> frozenset[S]:
        """All states that can follow `current`."""
        return self._table.get(current, frozenset())

    def to(self, current: S, target: S) -> S:
        """Return `target`; raise `ForbiddenMove` when it may not follow `current`."""
        if target not in self.allowed(current):
            raise ForbiddenMove(current=current.label, to=target.label)
        return target

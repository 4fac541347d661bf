"""Whether the master keys in hand are those of the batches that were issued."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.enums import LabelledEnum
from traceability import digests
from traceability.issued import KeyMissing, Keys, key_of
from traceability.models import StampBatch

# Batches up to this size have their digest computed anew in any case.
SMALL = 100_000


class KeyState(LabelledEnum):
    """What is known of one batch; told on the console only, in English."""

    RIGHT = "right", "right"
    UNKNOWN = "unknown", "not looked at"
    MISSING = "missing", "key missing"
    WRONG = "wrong", "another key"


@dataclass(frozen=True)
class Finding:
    """One issued batch, and whether its key is here."""

    ref: str
    epoch: int
    size: int
    state: KeyState

    @property
    def bad(self) -> bool:
        """Whether stamps of this batch cannot be checked with the keys in hand."""
        return self.state in {KeyState.MISSING, KeyState.WRONG}


def findings(session: Session, keys: Keys, *, full: bool = False) -> Iterator[Finding]:
    """All issued batches; with `full` every digest is computed anew, however long it takes."""
    query = select(StampBatch).where(StampBatch.generated_at.is_not(None))
    for batch in session.scalars(query.order_by(StampBatch.generated_at, StampBatch.ref)):
        state = _state(batch, keys, full=full)
        yield Finding(batch.ref, batch.key_epoch, batch.size, state)


def _state(batch: StampBatch, keys: Keys, *, full: bool) -> KeyState:
    try:
        key = key_of(batch, keys)
    except KeyMissing:
        return KeyState.MISSING
    if batch.key_check is not None and batch.key_check != digests.key_check(key):
        return KeyState.WRONG
    if batch.serials_digest is not None and (full or batch.size <= SMALL):
        same = digests.compute(batch, keys) == batch.serials_digest
        return KeyState.RIGHT if same else KeyState.WRONG
    return KeyState.UNKNOWN if batch.key_check is None else KeyState.RIGHT

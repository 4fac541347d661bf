"""One issued stamp: from serial to batch and number and back, what became of it, its sale.

No row exists for a stamp until someone touches it: `find` deciphers batch and number from its
serial. Master keys are handed in by epoch and never stored.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, bindparam, select, update
from sqlalchemy.orm import Session, joinedload

from app.accounts import audit
from app.core.db import insert_if_new
from app.core.enums import LabelledEnum
from app.core.errors import Conflict, DomainError, NotFound
from app.core.text import N_
from catalog.models import Producer, Product, Sku
from traceability import gs1, ranges, serials
from traceability.models import Lot, RangeState, StampBatch, StampItem, StampRange

Keys = Mapping[int, bytes]


class StampState(LabelledEnum):
    """What has become of one stamp."""

    NOT_ACTIVATED = "not_activated", N_("Not activated")
    ACTIVATED = "activated", N_("Activated")
    SOLD = "sold", N_("Sold")
    VOID = "void", N_("Void")
    RECALLED = "recalled", N_("Recalled")


_OBSTACLES = {
    StampState.NOT_ACTIVATED: N_("it is not activated"),
    StampState.SOLD: N_("it was sold already"),
    StampState.VOID: N_("it is void"),
    StampState.RECALLED: N_("it is recalled"),
}


class UnknownStamp(NotFound):
    """The serial is not one that was issued."""

    code = "unknown_stamp"
    message = N_("This stamp was not issued here.")


class NotIssued(Conflict):
    """The serials of the batch do not exist yet."""

    code = "not_issued"
    message = N_("The stamps of this batch have not been generated yet.")


class AlreadyVoid(Conflict):
    """The stamp is void already."""

    code = "already_void"
    message = N_("This stamp is void already.")


class KeyMissing(DomainError):
    """The master key of the batch's epoch is not among the settings: nothing can be said."""

    code = "stamp_key_missing"
    message = N_("The key of these stamps is missing on this server.")


@dataclass(frozen=True)
class Stamp:
    """One issued stamp: where it comes from and what is known of it. `number` counts from 0."""

    serial: str
    batch: StampBatch
    number: int
    lot: Lot
    item: StampItem | None
    state: StampState
    void_reason: str | None = None

    def obstacle(self) -> str | None:
        """Msgid of why a pack with this stamp may not be sold, or None; says nothing of the lot."""
        return _OBSTACLES.get(self.state)


@dataclass(frozen=True)
class SoldResult:
    """What came of noting a sale; `already_sold` when another sale had been noted before.

    `before` is what the stamp was until then: a sale of a void or never activated one is a fact
    that someone must look into.
    """

    stamp: Stamp
    before: StampState
    already_sold: bool


def void_item(
    session: Session,
    serial: str,
    *,
    reason: str,
    now: datetime,
    actor_id: UUID | None,
    keys: Keys,
) -> Stamp:
    """Declare one stamp void. Raises `UnknownStamp`, `AlreadyVoid`."""
    stamp = get(session, serial, keys)
    if stamp.state is StampState.VOID:
        raise AlreadyVoid
    values = {"void_at": now, "void_reason": reason}
    if not _write_item(session, stamp, values, StampItem.void_at.is_(None)):
        raise AlreadyVoid
    detail = {"ref": stamp.batch.ref, "number": stamp.number, "reason": reason}
    obj = ("stamp_batch", stamp.batch.id)
    audit.record(session, "stamps.void_item", obj, actor_id=actor_id, now=now, detail=detail)
    return get(session, serial, keys)


def mark_sold(
    session: Session, serial: str, *, reference: str, place: str, now: datetime, keys: Keys
) -> SoldResult:
    """Note the sale of the pack: `reference` such as `order:DH-2611-0042`, `place` as people know it.

    The first sale stays; a later one under another reference is told so and changes nothing. That a
    stamp is not activated or void does not stop the note: look at `before`. Raises `UnknownStamp`.
    """
    stamp = get(session, serial, keys)
    before = stamp.state
    values = {"sold_at": now, "sold_reference": reference, "sold_place": place}
    noted = _write_item(session, stamp, values, StampItem.sold_at.is_(None))
    stamp = get(session, serial, keys)
    same = stamp.item is not None and stamp.item.sold_reference == reference
    return SoldResult(stamp, before, already_sold=not noted and not same)


def _write_item(
    session: Session, stamp: Stamp, values: dict[str, object], unless: ColumnElement[bool]
) -> bool:
    """Write to the stamp's row if `unless` still holds or there is none yet; True if written."""
    key = {"batch_id": stamp.batch.id, "number": stamp.number}
    if insert_if_new(session, StampItem, {**key, "scan_count": 0, **values}):
        return True
    guarded = update(StampItem).filter_by(**key).where(unless).values(**values)
    return session.execute(guarded.returning(StampItem.number)).first() is not None


def key_of(batch: StampBatch, keys: Keys) -> bytes:
    """The batch's own key. Raises `KeyMissing`."""
    master = keys.get(batch.key_epoch)
    if master is None:
        raise KeyMissing
    return serials.batch_key(master, batch.identity, batch.ref)


def get(session: Session, serial: str, keys: Keys) -> Stamp:
    """The stamp; raises `UnknownStamp`."""
    found = find(session, serial, keys)
    if found is None:
        raise UnknownStamp
    return found


def find(session: Session, serial: str, keys: Keys) -> Stamp | None:
    """The issued stamp with this canonical serial, with everything its page needs; two queries.

    Raises `KeyMissing`.
    """
    batch = _issued_batch(session, serial) if serials.parse(serial) else None
    if batch is None:
        return None
    key = key_of(batch, keys)
    number = serials.index_of(key, batch.identity, batch.ref, serial, batch.size)
    return None if number is None else _stamp(session, serial, batch, number)


def _issued_batch(session: Session, serial: str) -> StampBatch | None:
    return session.scalar(_ISSUED, {"ref": serial[: serials.REF_LENGTH]})


# Put together once: building a query costs more than asking it, and every scan asks these.
_ISSUED = (
    select(StampBatch)
    .where(StampBatch.ref == bindparam("ref"), StampBatch.generated_at.is_not(None))
    .options(
        joinedload(StampBatch.lot),
        joinedload(StampBatch.sku)
        .joinedload(Sku.product)
        .joinedload(Product.producer)
        .joinedload(Producer.area),
        joinedload(StampBatch.recognition),
    )
)
_NUMBER = bindparam("number", type_=StampItem.number.type)
_TOUCHED = (
    select(StampItem, StampRange)
    .select_from(StampBatch)
    .outerjoin(StampItem, and_(StampItem.batch_id == StampBatch.id, StampItem.number == _NUMBER))
    .outerjoin(
        StampRange,
        and_(
            StampRange.batch_id == StampBatch.id,
            StampRange.first <= _NUMBER,
            StampRange.last >= _NUMBER,
        ),
    )
    .where(StampBatch.id == bindparam("batch"))
    .execution_options(populate_existing=True)
)


def _stamp(session: Session, serial: str, batch: StampBatch, number: int) -> Stamp:
    query, values = _TOUCHED, {"batch": batch.id, "number": number}
    item, run = session.execute(query, values).one()
    lot = session.get_one(Lot, run.lot_id) if run else batch.lot
    reason = item.void_reason if item and item.void_at else run.reason if run else None
    return Stamp(serial, batch, number, lot, item, _state(item, run), reason)


def _state(item: StampItem | None, run: StampRange | None) -> StampState:
    if (item and item.void_at) or (run and run.state is RangeState.VOID):
        return StampState.VOID
    if run and run.state is RangeState.RECALLED:
        return StampState.RECALLED
    if item and item.sold_at:
        return StampState.SOLD
    return StampState.ACTIVATED if run else StampState.NOT_ACTIVATED


def stamp_urls(
    base_url: str, batch: StampBatch, first: int, count: int, keys: Keys
) -> Iterator[tuple[str, str]]:
    """(address, serial) of `count` stamps from number `first` on, as they are printed.

    Raises `NotIssued`, `OutsideBatch`, `KeyMissing`, before the first.
    """
    if batch.generated_at is None:
        raise NotIssued
    ranges.check_inside(batch, first, first + count - 1)
    issued = serials.serials(key_of(batch, keys), batch.identity, batch.ref, first, count)
    start = f"{base_url.rstrip('/')}/t/"
    if batch.has_gtin:
        start = gs1.digital_link(base_url, batch.identity, "0").removesuffix("0")
    return ((start + serial, serial) for serial in issued)

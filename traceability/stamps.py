"""Stamps by the batch: request, approve, generate, print, deliver, activate, void.

What one stamp is and what became of it is in `issued`; callers find both here.
"""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts import audit
from app.core.codes import Randomness
from app.core.errors import Conflict, NotFound, Rejected
from app.core.states import Moves
from app.core.text import N_
from app.core.types import Json
from catalog.models import Sku
from catalog.recognition_models import Recognition
from catalog.recognitions import in_force_on
from traceability import digests, gs1, journal, lots, ranges, serials
from traceability.issued import (
    AlreadyVoid,
    KeyMissing,
    Keys,
    NotIssued,
    SoldResult,
    Stamp,
    StampState,
    UnknownStamp,
    find,
    get,
    key_of,
    mark_sold,
    stamp_urls,
    void_item,
)
from traceability.models import (
    BatchStatus,
    JournalKind,
    Lot,
    LotStatus,
    RangeState,
    StampBatch,
    StampRange,
)
from traceability.stopping import recall_range, void_range

__all__ = [
    "BATCH_MOVES",
    "FEWEST_STARS",
    "AlreadyVoid",
    "BadSize",
    "BadStampIdentity",
    "KeyMissing",
    "Keys",
    "LotNotReleased",
    "NoRecognition",
    "NotDelivered",
    "NotIssued",
    "SoldResult",
    "Stamp",
    "StampState",
    "TooManyStamps",
    "UnknownBatch",
    "UnknownStamp",
    "activate",
    "approve",
    "deliver",
    "find",
    "generate",
    "get",
    "get_batch",
    "key_of",
    "mark_printed",
    "mark_sold",
    "recall_range",
    "refuse",
    "request",
    "requested",
    "stamp_urls",
    "void_item",
    "void_range",
]

# The programme's mark may stand on products of three stars and more (1162/QĐ-VPĐP-OCOP).
FEWEST_STARS = 3

BATCH_MOVES = Moves(
    {
        BatchStatus.REQUESTED: {BatchStatus.APPROVED, BatchStatus.REFUSED},
        BatchStatus.APPROVED: {BatchStatus.GENERATED, BatchStatus.REFUSED},
        BatchStatus.GENERATED: {BatchStatus.PRINTED},
        BatchStatus.PRINTED: {BatchStatus.DELIVERED},
    }
)


class UnknownBatch(NotFound):
    """No such stamp batch."""

    code = "unknown_batch"
    message = N_("This stamp batch does not exist.")


class NoRecognition(Conflict):
    """No recognition of three stars or more is in force: the mark may not be used."""

    code = "no_recognition"
    message = N_("The product has no OCOP recognition of 3 stars or more in force today.")


class LotNotReleased(Conflict):
    """Stamps go on goods of released lots only."""

    code = "lot_not_released"
    message = N_("The lot is not released.")


class BadSize(Rejected):
    """A batch has 1 to 16,777,216 stamps."""

    code = "bad_batch_size"
    message = N_("A batch has 1 to %(most)s stamps.")


class TooManyStamps(Rejected):
    """More stamps than the lot has packs; `remaining` is how many are still free."""

    code = "too_many_stamps"
    message = N_("The lot has room for only %(remaining)s more stamps.")


class BadStampIdentity(Rejected):
    """Neither the GTIN nor the code of the article can go into a serial."""

    code = "bad_stamp_identity"
    message = N_("The article needs a valid GTIN or a code of plain letters and digits.")


class NotDelivered(Conflict):
    """Stamps are activated once they are in the producer's hands."""

    code = "not_delivered"
    message = N_("The stamps have not been delivered yet.")


def request(
    session: Session,
    lot: Lot,
    size: int,
    *,
    day: date,
    now: datetime,
    actor_id: UUID | None,
    epoch: int,
    randomness: Randomness,
    pin: bool = False,
) -> StampBatch:
    """Ask for `size` stamps for a released lot; with `pin` each has a code to scratch free.

    Raises `LotNotReleased`, `NoRecognition`, `BadSize`, `TooManyStamps`, `BadStampIdentity`.
    """
    _lock(session, lot)
    if lot.status is not LotStatus.RELEASED:
        raise LotNotReleased
    if not 1 <= size <= serials.MAX_SIZE:
        raise BadSize(most=serials.MAX_SIZE)
    recognition = _recognition(session, lot.sku.product_id, day)
    remaining = lot.quantity_declared - requested(session, lot)
    if size > remaining:
        raise TooManyStamps(remaining=max(remaining, 0), detail={"remaining": remaining})
    batch = StampBatch(
        ref=_free_ref(session, randomness),
        sku=lot.sku,
        identity=_identity(lot.sku),
        has_gtin=lot.sku.gtin is not None,
        key_epoch=epoch,
        lot=lot,
        recognition=recognition,
        size=size,
        has_pin=pin,
        status=BatchStatus.REQUESTED,
        requested_by=actor_id,
        requested_at=now,
    )
    session.add(batch)
    session.flush()
    _audit(session, "stamps.request", batch, now, actor_id, lot=str(lot.id), size=size)
    return batch


def _lock(session: Session, row: Lot | StampBatch) -> None:
    """Read the row as it is now and keep others from changing it until the transaction ends."""
    session.flush()
    session.refresh(row, with_for_update=True)


def requested(session: Session, lot: Lot) -> int:
    """How many stamps were asked for, for this lot; refused ones do not count."""
    query = select(func.coalesce(func.sum(StampBatch.size), 0))
    query = query.where(StampBatch.lot_id == lot.id, StampBatch.status != BatchStatus.REFUSED)
    return int(session.scalar(query) or 0)


def _recognition(session: Session, product_id: UUID, day: date) -> Recognition:
    found = session.scalar(
        select(Recognition)
        .where(Recognition.product_id == product_id, Recognition.stars >= FEWEST_STARS)
        .where(in_force_on(day))
        .order_by(Recognition.valid_until.desc())
        .limit(1)
    )
    if found is None:
        raise NoRecognition
    return found


def _identity(sku: Sku) -> str:
    try:
        identity = gs1.gtin14(sku.gtin) if sku.gtin else sku.code
    except gs1.InvalidGtin as error:
        raise BadStampIdentity from error
    if not identity.isascii():
        raise BadStampIdentity
    return identity


def _free_ref(session: Session, randomness: Randomness) -> str:
    while True:
        ref = serials.new_ref(randomness)
        if session.scalar(select(StampBatch.id).filter_by(ref=ref)) is None:
            return ref


def approve(session: Session, batch: StampBatch, *, now: datetime, actor_id: UUID | None) -> None:
    """Allow the stamps to be generated. Raises `ForbiddenMove`."""
    _move(session, batch, BatchStatus.APPROVED, now, actor_id)
    batch.approved_at = now


def refuse(
    session: Session, batch: StampBatch, *, reason: str, now: datetime, actor_id: UUID | None
) -> None:
    """Turn the request down; its stamps are free for another. Raises `ForbiddenMove`."""
    _move(session, batch, BatchStatus.REFUSED, now, actor_id, reason=reason)
    batch.status_reason = reason


def generate(
    session: Session,
    batch: StampBatch,
    *,
    day: date,
    now: datetime,
    actor_id: UUID | None,
    keys: Keys,
) -> None:
    """Issue the serials: from now on they exist, and the batch is bound to them.

    Takes the same time for any size; the digest of all serials follows by the worker.
    Raises `ForbiddenMove`, `NoRecognition` when it ended meanwhile, `KeyMissing`.
    """
    _move(session, batch, BatchStatus.GENERATED, now, actor_id)
    batch.recognition = _recognition(session, batch.sku.product_id, day)
    batch.generated_at = now
    digests.commit_to(session, batch, keys, now=now)


def mark_printed(
    session: Session, batch: StampBatch, *, now: datetime, actor_id: UUID | None
) -> None:
    """Note that the sheets are printed. Raises `ForbiddenMove`."""
    _move(session, batch, BatchStatus.PRINTED, now, actor_id)
    batch.printed_at = now


def deliver(session: Session, batch: StampBatch, *, now: datetime, actor_id: UUID | None) -> None:
    """Note that the producer has the stamps. Raises `ForbiddenMove`."""
    _move(session, batch, BatchStatus.DELIVERED, now, actor_id)
    batch.delivered_at = now


def _move(
    session: Session,
    batch: StampBatch,
    to: BatchStatus,
    now: datetime,
    actor_id: UUID | None,
    **detail: object,
) -> None:
    _lock(session, batch)
    before = batch.status
    batch.status = BATCH_MOVES.to(before, to)
    _audit(session, "stamps.move", batch, now, actor_id, before=before, after=to, **detail)


def _audit(
    session: Session,
    action: str,
    batch: StampBatch,
    now: datetime,
    actor_id: UUID | None,
    **detail: object,
) -> None:
    values: Json = {"ref": batch.ref} | detail
    obj = ("stamp_batch", batch.id)
    audit.record(session, action, obj, actor_id=actor_id, now=now, detail=values)


def activate(
    session: Session,
    batch: StampBatch,
    first: int,
    last: int,
    *,
    now: datetime,
    actor_id: UUID | None,
) -> StampRange:
    """Put stamps `first` to `last` (from 0, both counted) to use on goods of the batch's lot.

    Raises `NotDelivered`, `OutsideBatch`, `LotNotReleased`, `NotReleasable` when data that a consumer
    must find are missing, `RangeOverlap`.
    """
    # Whoever activates the same stamps at the same time waits here, then finds the overlap.
    _lock(session, batch)
    if batch.status is not BatchStatus.DELIVERED:
        raise NotDelivered
    ranges.check_inside(batch, first, last)
    _lock(session, batch.lot)
    if batch.lot.status is not LotStatus.RELEASED:
        raise LotNotReleased
    # What a consumer must find may have been taken away since the lot was released.
    lots.check_minimum(batch.lot)
    for found in ranges.overlapping(session, batch, first, last)[:1]:
        raise ranges.refuse(found)
    made = ranges.add(
        session,
        batch,
        (first, last),
        RangeState.ACTIVATED,
        lot=batch.lot,
        now=now,
        actor_id=actor_id,
    )
    _audit(session, "stamps.activate", batch, now, actor_id, first=first, last=last)
    # How many stamps there are is the producer's business; which batch stands on every stamp.
    kind, text = JournalKind.STAMPED, batch.ref
    journal.append(session, batch.lot, kind, occurred_at=now, text=text, now=now, actor_id=actor_id)
    return made


def get_batch(session: Session, batch_id: UUID) -> StampBatch:
    """The batch; raises `UnknownBatch`."""
    found = session.get(StampBatch, batch_id)
    if found is None:
        raise UnknownBatch
    return found

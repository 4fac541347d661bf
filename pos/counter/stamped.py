"""The stamps of a sale: note each as sold, and tell what is wrong with it. Never refuses."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from pos.counter.models import DiscrepancyKind
from pos.counter.notes import Notes
from pos.sales import orders
from traceability import stamps
from traceability.issued import KeyMissing, Stamp, StampState

NOT_VALID = frozenset({StampState.VOID, StampState.NOT_ACTIVATED})


def note_sold(
    session: Session,
    notes: Notes,
    serial: str,
    sku_id: UUID,
    lot_id: UUID | None,
    *,
    now: datetime,
    keys: Mapping[int, bytes],
) -> None:
    """Note that the pack under `serial` was sold as `sku_id` (out of `lot_id` if that is known)."""
    stamp = find(session, serial, keys)
    if stamp is None:
        notes.stamp(DiscrepancyKind.STAMP_UNKNOWN, sku_id, serial)
        return
    if stamp.state in NOT_VALID:
        notes.stamp(DiscrepancyKind.STAMP_NOT_VALID, sku_id, serial)
    if stamp.lot.sku_id != sku_id or lot_id not in (None, stamp.lot.id):
        notes.stamp(DiscrepancyKind.STAMP_MISMATCH, sku_id, serial)
    order = notes.order
    sold = stamps.mark_sold(
        session,
        serial,
        reference=orders.reference_of(order),
        place=order.place.name,
        now=now,
        keys=keys,
    )
    if sold.already_sold:
        notes.stamp(DiscrepancyKind.STAMP_SOLD, sku_id, serial)


def find(session: Session, serial: str, keys: Mapping[int, bytes]) -> Stamp | None:
    """The stamp, or None when it was not issued here or its key is not on this server."""
    try:
        return stamps.find(session, serial, keys)
    except KeyMissing:
        return None

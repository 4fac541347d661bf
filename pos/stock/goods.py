"""Goods coming in, going elsewhere and leaving otherwise than by sale. Repeatable by key."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import operations
from app.core.errors import Conflict, Rejected
from app.core.text import N_
from app.core.types import Json
from catalog.models import Sku
from pos.stock import places
from pos.stock.ledger import Line, Posting, post
from pos.stock.models import Movement, MovementKind, Place, PlaceKind
from pos.stock.taking import Take, take_strict
from traceability import journal, lots
from traceability.models import JournalKind, Lot, LotStatus


class LotNotReleased(Conflict):
    """Goods of this lot must not come to a point."""

    code = "lot_not_released"
    message = N_("Lot %(lot)s is not released, so it cannot be received.")


class LotNeeded(Rejected):
    """These goods are received by lot, or not at all."""

    code = "lot_needed"
    message = N_("These goods are not received without a lot.")


class ReasonMissing(Rejected):
    """Goods are never written off without saying why."""

    code = "reason_missing"
    message = N_("Say why the goods are written off.")


class AlreadyReversed(Conflict):
    """A movement can be reversed once."""

    code = "already_reversed"
    message = N_("This has already been reversed.")


@dataclass(frozen=True)
class Act:
    """Who does it, when, and the key that makes it repeatable."""

    key: str
    now: datetime
    actor_id: UUID | None


def receive(
    session: Session, place: Place, lot: Lot, quantity: int, act: Act
) -> operations.Outcome:
    """Goods of a released lot arrive at a real place from their producer.

    Raises `LotNotReleased`, `BadQuantity`.
    """

    def effect(operation_id: UUID) -> Json:
        if lot.status is not LotStatus.RELEASED:
            raise LotNotReleased(lot=lot.code)
        source = places.virtual(session, PlaceKind.PRODUCER)
        posting = _posting(act, operation_id, MovementKind.RECEIVE, f"receive:{place.code}")
        post(session, posting, [Line(source.id, place.id, lot.sku_id, lot.id, quantity)])
        journal.append(
            session,
            lot,
            JournalKind.RECEIVED,
            place=place.name,
            occurred_at=act.now,
            now=act.now,
            actor_id=act.actor_id,
        )
        return {"quantity": quantity}

    return _once(session, "stock.receive", act, [place.id, lot.id, quantity], effect)


def receive_without_lot(
    session: Session, place: Place, sku: Sku, quantity: int, act: Act
) -> operations.Outcome:
    """Goods that need no lot arrive; their owner is the producer. Raises `LotNeeded`, `BadQuantity`."""
    if sku.product.needs_lot or not sku.product.counted:
        raise LotNeeded
    owner = sku.product.producer
    lot = lots.standing(session, sku, owner, now=act.now, actor_id=act.actor_id)
    return receive(session, place, lot, quantity, act)


def transfer(
    session: Session, source: Place, target: Place, takes: Sequence[Take], act: Act, *, day: date
) -> operations.Outcome:
    """Free goods go from one real place to another. Raises `OutOfStock`, `SamePlace`."""

    def effect(operation_id: UUID) -> Json:
        posting = _posting(act, operation_id, MovementKind.TRANSFER, f"transfer:{target.code}")
        take_strict(session, posting, source.id, target.id, takes, day=day)
        return {"lines": len(takes)}

    body = [source.id, target.id, [(t.sku_id, t.quantity, t.lot_id) for t in takes]]
    return _once(session, "stock.transfer", act, body, effect)


def write_off(
    session: Session, place: Place, lot: Lot, quantity: int, reason: str, act: Act
) -> operations.Outcome:
    """Goods are spoilt, broken or lost; any lot, also an expired one. Raises `OutOfStock`,
    `ReasonMissing`."""

    def effect(operation_id: UUID) -> Json:
        if not reason.strip():
            raise ReasonMissing
        waste = places.virtual(session, PlaceKind.WASTE)
        reference = f"write_off:{place.code}"
        posting = _posting(act, operation_id, MovementKind.WRITE_OFF, reference, reason.strip())
        post(session, posting, [Line(place.id, waste.id, lot.sku_id, lot.id, quantity)])
        return {"quantity": quantity}

    body = [place.id, lot.id, quantity, reason]
    return _once(session, "stock.write_off", act, body, effect)


def reverse(session: Session, movement: Movement, reason: str, act: Act) -> operations.Outcome:
    """Book the exact opposite of a movement, once. Raises `AlreadyReversed`, `OutOfStock`."""

    def effect(operation_id: UUID) -> Json:
        if session.scalar(select(Movement.id).filter_by(reverses_id=movement.id)):
            raise AlreadyReversed
        kind, reference = MovementKind.REVERSAL, movement.reference
        posting = _posting(act, operation_id, kind, reference, reason.strip() or None)
        line = Line(
            movement.to_place_id,
            movement.from_place_id,
            movement.sku_id,
            movement.lot_id,
            movement.quantity,
        )
        post(session, posting, [line], reverses=[movement.id])
        return {"movement": movement.id}

    return _once(session, "stock.reverse", act, [movement.id, reason], effect)


def _posting(
    act: Act, operation_id: UUID, kind: MovementKind, reference: str, reason: str | None = None
) -> Posting:
    return Posting(
        operation_id=operation_id,
        kind=kind,
        reference=reference,
        occurred_at=act.now,
        recorded_at=act.now,
        actor_id=act.actor_id,
        reason=reason,
    )


def _once(
    session: Session, kind: str, act: Act, body: object, effect: operations.Effect
) -> operations.Outcome:
    return operations.once(session, kind=kind, key=act.key, body=body, now=act.now, effect=effect)

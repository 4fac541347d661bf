"""The stock ledger. `post` is the only writer of movements and balances.

Double entry: goods leave one place and enter another, so they are neither made nor lost. Balances
change in the same transaction by guarded updates, rows always in the same order, so two posts can
wait for each other but never deadlock.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from app.core.db import insert_if_new
from app.core.errors import Conflict, Rejected
from app.core.text import N_
from pos.stock.models import PHYSICAL, Balance, Movement, MovementKind, Place

MAX_QUANTITY = 1_000_000_000

Key = tuple[UUID, UUID]  # (place, lot)


class OutOfStock(Conflict):
    """Not enough goods; `detail` lists {sku_id, wanted, available} for each short line."""

    code = "out_of_stock"
    message = N_("There is not enough stock.")


class BadQuantity(Rejected):
    """Quantities are whole numbers of base units above zero."""

    code = "bad_quantity"
    message = N_("The quantity must be a whole number above zero.")


class SamePlace(Rejected):
    """Goods cannot move from a place to itself."""

    code = "same_place"
    message = N_("The goods are already there; choose another place.")


@dataclass(frozen=True)
class Line:
    """`quantity` base units of a lot going from one place to another."""

    from_place_id: UUID
    to_place_id: UUID
    sku_id: UUID
    lot_id: UUID
    quantity: int


@dataclass(frozen=True)
class Posting:
    """Why and when goods moved: what all movements of one act have in common.

    `occurred_at` is claimed by whoever reports it; `recorded_at` is our own clock.
    """

    operation_id: UUID
    kind: MovementKind
    reference: str
    occurred_at: datetime
    recorded_at: datetime
    actor_id: UUID | None
    reason: str | None = None


def post(
    session: Session,
    posting: Posting,
    lines: Sequence[Line],
    *,
    unreserve: Mapping[Key, int] | None = None,
    reverses: Sequence[int] | None = None,
) -> None:
    """Write the movements and change the balances; `unreserve` ends promises in the same breath.

    Raises `BadQuantity`, `SamePlace`, and `OutOfStock` when a real place would fall below what is
    promised there. Nothing is kept then, once the caller's transaction is rolled back.
    """
    _check(lines)
    if not lines:
        return
    physical = _physical(session, lines)
    changes: dict[Key, int] = defaultdict(int)
    skus: dict[UUID, UUID] = {}
    for line in lines:
        skus[line.lot_id] = line.sku_id
        changes[line.from_place_id, line.lot_id] -= line.quantity
        changes[line.to_place_id, line.lot_id] += line.quantity
    freed = unreserve or {}
    # Real places first: takers lock them while choosing lots, before any virtual place.
    for place_id, lot_id in sorted(changes, key=lambda key: (not physical[key[0]], key)):
        key = (place_id, lot_id)
        _change(session, key, skus[lot_id], physical[place_id], changes[key], freed.get(key, 0))
    _write(session, posting, lines, reverses)


def _check(lines: Sequence[Line]) -> None:
    for line in lines:
        if not 0 < line.quantity <= MAX_QUANTITY:
            raise BadQuantity
        if line.from_place_id == line.to_place_id:
            raise SamePlace


def _physical(session: Session, lines: Sequence[Line]) -> dict[UUID, bool]:
    ids = {line.from_place_id for line in lines} | {line.to_place_id for line in lines}
    rows = session.execute(select(Place.id, Place.kind).where(Place.id.in_(ids)))
    return {place_id: kind in PHYSICAL for place_id, kind in rows}


def _change(
    session: Session, key: Key, sku_id: UUID, physical: bool, change: int, freed: int
) -> None:
    place_id, lot_id = key
    if change >= 0 or not physical:
        fresh = {"place_id": place_id, "lot_id": lot_id, "sku_id": sku_id, "physical": physical}
        insert_if_new(session, Balance, fresh | {"on_hand": 0, "reserved": 0})
    step = (
        update(Balance)
        .where(Balance.place_id == place_id, Balance.lot_id == lot_id)
        .values(on_hand=Balance.on_hand + change, reserved=Balance.reserved - freed)
        .execution_options(synchronize_session=False)
    )
    if physical:
        step = step.where(
            Balance.reserved >= freed, Balance.on_hand + change >= Balance.reserved - freed
        )
    if session.execute(step).rowcount == 0:  # type: ignore[attr-defined]
        wanted = {"sku_id": str(sku_id), "lot_id": str(lot_id), "wanted": -change}
        raise OutOfStock(detail=[wanted])


def _write(
    session: Session, posting: Posting, lines: Sequence[Line], reverses: Sequence[int] | None
) -> None:
    common = {
        "operation_id": posting.operation_id,
        "kind": posting.kind,
        "reference": posting.reference,
        "occurred_at": posting.occurred_at,
        "recorded_at": posting.recorded_at,
        "actor_id": posting.actor_id,
        "reason": posting.reason,
    }
    rows = [
        common
        | line.__dict__
        | {"line_no": number, "reverses_id": reverses[number - 1] if reverses else None}
        for number, line in enumerate(lines, start=1)
    ]
    session.execute(insert(Movement), rows)

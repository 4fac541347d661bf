"""Calling off an order that is packed and has not left: its goods go back as they came.

The table of moves of orders says nothing of it, so that no other verb can leave `PACKED` backwards
without its goods. What was picked stays on record: picks are never deleted.
"""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from app.accounts import audit
from app.core import operations
from app.core.errors import Conflict, Rejected
from app.core.states import Moves
from app.core.text import N_
from app.core.types import Json
from pos.sales import orders, payments
from pos.sales.models import Order
from pos.sales.status import OrderStatus
from pos.stock.ledger import Line, Posting, post
from pos.stock.models import Movement, MovementKind
from traceability import returned

_S = OrderStatus
UNPACK_MOVES = Moves({_S.PACKED: {_S.ACCEPTED, _S.PAID}})


class NoReasonToUnpack(Rejected):
    """The buyer is told why."""

    code = "no_reason_to_unpack"
    message = N_("Say why; the buyer reads it.")


class NothingToUnpack(Conflict):
    """Its goods went back before."""

    code = "nothing_to_unpack"
    message = N_("The goods of this order are back already.")


def cancel(
    session: Session,
    order: Order,
    reason: str,
    *,
    now: datetime,
    actor_id: UUID | None,
    keys: Mapping[int, bytes] | None = None,
) -> None:
    """Put the goods of a packed order back to lot and place, call it off, and request that the
    money which has come goes back. `order` must be locked; `keys` are those of its stamps, which
    can be sold again.

    Raises `NoReasonToUnpack`, `ForbiddenMove` when it is not packed or has left.
    """
    if not reason:
        raise NoReasonToUnpack
    _open(session, order, reason, now, actor_id)
    _reverse(session, order, reason, now, actor_id)
    _unsell(session, order, now, actor_id, keys or {})
    orders.cancel(session, order, reason, now=now, actor_id=actor_id)
    payments.end(session, order, now=now, actor_id=actor_id)
    session.flush()


def _open(
    session: Session, order: Order, reason: str, now: datetime, actor_id: UUID | None
) -> None:
    """Back to where it was before it was packed. The buyer hears only of the end."""
    before = order.status
    to = OrderStatus.ACCEPTED if order.paid_at is None else OrderStatus.PAID
    order.status = UNPACK_MOVES.to(before, to)
    order.packed_at = None
    detail = {"before": before.value, "after": to.value, "reason": reason}
    obj = ("order", order.id)
    audit.record(session, "order.unpack", obj, actor_id=actor_id, now=now, detail=detail)


def _reverse(
    session: Session, order: Order, reason: str, now: datetime, actor_id: UUID | None
) -> None:
    sold = _sold(session, order)
    if not sold and any(line.picks for line in order.lines):
        raise NothingToUnpack
    lines = [Line(m.to_place_id, m.from_place_id, m.sku_id, m.lot_id, m.quantity) for m in sold]
    reference = orders.reference_of(order)

    def effect(operation_id: UUID) -> Json:
        kind = MovementKind.REVERSAL
        posting = Posting(operation_id, kind, reference, now, now, actor_id, reason)
        post(session, posting, lines, reverses=[movement.id for movement in sold])
        return {"order": order.number}

    key = f"unpack:{order.id}"
    body = str(order.id)
    operations.once(session, kind="order.unpack", key=key, body=body, now=now, effect=effect)


def _unsell(
    session: Session,
    order: Order,
    now: datetime,
    actor_id: UUID | None,
    keys: Mapping[int, bytes],
) -> None:
    """What was scanned into the box is on the shelf again."""
    reference = orders.reference_of(order)
    back = returned.Return(reference, reference, order.place.name, now, actor_id)
    picks = (pick.serial for line in order.lines for pick in line.picks)
    returned.mark_all(session, picks, back, keys)


def _sold(session: Session, order: Order) -> list[Movement]:
    """The movements of its packing that nobody has reversed."""
    later = aliased(Movement)
    reversed_one = select(later.id).where(later.reverses_id == Movement.id).exists()
    query = (
        select(Movement)
        .where(Movement.reference == orders.reference_of(order), ~reversed_one)
        .where(Movement.kind == MovementKind.SALE)
        .order_by(Movement.id)
    )
    return list(session.scalars(query))

"""From an accepted order to goods in the buyer's hands."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.core import operations
from app.core.types import Json
from pos.sales import orders, payments
from pos.sales.models import Order, OrderLine, Pick
from pos.sales.preorders import StillWaiting
from pos.sales.status import Delivery, OrderStatus, PaymentStatus
from pos.stock import availability, places, reservations
from pos.stock.ledger import Line, Posting, post
from pos.stock.models import MovementKind, PlaceKind, Reservation
from pos.stock.reservations import ReservationGone


def pack(session: Session, order: Order, *, now: datetime, actor_id: UUID | None) -> None:
    """Take the goods set aside out of stock and fix the lots of each line.

    Raises `ReservationGone` when a till has sold some of them, `StillWaiting` when a harvest has not
    come, and `ForbiddenMove`.
    """
    orders.move(session, order, OrderStatus.PACKED, now=now, actor_id=actor_id)
    order.packed_at = now
    held = reservations.held(session, orders.reference_of(order))
    always = availability.uncounted(session, [line.sku_id for line in order.lines])
    _check_complete([line for line in order.lines if line.sku_id not in always], held)

    def effect(operation_id: UUID) -> Json:
        _take(session, order, held, operation_id, now, actor_id)
        return {"order": order.number}

    key = f"pack:{order.id}"
    operations.once(session, kind="order.pack", key=key, body=str(order.id), now=now, effect=effect)
    reservations.mark_consumed(held, now)
    by_number = {line.line_no: line for line in order.lines}
    for row in held:
        pick = Pick(lot_id=row.lot_id, quantity=row.quantity, serial=None, at=now)
        by_number[row.line_no].picks.append(pick)
    session.flush()


def _check_complete(lines: Sequence[OrderLine], held: Sequence[Reservation]) -> None:
    for line in lines:
        if sum(row.quantity for row in held if row.line_no == line.line_no) != line.quantity:
            raise ReservationGone if line.pre_order_id is None else StillWaiting


def _take(
    session: Session,
    order: Order,
    held: Sequence[Reservation],
    operation_id: UUID,
    now: datetime,
    actor_id: UUID | None,
) -> None:
    customers = places.virtual(session, PlaceKind.CUSTOMER).id
    posting = Posting(
        operation_id=operation_id,
        kind=MovementKind.SALE,
        reference=orders.reference_of(order),
        occurred_at=now,
        recorded_at=now,
        actor_id=actor_id,
    )
    lines = [Line(row.place_id, customers, row.sku_id, row.lot_id, row.quantity) for row in held]
    post(session, posting, lines, unreserve=reservations.unreserved(held))


def ship(session: Session, order: Order, *, now: datetime, actor_id: UUID | None) -> None:
    """Hand the parcel to the carrier. Raises `ForbiddenMove`."""
    orders.move(session, order, OrderStatus.SHIPPED, now=now, actor_id=actor_id)
    order.shipped_at = now


def complete(session: Session, order: Order, *, now: datetime, actor_id: UUID | None) -> None:
    """The buyer has the goods and has paid what was expected. Raises `ForbiddenMove`."""
    orders.move(session, order, OrderStatus.COMPLETED, now=now, actor_id=actor_id)
    order.completed_at = now
    for payment in order.payments:
        if payment.status is PaymentStatus.EXPECTED:
            payments.settle(session, payment, now=now, actor_id=actor_id)


def next_steps(order: Order) -> list[str]:
    """Names of what staff can do now: accept, refuse, pack, ship, complete, cancel."""
    steps = {
        OrderStatus.PLACED: ["accept", "refuse"],
        OrderStatus.ACCEPTED: ["pack", "cancel"],
        OrderStatus.PACKED: ["ship"] if order.delivery is Delivery.SHIP else ["complete"],
        OrderStatus.SHIPPED: ["complete"],
    }
    return steps.get(order.status, [])

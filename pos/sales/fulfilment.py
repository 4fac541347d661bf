"""From an accepted order to goods in the buyer's hands."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.core import operations
from app.core.errors import Conflict
from app.core.text import N_
from app.core.types import Json
from pos.sales import orders, packing, payments
from pos.sales.models import Order, OrderLine, Pick
from pos.sales.packing import Box
from pos.sales.preorders import StillWaiting
from pos.sales.status import Delivery, OrderStatus, PaymentStatus
from pos.stock import availability, places, reservations
from pos.stock.ledger import Line, Posting, post
from pos.stock.models import MovementKind, PlaceKind, Reservation
from pos.stock.reservations import ReservationGone


class NotPaidYet(Conflict):
    """Goods of this order leave only against money that has come."""

    code = "not_paid_yet"
    message = N_("This order is not paid yet. It is packed when the money has come.")


def pack(
    session: Session,
    order: Order,
    *,
    now: datetime,
    actor_id: UUID | None,
    box: Box | None = None,
    keys: Mapping[int, bytes] | None = None,
) -> None:
    """Take the goods set aside out of stock and fix the lots of each line.

    What was scanned into a `box` replaces what was set aside; its stamps are noted as sold with
    their `keys`.

    Raises `NotPaidYet` when money must come first, `ReservationGone` when a till has sold some of
    them, `StillWaiting` when a harvest has not come, `ForbiddenMove`, and what `packing` raises.
    """
    if order.status is OrderStatus.ACCEPTED and must_be_paid(order):
        raise NotPaidYet
    orders.move(session, order, OrderStatus.PACKED, now=now, actor_id=actor_id)
    order.packed_at = now
    if box is not None:
        packing.take_over(session, box, now=now)
    held = reservations.held(session, orders.reference_of(order))
    always = availability.uncounted(session, [line.sku_id for line in order.lines])
    _check_complete([line for line in order.lines if line.sku_id not in always], held)

    def effect(operation_id: UUID) -> Json:
        _take(session, order, held, operation_id, now, actor_id)
        return {"order": order.number}

    key = f"pack:{order.id}"
    operations.once(session, kind="order.pack", key=key, body=str(order.id), now=now, effect=effect)
    reservations.mark_consumed(held, now)
    _note_picks(order, held, box, now)
    if box is not None:
        packing.note_sold(session, box, keys=keys or {}, now=now)
    session.flush()


def _note_picks(order: Order, held: Sequence[Reservation], box: Box | None, now: datetime) -> None:
    """One row for each stamp that was scanned, and one for the rest of each lot."""
    by_number = {line.line_no: line for line in order.lines}
    stamped = [(x.line_no, x.lot.id, x.serial) for x in box.found if x.serial] if box else []
    for line_no, lot_id, serial in stamped:
        by_number[line_no].picks.append(Pick(lot_id=lot_id, quantity=1, serial=serial, at=now))
    loose = Counter((line_no, lot_id) for line_no, lot_id, _serial in stamped)
    for row in held:
        rest = row.quantity - loose[row.line_no, row.lot_id]
        if rest:
            pick = Pick(lot_id=row.lot_id, quantity=rest, serial=None, at=now)
            by_number[row.line_no].picks.append(pick)


def must_be_paid(order: Order) -> bool:
    """Whether money has to come before the goods may leave."""
    return order.paid_at is None and any(
        p.tender.before_goods and p.status is not PaymentStatus.CANCELLED for p in order.payments
    )


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


def deliver(session: Session, order: Order, *, now: datetime, actor_id: UUID | None) -> None:
    """The carrier has handed the parcel over. Raises `ForbiddenMove`."""
    orders.move(session, order, OrderStatus.DELIVERED, now=now, actor_id=actor_id)
    order.delivered_at = now


def fail(
    session: Session, order: Order, reason: str, *, now: datetime, actor_id: UUID | None
) -> None:
    """The parcel could not be handed over. Raises `ForbiddenMove`."""
    orders.move(session, order, OrderStatus.FAILED, now=now, actor_id=actor_id, reason=reason)


def complete(session: Session, order: Order, *, now: datetime, actor_id: UUID | None) -> None:
    """The buyer has the goods and has paid what was expected. Raises `ForbiddenMove`."""
    orders.move(session, order, OrderStatus.COMPLETED, now=now, actor_id=actor_id)
    order.completed_at = now
    for payment in order.payments:
        if payment.status is PaymentStatus.EXPECTED:
            payments.settle(session, payment, now=now, actor_id=actor_id)


def next_steps(order: Order) -> list[str]:
    """Names of what staff can do now: accept, refuse, pack, ship, deliver, fail, complete, cancel."""
    steps = {
        OrderStatus.PLACED: ["accept", "refuse"],
        OrderStatus.ACCEPTED: ["cancel"] if must_be_paid(order) else ["pack", "cancel"],
        OrderStatus.PAID: ["pack", "cancel"],
        OrderStatus.PACKED: ["ship"] if order.delivery is Delivery.SHIP else ["complete"],
        OrderStatus.SHIPPED: ["deliver", "fail"],
        OrderStatus.FAILED: ["ship"],
        OrderStatus.DELIVERED: ["complete"],
    }
    return steps.get(order.status, [])

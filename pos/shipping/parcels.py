"""One order on its way: made ready, handed over, delivered or not, and back.

Each step moves the order along with it and is audited.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.accounts import audit
from app.core.errors import Conflict, NotFound, Rejected
from app.core.states import ForbiddenMove, Moves
from app.core.text import N_
from pos.sales import fulfilment, orders, payments
from pos.sales.models import Order, Payment
from pos.sales.status import Delivery, OrderStatus, PaymentStatus, Tender
from pos.shipping import returns, tariff_files
from pos.shipping.models import Parcel, ParcelStatus
from pos.shipping.tariffs import Service

_S = ParcelStatus
PARCEL_MOVES = Moves(
    {
        _S.READY: {_S.HANDED},
        _S.HANDED: {_S.DELIVERED, _S.FAILED, _S.REFUSED},
        _S.FAILED: {_S.HANDED, _S.BACK},
        _S.REFUSED: {_S.HANDED, _S.BACK},
    }
)


class UnknownParcel(NotFound):
    """No such parcel."""

    code = "unknown_parcel"
    message = N_("There is no such parcel.")


class NotPacked(Conflict):
    """Only what is packed and goes to an address becomes a parcel."""

    code = "not_packed"
    message = N_("Only a packed order that goes to an address becomes a parcel.")


class ParcelThere(Conflict):
    """The order has its parcel."""

    code = "parcel_there"
    message = N_("This order has its parcel already.")


class NumberTaken(Conflict):
    """Carriers number each parcel once."""

    code = "parcel_number_taken"
    message = N_("Another parcel of this carrier has the number %(number)s.")


class UnknownService(Rejected):
    """The tables of the tariff do not name it."""

    code = "unknown_service"
    message = N_("Choose one of the carriers.")


@dataclass(frozen=True)
class Plan:
    """By which service it goes; the number and the grams as far as they are known."""

    service: str
    number: str | None = None
    weight: int | None = None


@dataclass(frozen=True)
class Shown:
    """A parcel as its buyer sees it."""

    parcel: Parcel
    service: Service | None
    url: str | None


def get(session: Session, parcel_id: UUID, *, lock: bool = False) -> Parcel:
    """The parcel; locked together with its order when it is about to change. Raises
    `UnknownParcel`."""
    found = session.get(Parcel, parcel_id, options=[joinedload(Parcel.order)])
    if found is None:
        raise UnknownParcel
    if lock:
        # The order first, as everywhere.
        orders.get(session, found.order_id, lock=True)
        again = select(Parcel).where(Parcel.id == parcel_id).with_for_update()
        found = session.scalars(again.execution_options(populate_existing=True)).one()
    return found


def of_order(session: Session, order: Order) -> Parcel | None:
    """The parcel of an order, once there is one."""
    return session.scalar(select(Parcel).filter_by(order_id=order.id))


def shown(session: Session, order: Order) -> Shown | None:
    """What the buyer may know of the way, once the parcel is with the carrier."""
    parcel = of_order(session, order)
    if parcel is None or parcel.status is ParcelStatus.READY:
        return None
    service = tariff_files.current().service(parcel.service)
    return Shown(parcel, service, service.tracking(parcel.number) if service else None)


def prepare(
    session: Session, order: Order, plan: Plan, *, now: datetime, actor_id: UUID | None
) -> Parcel:
    """Make a parcel of a packed order; what is not paid yet is due at the door.

    Raises `NotPacked`, `ParcelThere`, `UnknownService`, `NumberTaken`.
    """
    service = tariff_files.current().service(plan.service)
    if service is None:
        raise UnknownService
    if order.status is not OrderStatus.PACKED or order.delivery is not Delivery.SHIP:
        raise NotPacked
    if of_order(session, order) is not None:
        raise ParcelThere
    parcel = Parcel(
        order=order,
        carrier=service.carrier,
        service=service.code,
        weight=plan.weight or order.weight,
        cod_amount=sum(p.amount for p in _due_at_door(order)),
        status=ParcelStatus.READY,
        tries=0,
        created_at=now,
    )
    session.add(parcel)
    session.flush()
    name(session, parcel, plan.number)
    _audit(session, parcel, "parcel.prepare", now, actor_id)
    return parcel


def _due_at_door(order: Order) -> list[Payment]:
    states = (PaymentStatus.EXPECTED, PaymentStatus.COLLECTED)
    return [p for p in order.payments if p.tender is Tender.ON_DELIVERY and p.status in states]


def name(session: Session, parcel: Parcel, number: str | None) -> None:
    """Keep the carrier's number of the parcel. Raises `NumberTaken`."""
    if number is None:
        return
    other = select(Parcel.id).filter_by(carrier=parcel.carrier, number=number)
    if session.scalar(other.where(Parcel.id != parcel.id)):
        raise NumberTaken(number=number)
    parcel.number = number
    session.flush()


def hand_over(session: Session, parcel: Parcel, *, now: datetime, actor_id: UUID | None) -> None:
    """The carrier has it; the order is on its way. Raises `ForbiddenMove`."""
    _demand(parcel, parcel.status is ParcelStatus.READY)
    _move(session, parcel, ParcelStatus.HANDED, now, actor_id)
    parcel.handed_at, parcel.tries = now, parcel.tries + 1
    fulfilment.ship(session, parcel.order, now=now, actor_id=actor_id)


def _demand(parcel: Parcel, fits: bool) -> None:
    """The first way out and another try are two steps, though both lead to the carrier."""
    if not fits:
        raise ForbiddenMove(current=parcel.status.label, to=ParcelStatus.HANDED.label)


def delivered(session: Session, parcel: Parcel, *, now: datetime, actor_id: UUID | None) -> None:
    """The buyer has it; money due at the door is with the carrier now. Raises `ForbiddenMove`."""
    _move(session, parcel, ParcelStatus.DELIVERED, now, actor_id)
    parcel.delivered_at = now
    fulfilment.deliver(session, parcel.order, now=now, actor_id=actor_id)
    for payment in _due_at_door(parcel.order):
        payments.collect(session, payment, now=now, actor_id=actor_id)


def failed(
    session: Session, parcel: Parcel, reason: str, *, now: datetime, actor_id: UUID | None
) -> None:
    """Nobody was met; the carrier has it and may try again. Raises `ForbiddenMove`."""
    _not_delivered(session, parcel, ParcelStatus.FAILED, reason, now, actor_id)


def refused(
    session: Session, parcel: Parcel, reason: str, *, now: datetime, actor_id: UUID | None
) -> None:
    """The buyer does not take it; the carrier brings it back. Raises `ForbiddenMove`."""
    _not_delivered(session, parcel, ParcelStatus.REFUSED, reason, now, actor_id)


def _not_delivered(
    session: Session,
    parcel: Parcel,
    to: ParcelStatus,
    reason: str,
    now: datetime,
    actor_id: UUID | None,
) -> None:
    _move(session, parcel, to, now, actor_id, reason)
    parcel.failed_at, parcel.reason = now, reason
    fulfilment.fail(session, parcel.order, reason, now=now, actor_id=actor_id)


def again(session: Session, parcel: Parcel, *, now: datetime, actor_id: UUID | None) -> None:
    """The carrier tries once more. Raises `ForbiddenMove`."""
    _demand(parcel, parcel.status is not ParcelStatus.READY)
    _move(session, parcel, ParcelStatus.HANDED, now, actor_id)
    parcel.tries += 1
    fulfilment.ship(session, parcel.order, now=now, actor_id=actor_id)


def back(
    session: Session,
    parcel: Parcel,
    *,
    now: datetime,
    actor_id: UUID | None,
    keys: Mapping[int, bytes] | None = None,
) -> None:
    """It has come back: its goods wait in quarantine until somebody has looked at them; `keys` are
    those of their stamps.

    Money that is not there yet is not expected any more. Raises `ForbiddenMove`.
    """
    _move(session, parcel, ParcelStatus.BACK, now, actor_id)
    parcel.returned_at = now
    order = parcel.order
    orders.move(
        session, order, OrderStatus.RETURNED, now=now, actor_id=actor_id, reason=parcel.reason
    )
    order.ended_reason = N_("The parcel came back to the shop")
    returns.to_quarantine(session, order, now=now, actor_id=actor_id, keys=keys)
    payments.end(session, order, now=now, actor_id=actor_id)


def _move(
    session: Session,
    parcel: Parcel,
    to: ParcelStatus,
    now: datetime,
    actor_id: UUID | None,
    reason: str | None = None,
) -> None:
    before = parcel.status
    parcel.status = PARCEL_MOVES.to(before, to)
    session.flush()
    _audit(session, parcel, "parcel.move", now, actor_id, before=before.value, reason=reason)


def _audit(
    session: Session,
    parcel: Parcel,
    action: str,
    now: datetime,
    actor_id: UUID | None,
    **more: str | None,
) -> None:
    detail = {"order": parcel.order.number, "status": parcel.status.value, **more}
    audit.record(session, action, ("parcel", parcel.id), actor_id=actor_id, now=now, detail=detail)


def steps(parcel: Parcel) -> Sequence[str]:
    """Names of what staff can do now."""
    return {
        ParcelStatus.READY: ("hand_over",),
        ParcelStatus.HANDED: ("delivered", "failed", "refused"),
        ParcelStatus.FAILED: ("again", "back"),
        ParcelStatus.REFUSED: ("again", "back"),
    }.get(parcel.status, ())

"""What the parcel desk shows: parcels by where they are, and packed orders that wait for one."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session, joinedload

from app.core.clock import local_midnight
from app.core.paging import Page
from pos.sales.models import Order
from pos.sales.status import Delivery, OrderStatus
from pos.shipping import tariff_files
from pos.shipping.carriers import Notice
from pos.shipping.models import Parcel, ParcelStatus

PAGE_SIZE = 30
PREPARE = "prepare"  # the tab of packed orders that have no parcel yet


def _at(places: frozenset[UUID] | None) -> list[ColumnElement[bool]]:
    return [] if places is None else [Order.place_id.in_(places)]


def _waiting(places: frozenset[UUID] | None) -> list[ColumnElement[bool]]:
    has_one = select(Parcel.id).where(Parcel.order_id == Order.id).exists()
    packed = (Order.status == OrderStatus.PACKED) & (Order.delivery == Delivery.SHIP)
    return [packed, ~has_one, *_at(places)]


def _still_going() -> ColumnElement[bool]:
    """Not the parcel of an order that was unpacked and called off before it left."""
    return (Parcel.status != ParcelStatus.READY) | (Order.status == OrderStatus.PACKED)


def to_prepare(session: Session, places: frozenset[UUID] | None) -> Sequence[Order]:
    """Packed orders that go to an address and have no parcel, the oldest first."""
    query = select(Order).where(*_waiting(places)).options(joinedload(Order.place))
    return session.scalars(query.order_by(Order.packed_at, Order.number).limit(200)).all()


def status_named(text: str | None) -> ParcelStatus | None:
    """The state of this name; None for the orders that wait for a parcel."""
    return next((status for status in ParcelStatus if status.value == text), None)


def listing(
    session: Session,
    status: ParcelStatus,
    text: str,
    places: frozenset[UUID] | None,
    number: int,
) -> Page[Parcel]:
    """Parcels in one state from these places (None: everywhere), the newest first; `text` is part of
    a number and then looks through all states."""
    conditions = _at(places)
    if text:
        fields = (Order.number, Parcel.number, Order.contact_phone)
        conditions.append(or_(*(field.icontains(text, autoescape=True) for field in fields)))
    else:
        conditions += [Parcel.status == status, _still_going()]
    query = select(Parcel).join(Order, Order.id == Parcel.order_id).where(*conditions)
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    shown = query.options(joinedload(Parcel.order)).order_by(Parcel.created_at.desc(), Parcel.id)
    rows = session.scalars(shown.limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE)).all()
    return Page(rows, number, PAGE_SIZE, total)


def counts(session: Session, places: frozenset[UUID] | None) -> Mapping[str, int]:
    """How many parcels are in each state, and orders without one."""
    query = (
        select(Parcel.status, func.count())
        .join(Order, Order.id == Parcel.order_id)
        .where(_still_going(), *_at(places))
        .group_by(Parcel.status)
    )
    found = {status.value: number for status, number in session.execute(query)}
    waiting = select(func.count(Order.id)).where(*_waiting(places))
    return found | {PREPARE: session.scalar(waiting) or 0}


def of_day(
    session: Session, carrier: str, day: date, places: frozenset[UUID] | None
) -> Sequence[Parcel]:
    """Parcels of a carrier that wait for it, and those that it has taken on that day."""
    begins, ends = local_midnight(day), local_midnight(day + timedelta(days=1))
    handed = (Parcel.handed_at >= begins) & (Parcel.handed_at < ends)
    query = (
        select(Parcel)
        .join(Order, Order.id == Parcel.order_id)
        .where(Parcel.carrier == carrier, (Parcel.status == ParcelStatus.READY) | handed)
        .where(*_at(places))
        .options(joinedload(Parcel.order))
        .order_by(Parcel.created_at, Parcel.id)
    )
    return session.scalars(query).all()


def notices(parcels: Iterable[Parcel]) -> list[Notice]:
    """What a carrier must know of them."""
    return [notice(parcel) for parcel in parcels]


def notice(parcel: Parcel) -> Notice:
    """One parcel as its carrier sees it; telephone numbers as they are dialled within Vietnam."""
    order = parcel.order
    service = tariff_files.current().service(parcel.service)
    province = tariff_files.current().province(order.province)
    parts = [order.address, order.area_text, province.name if province else None]
    # Communes elsewhere are written down together with their province.
    address = ", ".join(dict.fromkeys(", ".join(p for p in parts if p).split(", ")))
    return Notice(
        order.number,
        parcel.number,
        service.name_vi if service else parcel.service,
        order.contact_name or "",
        national(order.contact_phone or ""),
        address,
        parcel.weight,
        parcel.cod_amount,
        order.note or "",
    )


def national(phone: str) -> str:
    """+84912345678 → 0912345678."""
    return f"0{phone.removeprefix('+84')}" if phone.startswith("+84") else phone

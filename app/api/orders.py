"""Orders as other programs read them, each within its reach."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select, true
from sqlalchemy.orm import Session, joinedload, selectinload

from app.accounts.access import EVERYWHERE
from app.api import changes, schemas
from app.core.errors import NotFound
from app.core.paging import Page
from app.core.text import N_
from pos.sales.models import Order, OrderLine

PRODUCER = "producer"


class NoSuchOrder(NotFound):
    """No such order, or not within the reach of the token."""

    code = "no_such_order"
    message = N_("No order with this number is within the reach of the token.")


def listing(session: Session, asked: schemas.OrderQuery, reach: str) -> Page[schemas.Order]:
    """A page of the orders within `reach`, newest first."""
    conditions = [_within(reach)]
    if asked.status is not None:
        conditions.append(Order.status == asked.status)
    if asked.updated_since is not None:
        conditions.append(_changed() >= asked.updated_since)
    total = session.scalar(select(func.count(Order.id)).where(*conditions)) or 0
    query = _query().where(*conditions).order_by(Order.placed_at.desc(), Order.number)
    rows = session.execute(query.limit(asked.limit).offset((asked.page - 1) * asked.limit)).all()
    items = [_order(order, changed, reach) for order, changed in rows]
    return Page(items, asked.page, asked.limit, total)


def one(session: Session, number: str, reach: str) -> schemas.Order:
    """The order with this number. Raises `NoSuchOrder`."""
    row = session.execute(_query().where(Order.number == number, _within(reach))).one_or_none()
    if row is None:
        raise NoSuchOrder
    return _order(row[0], row[1], reach)


def _query() -> Select[*tuple[Any, ...]]:
    parts = joinedload(Order.place), selectinload(Order.lines)
    return select(Order, _changed().label("changed")).options(*parts)


def _changed() -> ColumnElement[datetime]:
    return changes.order_changed(Order.id, Order.placed_at)


def _within(reach: str) -> ColumnElement[bool]:
    """What a token may see, by the scope it was given."""
    if reach == EVERYWHERE:
        return true()
    kind, key = _parts(reach)
    if kind != PRODUCER:
        return Order.place_id == key
    return Order.id.in_(select(OrderLine.order_id).where(OrderLine.producer_id == key))


def _parts(reach: str) -> tuple[str, UUID]:
    kind, _colon, key = reach.partition(":")
    return kind, UUID(key)


def _order(order: Order, changed: datetime, reach: str) -> schemas.Order:
    whole = not reach.startswith(f"{PRODUCER}:")
    maker = None if whole else _parts(reach)[1]
    lines = [line for line in order.lines if whole or line.producer_id == maker]
    moments = ("accepted", "paid", "packed", "shipped", "delivered", "completed")
    return schemas.Order(
        number=order.number,
        channel=order.channel,
        status=order.status,
        place=order.place.code,
        delivery=order.delivery,
        placed_at=order.placed_at,
        updated_at=changed,
        lines=[_line(line) for line in lines],
        sums=_sums(order) if whole else None,
        contact=_contact(order) if whole else None,
        **{f"{name}_at": getattr(order, f"{name}_at") for name in moments},
    )


def _line(line: OrderLine) -> schemas.Line:
    return schemas.Line(
        line_no=line.line_no,
        sku=line.sku_code,
        name=line.name,
        unit=line.unit,
        quantity=line.quantity,
        unit_price=line.unit_price,
        per_quantity=line.per_quantity,
        line_total=line.line_total,
        discount=line.discount,
    )


def _sums(order: Order) -> schemas.Sums:
    return schemas.Sums(
        subtotal=order.subtotal,
        discount=order.discount,
        delivery=order.delivery_due,
        rounding=order.rounding,
        total=order.total,
    )


def _contact(order: Order) -> schemas.Contact:
    return schemas.Contact(
        name=order.contact_name,
        phone=order.contact_phone,
        email=order.contact_email,
        address=order.address,
        area=order.area_text,
        note=order.note,
    )

"""Ordering a harvest before it has come: at most so many units, sent between two days."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, select, update
from sqlalchemy.orm import Session

from app.accounts import audit
from app.core.errors import Conflict, NotFound, Rejected
from app.core.text import N_
from catalog import bundles
from catalog.models import Sku
from catalog.offer_models import PreOrder

MOST_UNITS = 1_000_000


class UnknownPreOrder(NotFound):
    """No such pre-order."""

    code = "unknown_pre_order"
    message = N_("This pre-order does not exist.")


class BadPreOrder(Rejected):
    """The days or the number make no sense."""

    code = "bad_pre_order"
    message = N_("This cannot be ordered ahead: %(why)s.")


class PreOrderFull(Conflict):
    """Others took the last units, or the time for ordering is over."""

    code = "pre_order_full"
    message = N_("Not so many can be ordered ahead any more. Look at the cart.")


@dataclass(frozen=True)
class Plan:
    """What is offered ahead: `units` base units, when to order, and when they are sent."""

    units: int
    opens_on: date
    closes_on: date
    ships_from: date
    ships_until: date


@dataclass(frozen=True)
class PreOrderView:
    """An open pre-order as shoppers see it; `left` units can still be ordered."""

    id: UUID
    left: int
    closes_on: date
    ships_from: date
    ships_until: date


def open_on(day: Any) -> ColumnElement[bool]:
    """Condition: can be ordered on this day, as long as units are left."""
    begun, not_over = PreOrder.opens_on <= day, PreOrder.closes_on >= day
    return and_(PreOrder.ended_at.is_(None), begun, not_over)


def query(sku_ids: Any, day: Any) -> Select[*tuple[Any, ...]]:
    """The open pre-orders of articles (keys or a sub-query) with units left; for `views`."""
    return (
        select(
            PreOrder.sku_id,
            PreOrder.id,
            (PreOrder.units - PreOrder.taken).label("left"),
            PreOrder.closes_on,
            PreOrder.ships_from,
            PreOrder.ships_until,
        )
        .where(PreOrder.sku_id.in_(sku_ids), open_on(day), PreOrder.taken < PreOrder.units)
        .order_by(PreOrder.created_at.desc())
    )


def views(rows: Iterable[Any]) -> Mapping[UUID, PreOrderView]:
    """What the rows of `query` say, by article; the oldest pre-order is served first."""
    return {
        row.sku_id: PreOrderView(row.id, row.left, row.closes_on, row.ships_from, row.ships_until)
        for row in rows
    }


def open_for(session: Session, sku_ids: Iterable[UUID], day: date) -> Mapping[UUID, PreOrderView]:
    """The open pre-orders of these articles. One statement."""
    return views(session.execute(query(set(sku_ids), day)))


def open_one(
    session: Session, sku: Sku, plan: Plan, *, day: date, now: datetime, actor_id: UUID | None
) -> PreOrder:
    """Offer an article ahead. Audited. Raises `BadPreOrder`."""
    _check(session, sku, plan, day)
    made = PreOrder(sku_id=sku.id, taken=0, created_at=now, **plan.__dict__)
    session.add(made)
    session.flush()
    detail = {key: str(value) for key, value in plan.__dict__.items()}
    obj = ("sku", sku.id)
    audit.record(session, "preorder.open", obj, actor_id=actor_id, now=now, detail=detail)
    return made


def _check(session: Session, sku: Sku, plan: Plan, day: date) -> None:
    if not 1 <= plan.units <= MOST_UNITS:
        raise BadPreOrder(why=N_("the number of units is not possible"))
    if not day <= plan.closes_on or plan.closes_on < plan.opens_on:
        raise BadPreOrder(why=N_("the last day to order must be today or later, after the first"))
    if plan.ships_from < plan.opens_on or plan.ships_until < plan.ships_from:
        raise BadPreOrder(why=N_("the goods must be sent after ordering begins, first day first"))
    if not sku.product.counted or sku.id in bundles.parts_of(session, [sku.id]):
        raise BadPreOrder(why=N_("only goods that are counted, and no gift sets"))
    clash = select(PreOrder.id).where(PreOrder.sku_id == sku.id, PreOrder.ended_at.is_(None))
    if session.scalar(clash.where(PreOrder.closes_on >= plan.opens_on).limit(1)):
        raise BadPreOrder(why=N_("the article is offered ahead already; close that first"))


def close(session: Session, pre: PreOrder, *, now: datetime, actor_id: UUID | None) -> None:
    """Take no more orders ahead; those that were taken stand. Audited."""
    if pre.ended_at is None:
        pre.ended_at = now
        session.flush()
        detail = {"taken": pre.taken, "units": pre.units}
        obj = ("sku", pre.sku_id)
        audit.record(session, "preorder.close", obj, actor_id=actor_id, now=now, detail=detail)


def get(session: Session, pre_order_id: UUID) -> PreOrder:
    """The pre-order. Raises `UnknownPreOrder`."""
    found = session.get(PreOrder, pre_order_id)
    if found is None:
        raise UnknownPreOrder
    return found


def by_ids(session: Session, keys: Iterable[UUID]) -> Mapping[UUID, PreOrder]:
    """These pre-orders by key; no statement for none."""
    wanted = set(keys)
    if not wanted:
        return {}
    return {row.id: row for row in session.scalars(select(PreOrder).where(PreOrder.id.in_(wanted)))}


def of_sku(session: Session, sku_id: UUID) -> list[PreOrder]:
    """All pre-orders of an article, the newest first."""
    rows = select(PreOrder).filter_by(sku_id=sku_id).order_by(PreOrder.created_at.desc())
    return list(session.scalars(rows))


def take(session: Session, pre_order_id: UUID, units: int, day: date) -> None:
    """Take units for an order: one guarded statement. Raises `PreOrderFull`."""
    step = (
        update(PreOrder)
        .where(PreOrder.id == pre_order_id, open_on(day))
        .where(PreOrder.taken + units <= PreOrder.units)
        .values(taken=PreOrder.taken + units)
        .execution_options(synchronize_session=False)
    )
    if session.execute(step).rowcount == 0:  # type: ignore[attr-defined]
        raise PreOrderFull


def give_back(session: Session, pre_order_id: UUID, units: int) -> None:
    """Return the units of an order that ended; once for each, the caller sees to that."""
    session.execute(
        update(PreOrder)
        .where(PreOrder.id == pre_order_id)
        .values(taken=PreOrder.taken - units)
        .execution_options(synchronize_session=False)
    )

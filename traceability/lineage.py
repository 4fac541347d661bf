"""Ancestors and descendants of lots: a lot that is divided or filled from others keeps its history."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import literal, select
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload

from app.accounts import audit
from app.core.errors import Conflict, Rejected
from app.core.text import N_
from catalog.models import Product, Sku
from traceability import journal
from traceability.history_models import LotParent
from traceability.models import JournalKind, Lot

# Deeper than any real chain; it also ends a walk over rows that somebody put in by hand.
DEEPEST = 20


class NoParents(Rejected):
    """A lot comes from at least one other."""

    code = "no_parents"
    message = N_("Name at least one lot that the goods come from.")


class UnknownParent(Rejected):
    """The producer has no such lot."""

    code = "unknown_parent"
    message = N_("The producer has no lot %(lot)s.")


class Circle(Conflict):
    """A lot would become its own ancestor."""

    code = "lot_circle"
    message = N_("Lot %(lot)s comes from this lot itself.")


class KnownParent(Conflict):
    """Said before."""

    code = "parent_known"
    message = N_("It is known already that goods came from lot %(lot)s.")


@dataclass(frozen=True)
class Relative:
    """A lot and how many steps away it is, 1 for the nearest."""

    lot: Lot
    steps: int


def derive(
    session: Session,
    lot: Lot,
    parents: Mapping[UUID, int | None],
    *,
    now: datetime,
    actor_id: UUID | None,
) -> None:
    """Note that goods of `parents` went into `lot`: by lot, the quantity in its base unit if known.

    One parent is a division, several are brought together. Both histories are told of it. Raises
    `NoParents`, `Circle`, `KnownParent`.
    """
    if not parents:
        raise NoParents
    below = {relative.lot.id for relative in descendants(session, lot)} | {lot.id}
    known = {relative.lot.id for relative in ancestors(session, lot) if relative.steps == 1}
    found = [session.get_one(Lot, parent_id) for parent_id in parents]
    for parent in found:
        if parent.id in below:
            raise Circle(lot=parent.code)
        if parent.id in known:
            raise KnownParent(lot=parent.code)
    for parent in found:
        quantity = parents[parent.id]
        row = LotParent(lot_id=lot.id, parent_id=parent.id, at=now, actor_id=actor_id)
        row.quantity = quantity
        session.add(row)
    session.flush()
    _tell(session, lot, found, now, actor_id)


def named(session: Session, lot: Lot, codes: Mapping[str, int | None]) -> dict[UUID, int | None]:
    """Quantity by lot, of lots of the same producer by their codes. Raises `UnknownParent`.

    A code that several articles of the producer have means the one of the same article first.
    """
    producer_id = lot.sku.product.producer_id
    found: dict[UUID, int | None] = {}
    for code, quantity in codes.items():
        query = select(Lot).join(Lot.sku).join(Sku.product).where(Lot.code == code)
        query = query.where(Product.producer_id == producer_id)
        rows = sorted(session.scalars(query), key=lambda row: row.sku_id != lot.sku_id)
        if not rows:
            raise UnknownParent(lot=code)
        found[rows[0].id] = quantity
    return found


def _tell(
    session: Session, lot: Lot, parents: Sequence[Lot], now: datetime, actor_id: UUID | None
) -> None:
    kind = JournalKind.SPLIT if len(parents) == 1 else JournalKind.MERGED
    text = ", ".join(sorted(parent.code for parent in parents))
    journal.append(session, lot, kind, occurred_at=now, text=text, now=now, actor_id=actor_id)
    detail = {"parents": sorted(str(parent.id) for parent in parents)}
    obj = ("lot", lot.id)
    audit.record(session, "lot.derive", obj, actor_id=actor_id, now=now, detail=detail)


def ancestors(session: Session, lot: Lot) -> list[Relative]:
    """Lots whose goods are in this one, nearest first; one query."""
    return _walk(session, lot, LotParent.lot_id, LotParent.parent_id)


def descendants(session: Session, lot: Lot) -> list[Relative]:
    """Lots that goods of this one went into, nearest first; one query."""
    return _walk(session, lot, LotParent.parent_id, LotParent.lot_id)


def _walk(
    session: Session,
    lot: Lot,
    here: InstrumentedAttribute[UUID],
    there: InstrumentedAttribute[UUID],
) -> list[Relative]:
    start = select(there.label("found"), literal(1).label("steps")).where(here == lot.id)
    chain = start.cte("chain", recursive=True)
    further = select(there, chain.c.steps + 1).where(here == chain.c.found, chain.c.steps < DEEPEST)
    chain = chain.union(further)
    product = joinedload(Lot.sku).joinedload(Sku.product)
    query = select(Lot, chain.c.steps).join(chain, chain.c.found == Lot.id).options(product)
    rows = session.execute(query.order_by(chain.c.steps, Lot.code)).unique().all()
    nearest: dict[UUID, Relative] = {}
    for found, steps in rows:
        nearest.setdefault(found.id, Relative(found, steps))
    return list(nearest.values())

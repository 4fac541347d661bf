"""When products and orders changed last, for programs that keep a copy.

Acts stand in the audit trail; what changes by the calendar (a price that begins, stars that begin or
end) changes at its midnight. Stock is no change: it has an address of its own.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Text, cast, func, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.functions import GenericFunction
from sqlalchemy.types import Text as TextType

from app.accounts.models import AuditEntry
from app.core.clock import local_day, local_midnight
from catalog.models import Price, Product, Sku
from catalog.recognition_models import Recognition

Seen = tuple[UUID, datetime]


class key_text(GenericFunction[str]):  # noqa: N801  (named like the SQL function it stands for)
    """A key as the audit trail writes it; SQLite keeps keys without hyphens."""

    type = TextType()
    inherit_cache = True


@compiles(key_text, "postgresql")
def _cast(element: Any, compiler: Any, **options: Any) -> str:
    return str(compiler.process(cast(next(iter(element.clauses)), Text), **options))


@compiles(key_text, "sqlite")
def _hyphened(element: Any, compiler: Any, **options: Any) -> str:
    key = compiler.process(next(iter(element.clauses)), **options)
    parts = ((1, 8), (9, 4), (13, 4), (17, 4), (21, 12))
    return "(" + "||'-'||".join(f"substr({key},{at},{size})" for at, size in parts) + ")"


def order_changed(order_id: Any, placed_at: Any) -> ColumnElement[datetime]:
    """Sub-query: when an order was placed or moved last."""
    moved = (
        select(func.max(AuditEntry.at))
        .where(AuditEntry.object_type == "order", AuditEntry.object_id == key_text(order_id))
        .scalar_subquery()
    )
    return func.coalesce(moved, placed_at)


def products_changed(
    session: Session, now: datetime, ids: Iterable[UUID] | None = None
) -> dict[UUID, datetime]:
    """When each product changed last; of all products without `ids`. A handful of statements."""
    wanted = None if ids is None else set(ids)
    found: dict[UUID, datetime] = {}
    for product_id, at in _all(session, now, wanted):
        if at <= now and (product_id not in found or at > found[product_id]):
            found[product_id] = at
    return found


def _all(session: Session, now: datetime, wanted: set[UUID] | None) -> Iterator[Seen]:
    yield from _rows(session, select(Product.id, Product.created_at), Product.id, wanted)
    sources: tuple[tuple[str, Any, Any], ...] = (
        ("product", Product, Product.id),
        ("sku", Sku, Sku.product_id),
        ("recognition", Recognition, Recognition.product_id),
    )
    for kind, table, owner in sources:
        query = (
            select(owner, func.max(AuditEntry.at))
            .select_from(table)
            .join(AuditEntry, AuditEntry.object_id == key_text(table.id))
            .where(AuditEntry.object_type == kind)
            .group_by(owner)
        )
        yield from _rows(session, query, owner, wanted)
    yield from _by_day(session, local_day(now), wanted)


def _by_day(session: Session, day: date, wanted: set[UUID] | None) -> Iterator[Seen]:
    starts = (
        select(Sku.product_id, func.max(Price.valid_from))
        .join(Price, Price.sku_id == Sku.id)
        .where(Price.valid_from <= day)
        .group_by(Sku.product_id)
    )
    days = list(_rows(session, starts, Sku.product_id, wanted))
    owner, after = Recognition.product_id, timedelta(days=1)
    for column, later in (
        (Recognition.valid_from, timedelta(0)),
        (Recognition.valid_until, after),
        (Recognition.revoked_on, timedelta(0)),
    ):
        query = select(owner, column).where(column.is_not(None), column <= day - later)
        days += [(key, at + later) for key, at in _rows(session, query, owner, wanted)]
    yield from ((key, local_midnight(at)) for key, at in days)


def _rows(session: Session, query: Any, owner: Any, wanted: set[UUID] | None) -> Iterator[Any]:
    narrowed = query if wanted is None else query.where(owner.in_(wanted))
    yield from (tuple(row) for row in session.execute(narrowed))

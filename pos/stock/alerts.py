"""Articles that run short at a place: one open alert for each pair, closed when there is more again.

Watched are sales points, fairs and depots, and there the counted articles that a place has carried
at least once; how few is too few is said by the article (`Sku.low_stock`, base units).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from uuid import UUID

from sqlalchemy import Row, case, func, select
from sqlalchemy.orm import Session, joinedload

from app.accounts.access import EVERYWHERE, place_scope
from app.accounts.models import Grant, Role, User
from app.core.db import insert_if_new
from app.core.outbox import enqueue
from app.core.types import Json
from catalog.models import Product, ProductStatus, Sku
from pos.stock import availability
from pos.stock.availability import PlaceStock
from pos.stock.models import SELLING, Balance, Place, PlaceKind, StockAlert
from traceability.lots import saleable_on
from traceability.models import Lot

WATCHED = SELLING | {PlaceKind.DEPOT}
KEEPERS = (Role.POINT_MANAGER, Role.STOCK_KEEPER)
MAIL = "runs_short"

Pair = tuple[UUID, UUID]


@dataclass(frozen=True)
class Short:
    """An open alert as it stands now: units left at its place, and who else has some."""

    alert: StockAlert
    left: int
    elsewhere: Sequence[PlaceStock]


def sweep(session: Session, *, day: date, now: datetime) -> int:
    """Close the alerts that are over and open the new ones, with one message for each place.

    Returns how many were opened. Running again opens and sends nothing twice.
    """
    levels = {(row.place_id, row.sku_id): row for row in _levels(session, day)}
    short = {pair: row for pair, row in levels.items() if row.left <= row.threshold}
    known = _close(session, short, now)
    new = [pair for pair in short if pair not in known and _open(session, short[pair], now)]
    for place_id, pairs in groupby(sorted(new), key=lambda pair: pair[0]):
        _tell(session, place_id, [short[pair] for pair in pairs], day, now)
    return len(new)


def _levels(session: Session, day: date) -> Sequence[Row[tuple[UUID, UUID, int, int]]]:
    """(place, SKU, threshold, left) of everything that is watched. One query."""
    free = case((saleable_on(day), Balance.on_hand - Balance.reserved), else_=0)
    threshold = func.coalesce(Sku.low_stock, 0)
    query = (
        select(
            Balance.place_id,
            Balance.sku_id,
            threshold.label("threshold"),
            func.sum(free).label("left"),
        )
        .join(Place, Place.id == Balance.place_id)
        .join(Sku, Sku.id == Balance.sku_id)
        .join(Product, Product.id == Sku.product_id)
        .join(Lot, Lot.id == Balance.lot_id)
        .where(Place.active, Place.kind.in_(WATCHED))
        .where(Sku.active, Sku.low_stock.is_not(None))
        .where(Product.counted, Product.status == ProductStatus.PUBLISHED)
        .group_by(Balance.place_id, Balance.sku_id, threshold)
    )
    return session.execute(query).all()


def _close(session: Session, short: Collection[Pair], now: datetime) -> set[Pair]:
    """Close what is no longer short; returns the pairs whose alert stays open."""
    kept = set()
    for alert in session.scalars(select(StockAlert).where(StockAlert.cleared_at.is_(None))):
        if (alert.place_id, alert.sku_id) in short:
            kept.add((alert.place_id, alert.sku_id))
        else:
            alert.cleared_at = now
    session.flush()
    return kept


def _open(session: Session, row: Row[tuple[UUID, UUID, int, int]], now: datetime) -> bool:
    """Whether the alert is new; another worker may have been faster."""
    return insert_if_new(session, StockAlert, row._asdict() | {"raised_at": now})


def _tell(
    session: Session,
    place_id: UUID,
    rows: Sequence[Row[tuple[UUID, UUID, int, int]]],
    day: date,
    now: datetime,
) -> None:
    readers = responsible(session, place_id, day)
    if not readers:
        return
    skus = {sku.id: sku for sku in _skus(session, [row.sku_id for row in rows])}
    payload: Json = {
        "place_id": str(place_id),
        "place": session.get_one(Place, place_id).name,
        "at": now.isoformat(),
        "lines": sorted(_line(skus[row.sku_id], row.left) for row in rows),
        "to": readers,
    }
    enqueue(session, MAIL, payload, now=now)


def _line(sku: Sku, left: int) -> list[object]:
    return [sku.product.name_vi, sku.name_vi, sku.code, int(left)]


def _skus(session: Session, ids: Collection[UUID]) -> Sequence[Sku]:
    return session.scalars(
        select(Sku).where(Sku.id.in_(ids)).options(joinedload(Sku.product))
    ).all()


def responsible(session: Session, place_id: UUID, day: date) -> list[str]:
    """E-mail addresses of the keepers of a place; of the officers while it has none."""
    in_force = (Grant.valid_from <= day) & (Grant.valid_to.is_(None) | (Grant.valid_to >= day))
    query = (
        select(User.email).join(Grant, Grant.user_id == User.id).where(User.active, in_force)
    ).distinct()
    here = Grant.scope.in_([EVERYWHERE, place_scope(place_id)])
    keepers = session.scalars(query.where(Grant.role.in_(KEEPERS), here).order_by(User.email)).all()
    office = query.where(Grant.role == Role.OFFICER, Grant.scope == EVERYWHERE)
    return list(keepers or session.scalars(office.order_by(User.email)))


def open_alerts(session: Session, places: frozenset[UUID] | None, day: date) -> list[Short]:
    """What is short at these places (None: at all), by place, the oldest first."""
    query = (
        select(StockAlert)
        .join(Place, Place.id == StockAlert.place_id)
        .where(StockAlert.cleared_at.is_(None))
        .options(joinedload(StockAlert.place))
        .options(joinedload(StockAlert.sku).joinedload(Sku.product))
        .order_by(Place.name, Place.id, StockAlert.raised_at, StockAlert.id)
    )
    if places is not None:
        query = query.where(StockAlert.place_id.in_(places))
    rows = session.scalars(query).all()
    ids = {row.sku_id for row in rows}
    left = {(row.place_id, row.sku_id): int(row.left) for row in _levels(session, day)}
    stock = availability.by_place(session, ids, day)
    return [
        Short(
            row,
            left.get((row.place_id, row.sku_id), row.left),
            [at for at in stock[row.sku_id] if at.place.id != row.place_id],
        )
        for row in rows
    ]

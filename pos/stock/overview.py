"""Stock as staff look at it: by place and lot, and the history of movements."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, case, false, func, or_, select
from sqlalchemy.orm import Session, joinedload

from app.core.paging import Page
from app.core.text import words_of
from catalog.models import Product, Sku
from pos.stock.models import Balance, Movement, MovementKind, Place, PlaceKind
from traceability.lots import named
from traceability.models import Lot, LotStatus

PAGE_SIZE = 50
NEAR_DAYS = 14


@dataclass(frozen=True)
class Row:
    """One lot at one place."""

    product: Product
    sku: Sku
    lot: Lot
    on_hand: int
    reserved: int

    def expired(self, day: date) -> bool:
        """Whether the last day of sale is over."""
        return self.lot.sell_by is not None and self.lot.sell_by < day

    def near(self, day: date) -> bool:
        """Whether the last day of sale is at most two weeks away."""
        left = (self.lot.sell_by - day).days if self.lot.sell_by else NEAR_DAYS + 1
        return 0 <= left <= NEAR_DAYS

    @property
    def blocked(self) -> bool:
        return self.lot.status is not LotStatus.RELEASED


def at_place(session: Session, place_id: UUID, text: str, number: int) -> Page[Row]:
    """Lots with stock at a place, first expired first; `text` is a part of a product or lot name."""
    conditions: list[ColumnElement[bool]] = [Balance.place_id == place_id, Balance.on_hand > 0]
    if text:
        code = Lot.code.contains(text.upper(), autoescape=True)
        conditions.append(or_(_named(text), code))
    query = (
        select(Product, Sku, Lot, Balance.on_hand, Balance.reserved, func.count().over())
        .select_from(Balance)
        .join(Sku, Sku.id == Balance.sku_id)
        .join(Product, Product.id == Sku.product_id)
        .join(Lot, Lot.id == Balance.lot_id)
        .where(*conditions)
        .order_by(Lot.sell_by.is_(None), Lot.sell_by, Product.sort_key, Lot.code)
        .limit(PAGE_SIZE)
        .offset((number - 1) * PAGE_SIZE)
    )
    rows = session.execute(query).all()
    items = [Row(*row[:5]) for row in rows]
    return Page(items, number, PAGE_SIZE, rows[0][5] if rows else 0)


@dataclass(frozen=True)
class PlaceSummary:
    """Figures of one place. `unexplained` counts units booked from its suspense place."""

    place: Place
    lots: int
    units: int
    near: int
    expired: int
    unexplained: int


def summaries(session: Session, places: Sequence[Place], day: date) -> list[PlaceSummary]:
    """How each place stands. Two queries."""
    ids = [place.id for place in places]
    soon = day.toordinal() + NEAR_DAYS
    expired = case((Lot.sell_by < day, 1), else_=0)
    near = case(((Lot.sell_by >= day) & (Lot.sell_by <= date.fromordinal(soon)), 1), else_=0)
    rows = session.execute(
        select(
            Balance.place_id,
            func.count(),
            func.sum(Balance.on_hand),
            func.sum(near),
            func.sum(expired),
        )
        .join(Lot, Lot.id == Balance.lot_id)
        .where(Balance.place_id.in_(ids), Balance.on_hand > 0)
        .group_by(Balance.place_id)
    )
    figures = {row[0]: (int(row[1]), int(row[2]), int(row[3]), int(row[4])) for row in rows}
    owed = session.execute(
        select(Place.parent_id, -func.sum(Balance.on_hand))
        .join(Balance, Balance.place_id == Place.id)
        .where(Place.kind == PlaceKind.SUSPENSE, Place.parent_id.in_(ids), Balance.on_hand < 0)
        .group_by(Place.parent_id)
    )
    unexplained = {row[0]: int(row[1]) for row in owed}
    return [
        PlaceSummary(place, *figures.get(place.id, (0, 0, 0, 0)), unexplained.get(place.id, 0))
        for place in places
    ]


@dataclass(frozen=True)
class Moved:
    """One movement with the names that people know."""

    movement: Movement
    product: Product
    sku: Sku
    lot: Lot
    source: Place
    target: Place


def movements(
    session: Session,
    places: frozenset[UUID] | None,
    *,
    kind: MovementKind | None,
    lot_id: UUID | None,
    number: int,
) -> Page[Moved]:
    """History of the places (None: of all), newest first."""
    conditions: list[ColumnElement[bool]] = []
    if places is not None:
        touched = Movement.from_place_id.in_(places) | Movement.to_place_id.in_(places)
        conditions.append(touched)
    if kind is not None:
        conditions.append(Movement.kind == kind)
    if lot_id is not None:
        conditions.append(Movement.lot_id == lot_id)
    total = session.scalar(select(func.count(Movement.id)).where(*conditions)) or 0
    query = (
        select(Movement, Product, Sku, Lot)
        .join(Sku, Sku.id == Movement.sku_id)
        .join(Product, Product.id == Sku.product_id)
        .join(Lot, Lot.id == Movement.lot_id)
        .where(*conditions)
        .order_by(Movement.id.desc())
        .limit(PAGE_SIZE)
        .offset((number - 1) * PAGE_SIZE)
    )
    rows = session.execute(query).all()
    ids = {row[0].from_place_id for row in rows} | {row[0].to_place_id for row in rows}
    names = {place.id: place for place in session.scalars(select(Place).where(Place.id.in_(ids)))}
    items = [
        Moved(m, product, sku, lot, names[m.from_place_id], names[m.to_place_id])
        for m, product, sku, lot in rows
    ]
    return Page(items, number, PAGE_SIZE, total)


def lots_to_receive(session: Session, text: str, limit: int = 30) -> Sequence[Lot]:
    """Released lots by a part of their code, article code, barcode or product name."""
    query = (
        select(Lot)
        .join(Sku, Sku.id == Lot.sku_id)
        .join(Product, Product.id == Sku.product_id)
        .where(Lot.status == LotStatus.RELEASED, named())
        .options(joinedload(Lot.sku).joinedload(Sku.product))
        .order_by(Lot.created_at.desc(), Lot.code)
        .limit(limit)
    )
    if text:
        up = text.upper()
        query = query.where(
            Lot.code.contains(up, autoescape=True)
            | (Sku.code == up)
            | (Sku.gtin == text)
            | _named(text)
        )
    return session.scalars(query).all()


def without_lot(session: Session, text: str, limit: int = 30) -> Sequence[Sku]:
    """Counted articles that need no lot, by code, barcode or product name."""
    query = (
        select(Sku)
        .join(Product, Product.id == Sku.product_id)
        .where(Sku.active, Product.counted, ~Product.needs_lot)
        .options(joinedload(Sku.product))
        .order_by(Product.sort_key, Sku.position)
        .limit(limit)
    )
    if text:
        query = query.where((Sku.code == text.upper()) | (Sku.gtin == text) | _named(text))
    return session.scalars(query).all()


def _named(text: str) -> ColumnElement[bool]:
    """Products in whose text the words stand one after another; none for signs alone."""
    words = " ".join(words_of(text))
    return Product.search_text.contains(words, autoescape=True) if words else false()

"""Sales over a period, by day, by product, by point and by star. Reads only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.core.clock import VIETNAM, local_midnight
from catalog.models import Producer, Product, Sku
from pos.sales.models import Order, OrderLine
from pos.sales.status import OrderStatus
from pos.stock.models import Place

UNKNOWN = "—"
LOST = (OrderStatus.REFUSED, OrderStatus.CANCELLED)


@dataclass(frozen=True)
class Period:
    """Days `first` to `last`, both counted, in Vietnam's time."""

    first: date
    last: date

    @property
    def days(self) -> list[date]:
        return [self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1)]


@dataclass(frozen=True)
class Line:
    """A name with đồng and a number of units or orders."""

    name: str
    amount: int
    count: int


@dataclass(frozen=True)
class Report:
    """Figures of a period. Amounts in đồng, goods only, without orders that came to nothing."""

    orders: int
    amount: int
    with_stars: int
    by_day: Sequence[tuple[date, int]]
    by_place: Sequence[Line]
    by_product: Sequence[Line]
    by_producer: Sequence[Line]

    @property
    def star_share(self) -> int | None:
        """Percentage of the turnover made with goods whose stars were in force."""
        return round(100 * self.with_stars / self.amount) if self.amount else None


def report(session: Session, period: Period, places: frozenset[UUID] | None) -> Report:
    """Sales of these places (None: of all) in a period."""
    where = _conditions(period, places)
    orders, amount = session.execute(
        select(func.count(Order.id), func.coalesce(func.sum(Order.subtotal), 0)).where(*where)
    ).one()
    starred = select(func.coalesce(func.sum(OrderLine.line_total), 0)).join(Order)
    with_stars = session.scalar(starred.where(OrderLine.stars >= 3, *where)) or 0
    return Report(
        orders=orders,
        amount=int(amount),
        with_stars=int(with_stars),
        by_day=_by_day(session, period, where),
        by_place=_by_place(session, where),
        by_product=_by(session, Product.name_vi, Product.id, where),
        by_producer=_by(session, Producer.name, Producer.id, where),
    )


def _conditions(period: Period, places: frozenset[UUID] | None) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [
        Order.placed_at >= local_midnight(period.first),
        Order.placed_at < local_midnight(period.last + timedelta(days=1)),
        Order.status.not_in(LOST),
    ]
    if places is not None:
        found.append(Order.place_id.in_(places))
    return found


def _by_day(
    session: Session, period: Period, where: list[ColumnElement[bool]]
) -> list[tuple[date, int]]:
    # The two databases name a local day differently; a month of order times is little to read.
    totals = dict.fromkeys(period.days, 0)
    for placed_at, amount in session.execute(select(Order.placed_at, Order.subtotal).where(*where)):
        totals[placed_at.astimezone(VIETNAM).date()] += amount
    return list(totals.items())


def _by_place(session: Session, where: list[ColumnElement[bool]]) -> list[Line]:
    total = func.sum(Order.subtotal)
    rows = session.execute(
        select(Place.name, total, func.count(Order.id))
        .join(Place, Place.id == Order.place_id)
        .where(*where)
        .group_by(Place.id, Place.name)
        .order_by(total.desc())
    )
    return [Line(name, int(amount), count) for name, amount, count in rows]


def _by(
    session: Session,
    name: InstrumentedAttribute[str],
    key: InstrumentedAttribute[UUID],
    where: list[ColumnElement[bool]],
    limit: int = 10,
) -> list[Line]:
    total = func.sum(OrderLine.line_total)
    rows = session.execute(
        select(name, total, func.sum(OrderLine.quantity))
        .select_from(OrderLine)
        .join(Order, Order.id == OrderLine.order_id)
        .join(Sku, Sku.id == OrderLine.sku_id)
        .join(Product, Product.id == Sku.product_id)
        .outerjoin(Producer, Producer.id == Product.producer_id)
        .where(*where)
        .group_by(key, name)
        .order_by(total.desc())
        .limit(limit)
    )
    return [Line(text or UNKNOWN, int(amount), int(count)) for text, amount, count in rows]

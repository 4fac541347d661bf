"""What buyers complained of in a period: line by line, and added up by article and producer."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.clock import local_day, local_midnight
from catalog.models import Producer
from pos.aftersales.models import Case, CaseLine
from pos.aftersales.status import CaseStatus, Reason, Wish
from pos.sales.models import Order, OrderLine
from pos.stock.models import Place


@dataclass(frozen=True)
class Complaint:
    """One line of a case; units in base units."""

    number: str
    order: str
    day: date
    place: str
    sku_code: str
    name: str
    producer: str | None
    reason: Reason
    wish: Wish
    status: CaseStatus
    asked: int
    accepted: int
    remedy: Wish | None
    decision: str | None


@dataclass
class Sum:
    """Cases about one article, by reason; `accepted` counts those granted."""

    name: str
    producer: str | None
    reasons: Counter[Reason] = field(default_factory=Counter)
    accepted: int = 0

    @property
    def total(self) -> int:
        return self.reasons.total()


def complaints(
    session: Session, first: date, last: date, places: frozenset[UUID] | None
) -> Sequence[Complaint]:
    """Lines of the cases that were opened from `first` to `last`, in their order."""
    begins, ends = local_midnight(first), local_midnight(last + timedelta(days=1))
    query = (
        select(Case, CaseLine, OrderLine, Order.number, Place.name, Producer.name)
        .join(CaseLine, CaseLine.case_id == Case.id)
        .join(OrderLine, OrderLine.id == CaseLine.line_id)
        .join(Order, Order.id == Case.order_id)
        .join(Place, Place.id == Order.place_id)
        .outerjoin(Producer, Producer.id == OrderLine.producer_id)
        .where(Case.opened_at >= begins, Case.opened_at < ends)
        .order_by(Case.opened_at, Case.number, OrderLine.line_no)
    )
    if places is not None:
        query = query.where(Order.place_id.in_(places))
    return [_complaint(*row) for row in session.execute(query)]


def _complaint(
    case: Case, row: CaseLine, line: OrderLine, order: str, place: str, producer: str | None
) -> Complaint:
    return Complaint(
        case.number,
        order,
        local_day(case.opened_at),
        place,
        line.sku_code,
        line.name,
        producer,
        case.reason,
        case.wish,
        case.status,
        row.asked,
        row.accepted,
        case.remedy,
        case.decision,
    )


def by_article(found: Iterable[Complaint]) -> list[Sum]:
    """One sum for each article, those with the most cases first."""
    sums: dict[str, Sum] = {}
    for one in found:
        row = sums.setdefault(one.sku_code, Sum(one.name, one.producer))
        row.reasons[one.reason] += 1
        row.accepted += one.accepted > 0
    return sorted(sums.values(), key=lambda row: (-row.total, row.name))

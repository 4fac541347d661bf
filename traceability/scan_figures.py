"""Figures about scans for the programme office: by day and answer, by area, by batch."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, joinedload

from app.areas.places_map import Point, province
from app.core.clock import local_day, local_midnight
from app.core.paging import Page
from catalog.models import Sku
from traceability.cases import cell_of
from traceability.cells import Cell
from traceability.models import Scan, StampBatch
from traceability.scan_models import CaseKind, CaseStatus, Doubt, DoubtStatus, StampCase

PAGE_SIZE = 30
DAYS = 30
MOST_AREAS = 200
# Answers under which a pack should not be on sale.
GRAVE = ("unknown", "not_activated", "suspicious", "void", "recalled")


@dataclass(frozen=True)
class Spot:
    """One area: how many scans and codes, and where its square lies on the map of the province."""

    cell: Cell
    scans: int
    codes: int
    corner: Point
    opposite: Point
    inside: bool


@dataclass(frozen=True)
class Figures:
    """The last `DAYS` days."""

    days: Sequence[tuple[date, int, int]]  # day, scans, those with a grave answer
    answers: Mapping[str, int]
    spots: Sequence[Spot]
    placed: int  # scans that told their area

    @property
    def total(self) -> int:
        """All scans."""
        return sum(scans for _day, scans, _grave in self.days)

    @property
    def most(self) -> int:
        """Scans of the busiest day, at least 1."""
        return max((scans for _day, scans, _grave in self.days), default=0) or 1


def figures(session: Session, *, now: datetime) -> Figures:
    """Scans of the last days; two queries."""
    first = local_day(now) - timedelta(days=DAYS - 1)
    since = Scan.at >= local_midnight(first)
    by_day, answers = _by_day(session, since)
    days = [first + timedelta(days=n) for n in range(DAYS)]
    spots = _spots(session, since)
    return Figures(
        [(day, by_day[day].total(), sum(by_day[day][kind] for kind in GRAVE)) for day in days],
        answers,
        spots,
        sum(spot.scans for spot in spots),
    )


def _by_day(
    session: Session, since: ColumnElement[bool]
) -> tuple[Mapping[date, Counter[str]], Mapping[str, int]]:
    """Counted here and not by the database: its days are not those of Vietnam."""
    hour = func.strftime("%Y-%m-%dT%H", Scan.at)
    if session.get_bind().dialect.name == "postgresql":
        hour = func.to_char(func.timezone("UTC", Scan.at), 'YYYY-MM-DD"T"HH24')
    rows = session.execute(
        select(hour, Scan.verdict, func.count()).where(since).group_by(hour, Scan.verdict)
    )
    days: dict[date, Counter[str]] = defaultdict(Counter)
    answers: Counter[str] = Counter()
    for text, verdict, count in rows:
        moment = datetime.fromisoformat(f"{text}:00:00+00:00")
        days[local_day(moment)][verdict] += count
        answers[verdict] += count
    return days, dict(answers.most_common())


def _spots(session: Session, since: ColumnElement[bool]) -> list[Spot]:
    codes = func.count(func.distinct(Scan.number))
    query = select(Scan.lat10, Scan.lon10, func.count().label("scans"), codes)
    query = query.where(since, Scan.lat10.is_not(None)).group_by(Scan.lat10, Scan.lon10)
    rows = session.execute(query.order_by(func.count().desc()).limit(MOST_AREAS))
    return [
        spot(cell, scans, count)
        for lat10, lon10, scans, count in rows
        if (cell := cell_of(lat10, lon10)) is not None
    ]


def spot(cell: Cell, scans: int, codes: int) -> Spot:
    """An area as a square of the map."""
    drawing = province()
    corner = drawing.projection.place((cell.lon10 / 10, (cell.lat10 + 1) / 10))
    opposite = drawing.projection.place(((cell.lon10 + 1) / 10, cell.lat10 / 10))
    across = opposite[0] > 0 and corner[0] < drawing.width
    inside = across and opposite[1] > 0 and corner[1] < drawing.height
    return Spot(cell, scans, codes, corner, opposite, inside)


def case_page(
    session: Session, status: CaseStatus | None, kind: CaseKind | None, number: int
) -> Page[StampCase]:
    """Cases, those not closed first, the gravest and newest before others."""
    query = select(StampCase)
    if status is not None:
        query = query.where(StampCase.status == status)
    if kind is not None:
        query = query.where(StampCase.kind == kind)
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    batch = joinedload(StampCase.batch)
    query = query.options(batch.joinedload(StampBatch.sku).joinedload(Sku.product))
    order = (StampCase.closed_at.is_not(None), StampCase.score.desc(), StampCase.seen_at.desc())
    rows = query.order_by(*order).offset((number - 1) * PAGE_SIZE).limit(PAGE_SIZE)
    return Page(session.scalars(rows).all(), number, PAGE_SIZE, total)


def doubt_page(session: Session, status: DoubtStatus | None, number: int) -> Page[Doubt]:
    """Reports, those without an answer first, the oldest of them before others."""
    query = select(Doubt)
    if status is not None:
        query = query.where(Doubt.status == status)
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    order = (Doubt.answered_at.is_not(None), Doubt.at)
    rows = query.order_by(*order).offset((number - 1) * PAGE_SIZE).limit(PAGE_SIZE)
    return Page(session.scalars(rows).all(), number, PAGE_SIZE, total)


def waiting(session: Session) -> tuple[int, int]:
    """How many cases and reports wait to be looked into."""
    cases = select(func.count()).where(StampCase.closed_at.is_(None)).scalar_subquery()
    doubts = select(func.count()).where(Doubt.status != DoubtStatus.ANSWERED).scalar_subquery()
    row = session.execute(select(cases, doubts)).one()
    return int(row[0]), int(row[1])

"""Taking a register of products in. Nothing is invented, and a second import changes nothing.

Stars in a register are a report of its source: without decision and dates they are never in force.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import audit
from app.areas.lookup import find_larger, find_unit
from app.areas.models import FIRST, SINCE_2025, AreaLevel, AreaUnit
from app.core.errors import Rejected
from app.core.text import N_, slugify
from catalog import groups, products
from catalog.families import family_of
from catalog.models import Category, Producer, Product, ProductGroup
from catalog.recognition_models import Evidence, EvidenceKind, Recognition
from catalog.register_rows import BadValue, Claim, RegisterRow, bare_commune, parse, read_lines

_FORMER_PROVINCE = re.compile(r"\s*\((?P<name>[^)]+)\)$")


@dataclass(frozen=True)
class Refusal:
    """A row that was not taken, with the error that says why."""

    line: int
    error: Rejected


@dataclass
class ImportReport:
    """What became of the rows. `targets` are among the accepted or unchanged ones, without stars;
    `unknown` counts, over those, what their sources do not tell."""

    accepted: int = 0
    unchanged: int = 0
    reported_stars: int = 0
    targets: list[int] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    unknown: dict[str, int] = field(
        default_factory=lambda: dict.fromkeys(("producer", "stars", "commune", "decision"), 0)
    )


def import_file(
    session: Session, content: bytes, *, now: datetime, actor_id: UUID | None
) -> ImportReport:
    """Take in a CSV file (columns: `register_rows.COLUMNS`). Raises `BadEncoding`, `MissingColumn`;
    a row with an impossible value, or one that repeats another, is refused in the report."""
    rows, refused, seen = list[RegisterRow](), list[Refusal](), dict[str, int]()
    for line, values in read_lines(content):
        try:
            rows.append(_first_of_its_kind(parse(line, values), seen))
        except BadValue as error:
            refused.append(Refusal(line, error))
    report = import_register(session, rows, now=now, actor_id=actor_id)
    report.refused = refused
    return report


def _first_of_its_kind(row: RegisterRow, seen: dict[str, int]) -> RegisterRow:
    if row.key in seen:
        reason = N_("the same product, producer and place as an earlier line")
        raise BadValue(row=row.line, column="name_vi", reason=reason)
    seen[row.key] = row.line
    return row


def import_register(
    session: Session, rows: Iterable[RegisterRow], *, now: datetime, actor_id: UUID | None
) -> ImportReport:
    """Make drafts, producers and reported stars out of the rows that are not known yet."""
    groups.ensure(session)
    report, shelves = ImportReport(), {c.slug: c for c in session.scalars(select(Category))}
    for row in rows:
        product = session.scalar(select(Product).filter_by(register_key=row.key))
        is_new = product is None
        if product is None:
            product = _draft(session, row, shelves, now, actor_id)
        if _report_stars(session, product, row, now) or is_new:
            report.accepted += 1
        else:
            report.unchanged += 1
        _count(report, row, product)
    _record(session, report, now, actor_id)
    return report


def _draft(
    session: Session,
    row: RegisterRow,
    shelves: dict[str, Category],
    now: datetime,
    actor_id: UUID | None,
) -> Product:
    family = family_of(row.name, row.group)
    area = _area(session, row)
    product = products.draft(
        session,
        products.Texts(name_vi=row.name),
        producer=_producer(session, row, area, now) if row.producer else None,
        category=shelves[family.shelf],
        illustration=family.illustration,
        area_text=row.area_text,
        needs_lot=family.needs_lot,
        now=now,
        actor_id=actor_id,
    )
    product.area_id = area.id if area else None
    product.group = _group(session, row)
    product.register_key = row.key
    product.source_url, product.source_note = row.source, row.note
    session.flush()
    return product


def _group(session: Session, row: RegisterRow) -> ProductGroup | None:
    return groups.group_2023(session, row.group) if row.group else None


def _producer(session: Session, row: RegisterRow, area: AreaUnit | None, now: datetime) -> Producer:
    slug = slugify(row.producer or "")
    found = session.scalar(select(Producer).filter_by(slug=slug))
    if found is not None:
        return found
    producer = Producer(
        slug=slug,
        name=row.producer,
        kind=row.kind,
        area_id=area.id if area else None,
        area_text=row.area_text,
        source_url=row.source,
        created_at=now,
    )
    session.add(producer)
    session.flush()
    return producer


def _area(session: Session, row: RegisterRow) -> AreaUnit | None:
    """The smallest unit that the row names and the lists know: commune, district, then province."""
    district = _FORMER_PROVINCE.sub("", row.district or "")
    if row.commune and row.commune_is_of_today:
        return find_unit(session, SINCE_2025, bare_commune(row.commune), None)
    if row.commune:
        commune = find_unit(session, FIRST, row.commune, district)
        if commune is not None:
            return commune
    if district:
        return find_larger(session, FIRST, AreaLevel.DISTRICT, district)
    province = _FORMER_PROVINCE.search(row.district or "")
    return province and find_larger(session, FIRST, AreaLevel.PROVINCE, province["name"])


def _report_stars(session: Session, product: Product, row: RegisterRow, now: datetime) -> bool:
    """Keep what the source reports; True when it was not on file."""
    if row.claim is not Claim.REPORTED:
        return False
    key = {"product_id": product.id, "stars": row.stars, "period_text": row.year}
    if session.scalar(select(Recognition.id).filter_by(**key, decision_id=None)):
        return False
    reported = Recognition(**key, created_at=now)
    session.add(reported)
    session.flush()
    session.add(
        Evidence(
            product_id=product.id,
            recognition_id=reported.id,
            kind=EvidenceKind.SOURCE,
            url=row.source,
            note=row.note,
            created_at=now,
        )
    )
    session.flush()
    return True


def _count(report: ImportReport, row: RegisterRow, product: Product) -> None:
    reported = row.claim is Claim.REPORTED
    report.reported_stars += reported
    if row.claim is Claim.TARGET:
        report.targets.append(row.line)
    report.unknown["producer"] += product.producer is None
    report.unknown["stars"] += not reported
    report.unknown["commune"] += row.commune is None
    report.unknown["decision"] += 1  # a register names none


def _record(session: Session, report: ImportReport, now: datetime, actor_id: UUID | None) -> None:
    if report.accepted:
        detail = {"accepted": report.accepted, "unchanged": report.unchanged}
        obj = ("register", now.date().isoformat())
        audit.record(session, "register.import", obj, actor_id=actor_id, now=now, detail=detail)

"""Finding units by what people write, and where an old unit lies today."""

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from app.areas.models import BEFORE_2025, SINCE_2025, AreaChange, AreaLevel, AreaUnit
from app.areas.names import folded_name


def find_unit(
    session: Session, snapshot: str, commune_name: str, district_name: str | None
) -> AreaUnit | None:
    """The commune of `snapshot` with this name in this district, or None.

    Case, marks and the kind before the name (Xã, Phường, Huyện…) do not matter. Without a district
    (there are none since July 2025) a name borne by several communes finds nothing.
    """
    query = select(AreaUnit).where(
        AreaUnit.snapshot == snapshot,
        AreaUnit.level == AreaLevel.COMMUNE,
        AreaUnit.folded_name == folded_name(commune_name),
    )
    if district_name:
        district = aliased(AreaUnit)
        query = query.join(district, AreaUnit.parent_id == district.id).where(
            district.level == AreaLevel.DISTRICT, district.folded_name == folded_name(district_name)
        )
    found = session.scalars(query.limit(2)).all()
    return found[0] if len(found) == 1 else None


def find_larger(session: Session, snapshot: str, level: AreaLevel, name: str) -> AreaUnit | None:
    """The district or province of `snapshot` with this name, or None."""
    query = select(AreaUnit).filter_by(
        snapshot=snapshot, level=level, folded_name=folded_name(name)
    )
    return session.scalars(query).one_or_none()


def today_unit(session: Session, unit: AreaUnit) -> AreaUnit | None:
    """The unit valid now in which all of `unit` lies; None when that is not known.

    A district has no successor. A commune that was divided (Lạc Đạo, Đình Dù, Ngọc Thanh) has
    several: see `units_today`.
    """
    found = units_today(session, unit)
    return found[0] if len(found) == 1 else None


def units_today(session: Session, unit: AreaUnit) -> list[AreaUnit]:
    """All units valid now that took in a part of `unit`, in dictionary order."""
    if unit.snapshot == SINCE_2025:
        return [unit]
    if unit.level is AreaLevel.PROVINCE:
        # 202/2025/QH15: both provinces of the data became one.
        return list(
            session.scalars(select(AreaUnit).filter_by(snapshot=SINCE_2025, level=unit.level))
        )
    before = _before_2025(session, unit)
    if before is None:
        return []
    query = select(AreaUnit).join(AreaChange, AreaChange.to_unit_id == AreaUnit.id)
    query = query.where(AreaChange.from_unit_id == before.id).order_by(AreaUnit.sort_key)
    return list(session.scalars(query))


def _before_2025(session: Session, unit: AreaUnit) -> AreaUnit | None:
    """The commune of the last snapshot with districts that holds `unit`.

    No list of the mergers of 2024 is at hand, but within one district the data tell: a commune that
    kept its name is itself, whatever its code; otherwise the unit that took over its code is the
    merger it went into. A commune whose name and code both ended is not known.
    """
    if unit.snapshot == BEFORE_2025:
        return unit
    old, new = aliased(AreaUnit), aliased(AreaUnit)
    query = (
        select(AreaUnit)
        .join(new, AreaUnit.parent_id == new.id)
        .join(old, (old.code == new.code) & (old.level == new.level))
        .where(AreaUnit.snapshot == BEFORE_2025, AreaUnit.level == AreaLevel.COMMUNE)
        .where(old.id == unit.parent_id)
        .where((AreaUnit.folded_name == unit.folded_name) | (AreaUnit.code == unit.code))
    )
    found = session.scalars(query).all()
    return min(found, key=lambda u: u.folded_name != unit.folded_name, default=None)


def communes_today(session: Session) -> list[AreaUnit]:
    """All communes valid now, in the order of a Vietnamese dictionary."""
    return list(session.scalars(_COMMUNES))


_COMMUNES = (
    select(AreaUnit)
    .filter_by(snapshot=SINCE_2025, level=AreaLevel.COMMUNE)
    .order_by(AreaUnit.sort_key)
)

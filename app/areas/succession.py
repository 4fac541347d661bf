"""Where every unit of every period lies today, as relations that other queries can join.

The rules are those of `lookup.units_today`, which answers for one unit; here they are set-based.
"""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import Select, Subquery, exists, or_, select, union_all
from sqlalchemy.orm import Session, aliased

from app.areas.models import BEFORE_2025, FIRST, SINCE_2025, AreaChange, AreaLevel, AreaUnit


def today() -> Subquery:
    """Pairs (`unit_id`, `today_id`): a unit and a commune of today that took in a part of it."""
    same = select(AreaUnit.id.label("unit_id"), AreaUnit.id.label("today_id")).where(
        AreaUnit.snapshot == SINCE_2025, AreaUnit.level == AreaLevel.COMMUNE
    )
    merged = select(AreaChange.from_unit_id, AreaChange.to_unit_id).where(
        AreaChange.from_unit_id.is_not(None)
    )
    earlier = _before_2025()
    twice = select(earlier.c.unit_id, AreaChange.to_unit_id).join(
        AreaChange, AreaChange.from_unit_id == earlier.c.before_id
    )
    return union_all(same, merged, twice).subquery("today")


def _before_2025() -> Subquery:
    """Pairs (`unit_id`, `before_id`): a commune of the first snapshot, and the one of the next

    that holds it: of its name in its district, or else the one that took over its code there.
    """
    unit, before, old, new = (aliased(AreaUnit) for _ in range(4))
    named = aliased(AreaUnit)
    kept_its_name = exists().where(
        named.parent_id == new.id,
        named.level == AreaLevel.COMMUNE,
        named.folded_name == unit.folded_name,
    )
    query = (
        select(unit.id.label("unit_id"), before.id.label("before_id"))
        .join(old, unit.parent_id == old.id)
        .join(new, (new.code == old.code) & (new.level == old.level))
        .join(before, before.parent_id == new.id)
        .where(unit.snapshot == FIRST, unit.level == AreaLevel.COMMUNE)
        .where(new.snapshot == BEFORE_2025, before.level == AreaLevel.COMMUNE)
        .where(
            or_(
                before.folded_name == unit.folded_name,
                (before.code == unit.code) & ~kept_its_name,
            )
        )
    )
    return query.subquery("earlier")


def lying_in(commune: AreaUnit) -> Select[UUID]:
    """Sub-query: keys of all units, old and new, of which a part lies in a commune of today."""
    pairs = today()
    return select(pairs.c.unit_id).where(pairs.c.today_id == commune.id)


def codes_today(session: Session, unit_ids: Iterable[UUID]) -> dict[UUID, list[str]]:
    """For each of the units, the codes of the communes of today it lies in; one query."""
    pairs, ids = today(), set(unit_ids)
    query = select(pairs.c.unit_id, AreaUnit.code).join(AreaUnit, AreaUnit.id == pairs.c.today_id)
    found: dict[UUID, list[str]] = {key: [] for key in ids}
    for unit_id, code in session.execute(query.where(pairs.c.unit_id.in_(ids))):
        found[unit_id].append(code)
    return found

"""Fills the tables of units and changes from the published lists; a second run changes nothing."""

import csv
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from io import StringIO
from pathlib import Path
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.areas.models import BEFORE_2025, SINCE_2025, AreaChange, AreaLevel, AreaUnit
from app.areas.names import folded_name, same_spelling
from app.core.text import sort_key

DATA = Path(__file__).parent / "data"

Row = dict[str, str]
Key = tuple[str, AreaLevel, str]
LEVELS = {level.value: level for level in AreaLevel}
WITH_DISTRICT = re.compile(r"(?P<name>.+) \((?P<district>.+)\)")


@dataclass(frozen=True)
class LoadReport:
    """Rows added by this run, and the names in all changes that match no single unit."""

    units: int
    changes: int
    unmatched: tuple[str, ...]


def load(session: Session, folder: Path = DATA) -> LoadReport:
    """Add the units and changes of the two lists in `folder` that are not there yet."""
    units = {(u.snapshot, u.level, u.code): u for u in session.scalars(select(AreaUnit))}
    known = len(units)
    rows = _read(folder / "admin_units.csv")
    for level in AreaLevel:  # parents first
        _add_units(session, units, (row for row in rows if row["level"] == level))
        session.flush()
    added, unmatched = _add_changes(session, units, _read(folder / "admin_unit_changes.csv"))
    return LoadReport(len(units) - known, added, tuple(unmatched))


def _read(path: Path) -> list[Row]:
    # The lists mix composed and decomposed letters.
    text = unicodedata.normalize("NFC", path.read_text(encoding="utf-8-sig"))
    return list(csv.DictReader(StringIO(text)))


def _add_units(session: Session, units: dict[Key, AreaUnit], rows: Iterable[Row]) -> None:
    for row in rows:
        key = (row["snapshot"], LEVELS[row["level"]], row["code"])
        if key not in units:
            units[key] = _unit(row, _parent(units, row))
            session.add(units[key])


def _unit(row: Row, parent: AreaUnit | None) -> AreaUnit:
    return AreaUnit(
        snapshot=row["snapshot"],
        level=LEVELS[row["level"]],
        code=row["code"],
        name=row["name"],
        full_name=row["full_name"],
        folded_name=folded_name(row["name"]),
        sort_key=sort_key(row["name"]),
        parent_id=parent.id if parent else None,
        valid_from=date.fromisoformat(row["valid_from"]),
        valid_to=date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
    )


def _parent(units: dict[Key, AreaUnit], row: Row) -> AreaUnit | None:
    # District and province codes have different lengths, so one of the two keys fits at most.
    for level in (AreaLevel.DISTRICT, AreaLevel.PROVINCE):
        found = units.get((row["snapshot"], level, row["parent_code"]))
        if found is not None:
            return found
    return None


class _Matcher:
    """Finds the unit of the last snapshot with districts that a name in the list of changes means."""

    def __init__(self, units: Iterable[AreaUnit]) -> None:
        old = [u for u in units if u.snapshot == BEFORE_2025]
        self._districts = {u.id: u.full_name for u in old if u.level is AreaLevel.DISTRICT}
        self._by_name: dict[str, list[AreaUnit]] = defaultdict(list)
        for unit in old:
            if unit.level is AreaLevel.COMMUNE:
                self._by_name[same_spelling(unit.full_name)].append(unit)

    def match(self, names: list[str]) -> list[AreaUnit | None]:
        """The unit of each name, or None. A name borne by several is settled by its neighbours:

        the units that merged lie together, so the one in the district of a sure neighbour is meant.
        """
        candidates = [self._candidates(name) for name in names]
        sure = {c[0].parent_id for c in candidates if len(c) == 1}
        return [_only(c) or _only([u for u in c if u.parent_id in sure]) for c in candidates]

    def _candidates(self, name: str) -> list[AreaUnit]:
        match = WITH_DISTRICT.fullmatch(name)
        if match is None:
            return self._by_name[same_spelling(name)]
        district = same_spelling(match["district"])
        return [
            unit
            for unit in self._by_name[same_spelling(match["name"])]
            if same_spelling(self._district_of(unit)) == district
        ]

    def _district_of(self, unit: AreaUnit) -> str:
        return self._districts[unit.parent_id] if unit.parent_id else ""


def _only(units: list[AreaUnit]) -> AreaUnit | None:
    return units[0] if len(units) == 1 else None


def _add_changes(
    session: Session, units: dict[Key, AreaUnit], rows: list[Row]
) -> tuple[int, list[str]]:
    known = {(c.to_unit_id, c.from_name) for c in session.scalars(select(AreaChange))}
    matcher, added, unmatched = _Matcher(units.values()), 0, list[str]()
    for row in rows:
        to_unit = units[SINCE_2025, AreaLevel.COMMUNE, row["to_code"]]
        names = row["from_full_names"].split(", ")
        for name, found in zip(names, matcher.match(names), strict=True):
            unmatched += [] if found else [name]
            if (to_unit.id, name) not in known:
                session.add(_change(row, to_unit.id, name, found))
                added += 1
    session.flush()
    return added, unmatched


def _change(row: Row, to_unit_id: UUID, name: str, found: AreaUnit | None) -> AreaChange:
    return AreaChange(
        changed_on=date.fromisoformat(row["date"]),
        act=row["act"],
        to_unit_id=to_unit_id,
        from_unit_id=found.id if found else None,
        from_name=name,
    )

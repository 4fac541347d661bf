"""How long a parcel is on its way to each province, and what bears that long."""

import csv
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

_TABLE = Path(__file__).parent / "data" / "delivery_days.csv"


@dataclass(frozen=True)
class Reach:
    """A province of today with the days a parcel takes: at best and at worst."""

    code: str
    name: str
    days_from: int
    days_to: int

    def bears(self, max_transit_days: int | None) -> bool:
        """Whether goods that stand `max_transit_days` on the way arrive in time at worst."""
        return max_transit_days is None or self.days_to <= max_transit_days


@lru_cache
def provinces() -> tuple[Reach, ...]:
    """The provinces as `data/delivery_days.csv` has them: the nearest first, then by name."""
    with _TABLE.open(encoding="utf-8", newline="") as file:
        rows = [
            Reach(row["code"], row["name"], int(row["days_from"]), int(row["days_to"]))
            for row in csv.DictReader(file)
        ]
    return tuple(sorted(rows, key=lambda reach: (reach.days_to, reach.code)))


def province(code: str | None) -> Reach | None:
    """The province with this code, if it is one."""
    return next((reach for reach in provinces() if reach.code == code), None)

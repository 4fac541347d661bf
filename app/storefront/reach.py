"""How long a parcel is on its way to each province, and what bears that long."""

from dataclasses import dataclass
from datetime import date

from pos.shipping import tariff_files

HOME = "hung-yen"


@dataclass(frozen=True)
class Reach:
    """A province of today with the days that the fastest way there takes: at best and at worst."""

    code: str
    name: str
    days_from: int
    days_to: int

    def bears(self, max_transit_days: int | None) -> bool:
        """Whether goods that stand `max_transit_days` on the way arrive in time at worst."""
        return max_transit_days is None or self.days_to <= max_transit_days


def provinces(day: date) -> tuple[Reach, ...]:
    """The provinces that somebody delivers to on a day: the nearest first, then as the law lists
    them."""
    tariff = tariff_files.current()
    found = ((p, tariff.days(p.code, day)) for p in tariff.provinces)
    reached = [Reach(p.code, p.name, *days) for p, days in found if days]
    return tuple(sorted(reached, key=lambda reach: reach.days_to))

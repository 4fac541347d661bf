"""Coarse places: cells of a tenth of a degree, about 11 km, so that no scan says whose door it was."""

import re
from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt

from app.core.errors import Rejected
from app.core.text import N_

EARTH_KM = 6_371.0
_TEXT = re.compile(r"(-?\d{1,4}),(-?\d{1,4})")


class NoSuchPlace(Rejected):
    """Not a latitude and a longitude on this planet."""

    code = "no_such_place"
    message = N_("This is not a place on the map.")


@dataclass(frozen=True, order=True, slots=True)
class Cell:
    """A square of the map, named by its south-western corner in tenths of a degree."""

    lat10: int
    lon10: int

    def __str__(self) -> str:
        return f"{self.lat10},{self.lon10}"

    @property
    def centre(self) -> tuple[float, float]:
        """Latitude and longitude of the middle, in degrees."""
        return (self.lat10 + 0.5) / 10, (self.lon10 + 0.5) / 10


def cell_at(latitude: float, longitude: float) -> Cell:
    """The cell around a point in degrees. Raises `NoSuchPlace`."""
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise NoSuchPlace
    return Cell(int(latitude * 10 // 1), int(longitude * 10 // 1))


def read(text: str) -> Cell | None:
    """The cell that `str` of it gives, or None for an empty text. Raises `NoSuchPlace`."""
    if not text:
        return None
    found = _TEXT.fullmatch(text)
    if found is None:
        raise NoSuchPlace
    return cell_at((int(found[1]) + 0.5) / 10, (int(found[2]) + 0.5) / 10)


def distance(one: Cell, other: Cell) -> float:
    """Kilometres between the middles of two cells, along the globe."""
    (lat1, lon1), (lat2, lon2) = one.centre, other.centre
    half_lat, half_lon = radians(lat2 - lat1) / 2, radians(lon2 - lon1) / 2
    part = sin(half_lat) ** 2 + cos(radians(lat1)) * cos(radians(lat2)) * sin(half_lon) ** 2
    return 2 * EARTH_KM * asin(sqrt(part))

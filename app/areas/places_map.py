"""The map of today's communes as drawing instructions. Pure; the outlines are read once.

Plate carrée at the latitude of the province: over 80 km nobody sees the difference to a finer
projection. One unit of the drawing is about 190 m; one decimal is finer than the outlines are.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from math import cos, radians
from typing import Any

from app.areas.loading import DATA
from app.core.text import slugify, sort_key

WIDTH = 400
MARGIN = 4
# Least number of products for each tint; a commune without products has tint 0.
STEPS = (1, 2, 4, 7, 12)
# How far around a commune its own map reaches, as a share of its size.
AROUND = 0.4
# Size of the letters as a share of the width; the width of a letter as a share of its size.
LETTER = 0.034
LETTER_WIDTH = 0.6

Point = tuple[float, float]
Ring = Sequence[Point]


@dataclass(frozen=True)
class Box:
    """A part of the drawing."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def view_box(self) -> str:
        """The attribute of the drawing that shows this part."""
        width, height = self.right - self.left, self.bottom - self.top
        return f"{self.left:.1f} {self.top:.1f} {width:.1f} {height:.1f}"

    def meets(self, other: "Box") -> bool:
        """Whether the two have something in common."""
        across = self.left < other.right and other.left < self.right
        return across and self.top < other.bottom and other.top < self.bottom

    @property
    def letter(self) -> float:
        """Size of the letters for names on this part."""
        return round((self.right - self.left) * LETTER, 1)

    def has_room_for(self, name: str, point: Point) -> bool:
        """Whether a name written around the point stays inside."""
        half = len(name) * self.letter * LETTER_WIDTH / 2
        inside = self.left + half < point[0] < self.right - half
        return inside and self.top + self.letter < point[1] < self.bottom - self.letter

    def around(self, share: float) -> "Box":
        """A box of the shape 4 : 3 with the same middle, this share of its size larger all round."""
        width, height = self.right - self.left, self.bottom - self.top
        half = max(width, height * 4 / 3) * (0.5 + share)
        x, y = (self.left + self.right) / 2, (self.top + self.bottom) / 2
        return Box(x - half, y - half * 3 / 4, x + half, y + half * 3 / 4)


@dataclass(frozen=True)
class Outline:
    """A commune on the drawing: `path` for its outline, `centre` for a mark."""

    code: str
    name: str
    slug: str
    path: str
    centre: Point
    box: Box

    @property
    def bare_name(self) -> str:
        """The name without the kind of unit before it."""
        return self.name.split(" ", 1)[-1]


@dataclass(frozen=True)
class Projection:
    """From longitude and latitude in degrees to the units of the drawing."""

    west: float
    north: float
    squeeze: float
    scale: float

    def place(self, point: Point) -> Point:
        """Where a longitude and a latitude lie."""
        x, y = (point[0] - self.west) * self.squeeze, self.north - point[1]
        return round(MARGIN + x * self.scale, 1), round(MARGIN + y * self.scale, 1)


@dataclass(frozen=True)
class Map:
    """All communes, in the order of their names."""

    width: int
    height: int
    outlines: Sequence[Outline]
    projection: Projection

    @property
    def by_code(self) -> Mapping[str, Outline]:
        """The communes by their official code."""
        return {outline.code: outline for outline in self.outlines}

    @property
    def slugs(self) -> Mapping[str, str]:
        """The ends of the addresses by official code."""
        return {outline.code: outline.slug for outline in self.outlines}

    @property
    def by_slug(self) -> Mapping[str, Outline]:
        """The communes by the end of their address."""
        return {outline.slug: outline for outline in self.outlines}

    def around(self, outline: Outline) -> tuple[Box, Sequence[Outline]]:
        """The part of the map around a commune, and the communes that reach into it."""
        part = outline.box.around(AROUND)
        return part, [other for other in self.outlines if other.box.meets(part)]


def tint(products: int) -> int:
    """Step of the colour scale, 0 to 5."""
    return sum(products >= least for least in STEPS)


def ranges() -> Sequence[tuple[int, str]]:
    """The legend: (step, number of products in words), from none to most."""
    limits = zip(STEPS, (*STEPS[1:], None), strict=True)
    words = [f"{a}+" if b is None else f"{a}–{b - 1}" if b - a > 1 else f"{a}" for a, b in limits]
    return list(enumerate(["0", *words]))


@lru_cache
def province() -> Map:
    """The drawing of the province."""
    return draw(json.loads((DATA / "hungyen_communes.geojson").read_text(encoding="utf-8")))


def draw(collection: Mapping[str, Any]) -> Map:
    """Project the outlines of a GeoJSON collection whose features have a `code` and a `name`."""
    shapes = [(feature["properties"], _rings(feature)) for feature in collection["features"]]
    points = [point for _about, rings in shapes for ring in rings for point in ring]
    west, north = min(x for x, _y in points), max(y for _x, y in points)
    east, south = max(x for x, _y in points), min(y for _x, y in points)
    squeeze = cos(radians((north + south) / 2))
    scale = (WIDTH - 2 * MARGIN) / ((east - west) * squeeze)
    place = Projection(west, north, squeeze, scale).place
    drawn = [_outline(about, [[*map(place, ring)] for ring in rings]) for about, rings in shapes]
    height = round(2 * MARGIN + (north - south) * scale)
    in_order = sorted(drawn, key=lambda outline: sort_key(outline.bare_name))
    return Map(WIDTH, height, in_order, Projection(west, north, squeeze, scale))


def _rings(feature: Mapping[str, Any]) -> list[Ring]:
    geometry = feature["geometry"]
    parts = geometry["coordinates"]
    if geometry["type"] == "Polygon":
        parts = [parts]
    return [ring for part in parts for ring in part]


def _outline(about: Mapping[str, str], rings: Sequence[Ring]) -> Outline:
    largest = max(rings, key=lambda ring: abs(area(ring)))
    xs, ys = zip(*(point for ring in rings for point in ring), strict=True)
    return Outline(
        code=about["code"],
        name=about["name"],
        slug=slugify(about["name"]),
        path="".join(map(path, rings)),
        centre=centroid(largest),
        box=Box(min(xs), min(ys), max(xs), max(ys)),
    )


def path(ring: Ring) -> str:
    """A closed ring as steps from point to point; steps are shorter to write than places."""
    steps = [(b[0] - a[0], b[1] - a[1]) for a, b in _edges(ring)[:-1] if a != b]
    start, rest = _pair(ring[0]), " ".join(map(_pair, steps))
    return f"M{start}l{rest}z"


def _pair(point: Point) -> str:
    return f"{round(point[0], 1) + 0.0:g} {round(point[1], 1) + 0.0:g}"


def area(ring: Ring) -> float:
    """Signed area of a closed ring."""
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in _edges(ring)) / 2


def centroid(ring: Ring) -> Point:
    """Middle of the area that a closed ring encloses."""
    six = 6 * area(ring)
    x = sum((a[0] + b[0]) * (a[0] * b[1] - b[0] * a[1]) for a, b in _edges(ring)) / six
    y = sum((a[1] + b[1]) * (a[0] * b[1] - b[0] * a[1]) for a, b in _edges(ring)) / six
    return round(x, 1), round(y, 1)


def _edges(ring: Ring) -> list[tuple[Point, Point]]:
    return list(pairwise(ring))

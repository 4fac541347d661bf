"""About where today's communes of Hưng Yên lie: the middle of each outline, read once."""

import json
from functools import cache
from typing import Any

from app.areas.loading import DATA

Point = tuple[float, float]


@cache
def centres() -> dict[str, Point]:
    """Latitude and longitude of the middle of each commune, by its code."""
    outlines = json.loads((DATA / "hungyen_communes.geojson").read_text(encoding="utf-8"))
    return {str(_code(one)): _middle(one["geometry"]) for one in outlines["features"]}


def _code(feature: dict[str, Any]) -> object:
    return feature["properties"]["code"]


def _middle(geometry: dict[str, Any]) -> Point:
    """Middle of the box around the outline: within a kilometre or two, which is all that is needed."""
    rings = geometry["coordinates"]
    polygons = rings if geometry["type"] == "MultiPolygon" else [rings]
    points = [point for polygon in polygons for ring in polygon for point in ring]
    longitudes, latitudes = [point[0] for point in points], [point[1] for point in points]
    return (min(latitudes) + max(latitudes)) / 2, (min(longitudes) + max(longitudes)) / 2

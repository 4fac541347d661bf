"""The drawing of the communes."""

import re

from hypothesis import given
from hypothesis import strategies as st

from app.areas.loading import DATA
from app.areas.places_map import STEPS, area, centroid, path, province, ranges, tint

SQUARE = [(0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (0.0, 4.0), (0.0, 0.0)]
PLACES = st.tuples(st.integers(0, 4000), st.integers(0, 4000)).map(lambda p: (p[0] / 10, p[1] / 10))


def points(drawn: str) -> list[tuple[float, float]]:
    """The corners that a browser finds in a path."""
    start, steps = re.fullmatch(r"M(\S+ \S+)l(.*)z", drawn).groups()  # type: ignore[union-attr]
    numbers = [float(n) for n in f"{start} {steps}".split()]
    x, y, found = 0.0, 0.0, []
    for dx, dy in zip(numbers[::2], numbers[1::2], strict=True):
        x, y = x + dx, y + dy
        found.append((round(x, 1), round(y, 1)))
    return found


def test_all_communes_of_today_are_drawn_under_their_codes() -> None:
    rows = (DATA / "admin_units.csv").read_text(encoding="utf-8-sig").splitlines()
    cells = [row.split(",") for row in rows]
    today = {c[4] for c in cells if c[0] == "2025-07" and c[3] == "commune"}
    assert set(province().by_code) == today
    assert len(today) == 104


def test_no_two_communes_share_an_address() -> None:
    assert len(province().by_slug) == len(province().outlines)
    assert province().by_slug["xa-hoan-long"].name == "Xã Hoàn Long"


def test_the_communes_stand_in_dictionary_order_without_the_kind_of_unit() -> None:
    names = [outline.bare_name for outline in province().outlines]
    assert names.index("Đoàn Đào") < names.index("Đông Hưng") < names.index("Hoàn Long")
    assert names.index("Lê Lợi") < names.index("Mỹ Hào") < names.index("Nam Cường")


def test_the_province_fits_the_drawing_and_keeps_its_shape() -> None:
    drawing = province()
    boxes = [outline.box for outline in drawing.outlines]
    assert min(b.left for b in boxes) >= 0 <= min(b.top for b in boxes)
    assert max(b.right for b in boxes) <= drawing.width
    assert max(b.bottom for b in boxes) <= drawing.height
    # 0.76 degrees of longitude by 0.76 of latitude, at 20.6 degrees north.
    assert 1.0 < drawing.height / drawing.width < 1.1


def test_every_mark_stands_within_the_bounds_of_its_commune() -> None:
    for outline in province().outlines:
        x, y = outline.centre
        assert outline.box.left < x < outline.box.right
        assert outline.box.top < y < outline.box.bottom


def test_the_outlines_are_read_once() -> None:
    assert province() is province()


@given(st.lists(PLACES, min_size=3, max_size=30, unique=True))
def test_a_path_leads_back_to_every_corner(corners: list[tuple[float, float]]) -> None:
    assert points(path([*corners, corners[0]])) == corners


def test_corners_that_fall_together_are_written_once() -> None:
    assert path([(1.0, 1.0), (2.0, 1.0), (2.0, 1.0), (1.5, 3.0), (1.0, 1.0)]) == "M1 1l1 0 -0.5 2z"


def test_the_middle_of_a_square_is_its_centroid() -> None:
    assert area(SQUARE) == 16
    assert centroid(SQUARE) == centroid(SQUARE[::-1]) == (2.0, 2.0)


def test_each_step_begins_where_the_legend_says() -> None:
    assert [tint(n) for n in (0, *STEPS)] == [0, 1, 2, 3, 4, 5]
    assert [tint(n - 1) for n in STEPS] == [0, 1, 2, 3, 4]
    assert ranges() == [(0, "0"), (1, "1"), (2, "2–3"), (3, "4–6"), (4, "7–11"), (5, "12+")]


def test_the_map_of_a_commune_reaches_to_its_neighbours_and_no_further() -> None:
    drawing = province()
    here = drawing.by_slug["xa-hoan-long"]
    box, near = drawing.around(here)
    names = {outline.bare_name for outline in near}
    assert {"Hoàn Long", "Việt Yên", "Văn Giang"} <= names
    assert "Nam Cường" not in names
    assert box.left < here.box.left
    assert box.bottom > here.box.bottom


def test_a_name_is_written_only_where_it_fits() -> None:
    box, _near = province().around(province().by_slug["xa-hoan-long"])
    middle = ((box.left + box.right) / 2, (box.top + box.bottom) / 2)
    assert box.has_room_for("Hoàn Long", middle)
    assert not box.has_room_for("Hoàn Long", (box.left + 1, middle[1]))
    assert not box.has_room_for("Hoàn Long", (middle[0], box.top))

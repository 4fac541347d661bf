import pytest
from hypothesis import given
from hypothesis import strategies as st

from traceability import cells
from traceability.cells import Cell, NoSuchPlace

HUNG_YEN, HA_NOI = cells.cell_at(20.65, 106.06), cells.cell_at(21.03, 105.85)


def test_a_point_falls_into_the_cell_of_its_south_western_corner() -> None:
    assert Cell(206, 1060) == HUNG_YEN
    assert cells.cell_at(-0.01, -0.01) == Cell(-1, -1)


def test_the_way_to_the_capital_is_about_fifty_kilometres() -> None:
    assert 40 < cells.distance(HUNG_YEN, HA_NOI) < 60
    assert cells.distance(HUNG_YEN, HUNG_YEN) == 0


@pytest.mark.parametrize("point", [(91, 0), (-91, 0), (0, 181), (0, float("nan"))])
def test_no_place_off_the_map(point: tuple[float, float]) -> None:
    with pytest.raises(NoSuchPlace):
        cells.cell_at(*point)


@given(st.floats(-89.9, 89.8), st.floats(-179.9, 179.8))
def test_a_cell_is_read_as_it_is_written(latitude: float, longitude: float) -> None:
    cell = cells.cell_at(latitude, longitude)
    assert cells.read(str(cell)) == cell


@pytest.mark.parametrize("text", ["x", "1", "1,2,3", "99999,1", "1;2", "950,0"])
def test_other_texts_are_no_cell(text: str) -> None:
    with pytest.raises(NoSuchPlace):
        cells.read(text)
    assert cells.read("") is None

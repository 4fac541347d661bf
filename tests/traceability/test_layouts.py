from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders_prints import layout
from traceability.printing import layouts
from traceability.printing.layouts import BadLayout


def test_sheets_and_rolls_of_three_sizes_come_with_the_program() -> None:
    found = layouts.built_in().values()
    assert {one.symbol for one in found} == {15, 20, 25}
    assert {one.per_page for one in found if one.name.startswith("roll")} >= {1, 3, 4, 5}
    assert layouts.DEFAULT in layouts.built_in()


@pytest.mark.parametrize("name", list(layouts.built_in()))
def test_every_stamp_lies_on_the_paper_with_room_to_grip(name: str) -> None:
    one = layout(name)
    edge = 3 if one.marks else 0
    for position in (0, one.per_page - 1):
        x, y = one.symbol_box(position)
        assert edge <= x <= one.paper[0] - one.symbol - edge
        assert edge <= y <= one.paper[1] - one.symbol - edge


@pytest.mark.parametrize("name", list(layouts.built_in()))
def test_a_layout_survives_being_kept_as_data(name: str) -> None:
    assert layouts.from_data(layout(name).to_data()) == layout(name)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"columns": 10}, "wider than the paper"),
        ({"rows": 11}, "higher than the paper"),
        ({"symbol": 23}, "wider than its stamp"),
        ({"symbol": 0}, "wider than its stamp"),
        ({"text": 15}, "wider than its stamp"),
        ({"cell": [22, 25]}, "mm high"),
        ({"note": True}, "mm high"),
        ({"rows": 0}, "whole numbers"),
        ({"columns": 1.5}, "whole numbers"),
        ({"columns": True}, "whole numbers"),
        ({"paper": [210, 2970]}, "Paper measures"),
        ({"paper": [210]}, "wrong kind"),
        ({"symbol": "wide"}, "wrong kind"),
        ({"name": "Tờ"}, "small letters"),
        ({"colour": "red"}, "Unknown: colour"),
        ({"text": 2}, "4 to 40 points"),
        ({"paper": [200, 240]}, "180 × 250"),
        ({"paper": [100, 297], "cover": False, "columns": 4}, "120 mm wide"),
    ],
)
def test_a_layout_that_cannot_be_printed_is_refused(change: dict[str, Any], why: str) -> None:
    with pytest.raises(BadLayout, match=why):
        layouts.from_data(layout().to_data() | change)


def test_something_missing_is_named() -> None:
    data = layout().to_data()
    del data["cell"]
    with pytest.raises(BadLayout, match="cell"):
        layouts.from_data(data)


@given(st.integers(1, 10**7))
def test_pages_hold_all_stamps_and_none_is_empty(count: int) -> None:
    one = layout()
    assert (one.pages(count) - 1) * one.per_page < count <= one.pages(count) * one.per_page

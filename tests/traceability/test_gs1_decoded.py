from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from traceability.gs1_decoded import encoded
from traceability.gs1_uri import DigitalLink, MalformedLink, build, parse_path

GTIN = "09520000000011"
# Everything GS1 allows in a lot, except what makes a second reading possible.
lots = st.text("A/%?(1", min_size=1, max_size=12).filter(
    lambda t: t.strip("/") == t and "//" not in t
)


def reread(path: str) -> DigitalLink:
    """What is read of a path that a server has decoded."""
    return parse_path(encoded(unquote(path)))


@given(lots, lots)
def test_a_slash_inside_a_value_is_put_back(lot: str, serial: str) -> None:
    made = build("01", GTIN, (("10", lot), ("21", serial)))
    assert reread(made.path) == made


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        (f"/01/{GTIN}/21/S1/10/L1", "order"),
        (f"/01/{GTIN}/10//21/S1", "empty"),
        (f"/01/{GTIN}/21", "path"),
        (f"/01/{GTIN}/lot/L1", "alpha"),
        (f"/gtin/{GTIN}", "alpha"),
    ],
)
def test_a_wrong_path_stays_wrong(path: str, reason: str) -> None:
    with pytest.raises(MalformedLink) as refused:
        reread(path)
    assert refused.value.reason == reason


def test_a_slash_at_the_end_is_no_part_of_a_value() -> None:
    assert reread(f"/01/{GTIN}/10/A%2FB/").lot == "A/B"


def test_a_value_that_looks_like_more_pairs_is_read_as_pairs() -> None:
    read = reread(f"/01/{GTIN}/10/A%2F21%2FS")
    assert (read.lot, read.serial) == ("A", "S")

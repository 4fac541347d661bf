import pytest

from builders_prints import GTIN, HEAD, SHORT_HEAD
from traceability.printing.fitting import SMALLEST_MODULE, ModulesTooSmall, choose, smallest_side

LONG = f"https://truyxuat.ocop.gov.vn/01/{GTIN}/21/"


@pytest.mark.parametrize(
    ("head", "side", "version", "level"),
    [
        (HEAD, 20, 4, "Q"),
        (SHORT_HEAD, 20, 4, "Q"),
        (LONG, 20, 4, "M"),
        (SHORT_HEAD, 15, 3, "M"),
        (HEAD, 15, 3, "L"),
        (HEAD, 25, 4, "Q"),
        (LONG, 25, 4, "M"),
        ("https://id.ocop.vn/t/", 15, 3, "M"),
    ],
)
def test_version_and_level_follow_the_rule(
    head: str, side: float, version: int, level: str
) -> None:
    fit = choose(head, side)
    assert (fit.version, fit.level) == (version, level)
    assert fit.module >= SMALLEST_MODULE


@pytest.mark.parametrize("side", [8, 12, 14.6, 15, 16])
def test_modules_below_the_limit_are_refused_with_the_side_it_takes(side: float) -> None:
    with pytest.raises(ModulesTooSmall) as caught:
        choose(LONG, side)
    assert caught.value.side == smallest_side(LONG)
    assert choose(LONG, caught.value.side).module >= SMALLEST_MODULE - 1e-9


def test_twenty_millimetres_carry_modules_of_half_a_millimetre() -> None:
    assert round(choose(HEAD, 20).module, 3) == 0.488

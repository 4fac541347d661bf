"""VAT by class and day, in Vietnam's days; and what is not decided stays so."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from app.core.clock import local_day
from builders import BY_NOBODY, make_offered
from catalog import products, vat
from catalog.models import PriceChannel
from catalog.vat import Regime, Treatment, VatClass, VatKind
from pos.sales import lines
from pos.sales.lines import Item

C = VatClass
LAST, FIRST = date(2026, 12, 31), date(2027, 1, 1)


def rate(permille: int) -> Treatment:
    return Treatment(VatKind.RATE, permille)


KCT, KKKNT = Treatment(VatKind.EXEMPT), Treatment(VatKind.NOT_DECLARED)


@pytest.mark.parametrize(
    ("vat_class", "day", "expected"),
    [
        (C.PROCESSED, date(2025, 6, 30), rate(80)),
        (C.PROCESSED, LAST, rate(80)),
        (C.PROCESSED, FIRST, rate(100)),
        (C.SERVICE, LAST, rate(80)),
        (C.SERVICE, FIRST, rate(100)),
        (C.SUGAR, date(2025, 6, 30), rate(50)),
        (C.SUGAR, date(2025, 7, 1), rate(80)),
        (C.SUGAR, FIRST, rate(100)),
        (C.RAW_FARM, LAST, rate(50)),
        (C.RAW_FARM, FIRST, rate(50)),
        (C.RAW_FARM_TRADE, date(2025, 6, 30), KKKNT),
        (C.RAW_FARM_TRADE, date(2025, 7, 1), rate(50)),
        (C.RAW_FARM_TRADE, date(2025, 12, 31), rate(50)),
        (C.RAW_FARM_TRADE, date(2026, 1, 1), KKKNT),
        (C.OWN_PRODUCE, LAST, KCT),
        (C.ALCOHOL, LAST, rate(100)),
        (C.ALCOHOL, FIRST, rate(100)),
        (C.HANDICRAFT, FIRST, rate(50)),
        (None, LAST, None),
        (C.PROCESSED, date(2024, 12, 31), None),
    ],
)
def test_a_class_is_treated_by_the_day(
    vat_class: VatClass | None, day: date, expected: Treatment | None
) -> None:
    assert vat.of(vat_class, None, day) == expected


def test_the_rate_changes_at_midnight_in_vietnam() -> None:
    midnight = datetime(2026, 12, 31, 17, tzinfo=UTC)
    before, after = midnight - timedelta(seconds=1), midnight
    assert vat.of(C.PROCESSED, None, local_day(before)) == rate(80)
    assert vat.of(C.PROCESSED, None, local_day(after)) == rate(100)


def test_a_ruling_for_one_product_goes_before_its_class_on_every_day() -> None:
    assert vat.of(C.PROCESSED, 50, LAST) == vat.of(C.PROCESSED, 50, FIRST) == rate(50)
    assert vat.of(None, 0, LAST) == rate(0)


def test_the_days_of_a_class_follow_each_other_without_gap_or_overlap() -> None:
    for vat_class in VatClass:
        known = [row for row in vat.rows() if row.vat_class is vat_class]
        assert known[-1].last is None
        for one, other in pairwise(known):
            assert one.last is not None
            assert other.first == one.last + timedelta(days=1)


def test_every_line_says_where_it_is_from_and_whether_it_was_read() -> None:
    assert all(row.source for row in vat.rows())
    unread = {row.vat_class for row in vat.rows() if not row.verified}
    assert {C.RAW_FARM, C.HANDICRAFT, C.OWN_PRODUCE} <= unread
    assert vat.row_on(C.PROCESSED, LAST).verified  # type: ignore[union-attr]


def test_zero_percent_is_no_exemption() -> None:
    assert rate(0) != KCT != KKKNT
    assert [one.inside(108_000) for one in (rate(0), KCT, KKKNT, rate(80))] == [0, 0, 0, 8_000]


@given(st.integers(0, 10**10), st.sampled_from([0, 50, 80, 100]))
def test_vat_inside_is_the_nearest_whole_dong(gross: int, permille: int) -> None:
    amount = rate(permille).inside(gross)
    assert abs(amount * (1000 + permille) - gross * permille) * 2 <= 1000 + permille
    assert rate(permille).inside(-gross) == -amount


def test_a_change_between_two_days_is_noticed() -> None:
    assert vat.changes_within(C.PROCESSED, LAST, FIRST)
    assert not vat.changes_within(C.PROCESSED, LAST, LAST)
    assert not vat.changes_within(C.ALCOHOL, LAST, FIRST)
    assert not vat.changes_within(None, LAST, FIRST)


def test_only_the_deduction_method_shows_vat_separately() -> None:
    assert [one for one in Regime if one.separate_vat] == [Regime.DEDUCTION]


def test_a_line_freezes_the_vat_of_its_day(session: Session) -> None:
    sku = make_offered(session, 108_000)
    products.set_vat_class(session, sku.product, C.PROCESSED, **BY_NOBODY)

    def sold(day: date) -> tuple[VatKind | None, int | None, int | None]:
        (line,) = lines.quote(session, [Item(sku.id, 1)], PriceChannel.WEB, day, offered_only=True)
        return line.vat_kind, line.vat_permille, line.vat_amount

    assert sold(LAST) == (VatKind.RATE, 80, 8_000)
    assert sold(FIRST) == (VatKind.RATE, 100, 9_818)
    products.set_vat_class(session, sku.product, C.OWN_PRODUCE, **BY_NOBODY)
    assert sold(LAST) == (VatKind.EXEMPT, None, 0)
    products.set_vat_class(session, sku.product, None, **BY_NOBODY)
    assert sold(LAST) == (None, None, None)


def test_choosing_a_class_lifts_a_fixed_rate(session: Session) -> None:
    product = make_offered(session).product
    product.vat_permille = 50
    products.set_vat_class(session, product, None, **BY_NOBODY)
    assert product.vat_permille == 50
    products.set_vat_class(session, product, C.HANDICRAFT, **BY_NOBODY)
    assert (product.vat_class, product.vat_permille) == (C.HANDICRAFT, None)

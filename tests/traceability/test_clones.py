from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import NOW
from traceability import clones
from traceability.cells import Cell, cell_at
from traceability.clones import Limits, Rule, Seen

LIMITS = Limits()
HUNG_YEN, HAI_PHONG, SAI_GON = cell_at(20.65, 106.06), cell_at(20.86, 106.68), cell_at(10.8, 106.7)


def seen(hours: float, phone: int = 0, cell: Cell | None = None, **over: bool) -> Seen:
    return Seen(NOW + timedelta(hours=hours), f"{phone:016x}", cell, **over)


def reasons(scans: list[Seen], **over: object) -> dict[str, int]:
    return dict(clones.judge(scans, LIMITS, **over).reasons)  # type: ignore[arg-type]


def test_a_buyer_and_the_household_are_nothing() -> None:
    assert clones.judge([seen(hour, hour % 3) for hour in range(12)], LIMITS) == clones.NOTHING


def test_eight_phones_are_many() -> None:
    assert reasons([seen(n, n) for n in range(7)]) == {}
    assert reasons([seen(n, n) for n in range(8)]) == {"repeat": 8}


def test_where_many_scan_many_mean_less() -> None:
    scans = [seen(n, n) for n in range(10)]
    assert reasons(scans, usual=4.0) == {}
    assert reasons(scans, usual=1.0) == {"repeat": 10}


def test_nobody_is_in_hung_yen_and_saigon_within_an_hour() -> None:
    scans = [seen(0, 1, HUNG_YEN), seen(1, 2, SAI_GON)]
    assert reasons(scans) == {"velocity": 1}
    assert reasons([seen(0, 1, HUNG_YEN), seen(48, 2, SAI_GON)]) == {}


def test_the_neighbouring_area_is_no_journey() -> None:
    beside = Cell(HUNG_YEN.lat10, HUNG_YEN.lon10 + 1)
    assert reasons([seen(0, 1, HUNG_YEN), seen(0, 2, beside)]) == {}


def test_three_areas_far_apart_are_a_sign() -> None:
    places = [HUNG_YEN, HAI_PHONG, SAI_GON]
    assert reasons([seen(60 * n, n, place) for n, place in enumerate(places)]) == {"spread": 3}


def test_a_pack_sold_long_ago_is_not_scanned_by_many_any_more() -> None:
    late = [seen(24 * day, day) for day in (20, 25, 30)]
    assert reasons(late, sold_at=NOW) == {"after_sale": 3}
    assert reasons([seen(hour, hour) for hour in (1, 2, 3)], sold_at=NOW) == {}


def test_an_unsold_pack_is_where_it_was_sent() -> None:
    scans = [seen(0, 1, SAI_GON)]
    assert reasons(scans, sent_to=[HUNG_YEN]) == {"far": 1}
    assert reasons(scans, sent_to=[HUNG_YEN, SAI_GON]) == {}
    assert reasons(scans, sent_to=[HUNG_YEN], sold_at=NOW) == {}
    assert reasons(scans) == {}


def test_a_stamp_not_in_use_makes_a_case_by_itself() -> None:
    finding = clones.judge([seen(0, 1, unactivated=True)], LIMITS)
    assert (finding.score, dict(finding.reasons)) == (100, {"unactivated": 1})


def test_phones_without_token_count_one_by_one() -> None:
    assert clones.phones([Seen(NOW), Seen(NOW), seen(0, 1), seen(1, 1)]) == 3


@given(st.lists(st.tuples(st.integers(0, 500), st.integers(0, 30)), max_size=40))
def test_a_score_lies_between_nought_and_a_hundred_and_has_a_reason(
    data: list[tuple[int, int]],
) -> None:
    scans = [seen(hour, phone, SAI_GON if phone % 2 else None) for hour, phone in sorted(data)]
    finding = clones.judge(scans, LIMITS, sent_to=[HUNG_YEN], sold_at=None)
    assert 0 <= finding.score <= 100
    assert bool(finding.score) == bool(finding.reasons)
    assert all(Rule(name) and count > 0 for name, count in finding.reasons.items())


@pytest.mark.parametrize("mean", [0.1, 0.5, 1.0, 3.0, 10.0])
def test_the_tail_of_the_usual_is_far_out(mean: float) -> None:
    assert clones.tail(mean) > mean + 3 * mean**0.5
    assert clones.tail(0) == 0


def test_a_batch_copied_as_a_whole_does_not_raise_its_own_limit() -> None:
    assert clones.many(8, usual=100) == clones.many(8, usual=4) == 14
    assert clones.many(8, usual=1) == 8


def test_a_batch_is_suspicious_when_enough_of_its_codes_are() -> None:
    assert clones.judge_batch([60, 60, 10] + [0] * 50, LIMITS).score == 0
    assert clones.judge_batch([60, 60, 60] + [0] * 80, LIMITS).score == 0
    assert clones.judge_batch([60, 60, 60] + [0] * 20, LIMITS).reasons == {"batch": 3}
    assert clones.judge_batch([], LIMITS) == clones.NOTHING


def test_many_codes_where_none_was_sent_are_a_case() -> None:
    assert clones.judge_area(SAI_GON, 3, [HUNG_YEN], LIMITS).reasons == {"far": 3}
    assert clones.judge_area(SAI_GON, 2, [HUNG_YEN], LIMITS).score == 0
    assert clones.judge_area(HAI_PHONG, 9, [HUNG_YEN], LIMITS).score == 0
    assert clones.judge_area(SAI_GON, 9, [], LIMITS).score == 0


def test_limits_are_those_of_the_office_and_unknown_names_are_passed_over() -> None:
    assert clones.limits_with({"phones": 3, "moon": 1}) == Limits(phones=3)

"""What an invoice says: lines, sums by rate, buyer and seller."""

from collections import defaultdict
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders_invoicing import ANY_SALE, COMPANY, DAY, ONE, WAYS, Drawn, built, sale
from catalog.vat import Regime
from pos.invoicing import amendments
from pos.invoicing.document import buyer_of, problems
from pos.invoicing.tax_codes import is_company, is_valid
from pos.invoicing.words import amount_in_words


@given(ANY_SALE)
def test_the_lines_add_up_to_the_sums_by_rate_and_to_what_was_paid(drawn: Drawn) -> None:
    said, order = built(drawn), sale(drawn).order
    by_rate: dict[tuple[Any, Any], int] = defaultdict(int)
    for line in said["lines"]:
        assert line["net"] + line["vat"] == line["total"] == line["gross"] - line["discount"]
        by_rate[line["vat_kind"], line["vat_permille"]] += line["vat"]
    assert by_rate == {(r["vat_kind"], r["vat_permille"]): r["vat"] for r in said["rates"]}
    sums = said["totals"]
    assert sums["vat"] == sum(rate["vat"] for rate in said["rates"])
    assert sums["net"] + sums["vat"] == sums["total"] == sum(r["total"] for r in said["rates"])
    frozen = sum(line.vat_amount or 0 for line in order.lines)
    assert sum(line["vat"] for line in said["lines"] if line["code"]) == frozen
    due = sum(line.net for line in order.lines) + order.delivery_due + order.rounding
    assert sums["payable"] == due


@given(ANY_SALE, st.lists(st.integers(1, 3 * 10**6), max_size=5))
def test_adjustments_take_off_what_they_say_and_all_of_them_all_of_it(
    drawn: Drawn, amounts: list[int]
) -> None:
    said, made = built(drawn), []
    for amount in (*amounts, None):
        rest = amendments.left(said, made)
        assert all(left >= 0 for left in rest.values())
        whole = sum(rest.values())
        off = whole if amount is None else min(amount, whole)
        if off:
            named = {"reason": "Trả hàng"} | dict.fromkeys(
                ("key", "symbol", "number", "tax_code", "issued_on")
            )
            made.append(amendments.adjustment("a", said, rest, off, named, DAY))
            assert made[-1]["totals"]["total"] == -off
    assert sum(one["totals"]["vat"] for one in made) == -said["totals"]["vat"]
    assert sum(one["totals"]["total"] for one in made) == -said["totals"]["total"]


def test_zero_percent_kct_and_kkknt_stand_apart() -> None:
    said = built(([(100, 0, WAYS[0]), (200, 0, WAYS[4]), (300, 0, WAYS[5])], 0, 0))
    assert [(r["vat_kind"], r["vat_permille"], r["total"]) for r in said["rates"]] == [
        ("rate", 0, 100),
        ("kct", None, 200),
        ("kkknt", None, 300),
    ]


def test_delivery_is_a_line_of_its_own_with_the_vat_of_services() -> None:
    line = built(([(108_000, 0, WAYS[1])], 30_000, 0))["lines"][1]
    assert (line["name"], line["total"], line["vat_permille"], line["vat"]) == (
        "Phí giao hàng",
        30_000,
        80,
        2_222,
    )


@pytest.mark.parametrize("regime", [Regime.PERCENTAGE, Regime.HOUSEHOLD])
def test_other_regimes_show_no_separate_vat(regime: Regime) -> None:
    said = built(ONE, regime)
    assert said["rates"] == []
    assert (said["totals"]["net"], said["totals"]["vat"]) == (None, None)
    assert said["lines"][0]["vat"] is None
    assert problems(said) == []


def test_only_the_percentage_method_quotes_the_resolution() -> None:
    quoted = {regime: built(ONE, regime)["notes"] for regime in Regime}
    assert [regime for regime, notes in quoted.items() if notes] == [Regime.PERCENTAGE]
    assert "204/2025/QH15" in quoted[Regime.PERCENTAGE][0]


def test_a_buyer_is_named_only_when_asked_for() -> None:
    assert built(ONE)["buyer"] is None
    assert built(ONE, **COMPANY)["buyer"] == COMPANY
    assert buyer_of({"name": " ", "tax_code": None}) is None
    assert buyer_of(None) is None


def test_what_is_missing_is_said() -> None:
    assert problems(built(ONE)) == []
    assert problems(built(ONE, None)) == ["the shop's VAT regime is not set"]
    assert problems(built(ONE, tax_code="0100109106")) == ["the buyer's name is missing"]
    wrong = built(ONE, name="Công ty", tax_code="0100109107")
    assert problems(wrong) == ["the buyer's tax code is not a valid one"]


@pytest.mark.parametrize(
    ("code", "valid", "company"),
    [
        ("0100109106", True, True),
        ("0100 109 106", True, True),
        ("0100109106-001", True, True),
        ("0100109107", False, False),
        ("033090001234", True, False),
        ("03309000123", False, False),
        ("mã số thuế", False, False),
    ],
)
def test_a_tax_code_has_ten_digits_with_a_check_or_is_a_personal_number(
    code: str, valid: bool, company: bool
) -> None:
    assert (is_valid(code), is_company(code)) == (valid, company)


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (0, "Không đồng"),
        (5, "Năm đồng"),
        (15, "Mười lăm đồng"),
        (21_000, "Hai mươi mốt nghìn đồng"),
        (101, "Một trăm linh một đồng"),
        (1_250_015, "Một triệu hai trăm năm mươi nghìn không trăm mười lăm đồng"),
        (2_000_000_000, "Hai tỷ đồng"),
        (-30_000, "Âm ba mươi nghìn đồng"),
    ],
)
def test_an_amount_is_read_out_in_vietnamese(amount: int, words: str) -> None:
    assert amount_in_words(amount) == words

from contextlib import suppress

import pytest
from biip.gs1_messages import GS1Message
from hypothesis import given
from hypothesis import strategies as st
from stdnum import gs1_128

from traceability import gs1_elements as elements
from traceability.gs1_elements import FNC1

GTIN = "09520000000011"
CSET82 = "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"
texts = st.text(CSET82, min_size=1, max_size=20)
SAMPLE = [("01", GTIN), ("17", "261231"), ("3103", "000500"), ("10", "L-26"), ("21", "7F3K")]


@given(texts, texts)
def test_an_element_string_reads_back(lot: str, serial: str) -> None:
    pairs = [("01", GTIN), ("10", lot), ("21", serial)]
    assert elements.parse(elements.build(pairs)) == pairs


@given(texts, texts)
def test_biip_reads_the_same(lot: str, serial: str) -> None:
    pairs = [("01", GTIN), ("10", lot), ("21", serial)]
    theirs = GS1Message.parse(elements.build(pairs))
    assert [(e.ai.ai, e.value) for e in theirs.element_strings] == pairs


def test_stdnum_reads_the_same() -> None:
    found = gs1_128.info(elements.build(SAMPLE), separator=FNC1)
    assert (found["01"], found["10"], found["21"]) == (GTIN, "L-26", "7F3K")


def test_fixed_lengths_come_first_and_need_no_mark() -> None:
    text = elements.build([("10", "L1"), ("01", GTIN), ("21", "S1"), ("17", "261231")])
    assert text == f"01{GTIN}17261231" + f"10L1{FNC1}21S1"


@pytest.mark.parametrize("mark", ["", "]C1", "]d2", "]Q3", "]e0", FNC1, f"]C1{FNC1}"])
def test_marks_of_the_symbology_and_a_first_fnc1_are_let_pass(mark: str) -> None:
    assert elements.parse(mark + elements.build(SAMPLE)) == SAMPLE


def test_a_mark_behind_a_fixed_length_is_let_pass() -> None:
    assert elements.parse(f"01{GTIN}{FNC1}10L1{FNC1}") == [("01", GTIN), ("10", "L1")]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        (FNC1, "empty"),
        (f"01{GTIN[:-1]}2", "check-digit"),
        (f"01{GTIN[:-1]}", "too-short"),
        (f"01{GTIN[:-2]}{FNC1}10L", "too-short"),
        (f"01{GTIN}10", "empty"),
        (f"01{GTIN}10{'L' * 21}", "too-long"),
        (f"01{GTIN}10L 1", "characters"),
        (f"01{GTIN}17261331", "date"),
        (f"01{GTIN}051", "unknown-ai"),
        (f"01{GTIN}10L1{FNC1}10L2", "repeated"),
    ],
)
def test_a_wrong_element_string_is_refused_with_its_reason(text: str, reason: str) -> None:
    with pytest.raises(elements.MalformedElements) as refused:
        elements.parse(text)
    assert refused.value.reason == reason


def test_people_read_brackets_that_the_symbol_does_not_hold() -> None:
    line = elements.hri(SAMPLE)
    assert line == f"(01){GTIN}(17)261231(3103)000500(10)L-26(21)7F3K"
    assert elements.parse_bracketed(line) == SAMPLE
    assert GS1Message.parse_hri(line).as_hri() == line


def test_brackets_inside_a_value_are_part_of_it() -> None:
    assert elements.parse_bracketed("(10)A(1)B(21)x") == [("10", "A(1)B"), ("21", "x")]


@pytest.mark.parametrize("text", ["", "10L1", "x(10)L1", "(1)A"])
def test_a_line_without_numbers_in_brackets_is_refused(text: str) -> None:
    with pytest.raises(elements.MalformedElements, match="brackets"):
        elements.parse_bracketed(text)


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(elements.MalformedElements):
        pairs = elements.parse(text)
        # What was read once is read the same from a string of our own making.
        assert sorted(elements.parse(elements.build(pairs))) == sorted(pairs)

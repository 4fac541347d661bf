"""Health claims are found on whole words; the warnings that deny them pass."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog import claims
from catalog.claims import HealthClaim

PHRASES = [claim.phrase for claim in claims.all_claims()]
WARNING = "Thực phẩm này không phải là thuốc và không có tác dụng thay thế thuốc chữa bệnh."


def phrases_in(text: str) -> list[str]:
    return [claim.phrase for claim in claims.found(text)]


@pytest.mark.parametrize(
    "text",
    ["Giúp CHỮA BỆNH dạ dày", "giup chua benh da day", "Trà (chữa bệnh): ngon", "chữa\nbệnh"],
)
def test_a_claim_is_found_with_and_without_marks(text: str) -> None:
    assert phrases_in(text) == ["chữa bệnh"]


@pytest.mark.parametrize("text", ["", WARNING, WARNING.upper(), "Bánh ngọt", "secures a place"])
def test_harmless_texts_and_the_legal_warning_pass(text: str) -> None:
    assert phrases_in(text) == []


def test_marks_tell_words_apart_where_they_are_written() -> None:
    assert phrases_in("Khi chưa bệnh đã nên ăn uống lành mạnh") == []
    assert phrases_in("CHƯA BỆNH") == []
    assert phrases_in("chua bệnh") == phrases_in("chữa benh") == ["chữa bệnh"]


def test_the_tone_may_stand_on_either_vowel() -> None:
    assert phrases_in("khoỉ bệnh") == phrases_in("khỏi bệnh") == ["khỏi bệnh"]


def test_a_claim_beside_the_warning_is_still_found() -> None:
    assert phrases_in(f"{WARNING} Trị dứt điểm ho.") == ["trị dứt điểm"]


def test_words_around_a_warning_do_not_join_to_a_claim() -> None:
    assert phrases_in("khỏi không phải là thuốc hẳn") == []


@given(st.sampled_from(PHRASES), st.text(max_size=40), st.text(max_size=40))
def test_a_phrase_between_spaces_is_found_in_any_text(phrase: str, left: str, right: str) -> None:
    assert phrase in phrases_in(f"{left} {phrase} {right}")


def test_the_refusal_names_field_and_phrase() -> None:
    with pytest.raises(HealthClaim) as caught:
        claims.demand_none(name="Mật ong", story="Thần dược cho mọi nhà", summary=None)
    assert caught.value.params == {"field": "story", "phrase": "thần dược"}
    assert caught.value.detail == {"story": ["thần dược"]}


def test_texts_without_claims_are_taken() -> None:
    claims.demand_none(name="Mật ong nhãn", story=WARNING)

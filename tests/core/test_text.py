"""Vietnamese text: searching, addresses, dictionary order."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.text import fold, search_text, search_words, slugify, sort_key

VIETNAMESE = st.text(
    "aàảãáạăằẳẵắặâầẩẫấậbcdđeèẻẽéẹêềểễếệghiìỉĩíịklmnoòỏõóọôồổỗốộơờởỡớợpqrstuùủũúụưừửữứựvxyỳỷỹýỵ AĐƠƯ19-.",
    max_size=40,
)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Mật ong Đông Tảo", "mat ong dong tao"),
        ("  ĐƯỜNG\u00a0\tHào ", "duong hao"),
        ("Giò bì «Phố Xuôi»", "gio bi «pho xuoi»"),
        ("", ""),
    ],
)
def test_folding_drops_case_marks_and_spare_blanks(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(VIETNAMESE)
def test_folding_ignores_how_letters_are_composed(text: str) -> None:
    assert fold(unicodedata.normalize("NFD", text)) == fold(unicodedata.normalize("NFC", text))


@given(st.text(max_size=40))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(VIETNAMESE)
def test_vietnamese_folds_into_ascii(text: str) -> None:
    assert fold(text).isascii()


@given(st.text(max_size=40))
def test_a_slug_is_safe_in_an_address(text: str) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slugify(text))


def test_a_slug_reads_like_its_name() -> None:
    assert slugify("Cam Hưng Yên (cam Đồng Thanh)") == "cam-hung-yen-cam-dong-thanh"
    assert slugify("🍯") == "x"


def test_search_text_joins_what_is_known() -> None:
    assert search_text("Long nhãn", None, "", "HTX Đồng Tâm") == "long nhan htx dong tam"


@pytest.mark.parametrize(
    "ordered",
    [
        ["An", "Ăn", "Ân"],
        ["da", "đa", "e", "ê"],
        ["o", "ô", "ơ", "p"],
        ["u", "ư", "v"],
        ["ma", "mà", "mả", "mã", "má", "mạ"],
        ["An Bình", "An Vĩ", "Anh"],
        ["Hà", "Hạ Lễ", "Hải Thắng", "Hồng"],
        ["Hoà An", "Hoà Bình"],
        ["Tấn", "Tân Châu", "Tân Tiến", "Tần Tiến"],
    ],
)
def test_names_stand_as_in_a_dictionary(ordered: list[str]) -> None:
    names = ordered[::-1]
    names.sort(key=sort_key)
    assert names == ordered


@given(VIETNAMESE)
def test_the_order_ignores_case_and_composition(text: str) -> None:
    assert sort_key(unicodedata.normalize("NFD", text.upper())) == sort_key(text)


def test_search_words_hold_no_signs() -> None:
    assert search_words("Quả (cam) – Văn_Giang", None, "1,5 kg") == "qua cam van giang 1 5 kg"

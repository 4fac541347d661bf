"""Names as people write them."""

import pytest

from app.areas.names import folded_name, same_spelling


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("Xã Đông Tảo", "dong tao"),
        ("đông tảo", "dong tao"),
        ("Phường Hồng Châu", "hong chau"),
        ("Thị trấn Vương", "vuong"),
        ("Thị xã Mỹ Hào", "my hao"),
        ("Thành phố Hưng Yên", "hung yen"),
        ("Huyện Tiên Lữ", "tien lu"),
        ("Xã", "xa"),
    ],
)
def test_the_kind_of_unit_does_not_count(written: str, key: str) -> None:
    assert folded_name(written) == key


@pytest.mark.parametrize(("one", "other"), [("Đông Hoà", "Đông Hòa"), ("Vũ Quý", "VŨ QUÍ")])
def test_spellings_of_one_name_agree(one: str, other: str) -> None:
    assert same_spelling(one) == same_spelling(other)


def test_tones_tell_two_places_apart() -> None:
    assert same_spelling("Việt Hưng") != same_spelling("Việt Hùng")
    assert same_spelling("Kim Chung") != same_spelling("Kim Trung")

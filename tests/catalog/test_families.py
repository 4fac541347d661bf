"""Drawings and shelves by the words of a name."""

from pathlib import Path

import pytest

from app.config import ROOT
from catalog import families
from catalog.families import family_of
from catalog.register_rows import read_lines

REGISTER = ROOT / "catalog" / "data" / "hungyen_products.csv"


@pytest.mark.parametrize(
    ("name", "illustration", "shelf"),
    [
        ("Nhãn lồng quả tươi", "longan", families.FRESH),
        ("Nhãn Miền Thiết", "longan", families.FRESH),
        ("Long nhãn ôm sen", "longan", families.PREPARED),
        ("Hạt sen khô", "lotus-seed", families.PREPARED),
        ("Vải trứng Hưng Yên", "lychee", families.FRESH),
        ("Cam Hưng Yên", "orange", families.FRESH),
        ("Mật ong hoa nhãn", "honey", families.PREPARED),
        ("Tinh bột nghệ Đông La", "turmeric", families.SAUCE),
        ("Kẹo gạo lứt Đình Mạnh", "sweets", families.SWEET),
        ("Gạo rươi Hồng Tiến", "rice", families.GRAIN),
        ("Trà gạo lứt đông trùng", "tea", families.TEA),
        ("Gà thịt Đông Tảo", "chicken", families.MEAT_FISH),
        ("Giò gà Đông Tảo", "chicken", families.PREPARED),
        ("Giò bì Phố Xuôi", "meat", families.PREPARED),
        ("Trứng vịt biển Đông Xuyên", "eggs", families.MEAT_FISH),
        ("Thịt vịt biển Đông Xuyên", "duck", families.MEAT_FISH),
        ("Tôm khô Ngọc Minh", "seafood", families.PREPARED),
        ("Cá tra", "seafood", families.MEAT_FISH),
        ("Tương Bần", "fish-sauce", families.SAUCE),
        ("Nước mắm Thái Bình", "fish-sauce", families.SAUCE),
        ("Rượu Lạc Đạo", "spirits", families.DRINK),
        ("Lụa đũi Nam Cao", "textile", families.CRAFT),
        ("Hương thôn Cao", "incense", families.CRAFT),
        ("Đồ gỗ mỹ nghệ và dân dụng (làng nghề Hòa Phong)", "handicraft", families.CRAFT),
        ("Hoa, cây cảnh Xuân Quan", "plants", families.CRAFT),
        ("Tham quan vườn nhãn", "tourism", families.CRAFT),
        ("Rau sạch", "vegetables", families.FRESH),
        ("Một thứ không ai biết", "vegetables", families.FRESH),
    ],
)
def test_the_name_tells_drawing_and_shelf(name: str, illustration: str, shelf: str) -> None:
    found = family_of(name)
    assert (found.illustration, found.shelf) == (illustration, shelf)


def test_case_and_marks_do_not_matter() -> None:
    assert family_of("NHAN LONG") == family_of("nhãn lồng")


def test_the_group_decides_between_a_lychee_and_a_cloth() -> None:
    assert family_of("Vải thiều", "Thực phẩm").illustration == "lychee"
    assert family_of("Vải dệt tay", "Thủ công mỹ nghệ").illustration == "textile"


def test_the_group_decides_where_no_word_does() -> None:
    assert family_of("Cốt Phố Hiến", "Đồ uống").shelf == families.DRINK


def test_plants_and_visits_are_sold_without_a_lot() -> None:
    assert not family_of("Cây phát lộc Minh Tân").needs_lot
    assert not family_of("Homestay Nôm").needs_lot
    assert family_of("Bột nghệ").needs_lot


def test_every_product_of_the_register_has_a_drawing_that_exists() -> None:
    drawn = {path.stem for path in Path(ROOT / "static" / "img" / "products").glob("*.svg")}
    lines = read_lines(REGISTER.read_bytes())
    used = {family_of(v["name_vi"], v["group"]).illustration for _line, v in lines}
    assert used <= drawn
    assert len(used) > 12

"""Old and new units: codes and names are both re-used for other places."""

import pytest
from sqlalchemy.orm import Session

from app.areas.loading import LoadReport
from app.areas.lookup import communes_today, find_larger, find_unit, today_unit, units_today
from app.areas.models import AreaLevel, AreaUnit

pytestmark = pytest.mark.usefixtures("loaded")


def old(session: Session, commune: str, district: str) -> AreaUnit:
    unit = find_unit(session, "2022", commune, district)
    assert unit is not None
    return unit


def today(session: Session, commune: str, district: str) -> str | None:
    unit = today_unit(session, old(session, commune, district))
    return unit and f"{unit.full_name} {unit.code}"


def test_dong_tao_is_now_hoan_long_across_the_old_district_line(session: Session) -> None:
    assert today(session, "xã Đông Tảo", "huyện Khoái Châu") == "Xã Hoàn Long 12070"


def test_code_11977_was_hong_nam_and_is_tan_hung(session: Session) -> None:
    hong_nam = old(session, "Hồng Nam", "Thành phố Hưng Yên")
    assert hong_nam.code == "11977"
    assert today(session, "Hồng Nam", "Hưng Yên") == "Xã Tân Hưng 11977"
    assert old(session, "Tân Hưng", "Hưng Yên").code == "12385"


def test_chi_tan_is_now_chi_minh_under_another_code(session: Session) -> None:
    assert old(session, "Chí Tân", "Khoái Châu").code == "12265"
    assert today(session, "Chí Tân", "Khoái Châu") == "Xã Chí Minh 12271"


def test_the_two_hoang_hoa_tham_are_different_places(session: Session) -> None:
    assert old(session, "Hoàng Hoa Thám", "Ân Thi").code == "12169"
    assert today(session, "Hoàng Hoa Thám", "Ân Thi") == "Xã Ân Thi 12142"
    new = find_unit(session, "2025-07", "Hoàng Hoa Thám", None)
    assert new is not None
    assert new.code == "12337"
    assert today(session, "Thị trấn Vương", "Tiên Lữ") == "Xã Hoàng Hoa Thám 12337"


def test_a_commune_that_kept_its_name_is_followed_by_name_not_by_code(session: Session) -> None:
    # 12187 Đa Lộc took code 12175, which had been Văn Nhuệ's.
    assert today(session, "Đa Lộc", "Ân Thi") == "Xã Nguyễn Trãi 12184"
    assert today(session, "Văn Nhuệ", "Ân Thi") == "Xã Nguyễn Trãi 12184"


def test_a_commune_whose_name_and_code_both_ended_is_not_guessed(session: Session) -> None:
    assert today(session, "Minh Phượng", "Tiên Lữ") is None
    assert today(session, "Hàm Tử", "Khoái Châu") is None


def test_a_divided_commune_has_no_single_successor(session: Session) -> None:
    lac_dao = old(session, "Lạc Đạo", "Văn Lâm")
    assert today_unit(session, lac_dao) is None
    assert [u.name for u in units_today(session, lac_dao)] == ["Đại Đồng", "Lạc Đạo"]


def test_districts_ended_and_provinces_became_one(session: Session) -> None:
    district = find_larger(session, "2022", AreaLevel.DISTRICT, "Huyện Khoái Châu")
    province = find_larger(session, "2022", AreaLevel.PROVINCE, "Thái Bình")
    assert district is not None
    assert province is not None
    assert today_unit(session, district) is None
    now = today_unit(session, province)
    assert now is not None
    assert (now.full_name, now.code) == ("Tỉnh Hưng Yên", "33")


def test_a_unit_of_today_is_its_own_answer(session: Session) -> None:
    unit = find_unit(session, "2025-07", "PHƯỜNG PHỐ HIẾN", None)
    assert unit is not None
    assert today_unit(session, unit) == unit


def test_the_same_name_in_two_districts_needs_the_district(session: Session) -> None:
    assert find_unit(session, "2022", "Hòa Bình", None) is None
    assert find_unit(session, "2022", "hoa binh", "kien xuong") is not None
    assert find_unit(session, "2022", "Hòa Bình", "Khoái Châu") is None


def test_an_unknown_name_finds_nothing(session: Session) -> None:
    assert find_unit(session, "2022", "Không Đâu", "Khoái Châu") is None


def test_communes_of_today_stand_in_dictionary_order(session: Session, loaded: LoadReport) -> None:
    names = [unit.name for unit in communes_today(session)]
    assert len(names) == 104
    assert names[:3] == ["A Sào", "Ái Quốc", "Ân Thi"]
    # d before đ, o before ô, u before ư
    marks = [names.index(n) for n in ("Diên Hà", "Đại Đồng", "Đồng Bằng", "Đức Hợp", "Hiệp Cường")]
    assert marks == sorted(marks)

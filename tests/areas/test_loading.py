"""Loading the published lists."""

from collections import Counter

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.areas.loading import LoadReport, load
from app.areas.lookup import find_unit
from app.areas.models import AreaChange, AreaLevel, AreaUnit


def change(session: Session, from_name: str, to_code: str) -> AreaChange:
    query = select(AreaChange).join(AreaChange.to_unit).where(AreaUnit.code == to_code)
    return session.scalars(query.where(AreaChange.from_name == from_name)).one()


def test_all_units_of_the_three_snapshots_are_there(session: Session, loaded: LoadReport) -> None:
    assert loaded.units == 947
    communes = select(AreaUnit.snapshot).where(AreaUnit.level == AreaLevel.COMMUNE)
    counts = Counter(session.scalars(communes))
    assert counts == {"2022": 421, "2024-12": 381, "2025-07": 104}


def test_a_second_load_changes_nothing(session: Session, loaded: LoadReport) -> None:
    again = load(session)
    assert (again.units, again.changes) == (0, 0)
    assert again.unmatched == loaded.unmatched
    assert session.scalar(select(func.count(AreaUnit.id))) == loaded.units
    assert session.scalar(select(func.count(AreaChange.id))) == loaded.changes


def test_only_provinces_have_no_parent(session: Session, loaded: LoadReport) -> None:
    orphans = session.scalars(select(AreaUnit).where(AreaUnit.parent_id.is_(None))).all()
    assert Counter(u.level for u in orphans) == {AreaLevel.PROVINCE: 5}


def test_one_name_in_the_list_matches_no_unit_and_stays_a_name(
    session: Session, loaded: LoadReport
) -> None:
    assert (loaded.changes, loaded.unmatched) == (384, ("Xã Kim Trung",))
    assert change(session, "Xã Kim Trung", "12586").from_unit_id is None


def test_every_commune_before_2025_but_that_one_goes_somewhere(
    session: Session, loaded: LoadReport
) -> None:
    gone = select(AreaChange.from_unit_id).where(AreaChange.from_unit_id.is_not(None))
    lost = select(AreaUnit.full_name).where(
        AreaUnit.snapshot == "2024-12",
        AreaUnit.level == AreaLevel.COMMUNE,
        AreaUnit.id.not_in(gone),
    )
    assert session.scalars(lost).all() == ["Xã Kim Chung"]


def test_a_name_of_several_communes_is_settled_by_its_neighbours(
    session: Session, loaded: LoadReport
) -> None:
    for to_code, district in (("12586", "Hưng Hà"), ("13192", "Vũ Thư")):
        expected = find_unit(session, "2024-12", "Hòa Bình", district)
        assert expected is not None
        assert change(session, "Xã Hòa Bình", to_code).from_unit == expected


def test_a_district_in_brackets_decides(session: Session, loaded: LoadReport) -> None:
    moved = change(session, "Xã Bình Minh (huyện Khoái Châu)", "12049")
    assert moved.from_unit == find_unit(session, "2024-12", "Bình Minh", "Khoái Châu")
    stayed = change(session, "Xã Bình Minh", "13075")
    assert stayed.from_unit == find_unit(session, "2024-12", "Bình Minh", "Kiến Xương")

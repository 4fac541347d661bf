"""The groups of both schemes and the first shelves."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog import families, groups
from catalog.models import Category, ProductGroup

ONE_OF_EACH = ("Nhãn", "Gà", "Gạo", "Giò", "Kẹo", "Tương", "Trà", "Rượu", "Gốm")


def test_each_scheme_has_six_groups_and_its_period(session: Session) -> None:
    groups.ensure(session)
    by_scheme: dict[str, list[ProductGroup]] = {"2019": [], "2023": []}
    for group in session.scalars(select(ProductGroup)):
        by_scheme[group.scheme].append(group)
    assert {scheme: len(found) for scheme, found in by_scheme.items()} == {"2019": 6, "2023": 6}
    assert {g.valid_to for g in by_scheme["2019"]} == {date(2023, 2, 23)}
    assert {g.valid_from for g in by_scheme["2023"]} == {date(2023, 2, 24)}


def test_textiles_ended_as_a_group_and_living_things_are_new(session: Session) -> None:
    groups.ensure(session)
    codes = {(g.scheme, g.code) for g in session.scalars(select(ProductGroup))}
    assert ("2019", "textiles") in codes
    assert ("2023", "textiles") not in codes
    assert ("2023", "living") in codes
    assert ("2019", "living") not in codes


def test_a_second_call_adds_nothing_and_keeps_what_was_edited(session: Session) -> None:
    assert groups.ensure(session) == 12 + 9
    shelf = session.scalars(select(Category).filter_by(slug=families.TEA)).one()
    shelf.name_vi = "Trà"
    assert groups.ensure(session) == 0
    assert shelf.name_vi == "Trà"


def test_every_family_stands_on_a_shelf(session: Session) -> None:
    groups.ensure(session)
    slugs = set(session.scalars(select(Category.slug)))
    assert {families.family_of(name).shelf for name in ONE_OF_EACH} == slugs


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("Thực phẩm", "food"),
        ("Thủ công mỹ nghệ", "crafts"),
        ("Hàng thủ công mỹ nghệ", "crafts"),
        ("Vải và may mặc", None),
    ],
)
def test_a_group_is_found_by_its_name_in_the_list_of_2023(
    session: Session, written: str, code: str | None
) -> None:
    groups.ensure(session)
    found = groups.group_2023(session, written)
    assert (found.code if found else None) == code
    assert found is None or found.scheme == "2023"

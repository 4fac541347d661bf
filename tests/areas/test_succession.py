"""The set-based answer to where a unit lies today is the one of `lookup.units_today`."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.areas.lookup import communes_today, find_unit, units_today
from app.areas.models import FIRST, AreaLevel, AreaUnit
from app.areas.succession import codes_today, lying_in

pytestmark = pytest.mark.usefixtures("loaded")


def unit(session: Session, snapshot: str, name: str, district: str | None = None) -> AreaUnit:
    found = find_unit(session, snapshot, name, district)
    assert found is not None
    return found


def test_every_commune_of_every_period_lies_where_the_lookup_says(session: Session) -> None:
    communes = session.scalars(select(AreaUnit).filter_by(level=AreaLevel.COMMUNE)).all()
    together = codes_today(session, [c.id for c in communes])
    apart = {c.id: sorted(u.code for u in units_today(session, c)) for c in communes}
    assert {key: sorted(codes) for key, codes in together.items()} == apart


def test_dong_tao_of_2022_is_among_what_lies_in_hoan_long(session: Session) -> None:
    dong_tao = unit(session, FIRST, "Đông Tảo", "Khoái Châu")
    hoan_long = unit(session, "2025-07", "Xã Hoàn Long")
    inside = set(session.scalars(lying_in(hoan_long)))
    assert {dong_tao.id, hoan_long.id} < inside


def test_a_district_lies_in_no_commune(session: Session) -> None:
    district = session.scalars(select(AreaUnit).filter_by(level=AreaLevel.DISTRICT).limit(1)).one()
    assert codes_today(session, [district.id]) == {district.id: []}


def test_each_commune_of_today_was_formed_from_something(session: Session) -> None:
    for commune in communes_today(session)[:5]:
        assert len(session.scalars(lying_in(commune)).all()) > 1

"""Seasons are set by staff: whole, possible, and kept in the trail."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import AuditEntry, Role
from app.core.errors import Rejected
from builders import BY_NOBODY, make_offered, make_user
from catalog import seasons
from catalog.models import Product
from catalog.seasons import BadTransit, HalfASeason, NoSuchDay, Season
from support.browser import Browser


@pytest.fixture
def product(session: Session) -> Product:
    """An offered product."""
    return make_offered(session, name_vi="Nhãn lồng").product


def test_a_season_is_kept_and_its_change_is_in_the_trail(
    session: Session, product: Product
) -> None:
    seasons.set_season(session, product, Season(601, 831, 3), **BY_NOBODY)
    seasons.set_season(session, product, Season(601, 831, 3), **BY_NOBODY)
    assert (product.season_from, product.season_until, product.max_transit_days) == (601, 831, 3)
    (entry,) = session.scalars(select(AuditEntry).filter_by(action="product.season")).all()
    assert entry.detail["after"] == {"begins": 601, "ends": 831, "max_transit_days": 3}


@pytest.mark.parametrize(
    ("season", "error"),
    [
        (Season(601, None), HalfASeason),
        (Season(None, 601), HalfASeason),
        (Season(230, 601), NoSuchDay),
        (Season(601, 1301), NoSuchDay),
        (Season(601, 600), NoSuchDay),
        (Season(None, None, 0), BadTransit),
        (Season(None, None, 61), BadTransit),
    ],
)
def test_what_cannot_be_a_season_is_refused(
    session: Session, product: Product, season: Season, error: type[Rejected]
) -> None:
    with pytest.raises(error):
        seasons.set_season(session, product, season, **BY_NOBODY)
    assert product.season_from is None


def test_the_29th_of_february_is_a_day() -> None:
    assert seasons.month_day(2, 29) == 229


FORM = {"from_day": "1", "from_month": "11", "until_day": "31", "until_month": "1"}


@pytest.mark.parametrize(
    ("changed", "status", "says"),
    [
        ({}, 303, ""),
        ({"from_month": ""}, 422, "ngày đầu và ngày cuối"),
        ({"until_day": "31", "until_month": "6"}, 422, "Không có ngày 31/6"),
        ({"until_day": "0"}, 422, "từ 1 đến 31"),
        ({"max_transit_days": "99"}, 422, "từ 1 đến 60"),
    ],
)
def test_the_form_answers_in_words(
    session: Session,
    visitor: Browser,
    product: Product,
    changed: dict[str, str],
    status: int,
    says: str,
) -> None:
    visitor.sign_in(make_user(session, Role.OFFICER))
    answer = visitor.post(f"/quan-ly/san-pham/{product.id}/mua-vu", FORM | changed)
    assert (answer.status_code, says in answer.text) == (status, True)


def test_page_calendar_and_facet_speak_of_the_season(
    session: Session, visitor: Browser, product: Product
) -> None:
    seasons.set_season(session, product, Season(1101, 131), **BY_NOBODY)
    session.commit()
    assert "Đang vào mùa" in visitor.get(f"/san-pham/{product.slug}").text
    calendar = visitor.get("/mua-vu").text
    assert calendar.count('class="harvest-on"') == 3
    assert "Nhãn lồng" in calendar
    assert "Nhãn lồng" in visitor.get("/san-pham?season=1").text


def test_an_unknown_season_is_not_spoken_of(visitor: Browser, product: Product) -> None:
    assert "Mùa:" not in visitor.get(f"/san-pham/{product.slug}").text
    assert "Chưa biết mùa vụ nào" in visitor.get("/mua-vu").text

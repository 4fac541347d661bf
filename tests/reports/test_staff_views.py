"""The report pages."""

import pytest
from sqlalchemy.orm import Session

from app.accounts.access import place_scope
from app.accounts.models import Role
from builders import make_depot, make_offered, make_order, make_place, make_user
from pos.sales.models import Order
from support.browser import Browser

REPORT = "/quan-ly/bao-cao/ban-hang"


@pytest.fixture
def order(session: Session) -> Order:
    """Goods for 100,000 đồng, sold today."""
    placed = make_order(session, make_offered(session, 100_000, name_vi="Trà sen"))
    session.commit()
    return placed


@pytest.fixture
def officer(session: Session, visitor: Browser) -> Browser:
    user = make_user(session, Role.OFFICER)
    session.commit()
    return visitor.sign_in(user)


def manager(session: Session, visitor: Browser, scope: str) -> Browser:
    user = make_user(session, Role.POINT_MANAGER, scope)
    session.commit()
    return visitor.sign_in(user)


def test_a_period_without_sales_says_so(officer: Browser) -> None:
    page = officer.get(REPORT).text
    assert "Không bán được gì trong những ngày này" in page
    assert "26/10/2026 – 24/11/2026" in page


def test_sales_are_shown_by_day_place_and_product(officer: Browser, order: Order) -> None:
    page = officer.get(f"{REPORT}?from=2026-11-20&to=2026-11-24").text
    for text in ("100.000", "Trà sen", order.place.name, "<rect", "20/11/2026"):
        assert text in page


@pytest.mark.parametrize(
    "query",
    [
        "from=x&to=y",
        "from=2026-11-25&to=2026-11-24",
        "from=2000-01-01&to=2026-11-24",
        "to=0001-01-01",
        "from=9999-12-30&to=9999-12-31",
        "from=%00",
    ],
)
def test_a_period_that_makes_no_sense_is_the_last_thirty_days(officer: Browser, query: str) -> None:
    for path in (REPORT, f"{REPORT}.csv"):
        assert officer.get(f"{path}?{query}").status_code == 200
    assert "26/10/2026 – 24/11/2026" in officer.get(f"{REPORT}?{query}").text


def test_the_table_is_read_by_a_spreadsheet(officer: Browser, order: Order) -> None:
    response = officer.get(f"{REPORT}.csv?from=2026-11-23&to=2026-11-24")
    rows = response.text.splitlines()
    assert rows == ["\ufeffNgày,Số tiền (đồng)", "2026-11-23,0", "2026-11-24,100000"]
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    name = 'filename="ban-hang-2026-11-23-2026-11-24.csv"'
    assert name in response.headers["Content-Disposition"]


def test_a_manager_sees_the_own_place_only(
    session: Session, visitor: Browser, order: Order
) -> None:
    mine = manager(session, visitor, place_scope(order.place_id))
    assert "Trà sen" in mine.get(REPORT).text
    other = manager(session, Browser(visitor.app), place_scope(make_place(session).id))
    assert "Trà sen" not in other.get(REPORT).text
    assert other.get(f"{REPORT}.csv").text.count(",100000") == 0


def test_a_cashier_sees_no_reports(session: Session, visitor: Browser) -> None:
    cashier = make_user(session, Role.CASHIER, place_scope(make_depot(session).id))
    session.commit()
    assert visitor.sign_in(cashier).get(REPORT).status_code == 403
    assert Browser(visitor.app).get(REPORT).status_code == 302

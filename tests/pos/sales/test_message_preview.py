"""Staff look at every message that a buyer gets, the one about missing money included."""

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.accounts.models import Role
from builders import make_offered, make_order, make_user
from builders_sales import make_prepaid
from support.browser import Browser
from support.payments import taking_money


@pytest.fixture
def officer(app: Flask, session: Session) -> Browser:
    user = make_user(session, Role.OFFICER)
    session.commit()
    return Browser(app).sign_in(user)


def test_a_transfer_has_a_message_about_missing_money(
    app: Flask, session: Session, officer: Browser
) -> None:
    order = make_prepaid(session, make_offered(session))
    order.payments[0].received = 55_000
    session.commit()
    listed = f"/quan-ly/don-hang/{order.id}/thu"
    assert f"{listed}/short" in officer.get(listed).text
    with taking_money(app):
        for language, word in (("vi", "còn lại"), ("en", "remaining")):
            page = officer.get(f"{listed}/short?lang={language}").text
            for told in (word, "55.000", "100.000", f"/vietqr/{order.payments[0].code}.png"):
                assert told in page, told


def test_other_ways_to_pay_have_none(session: Session, officer: Browser) -> None:
    order = make_order(session, make_offered(session))
    session.commit()
    listed = f"/quan-ly/don-hang/{order.id}/thu"
    assert "/short" not in officer.get(listed).text
    assert officer.get(f"{listed}/short").status_code == 404

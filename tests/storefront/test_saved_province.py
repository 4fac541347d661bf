"""Saved addresses keep their province, so that nobody chooses it anew with each order."""

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.accounts.models import Role, User
from app.storefront import addresses, member
from app.storefront.models import Address
from builders import NOW, make_depot, make_offered, make_user, stock_up
from support.browser import Browser
from support.checkout import PAGE

OWN = "/tai-khoan/dia-chi"
ELSEWHERE = {
    "contact_name": "Bà Tư", "phone": "0987654321", "street": "7 Bạch Đằng",
    "province": "ca-mau", "area_text": "Phường An Xuyên",
}  # fmt: skip


@pytest.fixture
def lan(session: Session) -> User:
    made = make_user(session, Role.CUSTOMER)
    session.commit()
    return made


@pytest.fixture
def browser(app: Flask, lan: User) -> Browser:
    return Browser(app).sign_in(lan)


def only(session: Session, lan: User) -> Address:
    session.expire_all()
    (found,) = addresses.of_user(session, lan.id)
    return found


def test_an_address_elsewhere_is_kept_with_its_province(
    session: Session, lan: User, browser: Browser
) -> None:
    assert browser.post(f"{OWN}/moi", ELSEWHERE).status_code == 303
    kept = only(session, lan)
    assert (kept.province, kept.area_text, kept.area_id) == ("ca-mau", "Phường An Xuyên", None)
    form = browser.get(f"{OWN}/{kept.id}").text
    assert 'selected value="ca-mau"' in form
    assert 'value="Phường An Xuyên"' in form
    assert member.export(session, lan)["addresses"][0]["province"] == "ca-mau"


def test_a_province_that_does_not_exist_is_refused(browser: Browser) -> None:
    assert browser.post(f"{OWN}/moi", ELSEWHERE | {"province": "khong-co"}).status_code == 422


def test_an_old_address_without_a_province_is_not_given_one(
    session: Session, lan: User, browser: Browser
) -> None:
    entry = addresses.Entry(None, "Lan", "+84912345678", "12 Phố Hiến, Hà Nội", None, True)
    kept = addresses.add(session, lan.id, entry, now=NOW)
    session.commit()
    assert kept.province is None
    assert 'selected value=""' in browser.get(f"{OWN}/{kept.id}").text
    assert "province" not in member.prefill(session, lan)


def test_the_checkout_takes_the_province_over(
    session: Session, lan: User, browser: Browser
) -> None:
    sku = make_offered(session)
    stock_up(session, make_depot(session), sku, 10)
    session.commit()
    browser.post("/gio-hang/them", {"sku": sku.id, "quantity": 1})
    browser.post(f"{OWN}/moi", ELSEWHERE)
    chosen = {"step": "saved", "saved": only(session, lan).id, "delivery": "ship"}
    again = browser.post(PAGE, chosen | {"province": "ha-noi"}).text
    for page in (browser.get(PAGE).text, again):
        assert 'selected value="ca-mau"' in page
        assert 'value="Phường An Xuyên"' in page

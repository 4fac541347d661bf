"""Orders, addresses, wishes and data of members, through the pages."""

import json
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.models import AccountToken, AuditEntry, Consent, Role, User, UserSession
from app.accounts.passwords import hash_password
from app.areas.models import SINCE_2025, AreaLevel, AreaUnit
from app.storefront.models import Address, Cart, StockNotice, Wish
from builders import (
    BY_NOBODY,
    NOW,
    make_depot,
    make_offered,
    make_order,
    make_user,
    set_price,
    stock_up,
)
from catalog import products
from catalog.models import Sku
from pos.sales.lines import Item
from pos.stock.models import Place
from support.browser import Browser

PASSWORD = "một câu dài dễ nhớ"
HOME = "/tai-khoan/dia-chi"


@pytest.fixture
def lan(session: Session) -> User:
    user = make_user(
        session, Role.CUSTOMER, email="lan@example.vn", password_hash=hash_password(PASSWORD)
    )
    session.commit()
    return user


@pytest.fixture
def member(visitor: Browser, lan: User) -> Browser:
    return visitor.sign_in(lan)


@pytest.fixture
def stranger(app: Flask, session: Session) -> Browser:
    user = make_user(session, Role.CUSTOMER)
    session.commit()
    return Browser(app).sign_in(user)


@pytest.fixture
def sku(session: Session) -> Sku:
    made = make_offered(session, 100_000, name_vi="Mật ong")
    session.commit()
    return made


@pytest.fixture
def depot(session: Session, sku: Sku) -> Place:
    place = make_depot(session)
    stock_up(session, place, sku, 50)
    session.commit()
    return place


@pytest.fixture
def commune(session: Session) -> AreaUnit:
    names = {"name": "Phố Hiến", "full_name": "Phường Phố Hiến", "folded_name": "pho hien"}
    codes = {"snapshot": SINCE_2025, "level": AreaLevel.COMMUNE, "code": "12000"}
    unit = AreaUnit(**names, **codes, sort_key="pho hien", valid_from=date(2025, 7, 1))
    session.add(unit)
    session.commit()
    return unit


def entry(**over: Any) -> dict[str, Any]:
    values = {"contact_name": "Nguyễn Thị Lan", "phone": "0912 345 678", "street": "12 Phố Hiến"}
    return values | over


def only_address(session: Session) -> Address:
    session.expire_all()
    return session.scalars(select(Address)).one()


def test_an_address_is_kept_changed_and_deleted(
    member: Browser, session: Session, commune: AreaUnit
) -> None:
    assert member.post(f"{HOME}/moi", entry(area=commune.id, label="Nhà")).status_code == 303
    kept = only_address(session)
    assert (kept.phone, kept.area_id, kept.area_text) == (
        "+84912345678",
        commune.id,
        "Phường Phố Hiến",
    )
    assert kept.is_default
    form = member.get(f"{HOME}/{kept.id}").text
    assert f'<option selected value="{commune.id}">' in form
    assert member.post(f"{HOME}/{kept.id}", entry(street="3 Bạch Đằng", area="")).status_code == 303
    assert (only_address(session).street, only_address(session).area_text) == ("3 Bạch Đằng", None)
    assert "3 Bạch Đằng" in member.get(HOME).text
    assert member.post(f"{HOME}/{kept.id}/xoa").status_code == 303
    assert session.scalars(select(Address)).all() == []
    assert member.get(f"{HOME}/{kept.id}").status_code == 404


@pytest.mark.parametrize(
    "wrong", [{"street": ""}, {"phone": "12"}, {"contact_name": " "}, {"area": "xa-khong-co"}]
)
def test_a_wrong_address_is_not_kept(
    member: Browser, session: Session, wrong: dict[str, str]
) -> None:
    assert member.post(f"{HOME}/moi", entry(**wrong)).status_code == 422
    assert session.scalars(select(Address)).all() == []


def test_a_foreign_address_is_out_of_reach(
    member: Browser, stranger: Browser, session: Session
) -> None:
    member.post(f"{HOME}/moi", entry(label="Nhà"))
    path = f"{HOME}/{only_address(session).id}"
    assert stranger.get(path).status_code == 403
    for target in (path, f"{path}/xoa", f"{path}/mac-dinh"):
        assert stranger.post(target, entry(street="của người khác")).status_code == 403
    assert "12 Phố Hiến" not in stranger.get(HOME).text
    assert only_address(session).street == "12 Phố Hiến"


def test_one_address_is_the_default_whatever_is_done(member: Browser, session: Session) -> None:
    for street in ("A", "B", "C"):
        member.post(f"{HOME}/moi", entry(street=street))

    def default() -> list[str]:
        session.expire_all()
        return list(session.scalars(select(Address.street).filter_by(is_default=True)))

    keys = {a.street: a.id for a in session.scalars(select(Address))}
    assert default() == ["A"]
    member.post(f"{HOME}/{keys['C']}/mac-dinh")
    assert default() == ["C"]
    member.post(f"{HOME}/{keys['B']}", entry(street="B", is_default="y"))
    assert default() == ["B"]
    member.post(f"{HOME}/{keys['B']}/xoa")
    assert default() == ["A"]


def test_nobody_keeps_addresses_without_end(member: Browser, session: Session) -> None:
    for _ in range(20):
        assert member.post(f"{HOME}/moi", entry()).status_code == 303
    assert member.post(f"{HOME}/moi", entry()).status_code == 409


def test_the_checkout_knows_the_member(
    member: Browser, lan: User, sku: Sku, depot: Place, commune: AreaUnit
) -> None:
    member.post("/gio-hang/them", {"sku": sku.id, "quantity": 1})
    assert f'value="{lan.name}"' in member.get("/thanh-toan").text
    member.post(f"{HOME}/moi", entry(area=commune.id))
    page = member.get("/thanh-toan").text
    for known in ("Nguyễn Thị Lan", "+84912345678", "12 Phố Hiến", "lan@example.vn"):
        assert f'value="{known}"' in page
    assert f'<option selected value="{commune.id}">' in page


def test_a_guest_finds_an_empty_checkout(visitor: Browser, sku: Sku, depot: Place) -> None:
    visitor.post("/gio-hang/them", {"sku": sku.id, "quantity": 1})
    assert 'id="name" maxlength="200" name="name" required type="text" value=""' in (
        visitor.get("/thanh-toan").text
    )


def test_the_history_shows_own_orders_page_by_page(
    member: Browser, stranger: Browser, session: Session, lan: User, sku: Sku, depot: Place
) -> None:
    numbers = [
        make_order(
            session, sku, source=depot, customer_id=lan.id, now=NOW + timedelta(minutes=n)
        ).number
        for n in range(11)
    ]
    session.commit()
    first, second = (member.get(f"/tai-khoan/don-hang?page={n}").text for n in (1, 2))
    assert [n in first for n in numbers] == [False] + [True] * 10
    assert [n in second for n in numbers] == [True] + [False] * 10
    assert not any(n in stranger.get("/tai-khoan/don-hang").text for n in numbers)
    assert member.get("/tai-khoan/don-hang?page=x").status_code == 200


def test_ordering_again_puts_in_what_there_is_and_names_the_rest(
    member: Browser, session: Session, lan: User, sku: Sku, depot: Place
) -> None:
    ended = make_offered(session, name_vi="Vải sấy")
    sold = make_offered(session, name_vi="Nghệ đen")
    for other in (ended, sold):
        stock_up(session, depot, other, 1)
    items = [Item(sku.id, 2), Item(ended.id, 1), Item(sold.id, 1)]
    order = make_order(session, sku, source=depot, items=items, customer_id=lan.id)
    products.withdraw(session, ended.product, reason="hết mùa", **BY_NOBODY)
    set_price(session, sku, 90_000, valid_from=date(2026, 11, 2))
    session.commit()
    answer = member.post(f"/tai-khoan/don-hang/{order.number}/dat-lai")
    page = member.follow(answer).text
    assert "Hiện không mua được: Vải sấy" in page
    assert "Nghệ đen" in page.split("Hiện không mua được")[1].split("</p>")[0]
    assert "180.000" in page
    (cart,) = session.scalars(select(Cart)).all()
    assert [(line.sku_id, line.quantity) for line in cart.lines] == [(sku.id, 2)]


def test_a_foreign_order_is_not_ordered_again(
    stranger: Browser, session: Session, lan: User, sku: Sku, depot: Place
) -> None:
    order = make_order(session, sku, source=depot, customer_id=lan.id)
    session.commit()
    assert stranger.post(f"/tai-khoan/don-hang/{order.number}/dat-lai").status_code == 404


def test_a_product_is_wished_for_and_taken_off(
    member: Browser, stranger: Browser, session: Session, sku: Sku
) -> None:
    path = f"/san-pham/{sku.product.slug}"
    for _ in range(2):
        assert member.post(f"{path}/yeu-thich").headers["Location"] == path
    assert session.scalar(select(func.count()).select_from(Wish)) == 1
    assert "Bỏ khỏi yêu thích" in member.get(path).text
    assert "Mật ong" in member.get("/tai-khoan/yeu-thich").text
    assert "Mật ong" not in stranger.get("/tai-khoan/yeu-thich").text
    off = member.post(f"{path}/yeu-thich", {"remove": "1", "from": "list"})
    assert off.headers["Location"] == "/tai-khoan/yeu-thich"
    assert session.scalars(select(Wish)).all() == []


def test_what_is_withdrawn_stays_on_the_list_until_it_is_taken_off(
    member: Browser, session: Session, sku: Sku
) -> None:
    member.post(f"/san-pham/{sku.product.slug}/yeu-thich")
    products.withdraw(session, sku.product, reason="hết mùa", **BY_NOBODY)
    session.commit()
    assert "Mật ong" in member.get("/tai-khoan/yeu-thich").text
    assert member.post(f"/san-pham/{sku.product.slug}/yeu-thich").status_code == 404
    member.post(f"/san-pham/{sku.product.slug}/yeu-thich", {"remove": "1"})
    assert session.scalars(select(Wish)).all() == []
    assert member.post("/san-pham/khong-co/yeu-thich").status_code == 404


def test_a_guest_signs_in_to_wish_and_comes_back(visitor: Browser, sku: Sku) -> None:
    path = f"/san-pham/{sku.product.slug}"
    assert f'href="/dang-nhap?next={path}"' in visitor.get(path).text
    assert visitor.post(f"{path}/yeu-thich").status_code == 401


def fill(session: Session, member: Browser, lan: User, sku: Sku, depot: Place) -> str:
    """Something of everything; the number of the order."""
    member.post(f"{HOME}/moi", entry(label="Nhà"))
    member.post(f"/san-pham/{sku.product.slug}/yeu-thich")
    member.post("/tai-khoan/dong-y", {"news": "y"})
    member.post("/tai-khoan/gui-lai-xac-nhan")
    member.post("/gio-hang/them", {"sku": sku.id, "quantity": 1})
    form = {"sku": sku.id, "email": "lan@example.vn"}
    member.post(f"/san-pham/{sku.product.slug}/bao-khi-co-hang", form)
    order = make_order(session, sku, 2, source=depot, customer_id=lan.id)
    session.commit()
    return order.number


def test_the_download_holds_everything_of_the_member_and_nothing_of_others(
    member: Browser, stranger: Browser, session: Session, lan: User, sku: Sku, depot: Place
) -> None:
    number = fill(session, member, lan, sku, depot)
    stranger.post(f"{HOME}/moi", entry(street="của người khác"))
    answer = member.get("/tai-khoan/du-lieu.json")
    assert answer.mimetype == "application/json"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    data = json.loads(answer.text)
    assert data["account"]["email"] == "lan@example.vn"
    assert [a["street"] for a in data["addresses"]] == ["12 Phố Hiến"]
    assert [c["purpose"] for c in data["consents"]] == ["news"]
    (order,) = data["orders"]
    assert (order["number"], order["total"], order["contact_phone"]) == (
        number,
        230_000,
        "+84912345678",
    )
    assert [(line["quantity"], line["line_total"]) for line in order["lines"]] == [(2, 200_000)]
    assert [w["slug"] for w in data["wish_list"]] == [sku.product.slug]
    assert "password" not in answer.text


def test_closing_the_account_takes_the_person_out_and_keeps_the_order(
    app: Flask, member: Browser, session: Session, lan: User, sku: Sku, depot: Place
) -> None:
    number, name = fill(session, member, lan, sku, depot), lan.name
    other = Browser(app).sign_in(lan)
    assert member.get("/tai-khoan/xoa").status_code == 200
    assert member.post("/tai-khoan/xoa", {"password": PASSWORD}).headers["Location"] == "/"
    session.expire_all()
    assert (lan.name, lan.phone, lan.active) == ("—", None, False)
    assert "lan@" not in lan.email
    assert name not in lan.search_text
    for table in (Address, Wish, StockNotice, Cart, AccountToken):
        assert session.scalars(select(table)).all() == [], table
    assert all(row.revoked_at for row in session.scalars(select(UserSession)))
    assert [row.withdrawn_at is None for row in session.scalars(select(Consent))] == [True, False]
    assert other.get("/tai-khoan").status_code == 302
    entries = session.scalars(select(AuditEntry).filter_by(object_id=str(lan.id))).all()
    assert "user.anonymise" in [e.action for e in entries]
    key = {"number": number, "phone": "0912345678"}
    guest = Browser(app)
    assert "Nguyễn Thị Lan" in guest.follow(guest.post("/don-hang", key)).text


def test_a_closed_account_lets_nobody_in_and_frees_the_address(
    app: Flask, member: Browser, session: Session, lan: User
) -> None:
    member.post("/tai-khoan/xoa", {"password": PASSWORD})
    session.expire_all()
    for email in ("lan@example.vn", lan.email):
        form = {"email": email, "password": PASSWORD}
        assert Browser(app).post("/dang-nhap", form).status_code == 422
    Browser(app).post("/dang-ky", {"name": "Lan", "email": "lan@example.vn", "password": PASSWORD})
    fresh = session.scalars(select(User).filter_by(email="lan@example.vn")).one()
    assert fresh.id != lan.id


@pytest.mark.parametrize(("password", "status"), [("wrong password", 422), ("", 422)])
def test_the_account_is_not_closed_by_mistake(
    member: Browser, session: Session, lan: User, password: str, status: int
) -> None:
    assert member.post("/tai-khoan/xoa", {"password": password}).status_code == status
    session.expire_all()
    assert lan.active


def test_an_account_with_work_attached_is_not_closed_here(
    visitor: Browser, session: Session
) -> None:
    officer = make_user(session, Role.OFFICER, password_hash=hash_password(PASSWORD))
    session.commit()
    answer = visitor.sign_in(officer).post("/tai-khoan/xoa", {"password": PASSWORD})
    assert answer.status_code == 409
    session.expire_all()
    assert officer.active


@pytest.mark.parametrize("path", ["don-hang", "dia-chi", "yeu-thich", "du-lieu.json", "xoa"])
def test_guests_sign_in_first(visitor: Browser, path: str) -> None:
    assert visitor.get(f"/tai-khoan/{path}").headers["Location"].startswith("/dang-nhap?next=")

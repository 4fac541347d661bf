"""The parcel desk as staff see it."""

from dataclasses import dataclass
from io import BytesIO
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.access import place_scope
from app.accounts.models import Role
from builders import make_user
from builders_shipping import make_delivered, make_packed, make_parcel
from pos.sales.models import Order
from pos.sales.status import OrderStatus
from pos.shipping.models import Parcel, ParcelStatus
from support.browser import Browser

DESK = "/quan-ly/giao-hang"
MONEY = f"{DESK}/thu-ho"


@dataclass
class Packed:
    """An order, and who may handle it."""

    id: UUID
    number: str
    keeper: Browser


@pytest.fixture
def packed(session: Session, app: Flask) -> Packed:
    order = make_packed(session)
    keeper = make_user(session, Role.STOCK_KEEPER, place_scope(order.place_id))
    session.commit()
    return Packed(order.id, order.number, Browser(app).sign_in(keeper))


@pytest.fixture
def officer(session: Session, app: Flask) -> Browser:
    found = make_user(session, Role.OFFICER)
    session.commit()
    return Browser(app).sign_in(found)


def only_parcel(session: Session) -> Parcel:
    session.expire_all()
    return session.scalars(select(Parcel)).one()


def test_a_parcel_goes_from_the_desk_to_the_buyer(session: Session, packed: Packed) -> None:
    keeper = packed.keeper
    assert packed.number in keeper.get(f"{DESK}/").text
    assert "Bưu kiện thường" in keeper.get(f"{DESK}/don/{packed.id}").text
    form = {"service": "post.standard", "number": "VN1", "weight": "1200"}
    page = keeper.follow(keeper.post(f"{DESK}/don/{packed.id}", form)).text
    assert "VN1" in page
    parcel = only_parcel(session)
    assert packed.number not in keeper.get(f"{DESK}/").text
    assert packed.number in keeper.get(f"{DESK}/?tab=ready").text
    for step in ("hand_over", "delivered"):
        assert keeper.post(f"{DESK}/{parcel.id}/{step}").status_code == 303
    assert only_parcel(session).status is ParcelStatus.DELIVERED
    order = session.scalars(select(Order)).one()
    assert order.status is OrderStatus.DELIVERED
    assert "VN1" in keeper.get(f"{DESK}/?q=vn1").text


def test_a_wrong_entry_is_told_and_kept(session: Session, packed: Packed) -> None:
    path = f"{DESK}/don/{packed.id}"
    for form in ({"service": "drone"}, {"service": "post.standard", "number": "a b"}):
        assert packed.keeper.post(path, form).status_code == 422
    make_parcel(session, service="post.standard", number="VN1")
    session.commit()
    taken = packed.keeper.post(path, {"service": "post.standard", "number": "VN1"})
    assert taken.status_code == 409
    assert "đã có mã VN1" in taken.text


def test_why_nobody_was_met_must_be_said(session: Session, packed: Packed) -> None:
    packed.keeper.post(f"{DESK}/don/{packed.id}", {"service": "post.standard"})
    parcel = only_parcel(session)
    packed.keeper.post(f"{DESK}/{parcel.id}/hand_over")
    assert packed.keeper.post(f"{DESK}/{parcel.id}/failed").status_code == 422
    told = packed.keeper.post(f"{DESK}/{parcel.id}/failed", {"reason": "Không ai ở nhà"})
    assert "Không ai ở nhà" in packed.keeper.follow(told).text
    assert packed.keeper.post(f"{DESK}/{parcel.id}/delivered").status_code == 409
    assert packed.keeper.post(f"{DESK}/{parcel.id}/explode").status_code == 404


def test_many_are_handed_over_at_once_and_one_that_cannot_go_is_named(
    session: Session, officer: Browser
) -> None:
    ready, gone = make_parcel(session), make_delivered(session)
    session.commit()
    chosen = {"parcel": [str(ready.id), str(gone.id), "nonsense"]}
    page = officer.follow(officer.post(f"{DESK}/ban-giao", chosen)).text
    assert "Đã bàn giao 1 kiện cho đơn vị giao." in page
    assert f"{gone.order.number}: " in page


def test_the_number_may_come_later(session: Session, officer: Browser) -> None:
    parcel, other = make_parcel(session), make_parcel(session, number="VN1")
    session.commit()
    path = f"{DESK}/{parcel.id}/ma"
    assert "đã có mã VN1" in officer.follow(officer.post(path, {"number": "VN1"})).text
    officer.post(path, {"number": "VN2"})
    session.expire_all()
    assert session.get_one(Parcel, parcel.id).number == "VN2"
    assert other.number == "VN1"


def test_the_label_and_the_table_of_the_day(session: Session, officer: Browser) -> None:
    parcel = make_parcel(session, number="VN1")
    session.commit()
    label = officer.get(f"{DESK}/{parcel.id}/nhan.pdf")
    assert label.data.startswith(b"%PDF-")
    assert label.data == officer.get(f"{DESK}/{parcel.id}/nhan.pdf").data
    table = officer.get(f"{DESK}/xuat/post.csv").text
    assert parcel.order.number in table
    assert parcel.order.number not in officer.get(f"{DESK}/xuat/own.csv").text
    assert officer.get(f"{DESK}/xuat/nobody.csv").status_code == 404


def test_a_list_is_looked_through_and_then_booked(session: Session, officer: Browser) -> None:
    parcel = make_delivered(session, number="VN1")
    session.commit()
    assert parcel.order.number in officer.get(MONEY).text
    form = {"carrier": "post", "reference": "BK-01", "received_on": "2026-11-24"}
    table = f"number,amount\nVN1,{parcel.cod_amount}\nVN9,5\n".encode()
    sent = form | {"step": "check", "file": (BytesIO(table), "list.csv")}
    checked = officer.post(MONEY, sent, content_type="multipart/form-data")
    assert checked.status_code == 200
    assert "Đã khớp" in checked.text
    assert "Không có kiện này" in checked.text
    rows = f"VN1 {parcel.cod_amount}\nVN9 5"
    assert rows in checked.text.replace("\r\n", "\n")
    booked = officer.post(MONEY, form | {"step": "book", "rows": rows})
    assert "VN9" in officer.follow(booked).text
    again = officer.post(MONEY, form | {"step": "book", "rows": rows})
    assert again.status_code == 409
    page = officer.get(MONEY).text
    assert parcel.order.number not in page
    assert "VN9" in page


@pytest.mark.parametrize("rows", ["", "VN1", "VN1 x"])
def test_a_list_that_cannot_be_read_says_why(officer: Browser, rows: str) -> None:
    form = {"carrier": "post", "reference": "BK-01", "received_on": "2026-11-24", "rows": rows}
    answer = officer.post(MONEY, form | {"step": "book"})
    assert answer.status_code == 422
    assert "Bảng kê trống" in answer.text or "Dòng 1" in answer.text

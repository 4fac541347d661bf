"""What staff do about money: match, put aside, confirm, take statements over, pay back."""

import io
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.access import place_scope
from app.accounts.models import Role
from builders import BY_NOBODY, NOW, make_place, make_user
from builders_payments import TOTAL, make_prepaid, payment_of
from catalog import tables
from pos.sales import bank_entries, notices, orders, paying, refunds
from pos.sales.bank_lines import Line
from pos.sales.models import Order
from pos.sales.notices import Notice
from pos.sales.payment_models import BankEntry, MoneyIn, ProviderEvent, Refund
from pos.sales.payment_status import EntryStatus, NoticeStatus, RefundKind, RefundStatus
from pos.sales.status import OrderStatus, Tender
from support.browser import Browser
from support.payments import taking_money

DESK, BACK = "/quan-ly/tien-ve", "/quan-ly/hoan-tien"


@pytest.fixture(autouse=True)
def _open(app: Flask) -> Iterator[None]:
    with taking_money(app):
        yield


@pytest.fixture
def order(session: Session) -> Order:
    placed = make_prepaid(session)
    session.commit()
    return placed


@pytest.fixture
def officer(session: Session, visitor: Browser) -> Browser:
    user = make_user(session, Role.OFFICER)
    session.commit()
    return visitor.sign_in(user)


def an_entry(session: Session, text: str = "tien nhan", amount: int = TOTAL) -> BankEntry:
    line = Line(f"n{text}{amount}", amount, text, NOW)
    entry = bank_entries.take(session, "sepay", line, now=NOW)
    assert entry is not None
    session.commit()
    return entry


def state(session: Session, order: Order) -> OrderStatus:
    session.expire_all()
    return orders.get(session, order.id).status


def test_entries_and_awaited_transfers_are_listed(
    session: Session, officer: Browser, order: Order
) -> None:
    an_entry(session)
    page = officer.get(DESK).text
    for part in ("tien nhan", str(payment_of(order).code), order.number):
        assert part in page
    assert "tien nhan" not in officer.get(f"{DESK}?state=matched").text
    assert officer.get(f"{DESK}?state=x&page=-1").status_code == 200


@pytest.mark.parametrize("by", ["code", "number"])
def test_an_entry_is_matched_by_hand(
    session: Session, officer: Browser, order: Order, by: str
) -> None:
    entry, payment = an_entry(session), payment_of(order)
    typed = str(payment.code).lower() if by == "code" else order.number
    sent = officer.post(f"{DESK}/{entry.id}/khop", {"code": typed, "reason": "Người mua gọi"})
    assert sent.status_code == 303
    assert state(session, order) is OrderStatus.PAID
    again = officer.post(f"{DESK}/{entry.id}/khop", {"code": typed, "reason": "Lại"})
    assert again.status_code == 409
    assert session.scalar(select(func.count(MoneyIn.id))) == 1


@pytest.mark.parametrize(
    ("form", "status"),
    [({"code": "PH22222222", "reason": "x"}, 404), ({"code": "", "reason": ""}, 422)],
)
def test_a_match_with_nothing_is_refused(
    session: Session, officer: Browser, form: dict[str, str], status: int
) -> None:
    entry = an_entry(session)
    assert officer.post(f"{DESK}/{entry.id}/khop", form).status_code == status
    session.expire_all()
    assert entry.status is EntryStatus.NEW


def test_an_entry_is_put_aside_with_a_reason(session: Session, officer: Browser) -> None:
    entry = an_entry(session)
    assert officer.post(f"{DESK}/{entry.id}/bo-qua", {"reason": " "}).status_code == 422
    assert officer.post(f"{DESK}/{entry.id}/bo-qua", {"reason": "Lãi"}).status_code == 303
    assert "Lãi" in officer.get(f"{DESK}/{entry.id}").text


def test_a_transfer_is_confirmed_once_for_each_form(
    session: Session, officer: Browser, order: Order
) -> None:
    path = f"{DESK}/xac-nhan/{payment_of(order).id}"
    assert "200000" in officer.get(path).text
    form = {"key": "k", "amount": "150.000", "reason": "Sao kê"}
    assert officer.post(path, form | {"reason": ""}).status_code == 422
    for _ in range(2):
        assert officer.post(path, form).status_code == 303
    session.expire_all()
    assert payment_of(order).received == 150_000


def test_notices_to_look_at_are_shown_until_somebody_has(
    session: Session, officer: Browser
) -> None:
    key = notices.keep(session, Notice("stripe", "evt_5", "look", {}, NOW), now=NOW)
    event = session.get_one(ProviderEvent, key)
    event.status, event.note = NoticeStatus.FLAGGED, "5 vnd instead of 6 vnd"
    session.commit()
    assert "5 vnd instead of 6 vnd" in officer.get(DESK).text
    for _ in range(2):
        assert officer.post(f"{DESK}/thong-bao/{key}").status_code == 303
    assert "5 vnd instead" not in officer.get(DESK).text
    assert officer.post(f"{DESK}/thong-bao/999999").status_code == 404


def send(officer: Browser, content: bytes) -> Any:
    file = (io.BytesIO(content), "sao-ke.csv")
    return officer.post(f"{DESK}/sao-ke", {"file": file}, content_type="multipart/form-data")


def test_a_statement_is_looked_at_before_it_is_taken(
    session: Session, officer: Browser, order: Order
) -> None:
    rows = [("24/11/2026", "200.000", str(payment_of(order).code), "FT1")]
    content = tables.to_csv(("ngay", "so_tien", "noi_dung", "ma_giao_dich"), rows)
    sent = send(officer, content)
    assert "Đã khớp" in officer.follow(sent).text
    assert state(session, order) is OrderStatus.PLACED
    for _ in range(2):
        assert officer.post(sent.headers["Location"], {"key": "k"}).status_code == 200
    assert state(session, order) is OrderStatus.PAID
    assert session.scalar(select(func.count(BankEntry.id))) == 1


@pytest.mark.parametrize("content", [b"", b"\x00\x01", b"ten,gia\nA,5\n"])
def test_what_is_no_statement_is_refused(officer: Browser, content: bytes) -> None:
    assert send(officer, content).status_code == 422
    assert officer.get(f"{DESK}/sao-ke/{'a' * 64}").status_code == 404


def paid_back(session: Session, order: Order, amount: int = 40_000) -> Refund:
    payment = payment_of(order)
    paying.money_came(session, payment, TOTAL, source="b", key=order.number, now=NOW)
    refund = refunds.request(
        session,
        payment,
        amount,
        kind=RefundKind.DECIDED,
        reason="Vỡ một lọ",
        key=order.number,
        **BY_NOBODY,
    )
    session.commit()
    return refund


def test_a_refund_is_paid_by_hand_with_a_proof(
    session: Session, officer: Browser, order: Order
) -> None:
    refund = paid_back(session, order)
    assert order.number in officer.get(BACK).text
    path = f"{BACK}/{refund.id}/da-tra"
    assert officer.post(path, {"proof": ""}).status_code == 422
    assert officer.post(path, {"proof": "FT99"}).status_code == 303
    session.expire_all()
    assert refund.status is RefundStatus.SETTLED
    assert "FT99" in officer.get(f"{BACK}/{refund.id}").text
    assert order.number in officer.get(f"{BACK}?tab=done").text


def test_a_failed_refund_is_tried_again(session: Session, officer: Browser, order: Order) -> None:
    refund = paid_back(session, order)
    refunds.fail(session, refund, "Sai số tài khoản", now=NOW)
    session.commit()
    assert "Sai số tài khoản" in officer.get(f"{BACK}/{refund.id}").text
    answer = officer.post(f"{BACK}/{refund.id}/lai")
    assert answer.headers["Location"] != f"{BACK}/{refund.id}"
    assert session.scalar(select(func.count(Refund.id))) == 2


def test_staff_decide_to_pay_back_but_never_more_than_came(
    session: Session, officer: Browser, order: Order
) -> None:
    paying.money_came(session, payment_of(order), TOTAL, source="b", key="1", now=NOW)
    session.commit()
    path = f"{BACK}/moi/{payment_of(order).id}"
    assert officer.get(path).status_code == 200
    form = {"key": "k", "amount": "150.000", "reason": "Vỡ"}
    for _ in range(2):
        assert officer.post(path, form).status_code == 303
    assert officer.post(path, form | {"key": "l", "amount": "50.001"}).status_code == 409
    assert officer.post(path, form | {"key": "l", "amount": "-1"}).status_code == 422
    session.expire_all()
    assert payment_of(order).refunded == 150_000


def test_a_manager_pays_back_at_the_own_place_only(
    session: Session, visitor: Browser, order: Order
) -> None:
    refund = paid_back(session, order)
    own = make_user(session, Role.POINT_MANAGER, place_scope(order.place_id))
    other = make_user(session, Role.POINT_MANAGER, place_scope(make_place(session).id))
    session.commit()
    visitor.sign_in(other)
    assert order.number not in visitor.get(BACK).text
    assert visitor.get(f"{BACK}/{refund.id}").status_code == 403
    assert visitor.post(f"{BACK}/{refund.id}/da-tra", {"proof": "x"}).status_code == 403
    visitor.sign_in(own)
    assert order.number in visitor.get(BACK).text
    assert visitor.post(f"{BACK}/{refund.id}/da-tra", {"proof": "Tiền mặt"}).status_code == 303
    assert visitor.get(DESK).status_code == 403


def test_card_money_has_no_form(session: Session, officer: Browser) -> None:
    refund = paid_back(session, make_prepaid(session, Tender.CARD))
    assert "da-tra" not in officer.get(f"{BACK}/{refund.id}").text
    assert officer.post(f"{BACK}/{refund.id}/da-tra", {"proof": "x"}).status_code == 409

"""Staff of a place decide its cases, receive goods, settle, and count what was complained of."""

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.access import place_scope
from app.accounts.models import Role
from app.core.outbox import OutboxJob
from builders import make_place, make_user
from builders_aftersales import grant, make_bought, make_case
from builders_shipping import make_packed
from pos.aftersales import cases
from pos.aftersales.models import Case
from pos.aftersales.status import CaseStatus, Wish
from pos.sales.models import Order
from pos.sales.payment_models import Refund
from pos.sales.status import OrderStatus
from pos.stock.verify import problems
from support.browser import Browser

DESK = "/quan-ly/khieu-nai"


def manager(
    session: Session, visitor: Browser, order: Order, role: Role = Role.POINT_MANAGER
) -> Browser:
    who = make_user(session, role, place_scope(order.place_id))
    session.commit()
    return visitor.sign_in(who)


def again(session: Session, case: Case) -> Case:
    session.expire_all()
    return cases.get(session, case.id)


def verdict(case: Case, units: int, **over: Any) -> dict[str, Any]:
    values = {"verdict": "accept", "remedy": "money", "reason": "Lỗi khi giao", "goods_back": "y"}
    return values | {f"units-{case.lines[0].id}": str(units)} | over


def test_a_case_goes_from_the_queue_to_the_money(session: Session, visitor: Browser) -> None:
    order = make_bought(session)
    order.contact_email = "lan@example.vn"
    case = make_case(session, order, 3)
    staff = manager(session, visitor, order)
    assert case.number in staff.get(DESK).text
    path = f"{DESK}/{case.id}"
    staff.post(f"{path}/hoi", {"text": "Xin gửi ảnh"})
    assert again(session, case).status is CaseStatus.ASKED
    assert case.number in staff.get(f"{DESK}?queue=buyer").text
    staff.post(f"{path}/quyet-dinh", verdict(case, 2))
    assert again(session, case).status is CaseStatus.AWAITED
    name = f"back-{case.lines[0].id}-{order.lines[0].picks[0].lot_id}"
    assert staff.get(path).text.count(name) == 3
    staff.post(f"{path}/nhan-hang", {f"{name}-stock": "1", f"{name}-waste": "1"})
    assert "200.000" in staff.get(path).text
    staff.post(f"{path}/xong")
    done = again(session, case)
    assert (done.status, done.amount) == (CaseStatus.SETTLED, 200_000)
    assert session.scalars(select(Refund.amount)).all() == [200_000]
    told = session.scalars(select(OutboxJob).filter_by(name="case_moved")).all()
    assert len(told) == 4
    assert problems(session) == []


def test_turning_down_needs_a_reason(session: Session, visitor: Browser) -> None:
    order = make_bought(session)
    case = make_case(session, order)
    staff = manager(session, visitor, order)
    path = f"{DESK}/{case.id}/quyet-dinh"
    assert staff.post(path, {"verdict": "refuse", "remedy": "money"}).status_code == 422
    staff.post(path, {"verdict": "refuse", "remedy": "money", "reason": "Đã dùng hết"})
    assert again(session, case).status is CaseStatus.REFUSED


def test_an_exchange_leads_to_a_new_order(session: Session, visitor: Browser) -> None:
    order = make_bought(session)
    case = make_case(session, order, 1, wish=Wish.EXCHANGE)
    grant(session, case)
    staff = manager(session, visitor, order)
    staff.post(f"{DESK}/{case.id}/xong")
    new = session.get_one(Order, again(session, case).exchange_id)
    assert new.number in staff.get(f"{DESK}/{case.id}").text
    assert staff.get(f"/quan-ly/don-hang/{new.id}").status_code == 200
    visitor.post("/don-hang", {"number": new.number, "phone": "0912 345 678"})
    assert visitor.get(f"/don-hang/{new.number}").status_code == 200


def test_staff_of_another_place_see_nothing(session: Session, visitor: Browser) -> None:
    order = make_bought(session)
    case = make_case(session, order)
    other = make_place(session)
    who = make_user(session, Role.POINT_MANAGER, place_scope(other.id))
    session.commit()
    staff = visitor.sign_in(who)
    assert case.number not in staff.get(DESK).text
    assert case.number not in staff.get(f"{DESK}/thong-ke.csv").text
    paths = [f"{DESK}/{case.id}", f"{DESK}/moi/{order.id}"]
    assert [staff.get(path).status_code for path in paths] == [403, 403]
    acts = ["hoi", "quyet-dinh", "nhan-hang", "xong"]
    assert [staff.post(f"{DESK}/{case.id}/{act}").status_code for act in acts] == [403] * 4


def test_whoever_may_not_pay_back_does_not_decide(session: Session, visitor: Browser) -> None:
    order = make_bought(session)
    case = make_case(session, order)
    staff = manager(session, visitor, order, Role.STOCK_KEEPER)
    assert staff.post(f"{DESK}/{case.id}/quyet-dinh", verdict(case, 1)).status_code == 403
    assert staff.get(f"{DESK}/{case.id}").status_code == 200


@pytest.mark.parametrize(("act", "status"), [("xong", 409), ("nhan-hang", 422)])
def test_steps_have_their_order(session: Session, visitor: Browser, act: str, status: int) -> None:
    order = make_bought(session)
    case = make_case(session, order)
    staff = manager(session, visitor, order)
    assert staff.post(f"{DESK}/{case.id}/{act}").status_code == status
    assert again(session, case).status is CaseStatus.OPEN


def test_overdue_cases_come_first(session: Session, visitor: Browser) -> None:
    order = make_bought(session)
    young, old = make_case(session, order), make_case(session, order)
    old.due_on = young.due_on.replace(day=23)
    staff = manager(session, visitor, order)
    page = staff.get(DESK).text
    assert page.index(old.number) < page.index(young.number)
    late = staff.get(f"{DESK}?queue=overdue").text
    assert old.number in late
    assert young.number not in late


def test_staff_write_a_case_down(session: Session, visitor: Browser) -> None:
    order = make_bought(session)
    staff = manager(session, visitor, order)
    assert f"{DESK}/moi/{order.id}" in staff.get(f"/quan-ly/don-hang/{order.id}").text
    assert staff.get(f"{DESK}/moi/{order.id}").status_code == 200
    values = {"reason": "wrong", "wish": "exchange", "text": "Khách gọi điện"}
    answer = staff.post(f"{DESK}/moi/{order.id}", values | {f"units-{order.lines[0].id}": "1"})
    assert answer.status_code == 303
    assert session.scalars(select(Case.by_buyer)).one() is False


def test_what_was_complained_of_is_counted(session: Session, visitor: Browser) -> None:
    order = make_bought(session)
    case = make_case(session, order)
    grant(session, case, reason="=HYPERLINK(1)")
    staff = manager(session, visitor, order)
    line = order.lines[0]
    assert line.name in staff.get(f"{DESK}/thong-ke").text
    table = staff.get(f"{DESK}/thong-ke.csv")
    assert f"{case.number},{order.number},2026-11-24" in table.text
    assert "'=HYPERLINK(1)" in table.text
    assert staff.get(f"{DESK}/thong-ke.xlsx").data.startswith(b"PK")
    assert staff.get(f"{DESK}/thong-ke.exe").status_code == 404
    assert case.number not in staff.get(f"{DESK}/thong-ke.csv?from=2026-01-01&to=2026-01-31").text


def test_a_packed_order_is_called_off(session: Session, visitor: Browser) -> None:
    order = make_packed(session)
    staff = manager(session, visitor, order)
    path = f"/quan-ly/don-hang/{order.id}"
    assert f"{path}/mo-goi" in staff.get(path).text
    staff.post(f"{path}/mo-goi", {"reason": "  "})
    session.expire_all()
    assert order.status is OrderStatus.PACKED
    staff.post(f"{path}/mo-goi", {"reason": "Khách đổi ý"})
    session.expire_all()
    assert order.status is OrderStatus.CANCELLED
    assert problems(session) == []

from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.access import place_scope
from app.accounts.models import Role
from builders import (
    BY_NOBODY,
    STAMP_KEYS,
    activate,
    make_batch,
    make_depot,
    make_offered,
    make_order,
    make_user,
    recognise,
    serial_of,
    stock_up,
)
from pos.recalls.models import RecallNotice, RecallPlace
from pos.sales import fulfilment, orders
from support.browser import Browser
from traceability.history_models import Recall
from traceability.models import Lot, LotStatus, StampBatch

BASE, EN = "/quan-ly/thu-hoi", "?lang=en"


@pytest.fixture
def batch(session: Session) -> StampBatch:
    """Stamps on 9 packs in a depot, two of which were sent to a buyer."""
    sku, depot = make_offered(session), make_depot(session)
    recognise(session, sku.product)
    lot = stock_up(session, depot, sku, 9)
    made = make_batch(session, lot, 9)
    activate(session, made)
    order = make_order(session, sku, 2, source=depot)
    orders.accept(session, order, **BY_NOBODY)
    fulfilment.pack(session, order, keys=STAMP_KEYS, **BY_NOBODY)
    session.commit()
    return made


@pytest.fixture
def officer(session: Session, visitor: Browser) -> Browser:
    user = make_user(session, Role.OFFICER)
    session.commit()
    return visitor.sign_in(user)


def form(**over: str) -> dict[str, str]:
    return {"key": "k1", "kind": "real", "reason": "Nấm mốc", "advice": ""} | over


def start(officer: Browser, lot: Lot, **over: str) -> str:
    answer = officer.post(f"{BASE}/moi/{lot.id}", form(**over))
    assert answer.status_code == 303, answer.text
    return answer.location


def test_the_form_shows_whom_it_would_reach(officer: Browser, batch: StampBatch) -> None:
    page = officer.get(f"{BASE}/moi/{batch.lot_id}{EN}").text
    assert "1 places" in page
    assert "1 orders, 1 buyers can be told" in page


def test_a_recall_is_opened_followed_and_closed(
    session: Session, officer: Browser, batch: StampBatch
) -> None:
    address = start(officer, batch.lot)
    assert address == start(officer, batch.lot)
    session.expire_all()
    assert session.get_one(Lot, batch.lot_id).status is LotStatus.RECALLED
    row = session.scalars(select(RecallPlace)).one()
    notice = session.scalars(select(RecallNotice)).one()
    assert officer.post(f"{address}/noi/{row.place_id}", {"found": "x"}).status_code == 422
    assert officer.post(f"{address}/noi/{row.place_id}", {"found": "6"}).status_code == 303
    assert officer.post(f"{address}/noi/{row.place_id}", {"found": "6"}).status_code == 409
    assert officer.post(f"{address}/nguoi-mua/{notice.id}").status_code == 303
    page = officer.get(address + EN).text
    assert "differs" in page
    assert "1 / 1" in page
    report = officer.get(f"{address}/bao-cao.csv{EN}")
    assert "Nguyễn Thị Lan" not in report.text
    assert notice.order.number in report.text
    assert officer.post(f"{address}/dong", {"outcome": " "}).status_code == 422
    assert officer.post(f"{address}/dong", {"outcome": "Đã tiêu hủy 7"}).status_code == 303
    assert officer.post(f"{address}/dong", {"outcome": "x"}).status_code == 409
    assert "Đã tiêu hủy 7" in officer.get(address).text


def test_stamps_and_the_public_list_say_so_at_once(officer: Browser, batch: StampBatch) -> None:
    start(officer, batch.lot)
    assert officer.get(f"/tem/{serial_of(batch, 1)}").status_code == 410
    assert "Nấm mốc" in officer.get("/thu-hoi").text


def test_the_page_of_a_stamp_gives_the_advice_of_the_recall(
    officer: Browser, batch: StampBatch
) -> None:
    start(officer, batch.lot, advice="Đừng mặc, hãy mang trả lại điểm bán")
    assert "Đừng mặc" in officer.get(f"/tem/{serial_of(batch, 1)}").text


def test_a_run_of_stamps_may_be_recalled(
    session: Session, officer: Browser, batch: StampBatch
) -> None:
    start(officer, batch.lot, batch=batch.ref, first="1", last="3")
    found = session.scalars(select(Recall)).one()
    assert (found.batch_id, found.first, found.last) == (batch.id, 0, 2)
    assert officer.get(f"/tem/{serial_of(batch, 2)}").status_code == 410
    assert officer.get(f"/tem/{serial_of(batch, 3)}").status_code == 200


@pytest.mark.parametrize(
    "wrong",
    [
        {"reason": " "},
        {"kind": "moon"},
        {"key": ""},
        {"batch": "ZZZZ"},
        {"first": "0"},
        {"advice": "x" * 1_001},
    ],
)
def test_a_bad_form_recalls_nothing(
    session: Session, officer: Browser, batch: StampBatch, wrong: dict[str, str]
) -> None:
    assert officer.post(f"{BASE}/moi/{batch.lot_id}", form(**wrong)).status_code == 422
    assert session.scalars(select(Recall)).all() == []


def test_numbers_outside_the_batch_are_refused(officer: Browser, batch: StampBatch) -> None:
    sent = form(batch=batch.ref, first="5", last="10")
    assert officer.post(f"{BASE}/moi/{batch.lot_id}", sent).status_code == 422


def test_a_recalled_lot_is_not_recalled_again(officer: Browser, batch: StampBatch) -> None:
    start(officer, batch.lot)
    assert officer.post(f"{BASE}/moi/{batch.lot_id}", form(key="k2")).status_code in {409, 422}


def keeper_of(session: Session, visitor: Browser, place_id: UUID) -> Browser:
    user = make_user(session, Role.STOCK_KEEPER, place_scope(place_id))
    session.commit()
    return visitor.sign_in(user)


def test_a_place_sees_what_it_must_put_aside_and_no_buyers(
    session: Session, officer: Browser, batch: StampBatch
) -> None:
    address = start(officer, batch.lot)
    place_id = session.scalars(select(RecallPlace.place_id)).one()
    keeper = keeper_of(session, officer, place_id)
    assert batch.lot.code in keeper.get(f"{BASE}/cua-toi").text
    page = keeper.get(address + EN).text
    assert "Buyers" not in page
    assert keeper.post(f"{address}/noi/{place_id}", {"found": "7"}).status_code == 303
    assert keeper.get(BASE).status_code == 403
    assert keeper.post(f"{address}/dong", {"outcome": "x"}).status_code == 403


def test_another_place_sees_nothing_of_it(
    session: Session, officer: Browser, batch: StampBatch
) -> None:
    address = start(officer, batch.lot)
    place_id = session.scalars(select(RecallPlace.place_id)).one()
    keeper = keeper_of(session, officer, make_depot(session).id)
    assert keeper.get(address).status_code == 404
    assert keeper.post(f"{address}/noi/{place_id}", {"found": "7"}).status_code == 403


def test_a_drill_says_that_it_is_one(officer: Browser, batch: StampBatch) -> None:
    page = officer.get(start(officer, batch.lot, kind="drill") + EN).text
    assert "A drill: nothing was stopped and nobody was told." in page
    assert officer.get(f"/tem/{serial_of(batch, 1)}").status_code == 200
    assert "Nấm mốc" not in officer.get("/thu-hoi").text

import os
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.access import producer_scope
from app.accounts.models import Role
from builders import (
    BY_NOBODY,
    STAMP_KEYS,
    TODAY,
    activate,
    make_batch,
    make_lot,
    make_sku,
    make_user,
    recognise,
    serial_of,
)
from support.browser import Browser
from traceability import journal, ranges, serials, stamps
from traceability.models import BatchStatus, Lot, LotStatus, RangeState, StampBatch


def a_lot(session: Session, **over: object) -> Lot:
    sku = make_sku(session)
    recognise(session, sku.product)
    lot = make_lot(session, sku, **over)
    session.commit()
    return lot


def requested(session: Session, lot: Lot, size: int = 10) -> StampBatch:
    issue = {"day": TODAY, "epoch": 1, "randomness": os.urandom}
    batch = stamps.request(session, lot, size, **issue, **BY_NOBODY)
    session.commit()
    return batch


def delivered(session: Session, lot: Lot, size: int = 10) -> StampBatch:
    batch = make_batch(session, lot, size)
    session.commit()
    return batch


@pytest.fixture
def officer(session: Session, visitor: Browser) -> Browser:
    user = make_user(session, Role.OFFICER)
    session.commit()
    return visitor.sign_in(user)


def producer_of(session: Session, visitor: Browser, lot: Lot) -> Browser:
    user = make_user(session, Role.PRODUCER, producer_scope(lot.sku.product.producer_id))
    session.commit()
    return visitor.sign_in(user)


def now(session: Session, row: Lot | StampBatch) -> Lot | StampBatch:
    session.refresh(row)
    return row


# --- lots ---------------------------------------------------------------------------------------


def test_lots_are_listed_found_and_filtered(session: Session, officer: Browser) -> None:
    held = a_lot(session, code="LOT-A")
    draft = a_lot(session, code="LOT-B", release=False)
    everything = officer.get("/quan-ly/lo?lang=en").text
    assert "LOT-A" in everything
    assert "LOT-B" in everything
    assert "LOT-A" not in officer.get("/quan-ly/lo?q=lot-b").text
    assert "LOT-A" not in officer.get("/quan-ly/lo?status=draft").text
    assert "LOT-A" in officer.get("/quan-ly/lo", query_string={"q": held.sku.gtin}).text
    name = draft.sku.product.name_vi
    assert "LOT-B" in officer.get("/quan-ly/lo", query_string={"q": name}).text
    assert "No lot fits" in officer.get("/quan-ly/lo?q=100%25&lang=en").text


def test_a_lot_is_opened_by_the_barcode_of_its_article(session: Session, officer: Browser) -> None:
    sku = make_sku(session)
    session.commit()
    form = {"article": sku.gtin, "code": "l77", "made_on": "2026-11-20", "quantity": "500"}
    answer = officer.post("/quan-ly/lo/moi", form | {"consigned": "y"})
    assert answer.status_code == 303
    lot = session.scalars(select(Lot).filter_by(code="L77")).one()
    assert (lot.sku_id, lot.quantity_declared) == (sku.id, 500)
    assert lot.owner_id == sku.product.producer_id
    assert "L77" in officer.follow(answer).text


@pytest.mark.parametrize(
    "wrong",
    [
        {"article": "NONE"},
        {"code": ""},
        {"quantity": "0"},
        {"quantity": "9" * 30},
        {"made_on": "20/11"},
        {"made_on": "0206-11-20"},
        {"made_on": "2026-11-25"},
        {"expires_on": "9999-12-31"},
        {"expires_on": "2026-11-01"},
    ],
    ids=lambda wrong: next(iter(wrong)),
)
def test_a_wrong_lot_is_not_opened(
    session: Session, officer: Browser, wrong: dict[str, str]
) -> None:
    sku = make_sku(session)
    session.commit()
    form = {"article": sku.code, "code": "L78", "made_on": "2026-11-20", "quantity": "500"}
    answer = officer.post("/quan-ly/lo/moi", form | wrong)
    assert answer.status_code == 422
    assert "field-error" in answer.text or "notice-stop" in answer.text
    assert session.scalars(select(Lot).filter_by(code="L78")).all() == []


def test_a_draft_says_what_is_missing_and_cannot_be_released(
    session: Session, officer: Browser
) -> None:
    lot = a_lot(session, release=False, made_on=None)
    text = officer.get(f"/quan-ly/lo/{lot.id}?lang=en").text
    assert "production date" in text
    assert "Release for sale" not in text
    assert officer.post(f"/quan-ly/lo/{lot.id}/phat-hanh").status_code == 422


def test_missing_dates_are_filled_in(session: Session, officer: Browser) -> None:
    lot = a_lot(session, release=False, made_on=None)
    address = f"/quan-ly/lo/{lot.id}/ngay"
    assert officer.post(address, {"made_on": "2026-11-25"}).status_code == 422
    reversed_dates = {"made_on": "2026-11-20", "expires_on": "2026-11-19"}
    assert officer.post(address, reversed_dates).status_code == 422
    assert officer.post(address, {"made_on": "2026-11-20"}).status_code == 303
    assert "Release for sale" in officer.get(f"/quan-ly/lo/{lot.id}?lang=en").text


def test_a_lot_is_released_and_held(session: Session, officer: Browser) -> None:
    lot = a_lot(session, release=False)
    for step, state in (
        ("phat-hanh", LotStatus.RELEASED),
        ("tam-dung", LotStatus.HELD),
    ):
        answer = officer.post(f"/quan-ly/lo/{lot.id}/{step}", {"reason": "Kiểm nghiệm"})
        assert answer.status_code == 303
        assert now(session, lot).status is state
    assert "Kiểm nghiệm" in officer.get(f"/quan-ly/lo/{lot.id}").text


@pytest.mark.parametrize("step", ["tam-dung"])
def test_a_stop_needs_a_reason(session: Session, officer: Browser, step: str) -> None:
    lot = a_lot(session)
    assert officer.post(f"/quan-ly/lo/{lot.id}/{step}", {"reason": " "}).status_code == 422
    assert now(session, lot).status is LotStatus.RELEASED


def test_a_fact_is_written_into_the_history(session: Session, officer: Browser) -> None:
    lot = a_lot(session)
    form = {"kind": "inspected", "occurred_on": "2026-11-20", "text": "Đạt", "place": "Phòng thử"}
    assert officer.post(f"/quan-ly/lo/{lot.id}/nhat-ky", form).status_code == 303
    entry = journal.entries(session, lot.id, public_only=False)[-1]
    assert (entry.text, entry.place, entry.public) == ("Đạt", "Phòng thử", False)
    page = officer.get(f"/quan-ly/lo/{lot.id}?lang=en").text
    assert "The chain is whole" in page
    assert "not public" in page


@pytest.mark.parametrize("wrong", [{"kind": "recalled"}, {"occurred_on": "2026-11-25"}])
def test_a_fact_that_cannot_be_is_refused(
    session: Session, officer: Browser, wrong: dict[str, str]
) -> None:
    lot = a_lot(session)
    before = len(journal.entries(session, lot.id, public_only=False))
    form = {"kind": "note", "occurred_on": "2026-11-20", "text": "x"} | wrong
    assert officer.post(f"/quan-ly/lo/{lot.id}/nhat-ky", form).status_code == 422
    assert len(journal.entries(session, lot.id, public_only=False)) == before


# --- stamps -------------------------------------------------------------------------------------


def test_stamps_go_from_request_to_use(session: Session, officer: Browser) -> None:
    lot = a_lot(session)
    assert officer.get(f"/quan-ly/tem/moi/{lot.id}").status_code == 200
    answer = officer.post(f"/quan-ly/tem/moi/{lot.id}", {"size": "20"})
    assert officer.follow(answer).status_code == 200
    batch = session.scalars(select(StampBatch).filter_by(lot_id=lot.id)).one()
    for step in ("duyet", "tao-ma", "da-in", "da-giao"):
        where = officer.post(f"/quan-ly/tem/{batch.id}/{step}")
        assert officer.follow(where).status_code == 200
    assert now(session, batch).status is BatchStatus.DELIVERED
    run = {"a-first": "1", "a-last": "12"}
    assert officer.post(f"/quan-ly/tem/{batch.id}/kich-hoat", run).status_code == 303
    [made] = ranges.all_of(session, batch)
    assert (made.first, made.last, made.state) == (0, 11, RangeState.ACTIVATED)
    assert "1–12" in officer.get(f"/quan-ly/tem/{batch.id}").text


@pytest.mark.parametrize("size", ["0", "1001", "x", ""])
def test_an_impossible_number_of_stamps_is_not_requested(
    session: Session, officer: Browser, size: str
) -> None:
    lot = a_lot(session)
    assert officer.post(f"/quan-ly/tem/moi/{lot.id}", {"size": size}).status_code == 422
    assert session.scalars(select(StampBatch).filter_by(lot_id=lot.id)).all() == []


def test_a_request_for_a_product_without_recognition_says_why(
    session: Session, officer: Browser
) -> None:
    lot = make_lot(session, make_sku(session))
    session.commit()
    answer = officer.post(f"/quan-ly/tem/moi/{lot.id}?lang=en", {"size": "5"})
    assert answer.status_code == 422
    assert "no OCOP recognition of 3 stars or more" in answer.text


def test_a_request_is_refused_with_a_reason(session: Session, officer: Browser) -> None:
    batch = requested(session, a_lot(session))
    address = f"/quan-ly/tem/{batch.id}/tu-choi"
    assert officer.post(address, {"reason": ""}).status_code == 422
    assert officer.post(address, {"reason": "Sai lô"}).status_code == 303
    assert now(session, batch).status is BatchStatus.REFUSED
    assert "Sai lô" in officer.get(f"/quan-ly/tem/{batch.id}").text


def test_a_step_out_of_turn_is_a_conflict(session: Session, officer: Browser) -> None:
    batch = requested(session, a_lot(session))
    assert officer.post(f"/quan-ly/tem/{batch.id}/da-in").status_code == 409
    assert now(session, batch).status is BatchStatus.REQUESTED


@pytest.mark.parametrize(
    ("first", "last"), [("1", "3"), ("5", "11"), ("6", "5"), ("", "5"), ("0", "5")]
)
def test_a_run_that_cannot_be_is_not_activated(
    session: Session, officer: Browser, first: str, last: str
) -> None:
    batch = delivered(session, a_lot(session))
    activate(session, batch, 0, 2)
    session.commit()
    run = {"a-first": first, "a-last": last}
    assert officer.post(f"/quan-ly/tem/{batch.id}/kich-hoat", run).status_code == 422
    assert len(ranges.all_of(session, batch)) == 1


def test_a_run_is_declared_void(session: Session, officer: Browser) -> None:
    batch = delivered(session, a_lot(session))
    address, run = f"/quan-ly/tem/{batch.id}/huy", {"v-first": "2", "v-last": "3"}
    assert officer.post(address, run).status_code == 422
    assert officer.post(address, run | {"v-reason": "Rách"}).status_code == 303
    assert officer.post(address, run | {"v-reason": "Rách"}).status_code == 422
    [void] = ranges.all_of(session, batch)
    assert (void.first, void.last, void.reason) == (1, 2, "Rách")


def test_one_stamp_is_declared_void_by_its_code(session: Session, officer: Browser) -> None:
    batch, other = delivered(session, a_lot(session)), delivered(session, a_lot(session))
    address = f"/quan-ly/tem/{batch.id}/huy-mot"
    code = serials.grouped(serial_of(batch, 4)).lower()
    foreign = {"o-serial": serial_of(other, 4), "o-reason": "Rách"}
    assert officer.post(address, foreign).status_code == 422
    assert officer.post(address, {"o-serial": code, "o-reason": "Rách"}).status_code == 303
    found = stamps.get(session, serial_of(batch, 4), STAMP_KEYS)
    assert found.state is stamps.StampState.VOID


# --- who may --------------------------------------------------------------------------------------


def test_a_producer_sees_their_own_lots_and_stamps_only(session: Session, visitor: Browser) -> None:
    mine, foreign = a_lot(session, code="MINE"), a_lot(session, code="THEIRS")
    ours, theirs = requested(session, mine), requested(session, foreign)
    browser = producer_of(session, visitor, mine)
    for listing in (browser.get("/quan-ly/lo").text, browser.get("/quan-ly/tem").text):
        assert "MINE" in listing
        assert "THEIRS" not in listing
    for address, status in (
        (f"/quan-ly/lo/{mine.id}", 200),
        (f"/quan-ly/lo/{foreign.id}", 403),
        (f"/quan-ly/tem/{ours.id}", 200),
        (f"/quan-ly/tem/{theirs.id}", 403),
        (f"/quan-ly/tem/moi/{foreign.id}", 403),
    ):
        assert browser.get(address).status_code == status


def test_a_producer_touches_nothing_of_another(session: Session, visitor: Browser) -> None:
    mine, foreign = a_lot(session), a_lot(session, release=False)
    batch = delivered(session, a_lot(session))
    browser = producer_of(session, visitor, mine)
    forms = {
        f"/quan-ly/lo/{foreign.id}/phat-hanh": {},
        f"/quan-ly/lo/{foreign.id}/tam-dung": {"reason": "x"},
        f"/quan-ly/lo/{foreign.id}/ngay": {"made_on": "2026-11-20"},
        f"/quan-ly/lo/{foreign.id}/nhat-ky": {"kind": "note", "occurred_on": "2026-11-20"},
        f"/quan-ly/tem/moi/{foreign.id}": {"size": "1"},
        f"/quan-ly/tem/{batch.id}/kich-hoat": {"a-first": "1", "a-last": "1"},
        f"/quan-ly/tem/{batch.id}/huy": {"v-first": "1", "v-last": "1", "v-reason": "x"},
        f"/quan-ly/tem/{batch.id}/huy-mot": {"o-serial": serial_of(batch, 0), "o-reason": "x"},
        "/quan-ly/lo/moi": {"article": foreign.sku.code, "code": "X", "quantity": "1"},
    }
    assert {browser.post(address, form).status_code for address, form in forms.items()} == {403}
    assert now(session, foreign).status is LotStatus.DRAFT
    assert ranges.all_of(session, batch) == []


def test_a_producer_does_not_approve_issue_or_take_serials(
    session: Session, visitor: Browser
) -> None:
    lot = a_lot(session)
    batch = requested(session, lot)
    browser = producer_of(session, visitor, lot)
    for step in ("duyet", "tu-choi", "tao-ma", "da-in", "da-giao"):
        assert browser.post(f"/quan-ly/tem/{batch.id}/{step}", {"reason": "x"}).status_code == 403
    assert browser.get(f"/quan-ly/tem/{batch.id}/in").status_code == 403
    page = browser.get(f"/quan-ly/tem/{batch.id}?lang=en").text
    assert "Next step" not in page


def test_a_producer_runs_their_own_stamps(session: Session, visitor: Browser) -> None:
    lot = a_lot(session)
    browser = producer_of(session, visitor, lot)
    assert browser.post(f"/quan-ly/tem/moi/{lot.id}", {"size": "5"}).status_code == 303
    batch = delivered(session, lot)
    run = {"a-first": "1", "a-last": "5"}
    assert browser.post(f"/quan-ly/tem/{batch.id}/kich-hoat", run).status_code == 303


def test_a_guest_is_asked_to_sign_in(session: Session, visitor: Browser) -> None:
    batch = requested(session, a_lot(session))
    for address in ("/quan-ly/lo", "/quan-ly/tem", f"/quan-ly/tem/{batch.id}/in"):
        assert visitor.get(address).status_code == 302
    assert visitor.post(f"/quan-ly/tem/{batch.id}/duyet").status_code == 401


def test_what_does_not_exist_is_not_found(officer: Browser) -> None:
    nowhere = "00000000-0000-7000-8000-000000000000"
    assert officer.get(f"/quan-ly/lo/{nowhere}").status_code == 404
    assert officer.get(f"/quan-ly/tem/{nowhere}").status_code == 404


def test_long_lists_come_in_pages(session: Session, officer: Browser) -> None:
    sku = make_sku(session)
    for number in range(31):
        made = TODAY - timedelta(days=number)
        make_lot(session, sku, code=f"P{number:02}", release=False, made_on=made)
    session.commit()
    assert "?page=2" in officer.get("/quan-ly/lo").text
    assert officer.get("/quan-ly/lo?page=2").text.count('scope="row"') == 1

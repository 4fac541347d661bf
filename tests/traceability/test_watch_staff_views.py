from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import Role
from builders import (
    NOW,
    activate,
    make_batch,
    make_lot,
    make_product,
    make_sku,
    make_user,
    recognise,
    serial_of,
)
from support.browser import Browser
from traceability import scan_figures, thresholds
from traceability.models import Scan, StampBatch, StampItem
from traceability.scan_models import CaseStatus, Doubt, DoubtStatus, StampCase

EN = "?lang=en"
BASE = "/quan-ly/canh-bao"


@pytest.fixture
def batch(session: Session) -> StampBatch:
    product = make_product(session, publish=True)
    recognise(session, product)
    made = make_batch(session, make_lot(session, make_sku(session, product)), 10)
    activate(session, made, 0, 7)
    session.commit()
    return made


@pytest.fixture
def officer(session: Session, visitor: Browser) -> Browser:
    user = make_user(session, Role.OFFICER)
    session.commit()
    return visitor.sign_in(user)


def suspicious(session: Session, visitor: Browser, batch: StampBatch) -> UUID:
    for phone in range(9):
        agent = {"User-Agent": f"Phone {phone}"}
        visitor.get(f"/tem/{serial_of(batch, 0)}", headers=agent)
    return session.scalars(select(StampCase.id)).one()


def test_a_case_is_listed_opened_and_dismissed(
    session: Session, officer: Browser, batch: StampBatch
) -> None:
    case_id = suspicious(session, officer, batch)
    listed = officer.get(BASE + EN).text
    assert batch.ref in listed
    assert "Scanned by many different phones (9)" in listed
    page = officer.get(f"{BASE}/{case_id}{EN}").text
    assert serial_of(batch, 0)[:4] in page
    sent = {"to": "dismissed", "note": "Lớp học"}
    assert officer.post(f"{BASE}/{case_id}/buoc", data=sent).status_code == 303
    session.expire_all()
    assert session.get_one(StampCase, case_id).status is CaseStatus.DISMISSED
    assert session.scalars(select(StampItem.suspicion)).one() == 0
    assert officer.get(f"/tem/{serial_of(batch, 0)}").status_code == 200


@pytest.mark.parametrize(
    "sent", [{"to": "dismissed", "note": " "}, {"to": "moon", "note": "x"}, {}]
)
def test_a_move_without_reason_or_aim_is_refused(
    session: Session, officer: Browser, batch: StampBatch, sent: dict[str, str]
) -> None:
    case_id = suspicious(session, officer, batch)
    assert officer.post(f"{BASE}/{case_id}/buoc", data=sent).status_code == 422
    assert session.get_one(StampCase, case_id).status is CaseStatus.OPEN


def test_limits_are_changed_in_a_form(session: Session, officer: Browser) -> None:
    page = officer.get(f"{BASE}/nguong{EN}").text
    assert "Points that open a case" in page
    values = dict.fromkeys(thresholds.current(session).__dataclass_fields__, "7")
    assert officer.post(f"{BASE}/nguong", data=values).status_code == 303
    assert thresholds.current(session).phones == 7
    assert officer.post(f"{BASE}/nguong", data=values | {"phones": "0"}).status_code == 422
    assert officer.post(f"{BASE}/nguong", data=values | {"phones": "x"}).status_code == 422


def test_a_report_is_taken_and_answered_and_the_reporter_reads_it(
    session: Session, officer: Browser, batch: StampBatch
) -> None:
    sent = {"key": "k", "text": "Tem rách"}
    address = officer.post(f"/tem/{serial_of(batch, 1)}/nghi-ngo", data=sent).location
    doubt = session.scalars(select(Doubt)).one()
    assert "Tem rách" in officer.get(f"{BASE}/phan-anh").text
    assert officer.post(f"{BASE}/phan-anh/{doubt.id}/nhan").status_code == 303
    assert officer.post(f"{BASE}/phan-anh/{doubt.id}/tra-loi", data={"text": ""}).status_code == 422
    said = {"text": "Đã kiểm tra, tem bị rách khi vận chuyển."}
    assert officer.post(f"{BASE}/phan-anh/{doubt.id}/tra-loi", data=said).status_code == 303
    session.expire_all()
    assert session.get_one(Doubt, doubt.id).status is DoubtStatus.ANSWERED
    assert said["text"] in officer.get(address).text
    assert officer.post(f"{BASE}/phan-anh/{doubt.id}/tra-loi", data=said).status_code == 409


def test_the_days_of_the_figures_are_those_of_vietnam(session: Session, batch: StampBatch) -> None:
    late = NOW.replace(hour=17, minute=30) - timedelta(days=1)  # half past midnight in Hưng Yên
    session.add(Scan(at=late, batch_id=batch.id, number=1, verdict="active"))
    session.add(Scan(at=late, verdict="unknown", lat10=206, lon10=1060))
    session.flush()
    found = scan_figures.figures(session, now=NOW)
    assert found.days[-1] == (NOW.date(), 2, 1)
    assert (found.total, found.placed, found.most) == (2, 1, 2)
    assert found.answers == {"active": 1, "unknown": 1}
    assert found.spots[0].inside


def test_far_areas_lie_outside_the_map(session: Session) -> None:
    session.add(Scan(at=NOW, verdict="unknown", lat10=108, lon10=1066))
    session.flush()
    assert not scan_figures.figures(session, now=NOW).spots[0].inside


def test_an_unknown_case_is_not_found(officer: Browser) -> None:
    nobody = UUID(int=7)
    assert officer.get(f"{BASE}/{nobody}").status_code == 404
    assert officer.get(f"{BASE}/phan-anh/{nobody}").status_code == 404
    assert officer.get(f"{BASE}/phan-anh/{nobody}/anh/{nobody}").status_code == 404

"""What inspectors take along, and the reports that come home."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.models import AuditEntry, Role, User
from app.config import DEMO_ANCHOR_KEY, DEMO_STAMP_KEY
from app.core.types import Json
from builders import (
    BY_NOBODY,
    NOW,
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
from support.signing import signing as can_sign
from traceability import inspection, inspection_reports, lots, serials, stamps
from traceability.inspection import NoSigningKey, NothingChosen
from traceability.inspection_reports import NoPass
from traceability.models import StampBatch
from traceability.scan_models import Doubt

SECRET = "a secret only the tests know, 32+"  # that of the application in tests
REPORTS = "/kiem-tra/bao-cao"
PAGE = "/quan-ly/kiem-tra"


@pytest.fixture
def batch(session: Session) -> StampBatch:
    sku = make_sku(session)
    recognise(session, sku.product, 4)
    return make_batch(session, make_lot(session, sku), 50)


@pytest.fixture
def officer(session: Session) -> User:
    return make_user(session, Role.OFFICER)


def taken(session: Session, *batches: StampBatch) -> Json:
    ids = [batch.id for batch in batches]
    return inspection.bundle(session, ids, STAMP_KEYS, reporter="x", day=TODAY, **BY_NOBODY)


def test_a_bundle_checks_serials_without_the_master_key(
    session: Session, batch: StampBatch
) -> None:
    content = taken(session, batch)
    told = content["batches"][0]
    key = bytes.fromhex(told["key"])
    serial = serial_of(batch, 17)
    found = serials.index_of(key, told["identity"], told["ref"], serial, told["size"])
    assert found == 17
    assert DEMO_STAMP_KEY.hex() not in json.dumps(content)
    assert content["expires"] == (NOW + timedelta(days=7)).isoformat(timespec="seconds")


def test_it_tells_product_lot_stars_and_states(session: Session, batch: StampBatch) -> None:
    activate(session, batch, 0, 29)
    stamps.void_range(session, batch, 10, 14, reason="Rách", **BY_NOBODY)
    for number, verb in ((3, "void"), (4, "sold")):
        serial = serial_of(batch, number)
        if verb == "void":
            stamps.void_item(session, serial, reason="Rách", keys=STAMP_KEYS, **BY_NOBODY)
        else:
            stamps.mark_sold(session, serial, reference="o", place="p", now=NOW, keys=STAMP_KEYS)
    told = taken(session, batch)["batches"][0]
    assert told["ranges"] == [[0, 9, "activated"], [10, 14, "void"], [15, 29, "activated"]]
    assert told["singles"] == [[3, "void"], [4, "sold"]]
    assert (told["lot"], told["lot_state"], told["stars"]) == (batch.lot.code, "released", 4)
    assert told["expires_on"] == "2027-10-25"
    lots.recall(session, batch.lot, reason="Nấm mốc", **BY_NOBODY)
    told = taken(session, batch)["batches"][0]
    assert (told["lot_state"], told["reason"]) == ("recalled", "Nấm mốc")


def test_taking_it_is_audited(session: Session, batch: StampBatch) -> None:
    taken(session, batch)
    entry = session.scalars(select(AuditEntry).filter_by(action="inspection.bundle")).one()
    assert entry.detail == {"refs": [batch.ref]}


def test_only_some_issued_batches_can_be_taken(session: Session, batch: StampBatch) -> None:
    for ids in ([], [uuid4()]):
        with pytest.raises(NothingChosen):
            inspection.bundle(session, ids, STAMP_KEYS, reporter="", day=TODAY, **BY_NOBODY)


def test_the_signature_covers_every_letter(session: Session, batch: StampBatch) -> None:
    made = json.loads(inspection.sealed(taken(session, batch), DEMO_ANCHOR_KEY))
    key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(made["public_key"]))
    signature = bytes.fromhex(made["signature"])
    key.verify(signature, made["content"].encode())
    with pytest.raises(InvalidSignature):
        key.verify(signature, made["content"].replace("released", "Released").encode())
    with pytest.raises(NoSigningKey):
        inspection.sealed({}, None)


def test_officers_alone_take_batches_along(
    session: Session, visitor: Browser, batch: StampBatch, officer: User, signing: None
) -> None:
    person = visitor.sign_in(officer)
    assert batch.ref in person.get(PAGE).text
    answer = person.post(PAGE, {"batch": str(batch.id)})
    assert (
        answer.headers["Content-Disposition"] == 'attachment; filename="kiem-tra-2026-11-24.json"'
    )
    content = json.loads(answer.get_json()["content"])
    assert [told["ref"] for told in content["batches"]] == [batch.ref]
    assert person.post(PAGE, {}).status_code == 422
    cashier = Browser(visitor.app).sign_in(make_user(session, Role.CASHIER))
    assert cashier.post(PAGE, {"batch": str(batch.id)}).status_code == 403


@pytest.fixture
def signing(app: Flask) -> Iterator[None]:
    with can_sign(app):
        yield


def said(officer: User, code: str, **over: Any) -> Json:
    bearer = inspection_reports.issue(SECRET, officer.id, TODAY)
    report = {"key": str(uuid4()), "pass": bearer, "code": code, "text": "Bán ở chợ"}
    return report | {"where": "Chợ Phố Hiến", "at": "2026-11-24T02:00:00.000Z"} | over


def test_a_report_becomes_a_doubt_once(
    session: Session, visitor: Browser, batch: StampBatch, officer: User
) -> None:
    report = said(officer, serial_of(batch, 7))
    first = visitor.client.post(REPORTS, json=report)
    again = visitor.client.post(REPORTS, json=report)
    assert first.status_code == again.status_code == 200
    assert first.get_json() == again.get_json()
    doubt = session.scalars(select(Doubt)).one()
    assert (doubt.batch_id, doubt.number, doubt.verdict) == (batch.id, 7, "not_activated")
    assert (doubt.where, doubt.contact) == ("Chợ Phố Hiến", officer.email)
    assert officer.name in doubt.text


@pytest.mark.parametrize(
    ("over", "status"),
    [
        ({"pass": "2026-11-24.x"}, 403),
        ({"pass": "x"}, 403),
        ({"pass": ""}, 403),
        ({"key": "1"}, 422),
        ({"code": ""}, 422),
        ({"code": "a\0b"}, 422),
        ({"text": ""}, 422),
        ({"text": "x" * 2_001}, 422),
        ({"at": "hôm qua"}, 422),
        ({"extra": 1}, 422),
    ],
    ids=str,
)
def test_nobody_reports_without_a_pass_or_with_nonsense(
    session: Session, visitor: Browser, officer: User, over: Json, status: int
) -> None:
    answer = visitor.client.post(REPORTS, json=said(officer, "7K3D9QWM2X8R5TBN") | over)
    assert answer.status_code == status
    assert session.scalar(select(func.count()).select_from(Doubt)) == 0


def test_other_bodies_are_refused(visitor: Browser) -> None:
    assert visitor.client.post(REPORTS, data=b"{}").status_code == 422
    assert visitor.client.post(REPORTS, json={"text": "x" * 20_000}).status_code == 422


def test_a_pass_holds_for_sixty_days_and_an_open_account(session: Session, officer: User) -> None:
    bearer = inspection_reports.issue(SECRET, officer.id, TODAY)
    last = TODAY + timedelta(days=60)
    assert inspection_reports.holder(session, SECRET, bearer, last) is officer
    for text, day in (
        (bearer, last + timedelta(days=1)),
        (bearer, TODAY - timedelta(days=1)),
        (bearer.replace("2026-11-24", "2026-11-25"), last),
        (inspection_reports.issue("another", officer.id, TODAY), TODAY),
    ):
        with pytest.raises(NoPass):
            inspection_reports.holder(session, SECRET, text, day)
    officer.active = False
    with pytest.raises(NoPass):
        inspection_reports.holder(session, SECRET, bearer, TODAY)


def test_the_page_is_empty_and_brings_its_worker(visitor: Browser, signing: None) -> None:
    page = visitor.get("/kiem-tra").text
    assert inspection.public_key(DEMO_ANCHOR_KEY) in page
    worker = visitor.get("/kiem-tra.js")
    assert worker.headers["Content-Type"].startswith("text/javascript")
    head, _line, rest = worker.text.partition("\n")
    assert head.startswith('const NAME = "kiem-tra-')
    files = json.loads(rest.partition("\n")[0].removeprefix("const FILES = ").removesuffix(";"))
    assert files[0] == "/kiem-tra"
    for path in files:
        answer = visitor.get(path)
        assert answer.status_code == 200
        answer.close()

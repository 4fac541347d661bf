"""Files of events for the staff: whose they are, what is in them."""

import csv
import io
import json

import pytest
from sqlalchemy.orm import Session

from app.accounts.access import producer_scope
from app.accounts.models import Role
from app.api.models import Scope
from app.core.db import Database
from app.epcis import key_data
from builders import act, activate, make_batch, make_lot, make_place, make_sku, make_user, serial_of
from builders_api import make_token
from builders_epcis import document, make_sound_lot, make_stamped_sku, publish, send, theirs
from pos.stock import goods
from support import epcis_schema
from support.browser import Browser
from support.statements import counted
from traceability.models import Lot

PAGE = "/quan-ly/epcis"


@pytest.fixture
def lot(session: Session) -> Lot:
    made = make_lot(session, make_stamped_sku(session, code="=NHAN"), code="L1")
    batch = make_batch(session, made, 30)
    activate(session, batch, 0, 9)
    place = make_place(session, name="Chợ Gạo", address="1 Chợ Gạo")
    goods.receive(session, place, made, 12, act())
    publish(session)
    return made


@pytest.fixture
def officer(session: Session, visitor: Browser) -> Browser:
    return visitor.sign_in(make_user(session, Role.OFFICER))


def test_the_page_lists_lots_with_the_number_of_their_events(lot: Lot, officer: Browser) -> None:
    page = officer.get(PAGE, query_string={"q": "L1"}).text
    assert "L1" in page
    assert f"/quan-ly/epcis/lo/{lot.id}/su-kien.jsonld" in page
    assert f"/quan-ly/epcis/lo/{lot.id}/du-lieu.csv" in page
    assert officer.get(PAGE, query_string={"q": "KHONG-CO"}).status_code == 200


def test_the_page_asks_no_more_for_more_lots(
    session: Session, lot: Lot, officer: Browser, database: Database
) -> None:
    officer.get(PAGE)
    with counted(database) as few:
        officer.get(PAGE)
    for _n in range(5):
        make_sound_lot(session)
    publish(session)
    with counted(database) as many:
        officer.get(PAGE)
    assert len(many) <= len(few)


def test_a_lots_file_is_a_valid_document(lot: Lot, officer: Browser) -> None:
    answer = officer.get(f"{PAGE}/lo/{lot.id}/su-kien.jsonld")
    found = json.loads(answer.get_data(as_text=True))
    epcis_schema.judge(found)
    assert len(found["epcisBody"]["eventList"]) == 5
    assert answer.mimetype == "application/ld+json"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="epcis--NHAN-L1.jsonld"'


def test_a_batchs_file_has_its_stamps(session: Session, lot: Lot, officer: Browser) -> None:
    batch = make_batch(session, lot, 7)
    publish(session)
    answer = officer.get(f"{PAGE}/tem/{batch.id}/su-kien.jsonld")
    found = json.loads(answer.get_data(as_text=True))["epcisBody"]["eventList"]
    assert [event["bizStep"] for event in found] == ["encoding"]
    assert [epc[-16:] for epc in found[0]["epcList"]] == [serial_of(batch, n) for n in range(7)]


def test_a_long_file_comes_in_order_and_whole(session: Session, officer: Browser) -> None:
    lot, place = make_sound_lot(session), make_place(session)
    for _n in range(120):
        goods.receive(session, place, lot, 1, act())
    publish(session)
    answer = officer.get(f"{PAGE}/lo/{lot.id}/su-kien.jsonld")
    found = json.loads(answer.get_data(as_text=True))["epcisBody"]["eventList"]
    assert len({event["eventID"] for event in found}) == 122


def test_the_table_has_the_key_data(session: Session, lot: Lot, officer: Browser) -> None:
    answer = officer.get(f"{PAGE}/lo/{lot.id}/du-lieu.csv")
    text = answer.get_data(as_text=True).removeprefix("\ufeff")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert tuple(rows[0]) == key_data.HEADER
    made = rows[0]
    assert (made["biz_step"], made["lot"], made["quantity"]) == ("commissioning", "L1", "1000")
    assert made["made_on"] == "2026-10-25"
    assert made["article_code"] == "'=NHAN"  # no spreadsheet runs it
    assert made["producer_name"].startswith("HTX Nhãn lồng")
    assert made["producer_address"] == "xã Hồng Nam, thành phố Hưng Yên"
    stamped = next(row for row in rows if row["action"] == "ADD" and row["stamps"] != "0")
    assert stamped["stamps"] == "10"
    assert stamped["first_stamp"].startswith("https://id.gs1.org/01/")
    received = next(row for row in rows if row["biz_step"] == "receiving")
    assert (received["place_name"], received["place_address"]) == ("Chợ Gạo", "1 Chợ Gạo")
    assert received["source"].startswith("http://localhost/nha-san-xuat/")


def test_what_others_said_of_a_lot_is_for_the_office_alone(
    session: Session, visitor: Browser, lot: Lot
) -> None:
    sku = make_sku(session, lot.sku.product, gtin="9521000000018")
    other = make_lot(session, sku, code="CHUNG")
    publish(session)
    name = "https://id.gs1.org/01/09521000000018/10/CHUNG"
    text = make_token(session, Scope.EPCIS_WRITE)[1]
    said = theirs(epcList=None, quantityList=[{"epcClass": name, "quantity": 2}])
    assert send(visitor, text, document(said)).status_code == 202
    path, counts = f"{PAGE}/lo/{other.id}/su-kien.jsonld", []
    producer = lot.sku.product.producer
    assert producer is not None
    for role, scope in ((Role.OFFICER, "*"), (Role.PRODUCER, producer_scope(producer.id))):
        person = Browser(visitor.app).sign_in(make_user(session, role, scope))
        found = json.loads(person.get(path).get_data(as_text=True))
        counts.append(len(found["epcisBody"]["eventList"]))
    assert counts == [3, 2]


def test_a_producer_gets_no_file_of_another(session: Session, visitor: Browser, lot: Lot) -> None:
    stranger = make_sku(session).product.producer
    assert stranger is not None
    person = visitor.sign_in(make_user(session, Role.PRODUCER, producer_scope(stranger.id)))
    assert person.get(f"{PAGE}/lo/{lot.id}/su-kien.jsonld").status_code == 403
    assert person.get(f"{PAGE}/lo/{lot.id}/du-lieu.csv").status_code == 403
    assert lot.code not in person.get(PAGE).text.split("<tbody>")[-1]

import io

import pytest
from PIL import Image
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.areas.loading import load
from builders import (
    STAMP_KEYS,
    activate,
    make_batch,
    make_lot,
    make_product,
    make_sku,
    recognise,
    serial_of,
)
from support.browser import Browser
from traceability import pins
from traceability.models import Scan, StampBatch
from traceability.scan_models import Doubt, DoubtPhoto

EN = "?lang=en"


@pytest.fixture
def batch(session: Session) -> StampBatch:
    product = make_product(session, publish=True)
    recognise(session, product)
    made = make_batch(session, make_lot(session, make_sku(session, product)), 10)
    activate(session, made, 0, 7)
    session.commit()
    return made


def picture() -> tuple[io.BytesIO, str]:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(out, "JPEG")
    out.seek(0)
    return out, "tem.jpg"


def said(**over: object) -> dict[str, object]:
    return {"key": "k1", "text": "Tem bị dán đè", "where": "Chợ Gạo", "contact": ""} | over


def doubt(visitor: Browser, serial: str, **over: object) -> str:
    answer = visitor.post(f"/tem/{serial}/nghi-ngo", data=said(**over))
    assert answer.status_code == 303, answer.text
    return answer.location


def test_a_doubt_is_kept_with_what_the_page_had_answered(
    visitor: Browser, session: Session, batch: StampBatch
) -> None:
    address = doubt(visitor, serial_of(batch, 3), pictures=[picture()])
    kept = session.scalars(select(Doubt)).one()
    assert (kept.batch_id, kept.number, kept.verdict) == (batch.id, 3, "active")
    assert (kept.text, kept.where, kept.contact) == ("Tem bị dán đè", "Chợ Gạo", None)
    assert session.scalar(select(func.count()).select_from(DoubtPhoto)) == 1
    assert address.endswith(kept.ref)
    page = visitor.get(address + EN).text
    assert kept.ref in page
    assert "Tem bị dán đè" not in page


def test_a_doubt_about_a_code_of_nobody_is_kept_too(visitor: Browser, session: Session) -> None:
    doubt(visitor, "khac")
    kept = session.scalars(select(Doubt)).one()
    assert (kept.code, kept.batch_id, kept.verdict) == ("khac", None, "malformed")


def test_the_form_sent_twice_tells_once(
    visitor: Browser, session: Session, batch: StampBatch
) -> None:
    assert doubt(visitor, serial_of(batch, 3)) == doubt(visitor, serial_of(batch, 3))
    assert session.scalar(select(func.count()).select_from(Doubt)) == 1


@pytest.mark.parametrize(
    ("over", "status"),
    [
        ({"text": "  "}, 422),
        ({"text": "x" * 5_000}, 422),
        ({"website": "http://spam.example"}, 422),
        ({"key": ""}, 422),
    ],
)
def test_a_bad_doubt_is_shown_again(
    visitor: Browser, session: Session, over: dict[str, object], status: int
) -> None:
    answer = visitor.post("/tem/khac/nghi-ngo", data=said(**over))
    assert answer.status_code == status
    assert session.scalars(select(Doubt)).all() == []


def test_what_is_no_picture_is_refused_and_the_words_stay(visitor: Browser) -> None:
    sent = (io.BytesIO(b"<script>alert(1)</script>"), "tem.jpg")
    answer = visitor.post("/tem/khac/nghi-ngo", data=said(pictures=[sent]))
    assert answer.status_code == 422
    assert "Tem bị dán đè" in answer.text


def test_too_many_pictures_are_refused(visitor: Browser, session: Session) -> None:
    sent = [picture() for _n in range(4)]
    assert visitor.post("/tem/khac/nghi-ngo", data=said(pictures=sent)).status_code == 422
    assert session.scalars(select(Doubt)).all() == []


def test_whoever_sends_doubts_without_end_is_slowed(visitor: Browser) -> None:
    statuses = [
        visitor.post("/tem/khac/nghi-ngo", data=said(key=f"k{n}")).status_code for n in range(20)
    ]
    assert statuses[0] == 303
    assert statuses[-1] == 429


def test_markup_in_a_doubt_is_text(visitor: Browser, session: Session) -> None:
    doubt(visitor, "khac", text="<b>'; DROP TABLE doubt; --</b>")
    assert session.scalars(select(Doubt.text)).one() == "<b>'; DROP TABLE doubt; --</b>"


def test_the_number_of_a_report_is_found_as_people_type_it(
    visitor: Browser, session: Session
) -> None:
    doubt(visitor, "khac")
    ref = session.scalars(select(Doubt.ref)).one()
    there = visitor.get("/nghi-ngo", query_string={"so": f" {ref[:5].lower()}-{ref[5:]} "})
    assert there.status_code == 303
    assert visitor.get(there.location).status_code == 200
    assert visitor.get("/nghi-ngo/KHONGCO").status_code == 404


def place_link(visitor: Browser, batch: StampBatch) -> str:
    page = visitor.get(f"/tem/{serial_of(batch, 0)}{EN}").text
    return page.split('name="x"')[0].split("/noi?scan=")[1].split('"')[0]


def test_a_consumer_may_tell_the_commune_of_a_scan_once(
    visitor: Browser, session: Session, batch: StampBatch
) -> None:
    load(session)
    session.commit()
    token = place_link(visitor, batch)
    address = f"/tem/{serial_of(batch, 0)}/noi"
    assert visitor.get(f"{address}?scan={token}").text.count("<option") > 100
    sent = {"scan": token, "commune": "13141"}
    assert visitor.post(address, data=sent).status_code == 303
    assert visitor.post(address, data=sent).status_code == 303
    scan = session.scalars(select(Scan)).one()
    assert (scan.lat10, scan.lon10) == (204, 1063)
    assert visitor.post(address, data={"scan": token, "cell": "107,1066"}).status_code == 409


def test_a_phone_may_tell_a_square_of_the_map(
    visitor: Browser, session: Session, batch: StampBatch
) -> None:
    sent = {"scan": place_link(visitor, batch), "cell": "206,1060"}
    assert visitor.post(f"/tem/{serial_of(batch, 0)}/noi", data=sent).status_code == 303
    assert session.scalars(select(Scan.lat10)).one() == 206


@pytest.mark.parametrize(
    ("sent", "status"),
    [({"cell": "9999,1"}, 422), ({"cell": "x"}, 422), ({}, 422), ({"scan": "made-up"}, 409)],
)
def test_a_bad_place_is_refused(
    visitor: Browser, session: Session, batch: StampBatch, sent: dict[str, str], status: int
) -> None:
    values = {"scan": place_link(visitor, batch)} | sent
    answer = visitor.post(f"/tem/{serial_of(batch, 0)}/noi", data=values)
    assert answer.status_code == status
    assert session.scalars(select(Scan.lat10)).one() is None


def test_pages_after_the_scan_are_no_scans(
    visitor: Browser, session: Session, batch: StampBatch
) -> None:
    serial = serial_of(batch, 0)
    for path in ("nghi-ngo", "noi", "cam-on", "ho-chieu"):
        assert visitor.get(f"/tem/{serial}/{path}").status_code == 200
    assert session.scalars(select(Scan)).all() == []


@pytest.fixture
def with_pin(session: Session, batch: StampBatch) -> str:
    batch.has_pin = True
    session.commit()
    return pins.pin_for(pins.key_of(batch, STAMP_KEYS), batch.ref, 0)


def try_pin(visitor: Browser, batch: StampBatch, pin: str) -> tuple[int, str]:
    answer = visitor.post(f"/tem/{serial_of(batch, 0)}/ma-cao{EN}", data={"pin": pin})
    return answer.status_code, answer.text


def test_the_code_that_is_scratched_free_is_compared(
    visitor: Browser, batch: StampBatch, with_pin: str
) -> None:
    assert "Compare the code" in visitor.get(f"/tem/{serial_of(batch, 0)}{EN}").text
    status, page = try_pin(visitor, batch, with_pin.lower())
    assert (status, "not scratched free before" in page) == (200, True)
    status, page = try_pin(visitor, batch, with_pin)
    assert (status, "The right code was typed before" in page) == (200, True)


def test_five_wrong_codes_lock_it(visitor: Browser, batch: StampBatch, with_pin: str) -> None:
    wrong = "000000" if with_pin != "000000" else "000001"
    statuses = [try_pin(visitor, batch, wrong)[0] for _try in range(6)]
    assert statuses == [422] * 5 + [429]
    assert try_pin(visitor, batch, with_pin)[0] == 429


def test_a_stamp_without_such_a_code_says_so(visitor: Browser, batch: StampBatch) -> None:
    assert try_pin(visitor, batch, "ABCDEF")[0] == 404
    assert try_pin(visitor, batch, " ")[0] == 422
    assert visitor.post("/tem/0000000000000000/ma-cao", data={"pin": "A"}).status_code == 404

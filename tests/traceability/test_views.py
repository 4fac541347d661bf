from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.areas.loading import load
from app.areas.lookup import find_unit
from app.core import db
from builders import (
    BY_NOBODY,
    NOW,
    STAMP_KEYS,
    TODAY,
    activate,
    make_batch,
    make_lot,
    make_producer,
    make_product,
    make_sku,
    recognise,
    serial_of,
)
from catalog import recognitions
from catalog.models import Producer
from support.browser import Browser
from traceability import lots, serials, stamps
from traceability.models import Lot, Scan, StampBatch

VI, EN = "?lang=vi", "?lang=en"


def live_batch(
    session: Session,
    *,
    publish: bool = False,
    producer: Producer | None = None,
    **sku: object,
) -> StampBatch:
    product = make_product(session, publish=publish, producer=producer)
    article = make_sku(session, product, **sku)
    recognise(session, product)
    batch = make_batch(session, make_lot(session, article), 10)
    activate(session, batch, 0, 7)
    session.commit()
    return batch


def page(visitor: Browser, batch: StampBatch, number: int = 0, query: str = EN) -> TestResponse:
    return visitor.get(f"/tem/{serial_of(batch, number)}{query}")


def producer_in_dong_tao(session: Session) -> Producer:
    load(session)
    unit = find_unit(session, "2022", "Đông Tảo", "Khoái Châu")
    assert unit is not None
    return make_producer(session, area_id=unit.id, area_text="xã Đông Tảo, huyện Khoái Châu")


def scans_of(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Scan)) or 0


def test_a_live_stamp_gets_its_page(session: Session, visitor: Browser) -> None:
    batch = live_batch(session)
    answer = page(visitor, batch)
    assert answer.status_code == 200
    for fact in (
        "This stamp was issued and put into use",
        "This is its first scan.",
        serials.grouped(serial_of(batch, 0)),
        batch.sku.product.name_vi,
        "OCOP 4 stars",
        batch.lot.code,
        "500 g",
        batch.sku.product.producer.name,
    ):
        assert fact in answer.text


def test_the_commune_is_named_then_and_now(session: Session, visitor: Browser) -> None:
    batch = live_batch(session, producer=producer_in_dong_tao(session))
    text = page(visitor, batch, query=VI).text
    assert "xã Đông Tảo, huyện Khoái Châu" in text
    assert "nay thuộc xã Hoàn Long" in text


def test_the_product_page_is_linked_once_it_is_public(session: Session, visitor: Browser) -> None:
    hidden, public = live_batch(session), live_batch(session, publish=True)
    assert "Where to buy it again" not in page(visitor, hidden).text
    assert "Where to buy it again" in page(visitor, public).text


def test_the_page_never_calls_anything_genuine(session: Session, visitor: Browser) -> None:
    batch = live_batch(session)
    text = (page(visitor, batch).text + page(visitor, batch, query=VI).text).lower()
    assert not [
        word for word in ("genuine", "authentic", "hàng thật", "chính hãng") if word in text
    ]


def test_the_page_is_small_and_needs_no_script(session: Session, visitor: Browser) -> None:
    answer = page(visitor, live_batch(session))
    assert len(answer.data) < 30_000
    assert "<script" not in answer.text


def test_the_page_is_never_kept_by_a_cache(session: Session, visitor: Browser) -> None:
    assert page(visitor, live_batch(session)).headers["Cache-Control"] == "no-store"


def test_the_second_scan_is_said_to_be_the_second(session: Session, visitor: Browser) -> None:
    batch = live_batch(session)
    page(visitor, batch)
    assert "Scan number 2, first on 10:00 24/11/2026." in page(visitor, batch).text


def test_a_sold_stamp_says_where_it_was_sold(session: Session, visitor: Browser) -> None:
    batch = live_batch(session)
    sale = {"reference": "order:1", "place": "Chợ Phố Hiến", "now": NOW, "keys": STAMP_KEYS}
    stamps.mark_sold(session, serial_of(batch, 0), **sale)
    session.commit()
    answer = page(visitor, batch)
    assert (answer.status_code, "at Chợ Phố Hiến" in answer.text) == (200, True)


def test_a_stamp_never_put_into_use_shows_neither_stars_nor_journey(
    session: Session, visitor: Browser
) -> None:
    answer = page(visitor, live_batch(session), 9)
    assert answer.status_code == 409
    assert "issued but not put into use" in answer.text
    assert "OCOP 4 stars" not in answer.text
    assert "Journey of the lot" not in answer.text


def test_a_void_stamp_is_gone(session: Session, visitor: Browser) -> None:
    batch = live_batch(session)
    stamps.void_range(session, batch, 0, 0, reason="Rách khi dán", **BY_NOBODY)
    session.commit()
    answer = page(visitor, batch)
    assert (answer.status_code, "Rách khi dán" in answer.text) == (410, True)


def test_a_recalled_lot_says_why_and_what_to_do(session: Session, visitor: Browser) -> None:
    batch = live_batch(session)
    lots.recall(session, session.get_one(Lot, batch.lot_id), reason="Nhiễm khuẩn", **BY_NOBODY)
    session.commit()
    answer = page(visitor, batch)
    assert answer.status_code == 410
    assert "Reason: Nhiễm khuẩn" in answer.text
    assert "Do not eat or use it." in answer.text
    assert "OCOP 4 stars" not in answer.text


def test_a_held_lot_is_a_warning(session: Session, visitor: Browser) -> None:
    batch = live_batch(session)
    lots.hold(session, session.get_one(Lot, batch.lot_id), reason="Chờ thử", **BY_NOBODY)
    session.commit()
    answer = page(visitor, batch)
    assert (answer.status_code, "Reason: Chờ thử" in answer.text) == (200, True)


def test_a_lapsed_recognition_shows_its_end_and_no_stars(
    session: Session, visitor: Browser
) -> None:
    batch = live_batch(session)
    batch.recognition.valid_until = TODAY - timedelta(days=1)
    session.commit()
    answer = page(visitor, batch)
    assert answer.status_code == 200
    assert "The recognition was valid until 23/11/2026." in answer.text
    assert "stars-row" not in answer.text
    assert "OCOP 4 stars" not in answer.text


def test_a_withdrawn_recognition_shows_since_when_and_no_stars(
    session: Session, visitor: Browser
) -> None:
    batch = live_batch(session)
    recognitions.revoke(session, batch.recognition, on=TODAY, reason="Vi phạm", **BY_NOBODY)
    session.commit()
    answer = page(visitor, batch)
    assert "The recognition was withdrawn on 24/11/2026." in answer.text
    assert "stars-row" not in answer.text


@pytest.mark.parametrize(
    ("address", "status"),
    [("/tem/0000000000000000", 404), ("/tem/abc", 400), ("/tem/a%2Fb", 400), ("/tem/%00", 404)],
)
def test_what_was_not_issued_is_never_a_good_answer(
    visitor: Browser, address: str, status: int
) -> None:
    assert visitor.get(address).status_code == status


def test_the_address_on_a_stamp_leads_to_its_page(session: Session, visitor: Browser) -> None:
    batch = live_batch(session)
    [(url, serial)] = stamps.stamp_urls("http://localhost", batch, 0, 1, STAMP_KEYS)
    step = visitor.get(f"{url}?utm=x&gtin=1&code=2&_external=3")
    assert step.status_code == 307
    where = step.headers["Location"]
    assert where == f"/tem/{serial}?gtin={batch.identity}&utm=x&code=2&_external=3"
    assert visitor.get(where).status_code == 200


def test_a_stamp_under_another_gtin_is_unknown(session: Session, visitor: Browser) -> None:
    batch, other = live_batch(session), live_batch(session)
    answer = visitor.follow(visitor.get(f"/01/{other.identity}/21/{serial_of(batch, 0)}"))
    assert answer.status_code == 404
    assert batch.sku.product.name_vi not in answer.text


def test_the_short_address_leads_to_the_page(session: Session, visitor: Browser) -> None:
    batch = live_batch(session, gtin=None)
    [(url, _serial)] = stamps.stamp_urls("http://localhost", batch, 0, 1, STAMP_KEYS)
    assert visitor.follow(visitor.get(url)).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/01/0952100000001/21/ABC",
        "/01/09521000000017/21/ABC",
        "/01/09521000000018/21/A/10/B",
        "/01/09521000000018/99/A",
        "/01/09521000000018/21/" + "A" * 21,
        "/01/09521000000018/21/%GG",
        "/01/x",
    ],
)
def test_an_address_that_is_no_digital_link_is_refused(visitor: Browser, path: str) -> None:
    assert visitor.get(path).status_code == 400


def test_an_escaped_slash_in_a_lot_is_part_of_the_lot(session: Session, visitor: Browser) -> None:
    batch = live_batch(session)
    step = visitor.get(f"/01/{batch.identity}/10/A%2FB/21/{serial_of(batch, 0)}")
    assert step.status_code == 307


def test_an_address_without_serial_leads_to_the_product(session: Session, visitor: Browser) -> None:
    batch = live_batch(session, publish=True)
    step = visitor.get(f"/01/{batch.identity}")
    assert (step.status_code, batch.sku.product.slug in step.headers["Location"]) == (307, True)


def test_an_address_without_serial_of_an_unknown_product_is_not_found(visitor: Browser) -> None:
    assert visitor.get("/01/09521000000018").status_code == 404


def test_a_small_written_serial_is_led_to_the_right_one(session: Session, visitor: Browser) -> None:
    serial = serial_of(live_batch(session), 0)
    step = visitor.get(f"/tem/{serial.lower()}?lang=en")
    assert step.headers["Location"] == f"/tem/{serial}?lang=en"


def test_a_code_can_be_typed(session: Session, visitor: Browser) -> None:
    serial = serial_of(live_batch(session), 0)
    assert "Stamp code" in visitor.get("/tem?lang=en").text
    step = visitor.get("/tem", query_string={"ma": serials.grouped(serial).lower()})
    assert (step.status_code, step.headers["Location"]) == (303, f"/tem/{serial}")


def test_a_pasted_address_keeps_its_gtin(session: Session, visitor: Browser) -> None:
    batch = live_batch(session)
    [(url, serial)] = stamps.stamp_urls("https://ocop.example.vn", batch, 0, 1, STAMP_KEYS)
    step = visitor.get("/tem", query_string={"ma": url})
    assert step.headers["Location"] == f"/tem/{serial}?gtin={batch.identity}"


def test_what_was_mistyped_is_still_in_the_form(visitor: Browser) -> None:
    answer = visitor.get("/tem?ma=K7<Q&lang=en")
    assert (answer.status_code, 'value="K7&lt;Q"' in answer.text) == (422, True)


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Purpose": "prefetch;prerender"},
        {"Purpose": "prefetch"},
        {"User-Agent": "facebookexternalhit/1.1"},
        {"User-Agent": "WhatsApp/2.23"},
    ],
)
def test_programs_that_look_ahead_are_not_counted(
    session: Session, visitor: Browser, headers: dict[str, str]
) -> None:
    address = f"/tem/{serial_of(live_batch(session), 0)}?lang=en"
    assert visitor.get(address, headers=headers).status_code == 200
    assert scans_of(session) == 0


def test_a_chat_programs_own_browser_is_a_person(session: Session, visitor: Browser) -> None:
    address = f"/tem/{serial_of(live_batch(session), 0)}"
    agent = "Mozilla/5.0 (Linux; Android 13; CUBOT P80) Chrome/120 Mobile Zalo android/24"
    visitor.get(address, headers={"User-Agent": agent})
    assert scans_of(session) == 1


def test_head_is_answered_and_not_counted(session: Session, visitor: Browser) -> None:
    answer = visitor.client.head(f"/tem/{serial_of(live_batch(session), 0)}")
    assert (answer.status_code, scans_of(session)) == (200, 0)


def test_redirects_are_not_counted(session: Session, visitor: Browser) -> None:
    batch = live_batch(session)
    visitor.get(f"/t/{serial_of(batch, 0)}")
    visitor.get(f"/01/{batch.identity}/21/{serial_of(batch, 0)}")
    assert scans_of(session) == 0


@contextmanager
def statements(database: db.Database) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_c: object, _cu: object, statement: str, *_rest: object) -> None:
        if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
            seen.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    yield seen
    event.remove(database.engine, "before_cursor_execute", note)


def test_the_page_takes_few_statements(
    session: Session, database: db.Database, visitor: Browser
) -> None:
    batch = live_batch(session, producer=producer_in_dong_tao(session))
    session.close()
    for most in (13, 11):  # the first scan of a day makes the day's salt
        with statements(database) as seen:
            assert page(visitor, batch).status_code == 200
        assert 4 <= len(seen) <= most, "\n---\n".join(s[:90] for s in seen)

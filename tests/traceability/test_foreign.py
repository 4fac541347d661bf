import io

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import Role
from builders import (
    BY_NOBODY,
    NOW,
    STAMP_KEYS,
    TODAY,
    make_lot,
    make_product,
    make_sku,
    make_user,
    recognise,
)
from catalog.models import Sku
from support.browser import Browser
from traceability import foreign, lots, scans
from traceability.foreign import RowResult
from traceability.foreign_models import ForeignSerial
from traceability.scans import Sighting, Verdict, VerdictKind

BASE = "/quan-ly/ma-ngoai"
R = RowResult


@pytest.fixture
def sku(session: Session) -> Sku:
    product = make_product(session, publish=True)
    recognise(session, product)
    made = make_sku(session, product, gtin="8938501234568")
    make_lot(session, made, code="L26-07")
    return made


def take(session: Session, sku: Sku, *rows: tuple[str, str]) -> list[RowResult]:
    return [row.result for row in foreign.take(session, sku, "VNPT Check", rows, **BY_NOBODY)]


def look(session: Session, code: str, **over: object) -> Verdict:
    values = {"day": TODAY, "now": NOW, "keys": STAMP_KEYS, "sighting": Sighting("aa" * 8)}
    return scans.look_up(session, code, **(values | over))  # type: ignore[arg-type]


def test_each_row_gets_its_answer_and_the_table_twice_changes_nothing(
    session: Session, sku: Sku
) -> None:
    rows = [
        ("vc-0001/A", "l26-07"),
        ("vc-0002", ""),
        ("dấu", ""),
        ("x" * 21, ""),
        ("7K3M000000000000", ""),
        ("vc-0003", "NONE"),
    ]
    assert take(session, sku, *rows) == [
        R.TAKEN,
        R.TAKEN,
        R.BAD_SERIAL,
        R.BAD_SERIAL,
        R.OURS,
        R.UNKNOWN_LOT,
    ]
    assert take(session, sku, *rows)[:2] == [R.KNOWN, R.KNOWN]
    assert len(session.scalars(select(ForeignSerial)).all()) == 2


def test_a_scan_tells_what_is_known_and_who_issued_it(session: Session, sku: Sku) -> None:
    take(session, sku, ("vc-0001", "L26-07"))
    verdict = look(session, "vc-0001")
    assert (verdict.kind, verdict.sku, verdict.lot and verdict.lot.code) == (
        VerdictKind.FOREIGN,
        sku,
        "L26-07",
    )
    assert verdict.tally.scans == 1
    assert look(session, "vc-0001", gtin="08938501234568").tally.scans == 2
    assert look(session, "vc-0001", sighting=None).tally.scans == 2
    assert look(session, "VC-0001").kind is VerdictKind.MALFORMED


def test_the_code_of_another_article_is_unknown(session: Session, sku: Sku) -> None:
    take(session, sku, ("vc-0001", ""))
    assert look(session, "vc-0001", gtin="09520000000000").kind is VerdictKind.UNKNOWN


def test_a_serial_of_several_articles_names_none_without_a_gtin(session: Session, sku: Sku) -> None:
    take(session, sku, ("vc-0001", ""))
    take(session, make_sku(session), ("vc-0001", ""))
    assert look(session, "vc-0001").kind is VerdictKind.MALFORMED
    assert look(session, "vc-0001", gtin="08938501234568").kind is VerdictKind.FOREIGN


def test_a_recall_reaches_codes_of_others(session: Session, sku: Sku) -> None:
    take(session, sku, ("vc-0001", "L26-07"))
    lot = session.scalars(select(ForeignSerial)).one().lot
    assert lot is not None
    lots.recall(session, lot, reason="Nấm mốc", **BY_NOBODY)
    assert look(session, "vc-0001").kind is VerdictKind.RECALLED


def test_an_officer_sees_first_and_then_takes_over(
    session: Session, visitor: Browser, sku: Sku
) -> None:
    user = make_user(session, Role.OFFICER)
    session.commit()
    officer = visitor.sign_in(user)
    table = (io.BytesIO(b"serial,lot\nvc-1,L26-07\nvc-2,\n"), "ma.csv")
    sent = {"article": sku.code, "source": "VNPT Check", "file": table}
    seen = officer.post(BASE, data=sent)
    assert seen.status_code == 303
    assert officer.get(seen.location).status_code == 200
    assert session.scalars(select(ForeignSerial)).all() == []
    assert officer.post(seen.location).status_code == 200
    kept = session.scalars(select(ForeignSerial)).all()
    assert {row.source for row in kept} == {"VNPT Check"}
    page = officer.get("/tem/vc-1?lang=en")
    assert page.status_code == 200
    assert "Issued by VNPT Check" in page.text
    assert "Such codes can be copied" in page.text


@pytest.mark.parametrize(
    ("over", "status"),
    [
        ({"article": "NONE"}, 422),
        ({"source": " "}, 422),
        ({"file": (io.BytesIO(b"name\nx\n"), "ma.csv")}, 422),
        ({"file": (io.BytesIO(b"PK\x03\x04junk"), "ma.xlsx")}, 422),
    ],
)
def test_a_bad_table_is_refused(
    session: Session, visitor: Browser, sku: Sku, over: dict[str, object], status: int
) -> None:
    user = make_user(session, Role.OFFICER)
    session.commit()
    table = (io.BytesIO(b"serial\nvc-1\n"), "ma.csv")
    sent = {"article": sku.code, "source": "VNPT", "file": table} | over
    assert visitor.sign_in(user).post(BASE, data=sent).status_code == status

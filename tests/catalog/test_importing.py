"""Importing the register: the real file with exact counts, and every refusal."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.models import AuditEntry
from app.areas.loading import load
from app.areas.models import AreaLevel
from app.config import ROOT
from app.core.errors import Rejected
from catalog.importing import ImportReport, import_file
from catalog.models import Producer, ProducerKind, Product, ProductStatus
from catalog.recognition_models import Evidence, EvidenceKind, Recognition
from catalog.recognitions import RecognitionState, view
from catalog.register_rows import COLUMNS, BadEncoding, MissingColumn

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
REGISTER = (ROOT / "catalog" / "data" / "hungyen_products.csv").read_bytes()
HEAD = ",".join(COLUMNS)
GOOD = "Long nhãn,HTX Thử,HTX,Đông Tảo,Huyện Khoái Châu,Thực phẩm,4,2023,https://a.vn/x,source read"


def run(session: Session, content: bytes | str) -> ImportReport:
    data = content.encode() if isinstance(content, str) else content
    return import_file(session, data, now=NOW, actor_id=None)


def lines(*rows: str) -> str:
    return "\n".join((HEAD, *rows)) + "\n"


def reasons(report: ImportReport) -> list[tuple[int, object]]:
    return [(refusal.line, refusal.error.params["column"]) for refusal in report.refused]


def product(session: Session, name: str) -> Product:
    return session.scalars(select(Product).filter_by(name_vi=name)).one()


def count(session: Session, model: type) -> int:
    return int(session.scalar(select(func.count()).select_from(model)) or 0)


def test_the_real_register_gives_exactly_this(session: Session) -> None:
    load(session)
    report = run(session, REGISTER)
    assert (report.accepted, report.unchanged, len(report.refused)) == (68, 0, 8)
    assert (report.reported_stars, len(report.targets)) == (42, 6)
    assert report.unknown == {"producer": 30, "stars": 26, "commune": 29, "decision": 68}
    assert [line for line, column in reasons(report)] == list(range(70, 78))
    assert {column for _line, column in reasons(report)} == {"confidence"}
    assert count(session, Product) == 68
    assert count(session, Recognition) == count(session, Evidence) == 42


def test_a_second_import_changes_nothing(session: Session) -> None:
    load(session)
    run(session, REGISTER)
    before = [count(session, m) for m in (Product, Producer, Recognition, Evidence, AuditEntry)]
    again = run(session, REGISTER)
    assert (again.accepted, again.unchanged) == (0, 68)
    after = [count(session, m) for m in (Product, Producer, Recognition, Evidence, AuditEntry)]
    assert after == before


def test_reported_stars_are_never_in_force(session: Session) -> None:
    run(session, lines(GOOD))
    found = session.scalars(select(Recognition)).one()
    assert (found.stars, found.period_text) == (4, "2023")
    assert (found.decision_id, found.valid_from, found.valid_until) == (None, None, None)
    seen = view(session, found.product_id, NOW.date())
    assert seen.state is RecognitionState.UNVERIFIED
    assert seen.shown_stars is None
    proof = session.scalars(select(Evidence)).one()
    assert (proof.kind, proof.url, proof.note) == (
        EvidenceKind.SOURCE,
        "https://a.vn/x",
        "source read",
    )


def test_a_target_is_a_draft_without_stars(session: Session) -> None:
    report = run(session, lines(GOOD.replace("2023", "2024 target")))
    assert (report.accepted, report.targets, report.reported_stars) == (1, [2], 0)
    assert product(session, "Long nhãn").status is ProductStatus.DRAFT
    assert count(session, Recognition) == count(session, Evidence) == 0


def test_stars_that_become_known_later_are_added_to_the_product(session: Session) -> None:
    run(session, lines(GOOD.replace(",4,", ",,")))
    assert count(session, Recognition) == 0
    report = run(session, lines(GOOD))
    assert (report.accepted, report.unchanged) == (1, 0)
    assert (count(session, Product), count(session, Recognition)) == (1, 1)


def test_producer_and_place_come_from_the_row(session: Session) -> None:
    load(session)
    run(session, REGISTER)
    chicken = product(session, "Gà thịt Đông Tảo")
    assert chicken.area is not None
    assert (chicken.area.snapshot, chicken.area.full_name) == ("2022", "Xã Đông Tảo")
    assert chicken.area_text == "Đông Tảo, Huyện Khoái Châu"
    assert chicken.producer is not None
    assert chicken.producer.kind is ProducerKind.COOPERATIVE
    assert chicken.group is not None
    assert (chicken.group.scheme, chicken.group.code) == ("2023", "food")
    assert "ga thit dong tao" in chicken.search_text


def test_one_producer_has_all_its_products(session: Session) -> None:
    run(session, REGISTER)
    maker = session.scalars(select(Producer).filter_by(slug="cong-ty-tnhh-thuy-san-ngoc-minh"))
    makes = select(func.count()).where(Product.producer_id == maker.one().id)
    assert session.scalar(makes) == 5


@pytest.mark.parametrize(
    ("name", "snapshot", "code"),
    [
        ("Hạt sen khô", "2025-07", "11977"),  # Tân Hưng of today, not 12385 of 2022
        ("Tôm khô Ngọc Minh", "2025-07", "13057"),
        ("Trà nấm linh chi Hoàng Lương", "2025-07", "12988"),
        ("Bánh cáy Thiên Đức", "2022", "12730"),  # Nguyên Xá of Đông Hưng, not of Vũ Thư
    ],
)
def test_a_commune_is_taken_from_the_period_the_row_names(
    session: Session, name: str, snapshot: str, code: str
) -> None:
    load(session)
    run(session, REGISTER)
    area = product(session, name).area
    assert area is not None
    assert (area.snapshot, area.code) == (snapshot, code)


def test_every_commune_the_register_names_is_found(session: Session) -> None:
    load(session)
    run(session, REGISTER)
    named = select(Product).where(Product.area_text.is_not(None))
    lost = [
        found.area_text
        for found in session.scalars(named)
        if not (found.area_text or "").startswith(("Huyện", "Thành phố", "Thị xã", "Thái Bình"))
        and (found.area is None or found.area.level is not AreaLevel.COMMUNE)
    ]
    assert lost == []


def test_without_a_commune_the_district_or_province_is_the_place(session: Session) -> None:
    load(session)
    run(session, REGISTER)
    soy, sauce = product(session, "Ba ba").area, product(session, "Nước mắm Thái Bình").area
    assert soy is not None
    assert sauce is not None
    assert (soy.level, soy.full_name) == (AreaLevel.DISTRICT, "Thị xã Mỹ Hào")
    assert (sauce.level, sauce.full_name) == (AreaLevel.PROVINCE, "Tỉnh Thái Bình")
    assert product(session, "Hạt sen trắng").area is None


def test_the_same_name_from_three_producers_makes_three_addresses(session: Session) -> None:
    run(session, REGISTER)
    slugs = session.scalars(select(Product.slug).filter_by(name_vi="Nhãn lồng quả tươi"))
    assert sorted(slugs) == ["nhan-long-qua-tuoi", "nhan-long-qua-tuoi-2", "nhan-long-qua-tuoi-3"]


def test_a_mark_at_the_beginning_and_blank_lines_do_not_hurt(session: Session) -> None:
    content = b"\xef\xbb\xbf" + lines(GOOD, "", ",,,,,,,,,").encode()
    assert run(session, content).accepted == 1


def test_another_encoding_is_refused_with_its_line(session: Session) -> None:
    with pytest.raises(BadEncoding) as caught:
        run(session, lines(GOOD).encode() + "Gà".encode("cp1258"))
    assert caught.value.params == {"row": 3}


def test_a_missing_column_is_named(session: Session) -> None:
    with pytest.raises(MissingColumn) as caught:
        run(session, lines(GOOD).replace("confidence", "trust"))
    assert caught.value.params == {"column": "confidence"}
    with pytest.raises(MissingColumn):
        run(session, b"")


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (GOOD.replace("Long nhãn", ""), "name_vi"),
        (GOOD.replace("source read", "from memory, unverified"), "confidence"),
        (GOOD.replace("source read", ""), "confidence"),
        (GOOD.replace("https://a.vn/x", "-"), "source"),
        (GOOD.replace("https://a.vn/x", "javascript:alert(1)"), "source"),
        (GOOD.replace(",4,", ",6,"), "stars"),
        (GOOD.replace(",4,", ",4.5,"), "stars"),
        (GOOD.replace(",HTX,", ",Hội quán,"), "producer_type"),
    ],
)
def test_an_impossible_value_refuses_its_row_alone(session: Session, row: str, column: str) -> None:
    report = run(session, lines(row, GOOD.replace("Long nhãn", "Hạt sen")))
    assert report.accepted == 1
    assert reasons(report) == [(2, column)]
    assert isinstance(report.refused[0].error, Rejected)


def test_a_repeated_row_is_refused_by_its_line(session: Session) -> None:
    report = run(session, lines(GOOD, GOOD.replace("Long nhãn", "LONG NHÃN")))
    assert report.accepted == 1
    assert reasons(report) == [(3, "name_vi")]


def test_the_import_is_in_the_audit_trail(session: Session) -> None:
    run(session, lines(GOOD))
    found = session.scalars(select(AuditEntry).filter_by(action="register.import")).one()
    assert found.detail == {"accepted": 1, "unchanged": 0}

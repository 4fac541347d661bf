"""Staff keep promotions: lists, new ones, new terms, an early end, codes, a basket to try."""

from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flows.test_html import faults
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.accounts.access import place_scope
from app.accounts.models import Role
from app.core.clock import local_midnight
from builders import BY_NOBODY, NOW, TODAY, make_offered, make_place, make_user
from builders_promotions import GOODS, LAN, make_promotion, make_voucher, plan
from catalog.models import Sku
from pos.promotions import reading, terms, vouchers
from pos.promotions.models import Promotion, PromotionTerms, Voucher
from pos.promotions.plan import Goods
from pos.promotions.rules import Kind
from pos.stock.models import Place
from support.browser import Browser

ROOT = "/quan-ly/khuyen-mai"
ENTRY = {
    "name_vi": "Mừng mùa nhãn",
    "way": "automatic",
    "kind": "percent",
    "percent": "15",
    "channel": "any",
    "first_day": "2026-11-24",
    "shop": "100",
    "producer": "0",
    "programme": "0",
}


@pytest.fixture
def officer(app: Flask, session: Session) -> Browser:
    user = make_user(session, Role.OFFICER)
    session.commit()
    return Browser(app).sign_in(user)


@pytest.fixture
def point(session: Session) -> Place:
    return make_place(session, name="Điểm bán Phố Hiến")


@pytest.fixture
def manager(app: Flask, session: Session, point: Place) -> Browser:
    user = make_user(session, Role.POINT_MANAGER, place_scope(point.id))
    session.commit()
    return Browser(app).sign_in(user)


@pytest.fixture
def sku(session: Session) -> Sku:
    return make_offered(session, 100_000, name_vi="Mật ong nhãn")


def only(session: Session) -> PromotionTerms:
    session.expire_all()
    return session.scalars(reading.in_force()).one()


def create(browser: Browser, **over: Any) -> TestResponse:
    return browser.post(f"{ROOT}/moi", ENTRY | over)


def at(promotion: Promotion, step: str = "") -> str:
    return f"{ROOT}/{promotion.id}{step}"


def test_a_new_promotion_is_kept_as_it_was_entered(
    officer: Browser, session: Session, sku: Sku, point: Place
) -> None:
    answer = create(
        officer,
        way="code",
        code="nhãn 2026",
        name_en="Longan season",
        cap="50.000",
        minimum="200.000",
        last_day="2026-12-31",
        articles=f" {sku.code},\n",
        products=f"http://localhost/san-pham/{sku.product.slug}/",
        producers=[str(sku.product.producer_id)],
        categories=[str(sku.product.category_id)],
        places=[str(point.id)],
        most="100",
        most_each="1",
        alone="y",
        shop="20",
        producer="50",
        programme="30",
    )
    page = officer.follow(answer)
    assert "NHAN2026" in page.text
    kept = only(session)
    goods = Goods.from_json(kept.reach)
    assert (kept.permille, kept.cap, kept.minimum, kept.alone) == (150, 50_000, 200_000, True)
    assert (kept.most, kept.most_each, kept.name_en) == (100, 1, "Longan season")
    assert kept.starts_at == local_midnight(TODAY)
    assert f"{kept.ends_at:%Y-%m-%d %H:%M}" == "2026-12-31 17:00"  # midnight in Vietnam
    assert (goods.skus, goods.products, goods.places) == ({sku.id}, {sku.product_id}, {point.id})
    assert kept.bearers == {"shop": 200, "producer": 500, "programme": 300}


@pytest.mark.parametrize(
    ("over", "kept"),
    [
        ({"kind": "amount", "amount": "30.000"}, (Kind.AMOUNT, None, 30_000, None, None)),
        ({"kind": "delivery"}, (Kind.DELIVERY, None, None, None, None)),
        ({"kind": "gift", "percent": "50", "buy": "2", "get": "1"}, (Kind.GIFT, 500, None, 2, 1)),
    ],
)
def test_every_kind_can_be_entered(
    officer: Browser, session: Session, over: dict[str, str], kept: tuple[Any, ...]
) -> None:
    assert create(officer, **over).status_code == 303
    found = only(session)
    assert (found.kind, found.permille, found.amount, found.buy, found.get) == kept


@pytest.mark.parametrize(
    "over",
    [
        {"name_vi": " "},
        {"name_vi": "Chữa khỏi bệnh ung thư"},
        {"percent": "0"},
        {"percent": "101"},
        {"percent": ""},
        {"kind": "amount", "amount": "-5"},
        {"kind": "amount", "amount": ""},
        {"kind": "nothing"},
        {"kind": "gift", "buy": "2"},
        {"first_day": ""},
        {"last_day": "2026-11-23"},
        {"shop": "90"},
        {"shop": "0", "producer": "100", "kind": "delivery"},
        {"shop": ""},
        {"way": "code", "code": "ab"},
        {"articles": "KHONG-CO"},
        {"products": "khong-co"},
        {"places": ["00000000-0000-4000-8000-000000000000"]},
        {"most": "0"},
    ],
)
def test_terms_without_sense_are_refused_and_nothing_is_kept(
    officer: Browser, session: Session, over: dict[str, Any]
) -> None:
    answer = create(officer, **over)
    assert answer.status_code == 422
    assert "notice-stop" in answer.text
    assert session.scalars(select(Promotion)).all() == []


def test_a_code_in_use_is_refused(officer: Browser, session: Session) -> None:
    make_voucher(session)
    session.commit()
    answer = create(officer, way="code", code="NHAN2026")
    assert (answer.status_code, "NHAN2026" in answer.text) == (409, True)


def test_new_terms_begin_with_the_old_ones_in_the_form(
    officer: Browser, session: Session, sku: Sku
) -> None:
    made = make_voucher(session, reach=Goods(skus=frozenset({sku.id})), most=7)
    session.commit()
    page = officer.get(at(made, "/sua"))
    assert sku.code in page.text
    assert 'value="7"' in page.text
    answer = officer.post(at(made, "/sua"), ENTRY | {"percent": "20"})
    assert officer.follow(answer).status_code == 200
    assert (only(session).version, only(session).permille) == (2, 200)


def test_an_early_end_needs_a_reason(officer: Browser, session: Session) -> None:
    made = make_promotion(session)
    session.commit()
    assert officer.post(at(made, "/ket-thuc"), {"reason": " "}).status_code == 422
    page = officer.follow(officer.post(at(made, "/ket-thuc"), {"reason": "Hết ngân sách"}))
    assert "Hết ngân sách" in page.text
    assert officer.post(at(made, "/ket-thuc"), {"reason": "Nữa"}).status_code == 409
    assert officer.post(at(made, "/sua"), ENTRY).status_code == 409


def test_codes_are_made_and_taken_as_a_table(officer: Browser, session: Session) -> None:
    made = make_voucher(session)
    session.commit()
    for wrong in ({"count": "0"}, {"count": ""}, {"count": "x"}, {"count": "5", "prefix": "!"}):
        assert officer.post(at(made, "/ma"), wrong).status_code == 422
    officer.post(at(made, "/ma"), {"count": "25", "prefix": "tết"})
    lines = officer.get(at(made, "/ma.csv")).get_data(as_text=True).splitlines()
    codes = {line.partition(",")[0] for line in lines[1:]}
    assert len(codes) == 25
    assert all(code.startswith("TET") for code in codes)
    assert codes == set(session.scalars(select(Voucher.code).where(Voucher.most == 1)))


def test_an_automatic_promotion_makes_no_codes(officer: Browser, session: Session) -> None:
    made = make_promotion(session)
    session.commit()
    assert officer.post(at(made, "/ma"), {"count": "5"}).status_code == 409


def test_the_page_says_who_used_it_and_who_gave_what_away(
    officer: Browser, session: Session
) -> None:
    made = make_voucher(session)
    for number in (1, 2):
        deal = vouchers.quote(session, GOODS, "NHAN2026", LAN, NOW)
        vouchers.redeem(session, deal, f"order:PH-26-{number}", LAN, NOW)
    vouchers.give_back(session, "order:PH-26-2", NOW)
    session.commit()
    text = officer.get(at(made)).text
    assert "PH-26-1" in text
    assert "PH-26-2" in text
    assert text.count("10.000\u00a0₫") == 4  # in all, of the shop, and each use


def test_lists_are_by_stage_and_found_by_name_or_code(officer: Browser, session: Session) -> None:
    make_promotion(session, name_vi="Nhãn chín")
    make_promotion(session, name_vi="Nhãn muộn", starts_at=local_midnight(TODAY.replace(day=25)))
    day = local_midnight(TODAY)
    make_voucher(
        session, name_vi="Nhãn sớm", starts_at=local_midnight(TODAY.replace(day=1)), ends_at=day
    )
    terms.end(session, make_promotion(session, name_vi="Nhãn rụng"), "Nhầm", **BY_NOBODY)
    session.commit()
    names = ("Nhãn chín", "Nhãn muộn", "Nhãn sớm", "Nhãn rụng")

    def seen(**query: str) -> list[str]:
        text = officer.get(f"{ROOT}/", query_string=query).text
        return [name for name in names if name in text]

    assert seen() == seen(stage="running") == seen(stage="x") == ["Nhãn chín"]
    assert seen(stage="coming") == ["Nhãn muộn"]
    assert seen(stage="over") == ["Nhãn sớm", "Nhãn rụng"]
    assert seen(q="nhan2026") == seen(q="nhan som") == ["Nhãn sớm"]
    assert seen(q="khong co") == []


def test_a_basket_can_be_tried(officer: Browser, session: Session, sku: Sku) -> None:
    made = make_promotion(session, Kind.AMOUNT, amount=30_000, minimum=150_000)
    session.commit()
    text = officer.get(at(made), query_string={"basket": f"{sku.code} 2", "fee": "20.000"}).text
    assert "190.000" in text
    short = officer.get(at(made), query_string={"basket": sku.code, "fee": "x"}).text
    assert "50.000" in short
    assert "130.000" in short


@pytest.mark.parametrize(
    "text", ["KHONG-CO 1", "{code} 0", "{code} x", "{code} 1 2", "\n" + "a 1\n" * 21]
)
def test_a_basket_without_sense_is_told_so(
    officer: Browser, session: Session, sku: Sku, text: str
) -> None:
    made = make_promotion(session)
    session.commit()
    page = officer.get(at(made), query_string={"basket": text.format(code=sku.code)})
    assert (page.status_code, "notice-stop" in page.text) == (200, True)


def test_a_point_keeps_promotions_of_its_own_place_only(
    manager: Browser, session: Session, point: Place
) -> None:
    elsewhere = make_place(session)
    here = Goods(places=frozenset({point.id}))
    mine = make_promotion(session, name_vi="Của điểm", reach=here)
    others = [
        make_promotion(session, name_vi="Toàn bộ"),
        make_promotion(session, name_vi="Nơi khác", reach=Goods(places=frozenset({elsewhere.id}))),
        make_promotion(
            session, name_vi="Hai nơi", reach=Goods(places=frozenset({point.id, elsewhere.id}))
        ),
    ]
    session.commit()
    text = manager.get(f"{ROOT}/").text
    assert "Của điểm" in text
    assert not any(name in text for name in ("Toàn bộ", "Nơi khác", "Hai nơi"))
    assert manager.get(at(mine)).status_code == 200
    for other in others:
        for step in ("", "/sua", "/ma.csv"):
            assert manager.get(at(other, step)).status_code == 403
        for step in ("/sua", "/ket-thuc", "/ma"):
            assert manager.post(at(other, step), ENTRY | {"reason": "x"}).status_code == 403


def test_a_point_makes_promotions_for_its_own_place_at_its_own_cost(
    manager: Browser, session: Session, point: Place
) -> None:
    elsewhere, here = make_place(session), str(point.id)
    session.commit()
    assert create(manager).status_code == 422
    assert create(manager, places=[str(elsewhere.id)]).status_code == 422
    assert create(manager, places=[here], shop="50", producer="50").status_code == 422
    assert create(manager, places=[here], shop="", producer="100").status_code == 422
    assert create(manager, places=[here]).status_code == 303
    assert Goods.from_json(only(session).reach).places == {point.id}


def test_new_terms_keep_a_point_that_has_closed(
    officer: Browser, session: Session, point: Place
) -> None:
    made = make_promotion(session, reach=Goods(places=frozenset({point.id})))
    point.active = False
    session.commit()
    assert f'<option selected value="{point.id}">' in officer.get(at(made, "/sua")).text


BARE = '<!doctype html><html lang="vi"><head><title>Khuyến mại</title></head><body>{}</body></html>'


def main_of(text: str) -> str:
    return text[text.index("<main") : text.index("</main>") + len("</main>")]


def test_the_pages_are_html_without_fault(
    officer: Browser, session: Session, sku: Sku, tmp_path: Path
) -> None:
    made = make_voucher(session)
    vouchers.redeem(
        session, vouchers.quote(session, GOODS, "NHAN2026", LAN, NOW), "order:1", LAN, NOW
    )
    terms.revise(session, made, plan(), **BY_NOBODY)
    session.commit()
    folder = tmp_path / "pages"
    folder.mkdir()
    paths = ("/", "/?q=khongco", "/moi", f"/{made.id}?basket={sku.code}+2", f"/{made.id}/sua")
    pages = [officer.get(ROOT + path).text for path in paths]
    for number, text in enumerate([*pages, create(officer, name_vi="", shop="7").text]):
        (folder / f"{number}.html").write_text(BARE.format(main_of(text)), encoding="utf-8")
    wrong = faults(folder)
    assert wrong == [], "\n".join(wrong)


def test_an_unknown_promotion_is_not_found(officer: Browser) -> None:
    key = "00000000-0000-4000-8000-000000000000"
    assert officer.get(f"{ROOT}/{key}").status_code == 404
    assert officer.post(f"{ROOT}/{key}/ket-thuc", {"reason": "x"}).status_code == 404

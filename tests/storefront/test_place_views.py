"""The map, the communes, the producers' pages."""

import re
from datetime import date

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from app.areas.loading import load
from app.areas.lookup import find_unit
from app.areas.models import FIRST, SINCE_2025, AreaUnit
from app.core.db import Database, transaction
from builders import (
    BY_NOBODY,
    NOW,
    make_offered,
    make_place,
    make_producer,
    make_product,
    recognise,
    stock_up,
)
from catalog import products
from catalog.models import Producer
from catalog.recognition_models import Evidence, EvidenceKind
from support.browser import Browser
from support.chromium import barriers
from support.statements import counted

HOAN_LONG = "/xa/xa-hoan-long"


def unit(session: Session, name: str, district: str | None = None) -> AreaUnit:
    found = find_unit(session, FIRST if district else SINCE_2025, name, district)
    assert found is not None
    return found


def fill(session: Session) -> Producer:
    """Đông Tảo chicken with stars, its producer, and a sales point of the commune of today."""
    load(session)
    dong_tao = unit(session, "Đông Tảo", "Khoái Châu")
    maker = make_producer(
        session, name="HTX Gà Đông Tảo", area_id=dong_tao.id, phone="+84 912 345 678"
    )
    sku = make_offered(session, name_vi="Gà Đông Tảo", producer=maker)
    sku.product.area_id = dong_tao.id
    recognise(session, sku.product, 4)
    point = make_place(session, name="Điểm bán Hoàn Long", area_id=unit(session, "Xã Hoàn Long").id)
    stock_up(session, point, sku, 5)
    session.commit()
    return maker


@pytest.fixture
def maker(session: Session) -> Producer:
    return fill(session)


def words(visitor: Browser, path: str) -> str:
    page = visitor.get(path)
    assert page.status_code == 200
    return page.get_data(as_text=True)


def on_map(visitor: Browser, slug: str) -> str:
    """What the map says of a commune."""
    found = re.search(
        f'<a href="/xa/{slug}" aria-label="([^"]*)">', words(visitor, "/ban-do?lang=en")
    )
    assert found is not None
    return found[1]


@pytest.mark.usefixtures("maker")
def test_a_product_is_counted_where_its_commune_lies_today(visitor: Browser) -> None:
    assert on_map(visitor, "xa-hoan-long") == "Xã Hoàn Long: 1 product"
    assert on_map(visitor, "xa-viet-yen") == "Xã Việt Yên: no products"
    page = words(visitor, "/ban-do")
    assert page.count('class="map-1" d=') == 1
    assert page.count('href="/xa/') > 2 * 104


def test_a_product_without_a_commune_counts_where_its_producer_is(
    visitor: Browser, session: Session, maker: Producer
) -> None:
    make_offered(session, producer=maker)
    session.commit()
    assert on_map(visitor, "xa-hoan-long") == "Xã Hoàn Long: 2 products"


def test_what_is_not_offered_is_not_counted(
    visitor: Browser, session: Session, maker: Producer
) -> None:
    make_product(session, producer=maker)
    gone = make_offered(session, producer=maker).product
    products.withdraw(session, gone, reason="Hết mùa", **BY_NOBODY)
    session.commit()
    assert on_map(visitor, "xa-hoan-long") == "Xã Hoàn Long: 1 product"


@pytest.mark.usefixtures("maker")
def test_products_of_unknown_communes_are_told_of(visitor: Browser, session: Session) -> None:
    assert "more product" not in words(visitor, "/ban-do?lang=en")
    make_offered(session, producer=make_producer(session))
    session.commit()
    assert "1 more product is in the shop" in words(visitor, "/ban-do?lang=en")


@pytest.mark.usefixtures("maker")
def test_a_sales_point_is_marked_in_its_commune(visitor: Browser) -> None:
    assert 'aria-label="Sales point: Điểm bán Hoàn Long"' in words(visitor, "/ban-do?lang=en")


def test_points_of_one_commune_stand_side_by_side(
    visitor: Browser, session: Session, maker: Producer
) -> None:
    make_place(session, area_id=maker.area_id)
    session.commit()
    pins = re.findall(
        r'map-pin" d="[^"]*" transform="translate\(([^)]+)\)', words(visitor, "/ban-do")
    )
    assert len(pins) == len(set(pins)) == 3  # the third is the one of the legend


def test_the_map_stands_before_anything_is_offered(visitor: Browser) -> None:
    page = words(visitor, "/ban-do?lang=en")
    assert "Nothing is offered yet" in page
    assert page.count('class="map-0"') == 104 + 1


@pytest.mark.usefixtures("maker")
def test_a_commune_tells_its_history_products_producers_and_points(visitor: Browser) -> None:
    page = words(visitor, HOAN_LONG)
    assert "Xã Đông Tảo" in page
    assert "(Huyện Khoái Châu)" in page
    assert "1666/NQ-UBTVQH15" in page
    assert "01/07/2025" in page
    for found in ("Gà Đông Tảo", "HTX Gà Đông Tảo", "Điểm bán Hoàn Long"):
        assert found in page
    assert 'href="/xa/xa-viet-yen"' in page


@pytest.mark.usefixtures("maker")
def test_a_commune_without_products_says_so_and_stays_out_of_search(visitor: Browser) -> None:
    page = words(visitor, "/xa/xa-viet-yen?lang=en")
    assert "No products from here yet" in page
    assert '<meta name="robots" content="noindex">' in page
    assert '<meta name="robots"' not in words(visitor, HOAN_LONG)


@pytest.mark.usefixtures("maker")
@pytest.mark.parametrize("slug", ["xa-khong-co", "hoan-long", "XA-HOAN-LONG", "%00"])
def test_an_unknown_commune_is_not_found(visitor: Browser, slug: str) -> None:
    assert visitor.get(f"/xa/{slug}").status_code == 404


def test_a_commune_that_is_drawn_but_not_in_the_register_is_not_found(visitor: Browser) -> None:
    assert visitor.get(HOAN_LONG).status_code == 404


def test_a_producer_page_leads_to_the_commune_of_today_and_to_a_chat(
    visitor: Browser, maker: Producer
) -> None:
    page = words(visitor, f"/nha-san-xuat/{maker.slug}")
    assert '<a href="/xa/xa-hoan-long">xã Hoàn Long</a>' in page
    assert 'href="https://zalo.me/84912345678"' in page
    assert 'href="tel:+84 912 345 678"' in page


def test_a_producer_without_a_number_has_no_chat(visitor: Browser, session: Session) -> None:
    silent = make_producer(session)
    session.commit()
    assert "zalo.me" not in words(visitor, f"/nha-san-xuat/{silent.slug}")


def test_a_producer_page_shows_the_producers_papers(
    visitor: Browser, session: Session, maker: Producer
) -> None:
    values = {"number": "VG-77", "issuer": "Trung tâm", "valid_until": date(2027, 1, 31)}
    paper = Evidence(producer_id=maker.id, kind=EvidenceKind.VIETGAP, created_at=NOW, **values)
    session.add(paper)
    session.commit()
    page = words(visitor, f"/nha-san-xuat/{maker.slug}")
    assert "VG-77" in page
    assert "31/01/2027" in page


@pytest.mark.usefixtures("maker")
@pytest.mark.parametrize("path", ["/ban-do", HOAN_LONG])
def test_a_page_of_places_asks_the_database_little(
    visitor: Browser, database: Database, path: str
) -> None:
    with counted(database) as seen:
        assert visitor.get(path).status_code == 200
    assert len(seen) <= 6


def test_the_product_page_offers_to_share_its_one_address(
    visitor: Browser, session: Session
) -> None:
    slug = make_offered(session).product.slug
    session.commit()
    page = words(visitor, f"/san-pham/{slug}?lang=en")
    address = f"http%3A%2F%2Flocalhost%2Fsan-pham%2F{slug}"
    assert f'href="https://zalo.me/share?url={address}"' in page
    assert f'href="https://www.facebook.com/sharer/sharer.php?u={address}"' in page


@pytest.mark.browser
@pytest.mark.parametrize("path", ["/ban-do", HOAN_LONG])
def test_the_pages_of_places_keep_nobody_out(phone: Page, path: str) -> None:
    with transaction() as session:
        fill(session)
    phone.goto(path)
    expect(phone.locator("h1")).to_have_count(1)
    assert barriers(phone) == []
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.browser
def test_the_map_is_walked_by_keyboard_and_can_be_skipped(page: Page) -> None:
    with transaction() as session:
        fill(session)
    page.goto("/ban-do")
    skip = page.locator("a[href='#communes']")
    skip.focus()
    page.keyboard.press("Tab")
    first = page.locator("svg.map a").first
    expect(first).to_be_focused()
    skip.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#communes")).to_be_focused()
    page.locator("svg.map a[href='/xa/xa-hoan-long']").focus()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Xã Hoàn Long")

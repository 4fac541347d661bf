"""Lists for programs: well-formed, complete, and every address in them answers."""

from datetime import timedelta
from email.utils import parsedate_to_datetime
from io import BytesIO
from urllib.parse import urlsplit
from xml.etree import ElementTree
from xml.etree.ElementTree import Element
from zipfile import ZipFile

import pytest
from sqlalchemy.orm import Session

from app.accounts.access import producer_scope
from app.accounts.models import Role
from app.areas.loading import load
from app.areas.lookup import find_unit
from app.core.db import Database
from app.storefront import channels, feeds
from builders import (
    BY_NOBODY,
    TODAY,
    make_depot,
    make_offered,
    make_place,
    make_producer,
    make_product,
    make_sku,
    make_user,
    stock_up,
)
from catalog import products
from catalog.models import Sku, Unit
from support.browser import Browser
from support.statements import counted

MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
G = "{http://base.google.com/ns/1.0}"
SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
GOOGLE, NEWEST = "/feeds/google.xml", "/san-pham.rss"


@pytest.fixture
def sku(session: Session) -> Sku:
    load(session)
    area = find_unit(session, "2025-07", "Xã Hoàn Long", None)
    assert area is not None
    maker = make_producer(session, name="HTX Hoa & Quả", area_id=area.id)
    made = make_offered(session, 100_000, name_vi="Trà <sen> & nhài", producer=maker)
    stock_up(session, make_depot(session), made, 9)
    session.commit()
    return made


def xml(visitor: Browser, path: str) -> Element:
    answer = visitor.get(path)
    assert answer.status_code == 200
    assert answer.mimetype.endswith("xml")
    assert answer.data.startswith(b'<?xml version="1.0" encoding="UTF-8"?>')
    return ElementTree.fromstring(answer.data)


def addresses(root: Element) -> list[str]:
    found = [str(loc.text) for loc in root.iter(f"{MAP}loc")]
    assert all(address.startswith("http://localhost/") for address in found)
    return found


def path_of(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def items(visitor: Browser) -> dict[str, dict[str, str]]:
    """The offers of the feed by article: field → text, the prefix of Google's names left out."""
    found = {}
    for item in xml(visitor, GOOGLE).iter("item"):
        fields = {field.tag.removeprefix(G): str(field.text or "") for field in item}
        found[fields["id"]] = fields
    return found


def test_every_address_of_every_sitemap_answers(visitor: Browser, sku: Sku) -> None:
    named = []
    for part in addresses(xml(visitor, "/sitemap.xml")):
        named += addresses(xml(visitor, path_of(part)))
    assert len(named) == len(set(named))
    paths = {path_of(address) for address in named}
    expected = {f"/san-pham/{sku.product.slug}", "/xa/xa-hoan-long", "/ban-do", "/", "/diem-ban"}
    assert sku.product.producer is not None
    assert expected | {f"/nha-san-xuat/{sku.product.producer.slug}"} <= paths
    assert {visitor.get(path).status_code for path in paths} == {200}


def test_what_is_not_offered_stands_in_no_sitemap(
    visitor: Browser, session: Session, sku: Sku
) -> None:
    draft = make_product(session)
    products.withdraw(session, sku.product, reason="Hết mùa", **BY_NOBODY)
    session.commit()
    for part in ("san-pham", "nha-san-xuat", "xa"):
        assert addresses(xml(visitor, f"/sitemap-{part}.xml")) == []
    assert draft.slug not in visitor.get(NEWEST).get_data(as_text=True)


@pytest.mark.usefixtures("sku")
def test_the_last_change_of_a_product_is_named(visitor: Browser) -> None:
    changed = xml(visitor, "/sitemap-san-pham.xml").find(f"{MAP}url/{MAP}lastmod")
    assert changed is not None
    assert changed.text == "2026-11-24T03:00:00Z"


def test_a_long_list_is_cut_into_files(
    visitor: Browser, session: Session, sku: Sku, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = make_offered(session).product
    session.commit()
    monkeypatch.setattr(feeds, "PER_SITEMAP", 1)
    parts = [path_of(a) for a in addresses(xml(visitor, "/sitemap.xml"))]
    assert "/sitemap-san-pham.xml" in parts
    assert "/sitemap-san-pham.xml?page=2" in parts
    assert "/sitemap-san-pham.xml?page=3" not in parts
    both = [addresses(xml(visitor, f"/sitemap-san-pham.xml?page={n}")) for n in (1, 2)]
    slugs = sorted([sku.product.slug, other.slug])
    assert both == [[f"http://localhost/san-pham/{slug}"] for slug in slugs]
    assert addresses(xml(visitor, "/sitemap-san-pham.xml?page=3")) == []


def test_robots_are_told_of_the_sitemap(visitor: Browser) -> None:
    lines = visitor.get("/robots.txt").get_data(as_text=True).splitlines()
    assert "Sitemap: http://localhost/sitemap.xml" in lines


def test_new_products_come_newest_first(visitor: Browser, session: Session, sku: Sku) -> None:
    newer = make_offered(session, name_vi="Hạt sen\x0b").product
    newer.created_at += timedelta(hours=1)
    session.commit()
    channel = xml(visitor, NEWEST).find("channel")
    assert channel is not None
    assert channel.findtext("language") == "vi"
    found = channel.findall("item")
    assert [item.findtext("title") for item in found] == ["Hạt sen ", "Trà <sen> & nhài"]
    assert found[1].findtext("link") == f"http://localhost/san-pham/{sku.product.slug}"
    when = parsedate_to_datetime(str(found[0].findtext("pubDate")))
    assert when == newer.created_at


def test_an_offer_says_what_the_page_says(visitor: Browser, sku: Sku) -> None:
    offer = items(visitor)[sku.code]
    assert offer["title"] == "Trà <sen> & nhài – Hộp 500 g"
    assert offer["link"] == f"http://localhost/san-pham/{sku.product.slug}"
    assert offer["price"] == "100000 VND"
    assert offer["availability"] == "in_stock"
    assert offer["condition"] == "new"
    assert offer["brand"] == "HTX Hoa & Quả"
    assert (offer["unit_pricing_measure"], offer["unit_pricing_base_measure"]) == ("500 g", "1 kg")
    shipping = xml(visitor, GOOGLE).find(f"channel/item/{G}shipping/{G}price")
    assert shipping is not None
    assert shipping.text == "45000 VND"


def test_a_code_for_demonstrations_is_left_out(
    visitor: Browser, session: Session, sku: Sku
) -> None:
    assert items(visitor)[sku.code]["identifier_exists"] == "no"
    sku.gtin = "8931234567894"
    session.commit()
    assert items(visitor)[sku.code]["gtin"] == "8931234567894"


def test_only_offered_articles_with_a_price_are_fed(
    visitor: Browser, session: Session, sku: Sku
) -> None:
    make_product(session)
    make_sku(session, product=sku.product, price=None)
    make_sku(session, product=sku.product).active = False
    session.commit()
    assert list(items(visitor)) == [sku.code]


def test_goods_that_only_a_point_has_are_out_of_stock_for_parcels(
    visitor: Browser, session: Session
) -> None:
    at_point = make_offered(session)
    stock_up(session, make_place(session), at_point, 5)
    session.commit()
    assert items(visitor)[at_point.code]["availability"] == "out_of_stock"


def test_pieces_have_no_unit_price(visitor: Browser, session: Session, sku: Sku) -> None:
    values = {"net_content": 10, "net_unit": Unit.PIECE}
    ten = make_sku(session, product=sku.product, **values)
    litre = make_sku(session, product=sku.product, net_content=330, net_unit=Unit.MILLILITRE)
    session.commit()
    found = items(visitor)
    assert "unit_pricing_measure" not in found[ten.code]
    assert found[litre.code]["unit_pricing_base_measure"] == "1 l"


def test_many_articles_are_read_in_batches(
    session: Session, database: Database, sku: Sku, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _n in range(4):
        make_sku(session, product=sku.product)
    session.flush()
    monkeypatch.setattr(feeds, "BATCH", 2)
    with counted(database) as seen:
        assert len(list(feeds.channel_rows(session, TODAY))) == 5
    assert len(seen) == 1 + 3 * 3


def table(file: bytes) -> list[list[str]]:
    """The rows of the first sheet of an XLSX file; empty cells are left out."""
    with ZipFile(BytesIO(file)) as book:
        texts = [
            "".join(si.itertext())
            for si in ElementTree.fromstring(book.read("xl/sharedStrings.xml"))
        ]
        sheet = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))
    assert list(sheet.iter(f"{SHEET}f")) == []
    return [
        [
            texts[int(str(value))] if cell.get("t") == "s" else str(value)
            for cell in row
            if (value := cell.findtext(f"{SHEET}v")) is not None
        ]
        for row in sheet.iter(f"{SHEET}row")
    ]


@pytest.mark.parametrize("channel", channels.CHANNELS)
def test_a_sheet_has_the_columns_of_its_platform(
    visitor: Browser, session: Session, sku: Sku, channel: channels.Channel
) -> None:
    visitor.sign_in(make_user(session, Role.OFFICER))
    answer = visitor.get(f"/quan-ly/kenh-ban/{channel.slug}.xlsx")
    assert answer.status_code == 200
    assert f'filename="{channel.slug}.xlsx"' in answer.headers["Content-Disposition"]
    rows = table(answer.data)
    heads = [list(line) for line in zip(*(c.heads for c in channel.columns), strict=True)]
    assert rows[: channel.head_rows] == heads
    assert len(rows) == channel.head_rows + 1
    assert {"Trà <sen> & nhài", "100000", "9", sku.code} <= set(rows[-1])


def test_a_name_that_looks_like_a_formula_stays_a_name(session: Session, sku: Sku) -> None:
    sku.product.name_vi = '=HYPERLINK("http://evil.example")'
    session.flush()
    rows = [(row, "http://localhost/x") for row in feeds.channel_rows(session, TODAY)]
    assert sku.product.name_vi in table(channels.workbook(channels.POSTMART, rows))[-1]


def test_a_producer_takes_only_its_own_goods_elsewhere(
    visitor: Browser, session: Session, sku: Sku
) -> None:
    mine = make_offered(session, name_vi="Của tôi")
    assert mine.product.producer_id is not None
    scope = producer_scope(mine.product.producer_id)
    visitor.sign_in(make_user(session, Role.PRODUCER, scope))
    rows = table(visitor.get("/quan-ly/kenh-ban/postmart.xlsx").data)
    assert len(rows) == 2
    assert "Của tôi" in rows[-1]
    assert sku.code not in rows[-1]


def test_the_page_of_channels_names_sheets_and_feeds(visitor: Browser, session: Session) -> None:
    visitor.sign_in(make_user(session, Role.OFFICER))
    page = visitor.get("/quan-ly/kenh-ban/").get_data(as_text=True)
    for address in ("shopee.xlsx", "postmart.xlsx", f"http://localhost{GOOGLE}", NEWEST):
        assert address in page


def test_an_unknown_platform_is_not_found(visitor: Browser, session: Session) -> None:
    visitor.sign_in(make_user(session, Role.OFFICER))
    assert visitor.get("/quan-ly/kenh-ban/amazon.xlsx").status_code == 404


def test_channels_are_for_those_who_may_see_the_catalogue(
    visitor: Browser, session: Session
) -> None:
    assert visitor.get("/quan-ly/kenh-ban/shopee.xlsx").status_code == 302
    visitor.sign_in(make_user(session, Role.CUSTOMER))
    assert visitor.get("/quan-ly/kenh-ban/shopee.xlsx").status_code == 403

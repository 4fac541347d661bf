"""Structured data: strictly of the shape that schema.org gives these types, and nothing invented."""

import json
import re
from collections.abc import Callable
from datetime import date
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page
from sqlalchemy.orm import Session

from app.areas.loading import load
from app.core.db import transaction
from app.storefront import structured
from app.storefront.delivery import Rates
from app.storefront.structured import opening_hours
from builders import (
    make_depot,
    make_offered,
    make_place,
    make_producer,
    make_sku,
    recognise,
    stock_up,
)
from catalog import recognitions
from catalog.models import Sku
from catalog.recognitions import RecognitionState, RecognitionView
from support.browser import Browser

Check = Callable[[Any], bool]
RATES = Rates(fee=30_000, free_from=500_000)


def text(value: Any) -> bool:
    return isinstance(value, str) and value.strip() == value != ""


def whole(value: Any) -> bool:
    return type(value) is int and value >= 0


def address(value: Any) -> bool:
    return text(value) and urlsplit(value).scheme in {"http", "https"} and " " not in value


def day(value: Any) -> bool:
    return text(value) and date.fromisoformat(value).isoformat() == value


def one_of(*words: str) -> Check:
    return lambda value: value in words


def fits(*kinds: str) -> Check:
    return lambda value: value["@type"] in kinds and faults(value) == []


def each(check: Check) -> Check:
    return lambda value: isinstance(value, list) and bool(value) and all(map(check, value))


# Type → property → what its value must be; a property marked with "!" must be there.
SHAPES: dict[str, dict[str, Check]] = {
    "Product": {
        "@id!": address,
        "url!": address,
        "name!": text,
        "description": text,
        "image!": address,
        "category!": text,
        "sku": text,
        "gtin13": lambda v: re.fullmatch(r"\d{13}", v) is not None,
        "brand": fits("Brand"),
        "manufacturer": fits("Organization"),
        "hasCertification": fits("Certification"),
        "additionalProperty": each(fits("PropertyValue")),
        "offers": fits("Offer", "AggregateOffer"),
    },
    "PropertyValue": {"name!": text, "value!": text, "unitText": text},
    "Brand": {"name!": text},
    "Offer": {
        "url!": address,
        "sku!": text,
        "gtin13": lambda v: re.fullmatch(r"\d{13}", v) is not None,
        "price!": whole,
        "priceCurrency!": one_of("VND"),
        "availability!": one_of(
            *(f"https://schema.org/{x}" for x in ("InStock", "OutOfStock", "InStoreOnly"))
        ),
        "itemCondition!": one_of("https://schema.org/NewCondition"),
        "areaServed!": one_of("VN"),
        "shippingDetails": fits("OfferShippingDetails"),
    },
    "AggregateOffer": {
        "lowPrice!": whole,
        "highPrice!": whole,
        "priceCurrency!": one_of("VND"),
        "offerCount!": whole,
        "offers!": each(fits("Offer")),
    },
    "OfferShippingDetails": {
        "shippingRate!": fits("MonetaryAmount"),
        "shippingDestination!": fits("DefinedRegion"),
        "deliveryTime!": fits("ShippingDeliveryTime"),
    },
    "ShippingDeliveryTime": {"transitTime!": fits("QuantitativeValue")},
    "QuantitativeValue": {"minValue!": whole, "maxValue!": whole, "unitCode!": one_of("DAY")},
    "MonetaryAmount": {"value!": whole, "currency!": one_of("VND")},
    "DefinedRegion": {"addressCountry!": one_of("VN")},
    "Certification": {
        "name!": text,
        "certificationIdentification!": text,
        "certificationStatus!": one_of("https://schema.org/CertificationActive"),
        "certificationRating!": fits("Rating"),
        "issuedBy!": fits("Organization"),
        "datePublished!": day,
        "validFrom!": day,
        "expires!": day,
    },
    "Rating": {
        "ratingValue!": one_of(1, 2, 3, 4, 5),  # type: ignore[arg-type]
        "bestRating!": one_of(5),  # type: ignore[arg-type]
        "worstRating!": one_of(1),  # type: ignore[arg-type]
    },
    "Organization": {
        "@id": address,
        "name!": text,
        "url": address,
        "logo": address,
        "telephone": text,
        "address": fits("PostalAddress"),
    },
    "PostalAddress": {
        "streetAddress": text,
        "addressLocality": text,
        "addressRegion": text,
        "addressCountry!": one_of("VN"),
    },
    "Store": {
        "@id!": address,
        "name!": text,
        "url!": address,
        "address!": fits("PostalAddress"),
        "telephone": text,
        "openingHours": lambda v: re.fullmatch(r"[A-Z][\w,-]+ \d\d:\d\d-\d\d:\d\d", v) is not None,
    },
    "ItemList": {"itemListElement!": each(lambda v: v["url"].startswith("http://localhost/"))},
    "BreadcrumbList": {"itemListElement!": each(fits("ListItem"))},
    "ListItem": {"position!": whole, "name!": text, "item!": address},
    "WebSite": {
        "@id!": address,
        "name!": text,
        "url!": address,
        "inLanguage!": one_of("vi", "en"),
        "potentialAction!": fits("SearchAction"),
    },
    "SearchAction": {
        "target!": fits("EntryPoint"),
        "query-input!": one_of("required name=search_term_string"),
    },
    "EntryPoint": {"urlTemplate!": lambda v: v.endswith("?q={search_term_string}")},
}


def faults(node: dict[str, Any]) -> list[str]:
    """What is wrong with a node, by property."""
    kind = node["@type"]
    shape = SHAPES[kind]
    checks = {name.rstrip("!"): check for name, check in shape.items()}
    missing = [name[:-1] for name in shape if name.endswith("!") and name[:-1] not in node]
    wrong = [
        name
        for name, value in node.items()
        if name != "@type" and (name not in checks or not checks[name](value))
    ]
    return [f"{kind}.{name}" for name in missing + wrong]


def data(visitor: Browser, path: str) -> dict[str, dict[str, Any]]:
    """The nodes of a page by type; the page may hold one block of them."""
    page = visitor.get(path)
    assert page.status_code == 200
    blocks = re.findall(
        r'<script type="application/ld\+json">(.*?)</script>', page.get_data(as_text=True)
    )
    assert len(blocks) == 1
    graph = json.loads(blocks[0])
    assert graph.keys() == {"@context", "@graph"}
    assert graph["@context"] == "https://schema.org"
    assert [fault for node in graph["@graph"] for fault in faults(node)] == []
    return {node["@type"]: node for node in graph["@graph"]}


@pytest.fixture
def sku(session: Session) -> Sku:
    maker = make_producer(session, name="HTX Hồng Nam", phone="0912345678")
    made = make_offered(session, 100_000, name_vi="Long nhãn", producer=maker)
    recognise(session, made.product, 4, number="88/QĐ-UBND")
    stock_up(session, make_depot(session), made, 9)
    session.commit()
    return made


def test_the_shape_test_finds_faults() -> None:
    assert faults({"@type": "Brand"}) == ["Brand.name"]
    assert faults({"@type": "Brand", "name": "A", "colour": "red"}) == ["Brand.colour"]
    assert faults({"@type": "MonetaryAmount", "value": "1", "currency": "VND"}) == [
        "MonetaryAmount.value"
    ]


def test_the_front_page_offers_the_search(visitor: Browser) -> None:
    found = data(visitor, "/")
    target = found["WebSite"]["potentialAction"]["target"]
    assert target["urlTemplate"] == "http://localhost/san-pham?q={search_term_string}"
    assert "Organization" in found


def test_a_product_says_what_its_page_says(visitor: Browser, sku: Sku) -> None:
    found = data(visitor, f"/san-pham/{sku.product.slug}")
    product, offer = found["Product"], found["Product"]["offers"]
    assert product["name"] == "Long nhãn"
    assert product["manufacturer"]["name"] == "HTX Hồng Nam"
    assert offer["price"] == 100_000
    assert offer["availability"] == "https://schema.org/InStock"
    assert offer["shippingDetails"]["shippingRate"]["value"] == 45_000
    assert product["hasCertification"]["name"] == "OCOP 4 sao"
    assert product["hasCertification"]["certificationIdentification"] == "88/QĐ-UBND"
    assert product["hasCertification"]["expires"] == "2028-05-12"
    steps = found["BreadcrumbList"]["itemListElement"]
    assert [step["position"] for step in steps] == [1, 2, 3]


def test_fresh_goods_are_not_said_to_be_longer_on_the_way_than_they_bear(
    visitor: Browser, session: Session, sku: Sku
) -> None:
    def days() -> tuple[int, int]:
        found = data(visitor, f"/san-pham/{sku.product.slug}")["Product"]["offers"]
        way = found["shippingDetails"]["deliveryTime"]["transitTime"]
        return way["minValue"], way["maxValue"]

    least, most = days()
    assert least < most
    sku.product.max_transit_days = least
    session.commit()
    assert days() == (least, least)


def test_a_listing_names_what_it_shows(visitor: Browser, sku: Sku) -> None:
    (item,) = data(visitor, "/san-pham")["ItemList"]["itemListElement"]
    assert item["url"] == f"http://localhost/san-pham/{sku.product.slug}"
    assert (item["name"], item["position"]) == ("Long nhãn", 1)
    assert "application/ld+json" not in visitor.get("/san-pham?q=nhan").text


def test_a_code_for_demonstrations_is_not_passed_off_as_a_gtin(session: Session, sku: Sku) -> None:
    assert str(sku.gtin).startswith("952")
    assert structured.real_gtin(sku) is None
    sku.gtin = "8931234567894"
    assert structured.real_gtin(sku) == "8931234567894"


def test_stars_that_are_not_in_force_are_no_certification(
    visitor: Browser, session: Session, sku: Sku
) -> None:
    view = recognitions.view(session, sku.product_id, date(2026, 11, 24))
    for state in set(RecognitionState) - {RecognitionState.IN_FORCE}:
        assert structured.certification(RecognitionView(state, stars=view.stars)) is None
    later = recognitions.view(session, sku.product_id, date(2028, 5, 13))
    assert structured.certification(later) is None


def test_two_packs_make_one_aggregate_offer(visitor: Browser, session: Session, sku: Sku) -> None:
    make_sku(session, product=sku.product, price=600_000)
    session.commit()
    offers = data(visitor, f"/san-pham/{sku.product.slug}")["Product"]["offers"]
    assert (offers["lowPrice"], offers["highPrice"], offers["offerCount"]) == (100_000, 600_000, 2)
    assert offers["offers"][1]["availability"] == "https://schema.org/OutOfStock"
    assert "shippingDetails" not in offers["offers"][1]


def test_what_only_a_point_has_is_not_sent(visitor: Browser, session: Session) -> None:
    sku = make_offered(session)
    stock_up(session, make_place(session), sku, 5)
    session.commit()
    offer = data(visitor, f"/san-pham/{sku.product.slug}")["Product"]["offers"]
    assert offer["availability"] == "https://schema.org/InStoreOnly"
    assert "shippingDetails" not in offer


def test_a_producer_and_the_points_have_their_addresses(visitor: Browser, session: Session) -> None:
    load(session)
    maker = make_producer(session, phone="0912345678")
    make_place(session, address="12 Phố Hiến", opening_hours="7:30–20:00 hằng ngày")
    session.commit()
    assert data(visitor, f"/nha-san-xuat/{maker.slug}")["Organization"]["telephone"] == "0912345678"
    store = data(visitor, "/diem-ban")["Store"]
    assert store["address"]["streetAddress"] == "12 Phố Hiến"
    assert store["openingHours"] == "Mo-Su 07:30-20:00"
    assert "BreadcrumbList" in data(visitor, "/ban-do")
    assert "BreadcrumbList" in data(visitor, "/xa/xa-hoan-long")


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("7:30–20:00 hằng ngày", "Mo-Su 07:30-20:00"),
        ("8:00-18:00, nghỉ thứ Hai", "Tu,We,Th,Fr,Sa,Su 08:00-18:00"),
        ("08:00–18:00, nghỉ Chủ nhật", "Mo,Tu,We,Th,Fr,Sa 08:00-18:00"),
        ("sáng và chiều", None),
        ("8:00–18:00", None),
        ("8:00–18:00, nghỉ lễ", None),
        (None, None),
    ],
)
def test_hours_are_translated_only_when_they_are_certain(
    said: str | None, meant: str | None
) -> None:
    assert opening_hours(said) == meant


def test_a_name_cannot_leave_its_block(visitor: Browser, session: Session) -> None:
    name = 'A</script><script>alert("x")</script>'
    sku = make_offered(session, name_vi=name, texts={"name_en": name})
    session.commit()
    assert data(visitor, f"/san-pham/{sku.product.slug}")["Product"]["name"] == name


HEAD = re.compile(
    r'<(?:link|meta) (?:rel|property|name)="([^"]+)"(?: hreflang="([^"]+)")? (?:href|content)="([^"]*)"'
)


def head(visitor: Browser, path: str) -> dict[str, str]:
    """Links and metadata of a page; versions by their language."""
    page = visitor.get(path).get_data(as_text=True)
    return {f"{name}{lang}": value for name, lang, value in HEAD.findall(page)}


def test_a_page_has_one_address_for_each_language(visitor: Browser, sku: Sku) -> None:
    plain = f"http://localhost/san-pham/{sku.product.slug}"
    vietnamese, english = head(visitor, urlsplit(plain).path), head(visitor, f"{plain}?lang=en&x=1")
    for found in (vietnamese, english):
        assert found["alternatevi"] == found["alternatex-default"] == plain
        assert found["alternateen"] == f"{plain}?lang=en"
    assert vietnamese["canonical"] == vietnamese["og:url"] == plain
    assert english["canonical"] == f"{plain}?lang=en"
    assert (vietnamese["og:locale"], english["og:locale"]) == ("vi_VN", "en_US")


def test_a_shared_link_shows_title_text_and_picture(visitor: Browser, sku: Sku) -> None:
    found = head(visitor, f"/san-pham/{sku.product.slug}")
    assert found["og:type"] == "product"
    assert found["og:title"] == "Long nhãn"
    assert found["og:description"] == found["description"] == "Sấy từ nhãn lồng."
    assert found["og:image"].startswith("http://localhost/static/")
    assert found["twitter:card"] == "summary_large_image"


@pytest.mark.usefixtures("sku")
@pytest.mark.parametrize(
    ("path", "canonical"),
    [
        ("/san-pham?page=1", "/san-pham"),
        ("/san-pham?category=trai-cay&stars=4", "/san-pham?category=trai-cay"),
        ("/san-pham?sort=cheap&in_stock=1", "/san-pham"),
    ],
)
def test_a_narrowed_listing_points_to_the_whole_shelf(
    visitor: Browser, path: str, canonical: str
) -> None:
    assert head(visitor, path)["canonical"] == f"http://localhost{canonical}"


@pytest.mark.usefixtures("sku")
@pytest.mark.parametrize(
    "path", ["/san-pham?q=nhan", "/san-pham?category=nothing", "/gio-hang", "/don-hang"]
)
def test_what_is_of_no_use_to_others_stays_out_of_search(visitor: Browser, path: str) -> None:
    found = head(visitor, path)
    assert found["robots"] == "noindex"
    assert "canonical" not in found


def test_no_page_has_two_descriptions(visitor: Browser, sku: Sku) -> None:
    for path in ("/", "/san-pham", "/ban-do", "/diem-ban", f"/san-pham/{sku.product.slug}"):
        assert visitor.get(path).get_data(as_text=True).count('<meta name="description"') == 1


@pytest.mark.browser
def test_the_content_policy_lets_the_data_stand(page: Page) -> None:
    with transaction() as session:
        slug = make_offered(session).product.slug
    page.goto(f"/san-pham/{slug}")
    block = page.locator('script[type="application/ld+json"]').text_content()
    assert json.loads(str(block))["@graph"][0]["@type"] == "Product"

"""What a page says to machines, in the words of schema.org. Pure: values in, dictionaries out.

Nothing is said here that the page does not say to people: certifications only while in force, no
policy on returns as long as the shop has none, no GTIN that is only a demonstration.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from app.areas.models import AreaUnit
from app.storefront import ratings
from app.storefront.delivery import Rates, fee
from app.storefront.product_page import Offer, ProductPage
from catalog.labels import Shown
from catalog.models import Producer, Sku
from catalog.recognitions import RecognitionState, RecognitionView
from pos.stock.models import Place
from traceability.gs1 import DEMO_PREFIX

Node = dict[str, Any]

SCHEMA = "https://schema.org"
COUNTRY = "VN"
REGION = "Hưng Yên"
MOST_STARS = 5
DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_DAY_NAMES = ("thứ hai", "thứ ba", "thứ tư", "thứ năm", "thứ sáu", "thứ bảy", "chủ nhật")
_HOURS = re.compile(r"(\d{1,2}):(\d{2})\s*[–-]\s*(\d{1,2}):(\d{2}),?\s*(.*)")


@dataclass(frozen=True)
class Texts:
    """What a page says of a product in its language; `image` is the address of its picture."""

    name: str
    description: str | None
    category: str
    image: str


def graph(*nodes: Node) -> Node:
    """All that one page says."""
    return {"@context": SCHEMA, "@graph": list(nodes)}


def _known(node: Mapping[str, Any]) -> Node:
    return {key: value for key, value in node.items() if value not in (None, "", [])}


def real_gtin(sku: Sku) -> str | None:
    """The GTIN in 13 digits, unless it is missing or of the range kept for demonstrations."""
    return sku.gtin if sku.gtin and not sku.gtin.startswith(DEMO_PREFIX) else None


def address(street: str | None, areas_now: Sequence[AreaUnit] = ()) -> Node | None:
    """A postal address of today; None when nothing of it is known."""
    if not street and not areas_now:
        return None
    return _known(
        {
            "@type": "PostalAddress",
            "streetAddress": street,
            "addressLocality": areas_now[0].full_name if len(areas_now) == 1 else None,
            "addressRegion": REGION if areas_now else None,
            "addressCountry": COUNTRY,
        }
    )


def organization(producer: Producer, url: str, areas_now: Sequence[AreaUnit]) -> Node:
    """A producer."""
    street = producer.address or producer.area_text
    return _known(
        {
            "@type": "Organization",
            "@id": f"{url}#producer",
            "name": producer.name,
            "url": url,
            "telephone": producer.phone,
            "address": address(street, areas_now),
        }
    )


def certification(view: RecognitionView) -> Node | None:
    """The OCOP stars with their decision, only while they are in force."""
    if view.state is not RecognitionState.IN_FORCE:
        return None
    issuer = {"@type": "Organization", "name": view.issuer} if view.issuer else None
    rating = {"@type": "Rating", "ratingValue": view.stars, "bestRating": MOST_STARS}
    rating |= {"worstRating": 1}
    return _known(
        {
            "@type": "Certification",
            "name": f"OCOP {view.stars} sao",
            "certificationIdentification": view.decision_no,
            "certificationStatus": f"{SCHEMA}/CertificationActive",
            "certificationRating": rating,
            "issuedBy": issuer,
            "datePublished": _iso(view.issued_on),
            "validFrom": _iso(view.valid_from),
            "expires": _iso(view.valid_until),
        }
    )


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def product(page: ProductPage, texts: Texts, url: str, maker: Node | None, rates: Rates) -> Node:
    """A product with what it costs and where it can be had."""
    priced = [(offer, offer.price.amount) for offer in page.offers if offer.price]
    only = page.offers[0].sku if len(page.offers) == 1 else None
    return _known(
        {
            "@type": "Product",
            "@id": f"{url}#product",
            "url": url,
            "name": texts.name,
            "description": texts.description,
            "image": texts.image,
            "category": texts.category,
            "sku": only.code if only else None,
            "gtin13": real_gtin(only) if only else None,
            "brand": {"@type": "Brand", "name": maker["name"]} if maker else None,
            "manufacturer": maker,
            "hasCertification": certification(page.recognition),
            "additionalProperty": [_property(fact) for fact in page.label if fact.name_vi],
            "offers": _offers(
                [_offer(offer, amount, url, _sooner(rates, page)) for offer, amount in priced]
            ),
            "aggregateRating": ratings.aggregate(page.product),
            "review": ratings.reviews(page.voices),
        }
    )


def _property(fact: Shown) -> Node:
    value = {"@type": "PropertyValue", "name": fact.name_vi, "value": fact.value_vi}
    return value | ({"unitText": fact.unit_vi} if fact.unit_vi else {})


def _offers(offers: Sequence[Node]) -> Node | None:
    if len(offers) < 2:
        return offers[0] if offers else None
    prices = [offer["price"] for offer in offers]
    return {
        "@type": "AggregateOffer",
        "lowPrice": min(prices),
        "highPrice": max(prices),
        "priceCurrency": "VND",
        "offerCount": len(offers),
        "offers": list(offers),
    }


def _offer(offer: Offer, amount: int, url: str, rates: Rates) -> Node:
    return _known(
        {
            "@type": "Offer",
            "url": url,
            "sku": offer.sku.code,
            "gtin13": real_gtin(offer.sku),
            "price": amount,
            "priceCurrency": "VND",
            "availability": f"{SCHEMA}/{_availability(offer)}",
            "itemCondition": f"{SCHEMA}/NewCondition",
            "areaServed": COUNTRY,
            "shippingDetails": _shipping(amount, rates) if offer.web_available else None,
        }
    )


def _availability(offer: Offer) -> str:
    if offer.web_available:
        return "InStock"
    return "InStoreOnly" if offer.available else "OutOfStock"


def _sooner(rates: Rates, page: ProductPage) -> Rates:
    """Fresh goods are sent only where they arrive in time."""
    limit = page.product.max_transit_days
    if limit is None or rates.days is None:
        return rates
    return replace(rates, days=(min(rates.days[0], limit), min(rates.days[1], limit)))


def _shipping(amount: int, rates: Rates) -> Node:
    told: Node = {
        "@type": "OfferShippingDetails",
        "shippingRate": {
            "@type": "MonetaryAmount",
            "value": fee(amount, rates),
            "currency": "VND",
        },
        "shippingDestination": {"@type": "DefinedRegion", "addressCountry": COUNTRY},
    }
    if rates.days:
        least, most = rates.days
        days = {"@type": "QuantitativeValue", "minValue": least, "maxValue": most}
        way = days | {"unitCode": "DAY"}
        told["deliveryTime"] = {"@type": "ShippingDeliveryTime", "transitTime": way}
    return told


def breadcrumbs(steps: Sequence[tuple[str, str]]) -> Node:
    """The way to a page: (name, absolute address) of each step, the page itself last."""
    items = [
        {"@type": "ListItem", "position": number, "name": name, "item": url}
        for number, (name, url) in enumerate(steps, 1)
    ]
    return {"@type": "BreadcrumbList", "itemListElement": items}


def items(pages: Sequence[tuple[str, str]], first: int) -> Node:
    """A page of a list: (name, absolute address) of each thing; `first` is the place of the first."""
    listed = [
        {"@type": "ListItem", "position": number, "name": name, "url": url}
        for number, (name, url) in enumerate(pages, first)
    ]
    return {"@type": "ItemList", "itemListElement": listed}


def store(place: Place, url: str) -> Node:
    """A sales point."""
    return _known(
        {
            "@type": "Store",
            "@id": f"{url}#{place.code}",
            "name": place.name,
            "url": url,
            "address": address(place.address, [place.area] if place.area else []),
            "telephone": place.phone,
            "openingHours": opening_hours(place.opening_hours),
        }
    )


def opening_hours(text: str | None) -> str | None:
    """«7:30–20:00 hằng ngày» → `Mo-Su 07:30-20:00`; None for what cannot be read without doubt."""
    match = _HOURS.fullmatch((text or "").strip().lower())
    days = _days(match[5]) if match else None
    if match is None or days is None:
        return None
    return f"{days} {match[1]:0>2}:{match[2]}-{match[3]:0>2}:{match[4]}"


def _days(text: str) -> str | None:
    if text in {"hằng ngày", "hàng ngày"}:
        return "Mo-Su"
    closed = text.removeprefix("nghỉ ")
    if closed == text or closed not in _DAY_NAMES:
        return None
    return ",".join(day for day in DAYS if day != DAYS[_DAY_NAMES.index(closed)])


def website(name: str, url: str, search: str, language: str) -> Node:
    """The shop with its search; `search` is the address of the listing."""
    action = {
        "@type": "SearchAction",
        "target": {"@type": "EntryPoint", "urlTemplate": f"{search}?q={{search_term_string}}"},
        "query-input": "required name=search_term_string",
    }
    return {
        "@type": "WebSite",
        "@id": f"{url}#site",
        "name": name,
        "url": url,
        "inLanguage": language,
        "potentialAction": action,
    }


def seller(name: str, url: str, logo: str, street: str | None, phone: str | None) -> Node:
    """The shop as an organization."""
    return _known(
        {
            "@type": "Organization",
            "@id": f"{url}#shop",
            "name": name,
            "url": url,
            "logo": logo,
            "address": address(street),
            "telephone": phone,
        }
    )

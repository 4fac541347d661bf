"""The levels of an identifier with the links the resolver works out by itself: our own pages.

Titles are msgids; they are put into words where a page or a link set is made.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from flask import url_for
from sqlalchemy.orm import Session

from app.core.text import N_
from catalog.models import Producer
from traceability import resolver_facts as facts
from traceability.gs1 import DigitalLink
from traceability.resolver_facts import Goods
from traceability.resolver_links import LANGUAGES, Level, Link, level

Added = dict[str, list[tuple[Link, bool]]]


def of_goods(session: Session, link: DigitalLink, goods: Goods, day: date) -> list[Level]:
    """From the piece or lot up to the goods; one statement. Empty when nothing is public."""
    made = [_piece(link, goods), _lot(link, goods), _product(link, goods)]
    known = [one for one in made if one is not None]
    return with_added(session, known, day)


def of_producer(session: Session, link: DigitalLink, producer: Producer, day: date) -> list[Level]:
    """A party that makes goods."""
    page = url_for("storefront.producer", slug=producer.slug)
    links = in_languages("homepage", page, N_("Page of the producer"))
    made = level(link.only().path, producer.name, links, links[0])
    return with_added(session, [made], day)


def in_languages(kind: str, href: str, title: str) -> list[Link]:
    """A page for every reader, and its versions in each language."""
    page = Link(kind, href, title)
    return [page, *(replace(page, href=spoken(href, code), language=code) for code in LANGUAGES)]


def spoken(href: str, code: str) -> str:
    """The address of a page of ours in a language."""
    return f"{href}{'&' if '?' in href else '?'}lang={code}"


def with_added(session: Session, levels: Sequence[Level], day: date) -> list[Level]:
    """The levels with what staff added; a default of theirs takes the place of ours."""
    if not levels:
        return []
    added = facts.added(session, [one.anchor for one in levels], day)
    return [_joined(one, added[one.anchor]) for one in levels]


def _joined(made: Level, added: list[tuple[Link, bool]]) -> Level:
    links = [*made.links, *(link for link, _default in added)]
    chosen = next((link for link, default in added if default), None)
    if chosen is not None:
        return level(made.anchor, made.description, links, chosen)
    return replace(made, links=links)


def _passport(page: str, data: str, title: str) -> list[Link]:
    """The page for people in their language; for who names none, the data for programs."""
    pages = in_languages("dpp", page, title)[1:]
    return [Link("dpp", data, title, media_type="application/ld+json"), *pages]


def stamp_page(link: DigitalLink) -> str:
    """The page of a stamp, told the GTIN and the lot of the address, so that it can compare them."""
    # A lot that is None leaves no trace in the address.
    return url_for("traceability.verify", code=link.serial, gtin=link.gtin, lot=link.lot)


def of_stamp_page(link: DigitalLink) -> Level:
    """The level of one piece, known or not, with the way to its page and nothing else.

    The page itself says whether the stamp was issued.
    """
    checked = in_languages("verificationService", stamp_page(link), N_("Page of this stamp"))
    return level(link.only("21").path, link.value, checked, checked[0])


def _piece(link: DigitalLink, goods: Goods) -> Level | None:
    if link.serial is None:
        return None
    return _of_piece(link.only("21"), stamp_page(link), f"{goods.name}, {link.serial}")


def _of_piece(link: DigitalLink, page: str, description: str) -> Level:
    checked = in_languages("verificationService", page, N_("Page of this stamp"))
    links = [
        *checked,
        *in_languages("traceability", page, N_("Journey of this pack")),
        *_passport(page, url_for("passports.stamp", code=link.serial), N_("Product passport")),
        *in_languages("recallStatus", page, N_("Whether it is recalled")),
    ]
    return level(link.path, description, links, checked[0])


def _lot(link: DigitalLink, goods: Goods) -> Level | None:
    if goods.lot is None:
        return None
    page = url_for("journeys.lot", article=goods.gtin, code=goods.lot)
    journey = in_languages("traceability", page, N_("Journey of the lot"))
    links = [
        *journey,
        *_passport(
            page,
            url_for("passports.lot", article=goods.gtin, code=goods.lot),
            N_("Passport of the lot"),
        ),
        *in_languages("recallStatus", page, N_("Whether it is recalled")),
    ]
    return level(link.only("10").path, f"{goods.name}, {goods.lot}", links, journey[0])


def _product(link: DigitalLink, goods: Goods) -> Level | None:
    if not goods.public:
        return None
    page = url_for("storefront.product", slug=goods.slug)
    about = in_languages("pip", page, N_("Product page"))
    # A withdrawn product keeps its page, which says so; the rest is said of what is offered.
    links = [*about, *(_of_offered(page, goods) if goods.offered else [])]
    return level(link.only().path, goods.name, links, about[0])


def _of_offered(page: str, goods: Goods) -> list[Link]:
    data = url_for("api.getProduct", slug=goods.slug)
    return [
        *in_languages("certificationInfo", page, N_("Recognition and papers")),
        *in_languages("hasRetailers", url_for("storefront.points"), N_("Sales points")),
        *in_languages(
            "verificationService", url_for("traceability.verify_form"), N_("Check a stamp")
        ),
        Link("masterData", data, N_("Product data"), media_type="application/json"),
    ]

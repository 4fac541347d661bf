"""What a resolver must not do: lead a forged serial to the goods, count a probe, cost much."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.core import db
from builders import BY_NOBODY, make_producer
from builders_resolver import GLN, Goods, make_goods, serial_of
from catalog import products
from support.browser import Browser
from support.gs1_schemas import LINKSET, demand
from support.statements import counted
from traceability import serials
from traceability.models import Scan

VOC = "https://ref.gs1.org/voc/"
JSON_SET = {"Accept": "application/linkset+json"}
FORGED = "7F3K0AB1CD0EF1GH"


def ask(visitor: Browser, path: str, query: str = "", **headers: str) -> TestResponse:
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return visitor.get(f"{path}?{query}" if query else path, headers=named)


def link_set(visitor: Browser, path: str) -> dict[str, dict[str, list[dict[str, object]]]]:
    """The link set of a path: by anchor, by link type."""
    answer = visitor.get(path, headers=JSON_SET)
    assert (answer.status_code, answer.mimetype) == (200, "application/linkset+json")
    demand(answer.get_json(), LINKSET)
    return {one["anchor"]: one for one in answer.get_json()["linkset"]}


# Safety: a forged serial finds no genuine-looking page, and a probe is no scan


@pytest.mark.parametrize("serial", [FORGED, "ABC", "A%2FB"])
def test_a_forged_serial_never_lands_on_the_product(
    session: Session, visitor: Browser, serial: str
) -> None:
    goods = make_goods(session)
    step = visitor.get(f"/01/{goods.gtin}/21/{serial}")
    assert step.headers["Location"].startswith("/tem/")
    page = visitor.follow(step)
    assert page.status_code == 404
    assert goods.product.name_vi not in page.text


@pytest.mark.parametrize("query", ["linkType=linkset", "linkType=gs1:pip", "linkType=traceability"])
@pytest.mark.parametrize("form", ["21/{forged}", "10/{lot}/21/{forged}", "235/{forged}"])
def test_a_forged_serial_has_no_links(
    session: Session, visitor: Browser, query: str, form: str
) -> None:
    goods = make_goods(session)
    path = f"/01/{goods.gtin}/{form.format(forged=FORGED, lot=goods.lot.code)}"
    assert ask(visitor, path, query).status_code == 404
    assert visitor.get(path, headers=JSON_SET).status_code == 404


def test_a_serial_under_the_gtin_of_other_goods_has_no_links(
    session: Session, visitor: Browser
) -> None:
    one, other = make_goods(session), make_goods(session)
    path = f"/01/{other.gtin}/21/{serial_of(one.batch, 0)}"
    assert visitor.get(path, headers=JSON_SET).status_code == 404


def test_a_probe_is_no_scan(session: Session, visitor: Browser) -> None:
    goods = make_goods(session)
    path = f"/01/{goods.gtin}/21/{goods.serial}"
    visitor.get(path)
    visitor.get(path, headers=JSON_SET)
    visitor.get(f"{path}?linkType=dpp")
    visitor.client.head(f"/tem/{goods.serial}?gtin={goods.gtin}")
    visitor.client.options(path)
    assert session.scalar(select(func.count()).select_from(Scan)) == 0
    visitor.follow(visitor.get(path))
    assert session.scalar(select(func.count()).select_from(Scan)) == 1


def test_another_lot_in_the_address_is_warned_of(session: Session, visitor: Browser) -> None:
    goods = make_goods(session)
    right = visitor.get(f"/01/{goods.gtin}/10/{goods.lot.code}/21/{goods.serial}?lang=en")
    wrong = visitor.get(f"/01/{goods.gtin}/10/LA%2FKHAC/21/{goods.serial}?lang=en")
    assert "The address names lot" not in visitor.follow(right).text
    assert "The address names lot LA/KHAC" in visitor.follow(wrong).text


# Products that are not offered


def test_goods_that_were_never_offered_are_not_known_but_their_stamps_are(
    session: Session, visitor: Browser
) -> None:
    goods = make_goods(session, publish=False)
    assert visitor.get(f"/01/{goods.gtin}").status_code == 404
    found = link_set(visitor, f"/01/{goods.gtin}/21/{goods.serial}")
    assert list(found) == [f"http://localhost/01/{goods.gtin}/21/{goods.serial}"]


def test_goods_no_longer_offered_lead_to_the_page_that_says_so(
    session: Session, visitor: Browser
) -> None:
    goods = make_goods(session)
    products.withdraw(session, goods.product, reason="Hết mùa", **BY_NOBODY)
    session.commit()
    page = visitor.follow(visitor.get(f"/01/{goods.gtin}"))
    assert page.status_code == 410
    [entity] = link_set(visitor, f"/01/{goods.gtin}").values()
    assert VOC + "hasRetailers" not in entity


# Parties


def test_a_producer_is_found_by_its_gln(session: Session, visitor: Browser) -> None:
    producer = make_producer(session, gln=GLN)
    session.commit()
    step = visitor.get(f"/417/{GLN}")
    assert step.headers["Location"] == f"/nha-san-xuat/{producer.slug}"
    assert VOC + "homepage" in link_set(visitor, f"/417/{GLN}")[f"http://localhost/417/{GLN}"]


# Cost


@pytest.mark.parametrize(
    ("form", "most"),
    [
        ("/01/{gtin}/21/{serial}", 0),
        ("/01/{gtin}", 2),
        ("/01/{gtin}/10/{lot}", 2),
        ("/01/{gtin}?linkType=linkset", 2),
        ("/01/{gtin}/21/{serial}?linkType=linkset", 3),
        ("/01/{gtin}/10/{lot}/21/{serial}?linkType=dpp", 3),
    ],
)
def test_an_answer_costs_few_statements(
    session: Session, visitor: Browser, form: str, most: int
) -> None:
    goods: Goods = make_goods(session)
    path = form.format(gtin=goods.gtin, lot=goods.lot.code, serial=goods.serial)
    with counted(db.active()) as statements:
        assert visitor.get(path).status_code in {200, 307}
    assert len(statements) <= most, statements


def test_a_serial_is_written_the_same_in_links_and_on_stamps(session: Session) -> None:
    goods = make_goods(session)
    assert serials.parse(goods.serial) == goods.serial

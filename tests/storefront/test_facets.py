"""Counts of facets: each says what a click on it shows, whatever else is chosen."""

from dataclasses import replace
from datetime import timedelta
from itertools import product as pairs
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from app.areas import loading as areas
from app.areas.models import AreaLevel, AreaUnit
from app.core.db import Database
from app.storefront import browse
from app.storefront.browse import Filters, Listing
from app.storefront.facets import Facet
from app.storefront.forms import filters_from
from builders import NOW, TODAY, make_offered, make_place, make_producer, recognise, stock_up
from catalog import evidence, groups
from catalog.evidence import Paper, PaperFile
from catalog.models import Product, ProductGroup
from catalog.recognition_models import EvidenceKind
from support.browser import Browser
from support.statements import counted

NUMBERS = {Facet.STARS, Facet.IN_STOCK, Facet.SEASON}


def shown(session: Session, filters: Filters) -> Listing:
    return browse.listing(session, filters, 1, TODAY)


def with_value(filters: Filters, facet: Facet, value: str) -> Filters:
    values: dict[Facet, Any] = {Facet.STARS: int(value) if facet is Facet.STARS else 0}
    values[Facet.IN_STOCK] = values[Facet.SEASON] = True
    return replace(filters, **{facet.value: values.get(facet, value)})


def _prove(session: Session, product: Product) -> None:
    paper = Paper(EvidenceKind.VIETGAP, "VG-1", "Trung tâm A", TODAY - timedelta(days=9))
    file = PaperFile("ab" * 32, "application/pdf", "giay.pdf")
    evidence.attach(session, product, paper, file, for_producer=False, now=NOW, actor_id=None)


@pytest.fixture
def shop(session: Session) -> list[Filters]:
    """A dozen products that differ in everything; some filters to begin with."""
    groups.ensure(session)
    areas.load(session)
    known = session.scalars(select(ProductGroup).filter_by(scheme="2023").limit(2)).all()
    level = AreaUnit.level == AreaLevel.DISTRICT
    districts = session.scalars(select(AreaUnit).where(level).limit(3)).all()
    today = select(AreaUnit).filter_by(snapshot="2025-07", level=AreaLevel.COMMUNE)
    places = [*districts, session.scalars(today.limit(1)).one()]
    makers = [make_producer(session) for _ in range(2)]
    points = [make_place(session) for _ in range(2)]
    for n in range(12):
        sku = make_offered(session, name_vi=f"{'Trà' if n % 5 else 'Nhãn'} {n}")
        sku.product.producer = makers[n % 2]
        sku.product.group_id = known[n // 3 % 2].id
        sku.product.area_id = places[n % 4].id
        if n % 4:
            recognise(session, sku.product, 2 + n % 4)
        if n % 3:
            stock_up(session, points[n % 2], sku, 5)
        if n % 2:
            sku.product.season_from, sku.product.season_until = 1001, 131
        sku.product.max_transit_days = (None, 1, 3)[n % 3]
        if n % 4 == 1:
            _prove(session, sku.product)
    session.flush()
    maker, code = makers[0].slug, known[0].code
    return [
        Filters(),
        Filters(query="tra"),
        Filters(stars=4, in_stock=True),
        Filters(group=code, producer=maker),
        Filters(price="50000-100000", to="ha-noi", season=True),
        Filters(paper="vietgap", to="an-giang"),
        Filters(query="tra", point=points[1].code, stars=3),
        Filters(producer=maker, point=points[1].code),
    ]


def test_every_count_is_what_a_click_shows(session: Session, shop: list[Filters]) -> None:
    seen = set()
    for filters in shop:
        for facet, choices in shown(session, filters).facets.items():
            for choice in choices:
                asked = with_value(filters, facet, choice.value)
                assert shown(session, asked).total == choice.count, (filters, facet, choice)
                seen.add(facet)
    assert seen == set(Facet)


def test_a_chosen_value_keeps_its_name_when_nothing_is_left(
    session: Session, shop: list[Filters]
) -> None:
    page = shown(session, shop[-1])
    assert (page.total, page.items) == (0, [])
    (chosen,) = [c for c in page.facets[Facet.POINT] if c.value == shop[-1].point]
    assert (chosen.count, chosen.name_vi[:8]) == (0, "Điểm bán")


@pytest.mark.parametrize(
    "name", ["group", "area", "point", "producer", "commune", "price", "paper", "to", "category"]
)
def test_a_value_that_does_not_exist_is_left_out(session: Session, name: str) -> None:
    make_offered(session)
    page = shown(session, filters_from(MultiDict({name: "khong-co"})))
    assert (page.total, page.filters) == (1, Filters())


@pytest.mark.parametrize(
    ("name", "value"),
    list(pairs(["group", "area", "point", "category"], ["a b", "\0", "'", "x" * 101])),
)
def test_what_can_be_no_value_is_not_asked_for(name: str, value: str) -> None:
    assert filters_from(MultiDict({name: value})) == Filters()


def test_addresses_come_back_as_they_were() -> None:
    filters = Filters(
        "trà", "tea", 4, True, browse.Sort.CHEAP, "food", "kim-dong", "PH1", "htx-nhan",
        "xa-an-vi", "0-50000", "vietgap", True, "ha-noi",
    )  # fmt: skip
    assert filters_from(MultiDict(filters.args())) == filters
    assert Filters().args() == {}
    assert "stars" not in filters.args(stars=None)


def test_chips_take_one_filter_away_and_the_page_says_what_was_meant(
    session: Session, visitor: Browser
) -> None:
    maker = make_producer(session)
    make_offered(session, name_vi="Long nhãn", producer=maker)
    session.commit()
    page = visitor.get(f"/san-pham?q=long+nhna&producer={maker.slug}").text
    assert "Không có kết quả cho “long nhna”; đang hiện kết quả cho “long nhan”." in page
    assert 'class="chip" rel="nofollow" href="/san-pham?q=long+nhna"' in page
    empty = visitor.get(f"/san-pham?stars=5&producer={maker.slug}").text
    assert "Bỏ mọi bộ lọc" in empty
    narrowed = visitor.get(f"/san-pham?producer={maker.slug}&sort=cheap").text
    assert '<link rel="canonical" href="http://localhost/san-pham">' in narrowed


def test_no_filter_makes_the_listing_dearer(
    session: Session,
    database: Database,
    visitor: Browser,
    shop: list[Filters],
    kept_index: None,
) -> None:
    session.commit()
    visitor.get("/san-pham")
    for filters in shop[:-1]:
        with counted(database) as statements:
            visitor.get("/san-pham", query_string=filters.args())
        assert len(statements) <= 4, "\n\n".join(statements)

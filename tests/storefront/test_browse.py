"""What a shopper finds: searching, filtering, sorting, and at what cost."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.core.db import Database
from app.storefront import browse, chosen, product_page
from app.storefront.browse import Filters, Sort
from app.storefront.index_rows import build
from builders import (
    BY_NOBODY,
    NOW,
    TODAY,
    make_depot,
    make_offered,
    make_order,
    make_place,
    make_producer,
    make_product,
    make_sku,
    recognise,
    set_price,
    stock_up,
)
from catalog import products
from catalog.models import Category, PriceChannel
from pos.stock.models import PlaceKind
from support.browser import Browser
from support.statements import counted
from traceability import journal
from traceability.models import JournalKind


def names(session: Session, **asked: Any) -> list[str]:
    page = browse.listing(session, Filters(**asked), 1, TODAY)
    assert page.total == len(page.items)
    return [card.name_vi for card in page.items]


def a_shelf(session: Session, slug: str) -> Category:
    shelf = Category(slug=slug, name_vi=slug, name_en=slug, illustration="tea", position=1)
    session.add(shelf)
    session.flush()
    return shelf


@pytest.mark.parametrize("text", ["mat ong", "MẬT  ONG", "ong mật", "mật ong dang"])
def test_marks_case_and_order_of_words_do_not_matter(session: Session, text: str) -> None:
    make_offered(session, name_vi="Mật ong", producer=make_producer(session, name="HTX Đặng Lễ"))
    make_offered(session, name_vi="Trà sen")
    assert names(session, query=text) == ["Mật ong"]


def test_dang_finds_the_letter_with_the_stroke(session: Session) -> None:
    make_offered(session, name_vi="Chả gà", producer=make_producer(session, name="HTX Đặng Lễ"))
    assert names(session, query="dang") == ["Chả gà"]


@pytest.mark.parametrize("text", ["%", "_", "\\", "' OR 1=1 --", "\0", "ong" * 10_000])
def test_signs_with_a_meaning_elsewhere_find_only_themselves(session: Session, text: str) -> None:
    make_offered(session, name_vi="Mật ong")
    assert names(session, query=text) == ([] if text.strip("\0") else ["Mật ong"])


def test_only_what_is_offered_is_listed(session: Session) -> None:
    make_sku(session, make_product(session, name_vi="Nháp"))
    gone = make_offered(session, name_vi="Hết mùa")
    products.withdraw(session, gone.product, reason="hết mùa", **BY_NOBODY)
    make_offered(session, name_vi="Trà sen")
    assert names(session) == ["Trà sen"]


def test_a_shelf_shows_its_own_products(session: Session) -> None:
    make_offered(session, name_vi="Trà sen", category=a_shelf(session, "tra"))
    make_offered(session, name_vi="Mật ong", category=a_shelf(session, "mat-ong"))
    assert names(session, category="tra") == ["Trà sen"]
    assert names(session, category="khong-co") == ["Mật ong", "Trà sen"]


def test_stars_count_only_while_they_are_in_force(session: Session) -> None:
    for name, stars, until in (("Ba", 3, 1), ("Bốn", 4, 0), ("Hết hạn", 5, -1)):
        product = make_offered(session, name_vi=name).product
        recognise(session, product, stars, valid_until=TODAY + timedelta(days=until))
    assert names(session, stars=3) == ["Bốn", "Ba"]
    assert names(session, stars=4) == ["Bốn"]
    assert names(session, stars=5) == []


def test_a_card_shows_stars_in_force_and_no_others(session: Session) -> None:
    lapsed = make_offered(session, name_vi="Hết hạn").product
    recognise(session, lapsed, 5, valid_until=TODAY - timedelta(days=1))
    recognise(session, make_offered(session, name_vi="Bốn").product, 4)
    cards = browse.listing(session, Filters(), 1, TODAY).items
    assert [card.recognition.shown_stars for card in cards] == [4, None]


def test_in_stock_means_that_a_shopper_can_get_it(session: Session) -> None:
    here = make_offered(session, name_vi="Ở cửa hàng")
    stock_up(session, make_place(session), here, 5)
    promised, depot = make_offered(session, name_vi="Đã giữ hết"), make_depot(session)
    stock_up(session, depot, promised, 2)
    make_order(session, promised, 2, source=depot)
    back = make_offered(session, name_vi="Trong kho kín")
    stock_up(session, make_place(session, PlaceKind.QUARANTINE, pickup=False), back, 5)
    old = make_offered(session, name_vi="Quá hạn")
    stock_up(session, make_place(session), old, 5, expires_on=TODAY - timedelta(days=1))
    assert names(session, in_stock=True) == ["Ở cửa hàng"]
    assert len(names(session)) == 4


def test_prices_sort_both_ways_and_the_unpriced_come_last(session: Session) -> None:
    for name, dong in (("A", 300), ("B", 100), ("C", 200)):
        make_offered(session, dong, name_vi=name)
    unpriced = make_offered(session, name_vi="D")
    unpriced.active = False
    session.flush()
    assert names(session, sort=Sort.CHEAP) == ["B", "C", "A", "D"]
    assert names(session, sort=Sort.DEAR) == ["A", "C", "B", "D"]


def test_names_sort_as_in_a_vietnamese_dictionary(session: Session) -> None:
    for name in ("Đậu", "Ổi", "Dừa", "Ớt", "Ong", "Chè"):
        make_offered(session, name_vi=name)
    assert names(session, sort=Sort.NAME) == ["Chè", "Dừa", "Đậu", "Ong", "Ổi", "Ớt"]


def test_the_price_of_the_shop_is_shown_and_no_future_one(session: Session) -> None:
    sku = make_offered(session, 100)
    set_price(session, sku, 999, channel=PriceChannel.TILL)
    set_price(session, sku, 80, channel=PriceChannel.WEB, valid_from=TODAY)
    set_price(session, sku, 70, channel=PriceChannel.WEB, valid_from=TODAY + timedelta(days=1))
    (card,) = browse.listing(session, Filters(), 1, TODAY).items
    assert card.price == 80


def test_pages_follow_each_other(session: Session) -> None:
    for number in range(browse.PAGE_SIZE + 1):
        make_offered(session, name_vi=f"Trà {number:02}")
    first = browse.listing(session, Filters(), 1, TODAY)
    second = browse.listing(session, Filters(), 2, TODAY)
    assert (len(first.items), first.total, len(second.items)) == (24, 25, 1)
    assert {card.slug for card in first.items}.isdisjoint(card.slug for card in second.items)


def test_a_product_page_says_where_it_is_and_from_which_lots(session: Session) -> None:
    sku, shop, depot = make_offered(session), make_place(session), make_depot(session)
    lot = stock_up(session, shop, sku, 3)
    stock_up(session, depot, sku, 8)
    page = product_page.product_page(session, sku.product.slug, TODAY)
    (offer,) = page.offers
    assert (offer.available, offer.web_available) == (11, 8)
    assert {stock.place.id for stock in offer.places} == {shop.id, depot.id}
    assert lot.id in {found.id for found in page.lots}


def test_the_journey_of_a_lot_tells_public_facts_in_order(
    session: Session, visitor: Browser
) -> None:
    sku, shop = make_offered(session), make_place(session)
    lot = stock_up(session, shop, sku, 3, code="L26-07")
    note: dict[str, Any] = {"occurred_at": NOW, "now": NOW, "actor_id": None}
    journal.append(session, lot, JournalKind.INSPECTED, text="Đạt", **note)
    journal.append(session, lot, JournalKind.NOTE, text="Nội bộ", public=False, **note)
    session.commit()
    page = visitor.get(f"/san-pham/{sku.product.slug}").text
    assert "Hành trình của lô L26-07" in page
    assert "Đạt" in page
    assert "Nội bộ" not in page


@pytest.mark.parametrize(
    ("net", "unit_price"), [(500, 250_000), (1000, None), (None, None), (350, 357_143)]
)
def test_a_price_per_kilogram_makes_packs_comparable(
    session: Session, net: int | None, unit_price: int | None
) -> None:
    sku = make_offered(session, 125_000)
    sku.net_content = net
    session.flush()
    (offer,) = product_page.product_page(session, sku.product.slug, TODAY).offers
    assert offer.unit_price == unit_price


def test_what_is_not_offered_has_no_page(session: Session) -> None:
    draft, gone = make_product(session), make_offered(session).product
    products.withdraw(session, gone, reason="hết mùa", **BY_NOBODY)
    with pytest.raises(browse.NoSuchProduct):
        product_page.product_page(session, draft.slug, TODAY)
    with pytest.raises(browse.Withdrawn):
        product_page.product_page(session, gone.slug, TODAY)
    with pytest.raises(browse.NoSuchProduct):
        browse.producer_page(session, "khong-co", TODAY)


def test_a_producer_shows_what_is_offered_now(session: Session) -> None:
    maker = make_producer(session)
    make_offered(session, name_vi="Trà sen", producer=maker)
    make_product(session, name_vi="Nháp", producer=maker)
    page = browse.producer_page(session, maker.slug, TODAY)
    assert [card.name_vi for card in page.cards] == ["Trà sen"]


def test_the_front_page_prefers_what_is_in_stock_and_mixes_kinds(session: Session) -> None:
    shop = make_place(session)
    for name, picture, stars, units in (
        ("Trà A", "tea", 5, 3),
        ("Trà B", "tea", 5, 3),
        ("Mật ong", "honey", 3, 3),
        ("Hết hàng", "longan", 5, 0),
        ("Không sao", "rice", 0, 3),
    ):
        sku = make_offered(session, name_vi=name, illustration=picture)
        if stars:
            recognise(session, sku.product, stars)
        if units:
            stock_up(session, shop, sku, units)
    index = build(session, TODAY)
    found = [card.name_vi for card in chosen.starred(session, index, TODAY, limit=3)]
    assert found == ["Trà A", "Mật ong", "Trà B"]


@pytest.fixture
def full_shop(session: Session, visitor: Browser) -> str:
    """A shop with a score of products and a cart; the address of one of them."""
    shops = [make_place(session) for _ in range(3)]
    for number in range(20):
        sku = make_offered(session, name_vi=f"Trà {number:02}")
        recognise(session, sku.product)
        for shop in shops:
            stock_up(session, shop, sku, 5)
    session.commit()
    visitor.post("/gio-hang/them", {"sku": sku.id, "quantity": 1})
    return sku.product.slug


def test_a_listing_with_all_its_counts_costs_three_statements(
    database: Database, visitor: Browser, full_shop: str, kept_index: None
) -> None:
    visitor.get("/san-pham")
    with counted(database) as statements:
        page = visitor.get("/san-pham").text
    assert "Trà 19" in page
    assert len(statements) <= 3, "\n\n".join(statements)


def test_a_product_page_costs_four_statements(
    database: Database, visitor: Browser, full_shop: str, kept_index: None
) -> None:
    visitor.get(f"/san-pham/{full_shop}")
    with counted(database) as statements:
        page = visitor.get(f"/san-pham/{full_shop}").text
    assert "Trà 19" in page
    assert len(statements) <= 4, "\n\n".join(statements)


def test_the_whole_cart_costs_no_more_with_more_lines(
    session: Session, database: Database, visitor: Browser, full_shop: str
) -> None:
    def cost() -> int:
        with counted(database) as statements:
            visitor.get("/gio-hang")
        return len(statements)

    with_one = cost()
    for _ in range(5):
        sku = make_offered(session)
        session.commit()
        visitor.post("/gio-hang/them", {"sku": sku.id, "quantity": 1})
    assert cost() == with_one

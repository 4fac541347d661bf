"""What the product page, the cart, the checkout and the listing say about delivery is the same."""

import pytest
from sqlalchemy.orm import Session

from app.storefront import promises, reach
from app.storefront.index_rows import build
from app.storefront.product_page import product_page
from app.storefront.promises import Terms
from builders import TODAY, make_depot, make_offered, make_set, set_price, stock_up
from catalog.models import Sku, Unit
from support.browser import Browser

TERMS = Terms(TODAY, 500_000)


@pytest.fixture
def sku(session: Session) -> Sku:
    made = make_offered(session, 100_000, name_vi="Nhãn tươi")
    stock_up(session, make_depot(session), made, 10)
    return made


def promise(session: Session, sku: Sku, code: str) -> promises.Promise:
    found = promises.of_product(product_page(session, sku.product.slug, TODAY), TERMS, code)
    assert found is not None
    return found


def test_the_promise_names_the_ways_to_the_province_asked_for(session: Session, sku: Sku) -> None:
    chosen = promise(session, sku, "ha-noi").chosen
    assert chosen is not None
    assert [(way.code, way.fee) for way in chosen.ways] == [
        ("post.standard", 35_000),
        ("express.fast", 55_000),
    ]
    assert promise(session, sku, "atlantis").chosen is None


def test_fresh_goods_are_not_promised_where_they_come_too_late(session: Session, sku: Sku) -> None:
    sku.product.max_transit_days = 1
    near, far = promise(session, sku, "ha-noi"), promise(session, sku, "ca-mau")
    assert near.chosen is not None
    assert [way.code for way in near.chosen.ways] == ["express.fast"]
    assert far.chosen is not None
    assert far.chosen.ways == []


def test_an_unknown_weight_is_said_to_be_one(session: Session, sku: Sku) -> None:
    assert promise(session, sku, "ha-noi").goods.grams == 500
    sku.net_content, sku.net_unit = None, None
    unknown = promise(session, sku, "ha-noi").goods
    assert (unknown.grams, unknown.guessed) == (1_000, True)
    sku.weight = 720
    assert promise(session, sku, "ha-noi").goods.grams == 720


def test_a_gift_set_weighs_and_bears_what_its_parts_do(session: Session, sku: Sku) -> None:
    sku.product.max_transit_days = 1
    tea = make_offered(session)
    stock_up(session, make_depot(session), tea, 5)
    bundle = make_set(session, {sku: 2, tea: 1})
    goods = promise(session, bundle, "ca-mau").goods
    assert (goods.grams, goods.guessed, goods.limit) == (1_500, False, 1)


def test_the_listing_knows_how_far_goods_and_sets_go(session: Session, sku: Sku) -> None:
    sku.product.max_transit_days = 1
    tea = make_offered(session, name_vi="Trà")
    bundle = make_set(session, {sku: 1, tea: 1})
    index = build(session, TODAY)
    days = {r.code: r.days_to for r in reach.provinces(TODAY)}
    bears = index.columns["to"].bears  # type: ignore[attr-defined]
    known = {pid: int(bears[row]) for row, pid in enumerate(index.ids)}
    assert known[bundle.product_id] == known[sku.product_id] == 1
    assert known[tea.product_id] > max(days.values())
    assert days["hung-yen"] == 1


def test_pages_say_the_same(session: Session, visitor: Browser, sku: Sku) -> None:
    session.commit()
    page = visitor.get(f"/san-pham/{sku.product.slug}?giao=ca-mau").text
    assert "3–5 ngày" in page
    assert "45.000\xa0₫" in page
    visitor.post("/gio-hang/them", {"sku": sku.id, "quantity": 1})
    assert "45.000\xa0₫" in visitor.get("/gio-hang").text
    options = {"step": "options", "province": "ca-mau", "delivery": "ship", "pay": "later"}
    assert "45.000\xa0₫" in visitor.post("/thanh-toan", options).text


def test_a_changed_price_is_told_in_the_cart(session: Session, visitor: Browser, sku: Sku) -> None:
    session.commit()
    visitor.post("/gio-hang/them", {"sku": sku.id, "quantity": 1})
    from_now_on(session, sku)
    assert "Lúc bạn chọn giá là 100.000\xa0₫; nay là 90.000\xa0₫." in visitor.get("/gio-hang").text


def from_now_on(session: Session, sku: Sku) -> None:
    set_price(session, sku, 90_000, valid_from=TODAY)
    session.commit()


def test_goods_by_the_gram_weigh_what_they_count(session: Session, sku: Sku) -> None:
    sku.unit, sku.weight = Unit.GRAM, 5
    assert promise(session, sku, "ha-noi").goods.grams == 1

"""Products: drafting, revising, articles, publishing and withdrawing."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import AuditEntry
from app.core.states import ForbiddenMove
from builders import BY_NOBODY, TODAY, make_producer, make_product, make_sku, set_price
from catalog import products
from catalog.models import PriceChannel, Product, ProductStatus, Unit
from catalog.products import Texts
from traceability.gs1 import demo_gtin

ARTICLE = {
    "name_vi": "Hộp 200 g",
    "name_en": None,
    "net_content": 200,
    "net_unit": Unit.GRAM,
}


def publish(session: Session, product: Product) -> None:
    products.publish(session, product, day=TODAY, **BY_NOBODY)


def test_a_draft_takes_its_place_from_the_producer_and_its_picture_from_the_shelf(
    session: Session,
) -> None:
    product = make_product(session, name_vi="Mật ong hoa nhãn")
    assert product.status is ProductStatus.DRAFT
    assert product.illustration == product.category.illustration
    assert product.slug == "mat-ong-hoa-nhan"


def test_two_products_of_one_name_get_different_addresses(session: Session) -> None:
    slugs = [make_product(session, name_vi="Trà sen").slug for _ in range(3)]
    assert slugs == ["tra-sen", "tra-sen-2", "tra-sen-3"]


def test_the_address_is_free_even_when_longer_names_begin_with_it(session: Session) -> None:
    make_product(session, name_vi="Trà sen Tây Hồ")
    assert products.free_slug(session, "Trà sen") == "tra-sen"


def test_it_is_found_by_its_producer_without_marks(session: Session) -> None:
    product = make_product(session, producer=make_producer(session, name="HTX Đặng Lễ"))
    assert "htx dang le" in product.search_text


def test_revising_keeps_what_was_said_before_in_the_audit_trail(session: Session) -> None:
    product = make_product(session, name_vi="Tương Bần")
    texts = Texts(name_vi="Tương Bần cổ truyền", summary_vi="Sấy từ nhãn lồng.")
    products.revise(session, product, texts, **BY_NOBODY)
    entry = session.scalars(select(AuditEntry).filter_by(action="product.revise")).one()
    assert entry.detail == {
        "before": {"name_vi": "Tương Bần"},
        "after": {"name_vi": "Tương Bần cổ truyền"},
    }
    assert "co truyen" in product.search_text


def test_revising_to_the_same_texts_leaves_no_trace(session: Session) -> None:
    product = make_product(session, name_vi="Tương Bần")
    same = Texts(name_vi="Tương Bần", summary_vi="Sấy từ nhãn lồng.")
    products.revise(session, product, same, **BY_NOBODY)
    assert session.scalar(select(AuditEntry.id).filter_by(action="product.revise")) is None


@pytest.mark.parametrize("gtin", ["9521234567890", "952123456789", "95212345678900", "abc"])
def test_a_wrong_barcode_is_refused(session: Session, gtin: str) -> None:
    product = make_product(session)
    with pytest.raises(products.BadGtin):
        products.add_sku(session, product, code="X1", gtin=gtin, **ARTICLE, **BY_NOBODY)


@pytest.mark.parametrize("clash", [{"code": "A1"}, {"gtin": demo_gtin(900)}])
def test_a_code_or_barcode_belongs_to_one_article(session: Session, clash: dict[str, str]) -> None:
    product = make_product(session)
    make_sku(session, product, code="A1", gtin=demo_gtin(900))
    with pytest.raises(products.CodeTaken):
        products.add_sku(session, product, **({"code": "B1"} | clash), **ARTICLE, **BY_NOBODY)


def test_two_articles_may_both_have_no_barcode(session: Session) -> None:
    product = make_product(session)
    for code in ("A1", "B1"):
        products.add_sku(session, product, code=code, gtin=None, **ARTICLE, **BY_NOBODY)
    assert [sku.position for sku in product.skus] == [0, 1]


def test_nothing_is_published_before_a_buyer_can_know_it(session: Session) -> None:
    product = products.draft(
        session,
        Texts(name_vi="Chả gà"),
        producer=None,
        category=make_product(session).category,
        **BY_NOBODY,
    )
    with pytest.raises(products.NotPublishable) as refused:
        publish(session, product)
    assert refused.value.detail == [
        "producer",
        "description",
        "at least one article",
        "kind of goods",
    ]


def test_every_article_needs_a_price_in_the_shop(session: Session) -> None:
    product = make_product(session)
    make_sku(session, product)
    at_the_till_only = make_sku(session, product, price=None)
    set_price(session, at_the_till_only, 9_000, channel=PriceChannel.TILL)
    assert products.missing_for_shop(session, product, TODAY) == ["price"]


def test_a_product_goes_in_and_out_of_the_shop(session: Session) -> None:
    product = make_product(session, publish=True)
    products.withdraw(session, product, reason="hết mùa", **BY_NOBODY)
    assert product.status is ProductStatus.WITHDRAWN
    publish(session, product)
    assert product.status is ProductStatus.PUBLISHED


def test_a_draft_cannot_be_withdrawn(session: Session) -> None:
    with pytest.raises(ForbiddenMove):
        products.withdraw(session, make_product(session), reason="x", **BY_NOBODY)


def test_an_article_is_found_by_code_barcode_and_gtin_14(session: Session) -> None:
    sku = make_sku(session, code="NL500", gtin=demo_gtin(901))
    for text in ("nl500", " NL500 ", demo_gtin(901), "0" + demo_gtin(901)):
        assert products.sku_by_code(session, text) is sku
    assert products.sku_by_code(session, "NL501") is None

"""Products as programs read them."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy.orm import Session

from builders import BY_NOBODY, NOW, TODAY, add_photo, make_offered, make_product, recognise
from catalog import photos, pricing, products
from catalog.models import Product, Sku
from support.answers import checked
from support.browser import Browser


@pytest.fixture
def sku(session: Session) -> Sku:
    return make_offered(session, name_vi="Mật ong nhãn")


def listed(session: Session, visitor: Browser, **query: Any) -> Any:
    session.flush()
    return checked(visitor.get("/api/v1/products", query_string=query))


def slugs(session: Session, visitor: Browser, **query: Any) -> list[str]:
    return [item["slug"] for item in listed(session, visitor, **query)["items"]]


def test_a_product_has_its_articles_with_prices_in_dong(
    session: Session, visitor: Browser, sku: Sku
) -> None:
    item = listed(session, visitor)["items"][0]
    article = item["skus"][0]
    assert item["name"]["vi"] == "Mật ong nhãn"
    assert item["url"] == f"http://localhost/san-pham/{sku.product.slug}"
    assert article["price"] == {"amount": 125_000, "per_quantity": 1, "currency": "VND"}
    assert (article["unit"], article["net_content"], article["net_unit"]) == ("piece", 500, "g")


def test_stars_come_with_decision_and_validity(
    session: Session, visitor: Browser, sku: Sku
) -> None:
    granted = recognise(session, sku.product, 4)
    found = listed(session, visitor)["items"][0]["recognition"]
    assert found["stars"] == 4
    assert found["decision"]["number"] == granted.decision.number  # type: ignore[union-attr]
    assert found["valid_until"] == "2028-05-12"


def test_a_refusal_is_said_in_the_language_that_was_asked_for(visitor: Browser) -> None:
    path = "/api/v1/products/khong-co"
    english = visitor.get(path, headers={"Accept-Language": "en"})
    vietnamese = visitor.get(path)
    assert english.get_json()["detail"] == "No product has this key."
    assert vietnamese.get_json()["detail"] != english.get_json()["detail"]
    assert "Accept-Language" in english.headers["Vary"]


def test_stars_that_have_ended_are_not_told(session: Session, visitor: Browser, sku: Sku) -> None:
    recognise(session, sku.product, 4, valid_until=TODAY - timedelta(days=1))
    assert listed(session, visitor)["items"][0]["recognition"] is None


def test_drafts_are_not_told(session: Session, visitor: Browser) -> None:
    draft = make_product(session)
    assert slugs(session, visitor) == []
    assert checked(visitor.get(f"/api/v1/products/{draft.slug}"))["code"] == "no_such_product"


def test_a_withdrawn_product_is_gone(session: Session, visitor: Browser, sku: Sku) -> None:
    products.withdraw(session, sku.product, reason="hết mùa", **BY_NOBODY)
    session.flush()
    answer = visitor.get(f"/api/v1/products/{sku.product.slug}")
    assert (answer.status_code, checked(answer)["code"]) == (410, "withdrawn")


def test_one_product_has_its_photographs(session: Session, visitor: Browser, sku: Sku) -> None:
    photo = add_photo(session, sku.product)
    photos.note_sizes(session, photo.id, (320, 640))
    session.flush()
    found = checked(visitor.get(f"/api/v1/products/{sku.product.slug}"))
    assert found["photos"][0]["url"].startswith("http://localhost/anh/")


def test_words_and_shelves_narrow_the_list(session: Session, visitor: Browser, sku: Sku) -> None:
    make_offered(session, name_vi="Hương xạ")
    assert slugs(session, visitor, q="mat ong") == [sku.product.slug]
    assert slugs(session, visitor, q="!!!") == []
    assert len(slugs(session, visitor, category=sku.product.category.slug)) == 2
    assert slugs(session, visitor, category="khong-co") == []


def test_pages_follow_one_another(session: Session, visitor: Browser) -> None:
    made = [make_offered(session, name_vi=f"Nhãn {n}").product.slug for n in range(3)]
    first = listed(session, visitor, limit=2)
    assert (first["total"], first["page"], first["limit"]) == (3, 1, 2)
    path = first["next"].removeprefix("http://localhost")
    second = checked(visitor.get(path))
    assert second["next"] is None
    assert [i["slug"] for i in first["items"] + second["items"]] == made


def later(days: int = 1) -> str:
    return (NOW + timedelta(days=days)).isoformat()


def test_a_price_that_was_set_is_a_change(session: Session, visitor: Browser, sku: Sku) -> None:
    make_offered(session, name_vi="Hương xạ")
    assert slugs(session, visitor, updated_since=later()) == []
    with time_machine.travel(NOW + timedelta(days=2), tick=False):
        by: Any = {"now": NOW + timedelta(days=2), "actor_id": None}
        pricing.set_price(session, sku, 130_000, valid_from=TODAY, **by)
        assert slugs(session, visitor, updated_since=later()) == [sku.product.slug]
        updated = listed(session, visitor, updated_since=later())["items"][0]["updated_at"]
    assert updated == "2026-11-26T03:00:00Z"


def test_a_price_that_begins_and_stars_that_end_are_changes(
    session: Session, visitor: Browser, sku: Sku
) -> None:
    starred: Product = make_offered(session, name_vi="Hương xạ").product
    recognise(session, starred, 4, valid_until=TODAY + timedelta(days=9))
    pricing.set_price(session, sku, 99_000, valid_from=TODAY + timedelta(days=5), **BY_NOBODY)
    for day, due in ((4, []), (6, [sku.product.slug]), (11, [starred.slug, sku.product.slug])):
        with time_machine.travel(NOW + timedelta(days=day), tick=False):
            assert slugs(session, visitor, updated_since=later(2)) == due

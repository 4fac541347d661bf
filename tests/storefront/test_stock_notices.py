"""«Tell me when it is back»: asked on the page, told once, forgotten."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.core.db import Database
from app.core.outbox import OutboxJob
from app.storefront import stock_notices
from app.storefront.models import StockNotice
from builders import BY_NOBODY, NOW, TODAY, make_depot, make_offered, make_sku, stock_up
from catalog import products
from catalog.models import Sku
from pos.stock.models import Place
from support.browser import Browser
from support.post import Post


@pytest.fixture
def sku(session: Session) -> Sku:
    made = make_offered(session, name_vi="Mật ong", texts={"name_en": "Honey"})
    session.commit()
    return made


@pytest.fixture
def depot(session: Session) -> Place:
    place = make_depot(session)
    session.commit()
    return place


@pytest.fixture
def post(app: Flask, database: Database) -> Post:
    return Post(app)


def ask(visitor: Browser, sku: Sku, email: str = "lan@example.vn", query: str = "") -> TestResponse:
    path = f"/san-pham/{sku.product.slug}/bao-khi-co-hang{query}"
    return visitor.post(path, {"sku": sku.id, "email": email})


def tell(session: Session, **over: Any) -> int:
    told = stock_notices.tell(session, **({"day": TODAY, "now": NOW} | over))
    session.commit()
    return told


def test_the_form_stands_where_something_is_sold_out_and_says_what_for(
    session: Session, visitor: Browser, sku: Sku, depot: Place
) -> None:
    path = f"/san-pham/{sku.product.slug}"
    assert "Địa chỉ chỉ dùng để gửi một thư" in visitor.get(path).text
    stock_up(session, depot, sku, 5)
    session.commit()
    assert "Báo cho tôi khi có hàng" not in visitor.get(path).text
    make_sku(session, sku.product)
    session.commit()
    assert "Báo cho tôi khi có hàng" in visitor.get(path).text


def test_who_asked_is_told_once_in_the_own_language(
    session: Session, visitor: Browser, sku: Sku, depot: Place, post: Post
) -> None:
    for _ in range(2):
        ask(visitor, sku, " Lan@example.vn", "?lang=en")
    ask(visitor, sku, "minh@example.vn", "?lang=vi")
    assert tell(session) == 0
    stock_up(session, depot, sku, 5)
    assert tell(session) == 2
    assert [tell(session), tell(session, now=NOW + timedelta(days=1))] == [0, 0]
    subjects = {m["To"]: m["Subject"] for m in post.fetch()}
    assert subjects == {
        "lan@example.vn": "Phố Hiến: Honey is back",
        "minh@example.vn": "Phố Hiến: Mật ong đã có hàng lại",
    }


def test_asking_anew_after_the_message_is_a_new_request(
    session: Session, visitor: Browser, sku: Sku, depot: Place
) -> None:
    ask(visitor, sku)
    stock_up(session, depot, sku, 5)
    assert tell(session) == 1
    ask(visitor, sku)
    assert tell(session) == 1


def test_only_what_can_be_bought_counts_as_back(
    session: Session, visitor: Browser, sku: Sku, depot: Place
) -> None:
    free = make_offered(session)
    session.commit()
    for wanted in (sku, free):
        ask(visitor, wanted)
        stock_up(session, depot, wanted, 5)
    products.withdraw(session, free.product, reason="hết mùa", **BY_NOBODY)
    assert tell(session) == 1
    (job,) = session.scalars(select(OutboxJob).filter_by(name="back_in_stock"))
    notice = session.scalars(select(StockNotice).filter_by(sku_id=sku.id)).one()
    assert job.payload == {"notice_id": str(notice.id)}


def test_the_link_in_the_message_forgets_the_address(
    session: Session, visitor: Browser, sku: Sku, depot: Place, post: Post
) -> None:
    other = make_offered(session)
    session.commit()
    ask(visitor, sku)
    ask(visitor, other)
    stock_up(session, depot, sku, 5)
    tell(session)
    link = post.link()
    assert "Mật ong" in visitor.get(link).text
    assert len(session.scalars(select(StockNotice)).all()) == 2
    for _ in range(2):
        assert visitor.post(link).headers["Location"] == "/"
    assert session.scalars(select(StockNotice)).all() == []
    assert "không còn trong danh sách" in visitor.get(link).text


def test_a_request_ended_before_its_message_leaves_is_not_answered(
    session: Session, visitor: Browser, sku: Sku, depot: Place, post: Post
) -> None:
    ask(visitor, sku)
    stock_up(session, depot, sku, 5)
    tell(session)
    stock_notices.forget(session, "lan@example.vn")
    session.commit()
    assert post.fetch() == []


def test_a_made_up_link_ends_nothing(session: Session, visitor: Browser, sku: Sku) -> None:
    ask(visitor, sku)
    for token in ("x", "A" * 48, "é"):
        assert visitor.get(f"/bao-khi-co-hang/{token}/huy").status_code == 200
        assert visitor.post(f"/bao-khi-co-hang/{token}/huy").status_code == 303
    assert len(session.scalars(select(StockNotice)).all()) == 1


@pytest.mark.parametrize("email", ["", "lan", "lan@", "a" * 300 + "@example.vn"])
def test_a_wrong_address_is_refused_in_words(
    session: Session, visitor: Browser, sku: Sku, email: str
) -> None:
    assert "notice-stop" in visitor.follow(ask(visitor, sku, email)).text
    assert session.scalars(select(StockNotice)).all() == []


@pytest.mark.parametrize("key", ["", "x", "01920000-0000-7000-8000-000000000000"])
def test_an_unknown_article_is_refused(
    session: Session, visitor: Browser, sku: Sku, key: str
) -> None:
    path = f"/san-pham/{sku.product.slug}/bao-khi-co-hang"
    assert visitor.post(path, {"sku": key, "email": "lan@example.vn"}).status_code == 303
    assert session.scalars(select(StockNotice)).all() == []


def test_nobody_is_put_on_many_lists(session: Session, visitor: Browser) -> None:
    for _ in range(10):
        sku = make_offered(session)
        session.commit()
        ask(visitor, sku)
    assert len(session.scalars(select(StockNotice)).all()) == 8


def test_addresses_are_forgotten_as_the_form_promises(
    session: Session, visitor: Browser, sku: Sku, depot: Place
) -> None:
    never = make_offered(session)
    session.commit()
    ask(visitor, sku)
    ask(visitor, never, "minh@example.vn")
    stock_up(session, depot, sku, 5)

    def left_after(days: int) -> list[str]:
        tell(session, now=NOW + timedelta(days=days))
        return sorted(session.scalars(select(StockNotice.email)))

    assert left_after(0) == left_after(29) == ["lan@example.vn", "minh@example.vn"]
    assert left_after(31) == left_after(364) == ["minh@example.vn"]
    assert left_after(366) == []

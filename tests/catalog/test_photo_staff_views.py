"""Staff add photographs; shoppers see them in the size that fits; nobody else comes near."""

import io
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask, render_template_string
from sqlalchemy import select

from app.accounts.models import Role
from app.core import clock
from app.core.db import Database, reading, transaction
from app.errands import errands
from app.jobs import run_due
from app.storefront.browse import Card
from builders import BY_NOBODY, make_product, make_user, picture_bytes
from catalog import products
from catalog.models import Product
from catalog.offer_models import Photo, PhotoState
from catalog.photos import PhotoView
from catalog.recognitions import RecognitionState, RecognitionView
from support.browser import Browser

WORDS = {"alt_vi": "Nhãn <sấy> trong hộp", "alt_en": "Dried longan in a box"}


@pytest.fixture
def officer(app: Flask, database: Database) -> Browser:
    with transaction() as session:
        user = make_user(session, Role.OFFICER)
    return Browser(app).sign_in(user)


@pytest.fixture
def product(database: Database) -> Product:
    with transaction() as session:
        return make_product(session, publish=True)


def address(product: Product, *more: object) -> str:
    return "/".join(str(part) for part in (f"/quan-ly/san-pham/{product.id}/anh", *more))


def send(browser: Browser, product: Product, content: bytes, **words: str) -> int:
    form = WORDS | words | {"file": (io.BytesIO(content), "nhan.jpg")}
    return browser.post(address(product), form).status_code


def only_photo() -> Photo:
    with reading() as session:
        return session.scalars(select(Photo)).one()


def published(app: Flask, officer: Browser, product: Product, width: int = 900) -> Photo:
    """A photograph whose sizes the worker has made."""
    assert send(officer, product, picture_bytes((width, width * 3 // 4))) == 303
    run_due(clock.now(), {}, errands(app))
    return only_photo()


def test_a_photograph_is_kept_outside_the_web_root_and_sized_by_the_worker(
    app: Flask, officer: Browser, product: Product
) -> None:
    photo = published(app, officer, product)
    assert photo.state is PhotoState.READY
    folder: Path = app.extensions["phohien_settings"].instance_dir / "photos"
    assert (folder / photo.sha256[:2] / photo.sha256).is_file()
    page = officer.get(address(product)).get_data(as_text=True)
    assert "Nhãn &lt;sấy&gt; trong hộp" in page
    on_product = officer.get(f"/quan-ly/san-pham/{product.id}").get_data(as_text=True)
    assert address(product, photo.id, "xem") in on_product


def test_the_product_page_offers_every_size_and_shifts_nothing(
    app: Flask, officer: Browser, visitor: Browser, product: Product
) -> None:
    photo = published(app, officer, product)
    page = visitor.get(f"/san-pham/{product.slug}").get_data(as_text=True)
    for suffix in ("avif", "webp", "jpg"):
        assert f"/anh/{photo.sha256}-900.{suffix} 900w" in page
    assert 'width="900" height="675" alt="Nhãn &lt;sấy&gt; trong hộp"' in page
    assert "chưa có ảnh" not in page
    english = visitor.get(f"/san-pham/{product.slug}?lang=en").get_data(as_text=True)
    assert 'alt="Dried longan in a box"' in english


def test_a_card_shows_the_first_photograph_without_saying_its_name_twice(app: Flask) -> None:
    view = PhotoView("a" * 64, 900, 675, "Nhãn sấy", None, (320, 640, 900))
    none = RecognitionView(RecognitionState.NONE)
    card = Card("nhan", "Nhãn", None, "longan", None, None, 90_000, 1, 5, none, photo=view)
    page = "{% from 'storefront/_card.html' import product_card %}{{ product_card(card) }}"
    with app.test_request_context():
        drawn = render_template_string(page, card=card)
        plain = render_template_string(page, card=replace(card, photo=None))
    assert f"/anh/{'a' * 64}-640.webp 640w" in drawn
    assert 'width="900" height="675" alt="" loading="lazy"' in drawn
    assert "longan.svg" not in drawn
    assert "longan.svg" in plain


def test_a_product_without_photographs_shows_its_drawing(
    officer: Browser, visitor: Browser, product: Product
) -> None:
    send(officer, product, picture_bytes())  # its sizes are not made yet
    page = visitor.get(f"/san-pham/{product.slug}").get_data(as_text=True)
    assert "/static/img/products/" in page
    assert "/anh/" not in page


def test_shared_links_and_machines_get_the_photograph(
    app: Flask, officer: Browser, visitor: Browser, product: Product
) -> None:
    feed = "/feeds/google.xml"
    assert "g:image_link" not in visitor.get(feed).get_data(as_text=True)
    photo = published(app, officer, product, 1_600)
    picture = f"http://localhost/anh/{photo.sha256}-1280.jpg"
    page = visitor.get(f"/san-pham/{product.slug}").get_data(as_text=True)
    assert f'property="og:image" content="{picture}"' in page
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    assert json.loads(found[1])["@graph"][0]["image"] == picture
    assert f"<g:image_link>{picture}</g:image_link>" in visitor.get(feed).get_data(as_text=True)


@pytest.mark.parametrize(
    ("suffix", "kind"), [("avif", "image/avif"), ("webp", "image/webp"), ("jpg", "image/jpeg")]
)
def test_a_size_is_served_for_ever_with_its_type(
    app: Flask, officer: Browser, visitor: Browser, product: Product, suffix: str, kind: str
) -> None:
    photo = published(app, officer, product)
    answer = visitor.get(f"/anh/{photo.sha256}-640.{suffix}")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, kind)
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "Set-Cookie" not in answer.headers


def test_nothing_else_is_served(
    app: Flask, officer: Browser, visitor: Browser, product: Product
) -> None:
    key = published(app, officer, product).sha256
    for name in (
        key,
        f"{key}-641.jpg",
        f"{key}-640.png",
        f"{key}-0640.jpg",
        "..%2f..%2fsecret_key",
    ):
        assert visitor.get(f"/anh/{name}").status_code == 404
    assert visitor.get(f"/anh/{'0' * 64}-320.jpg").status_code == 404


def test_photographs_of_a_draft_are_for_its_staff(
    app: Flask, officer: Browser, visitor: Browser
) -> None:
    with transaction() as session:
        draft = make_product(session)
    photo = published(app, officer, draft)
    assert visitor.get(f"/anh/{photo.sha256}-320.jpg").status_code == 404
    preview = officer.get(address(draft, photo.id, "xem"))
    assert (preview.status_code, preview.headers["Content-Type"]) == (200, "image/jpeg")
    assert preview.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_a_withdrawn_product_keeps_its_photographs(
    app: Flask, officer: Browser, visitor: Browser, product: Product
) -> None:
    photo = published(app, officer, product)
    with transaction() as session:
        found = session.get_one(Product, product.id)
        products.withdraw(session, found, reason="hết mùa", **BY_NOBODY)
    assert visitor.get(f"/anh/{photo.sha256}-320.jpg").status_code == 200


def test_words_are_asked_for(officer: Browser, product: Product) -> None:
    assert send(officer, product, picture_bytes(), alt_vi="  ") == 422
    assert send(officer, product, b"<script>alert(1)</script>") == 422
    assert officer.post(address(product), WORDS).status_code == 422
    with reading() as session:
        assert session.scalars(select(Photo)).all() == []


def test_words_change_and_the_order_too_and_then_it_is_gone(
    officer: Browser, product: Product
) -> None:
    send(officer, product, picture_bytes(), alt_vi="Một")
    send(officer, product, picture_bytes(), alt_vi="Hai")
    with reading() as session:
        first, second = session.scalars(select(Photo).order_by(Photo.position)).all()
    assert officer.post(address(product, second.id, "len")).status_code == 303
    assert officer.post(address(product, first.id), {"alt_vi": "Ba"}).status_code == 303
    assert officer.post(address(product, first.id), {"alt_vi": ""}).status_code == 422
    page = officer.get(address(product)).get_data(as_text=True)
    assert page.index('value="Hai"') < page.index('value="Ba"')
    assert officer.post(address(product, second.id, "xoa")).status_code == 303
    assert only_photo().alt_vi == "Ba"


def test_a_photograph_of_another_product_is_not_found(officer: Browser, product: Product) -> None:
    with transaction() as session:
        other = make_product(session)
    send(officer, other, picture_bytes())
    key = only_photo().id
    assert officer.post(address(product, key, "xoa")).status_code == 404
    assert officer.get(address(product, key, "xem")).status_code == 404


def test_a_producer_looks_on(app: Flask, officer: Browser, product: Product) -> None:
    send(officer, product, picture_bytes())
    key = only_photo().id
    with transaction() as session:
        own = make_user(session, Role.PRODUCER, f"producer:{product.producer_id}")
        other = make_user(session, Role.PRODUCER, f"producer:{key}")
    producer, stranger = Browser(app).sign_in(own), Browser(app).sign_in(other)
    assert producer.get(address(product, key, "xem")).status_code == 200
    assert stranger.get(address(product, key, "xem")).status_code == 403
    assert send(producer, product, picture_bytes()) == 403
    for step in ("len", "xuong", "xoa", "lam-lai"):
        assert producer.post(address(product, key, step)).status_code == 403
    assert only_photo().id == key

"""Test data made through the verbs, so that it obeys the rules. Plain functions."""

import io
import os
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import users
from app.accounts.models import Role, User
from app.config import DEMO_STAMP_KEY
from app.core import operations
from app.storefront import questions, reviews
from app.storefront.voice_models import Question, Review
from catalog import (
    bundles,
    photo_files,
    photos,
    preorders,
    pricing,
    products,
    recognitions,
)
from catalog.models import Category, PriceChannel, Producer, ProducerKind, Product, Sku, Unit
from catalog.offer_models import Photo, PreOrder
from catalog.photos import Alt
from catalog.products import Texts
from catalog.recognition_models import Decision, IssuerLevel, Recognition
from pos.counter import registers
from pos.counter.models import Register
from pos.sales import placing
from pos.sales.lines import Item
from pos.sales.models import Order
from pos.sales.status import Delivery, OrderStatus, Tender
from pos.stock import goods, places
from pos.stock.ledger import Posting
from pos.stock.models import MovementKind, Place, PlaceKind
from pos.stock.taking import FactResult, Take, take_fact
from traceability import lots, serials, stamps
from traceability.gs1 import demo_gtin
from traceability.models import Lot, StampBatch

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
TODAY = date(2026, 11, 24)
BY_NOBODY: dict[str, Any] = {"now": NOW, "actor_id": None}
STAMP_KEYS = {1: DEMO_STAMP_KEY}

_numbers = count(1)


def make_user(session: Session, role: Role | None = None, scope: str = "*", **over: Any) -> User:
    number = next(_numbers)
    values = {"email": f"user{number}@example.vn", "name": f"Người {number}", "password_hash": "x"}
    user = users.create(session, **(values | over), **BY_NOBODY)
    if role is not None:
        users.grant(session, user, role, scope, day=date(2020, 1, 1), **BY_NOBODY)
    return user


def make_producer(session: Session, **over: Any) -> Producer:
    number = next(_numbers)
    values: dict[str, Any] = {
        "slug": f"hop-tac-xa-{number}",
        "name": f"HTX Nhãn lồng {number}",
        "kind": ProducerKind.COOPERATIVE,
        "area_text": "xã Hồng Nam, thành phố Hưng Yên",
        "created_at": NOW,
    }
    producer = Producer(**(values | over))
    session.add(producer)
    session.flush()
    return producer


def a_category(session: Session) -> Category:
    found = session.scalar(select(Category).limit(1))
    if found is None:
        found = Category(
            slug="trai-cay", name_vi="Trái cây", name_en="Fruit", illustration="longan", position=0
        )
        session.add(found)
        session.flush()
    return found


def make_product(session: Session, *, publish: bool = False, **over: Any) -> Product:
    number = next(_numbers)
    name = over.pop("name_vi", f"Long nhãn {number}")
    producer = over.pop("producer", None) or make_producer(session)
    texts = Texts(name_vi=name, summary_vi="Sấy từ nhãn lồng.", **over.pop("texts", {}))
    category = over.pop("category", None) or a_category(session)
    kind = over.pop("profile", "fresh_produce")
    product = products.draft(
        session, texts, producer=producer, category=category, **BY_NOBODY, **over
    )
    product.profile = kind
    if publish:
        make_sku(session, product=product)
        products.publish(session, product, day=TODAY, **BY_NOBODY)
    return product


def make_sku(
    session: Session, product: Product | None = None, price: int | None = 125_000, **over: Any
) -> Sku:
    number = next(_numbers)
    values: dict[str, Any] = {
        "code": f"SKU{number:04}",
        "name_vi": "Hộp 500 g",
        "name_en": "500 g box",
        "net_content": 500,
        "net_unit": Unit.GRAM,
        "gtin": demo_gtin(number),
        "shelf_life_days": 365,
    }
    sku = products.add_sku(
        session, product or make_product(session), **(values | over), **BY_NOBODY
    )
    if price is not None:
        set_price(session, sku, price)
    return sku


def set_price(session: Session, sku: Sku, amount: int, **over: Any) -> None:
    values: dict[str, Any] = {"valid_from": date(2026, 1, 1), "channel": PriceChannel.ANY}
    pricing.set_price(session, sku, amount, **(values | over), **BY_NOBODY)


def make_decision(session: Session, **over: Any) -> Decision:
    values: dict[str, Any] = {
        "number": f"DEMO-{next(_numbers)}/QĐ-UBND",
        "issuer": "UBND tỉnh Hưng Yên",
        "issuer_level": IssuerLevel.PROVINCE,
        "issued_on": date(2025, 5, 12),
        "legal_basis": "148/QĐ-TTg",
    }
    return recognitions.record_decision(session, **(values | over), **BY_NOBODY)


def recognise(
    session: Session, product: Product, stars: int = 4, valid_until: date | None = None, **over: Any
) -> Recognition:
    decision = make_decision(session, **over)
    return recognitions.grant(
        session, product, decision, stars, valid_until=valid_until, **BY_NOBODY
    )


def make_lot(session: Session, sku: Sku, *, release: bool = True, **over: Any) -> Lot:
    values: dict[str, Any] = {
        "owner": sku.product.producer,
        "made_on": TODAY - timedelta(days=30),
        "expires_on": None,
        "quantity_declared": 1_000,
    }
    code = over.pop("code", f"L{next(_numbers):04}")
    lot = lots.open_lot(session, sku, code, **(values | over), **BY_NOBODY)
    if release:
        lots.release(session, lot, **BY_NOBODY)
    return lot


def make_place(session: Session, kind: PlaceKind = PlaceKind.SHOP, **over: Any) -> Place:
    number = next(_numbers)
    values: dict[str, Any] = {"code": f"P{number}", "name": f"Điểm bán {number}", "pickup": True}
    return places.create(session, kind=kind, **(values | over), **BY_NOBODY)


def act(**over: Any) -> goods.Act:
    return goods.Act(**({"key": f"key{next(_numbers)}", "now": NOW, "actor_id": None} | over))


def stock_up(session: Session, place: Place, sku: Sku, quantity: int, **lot: Any) -> Lot:
    """A released lot of `sku` with `quantity` units at `place`."""
    made = make_lot(session, sku, **lot)
    goods.receive(session, place, made, quantity, act())
    return made


def make_depot(session: Session) -> Place:
    return make_place(session, PlaceKind.DEPOT, serves_web=True, pickup=False)


def make_order(session: Session, sku: Sku, quantity: int = 1, **over: Any) -> Order:
    """A web order for goods that are in a depot, paid on delivery."""
    source = over.pop("source", None)
    if source is None:
        source = make_depot(session)
        stock_up(session, source, sku, quantity + 10)
    contact = placing.Contact(name="Nguyễn Thị Lan", phone="+84912345678", address="12 Phố Hiến")
    terms = placing.Terms(Delivery.SHIP, source, Tender.ON_DELIVERY, fee=30_000)
    values: dict[str, Any] = {"now": NOW, "randomness": os.urandom}
    items = over.pop("items", None) or [Item(sku.id, quantity)]
    return placing.place(session, items, contact, terms, **(values | over))


def make_register(session: Session, place: Place | None = None) -> Register:
    where = place or make_place(session)
    return registers.enrol(session, where, f"R{next(_numbers)}", "Quầy 1", **BY_NOBODY)


def make_batch(session: Session, lot: Lot, size: int = 100, **over: Any) -> StampBatch:
    """Stamps of a released lot in the producer's hands; its product must be recognised."""
    values = {"day": TODAY, "epoch": 1, "randomness": os.urandom}
    batch = stamps.request(session, lot, size, **(values | over), **BY_NOBODY)
    stamps.approve(session, batch, **BY_NOBODY)
    stamps.generate(session, batch, day=TODAY, keys=STAMP_KEYS, **BY_NOBODY)
    stamps.mark_printed(session, batch, **BY_NOBODY)
    stamps.deliver(session, batch, **BY_NOBODY)
    return batch


def activate(session: Session, batch: StampBatch, first: int = 0, last: int | None = None) -> None:
    """Put stamps to use, by default all of the batch."""
    end = batch.size - 1 if last is None else last
    stamps.activate(session, batch, first, end, **BY_NOBODY)


def serial_of(batch: StampBatch, number: int) -> str:
    key = stamps.key_of(batch, STAMP_KEYS)
    return serials.serial_for(key, batch.identity, batch.ref, number)


def make_offered(session: Session, price: int = 125_000, **product: Any) -> Sku:
    """The only article of a published product."""
    offered = make_product(session, **product)
    sku = make_sku(session, product=offered, price=price)
    products.publish(session, offered, day=TODAY, **BY_NOBODY)
    return sku


def take_at_counter(session: Session, place: Place, sku: Sku, quantity: int) -> FactResult:
    """Goods go over the counter of `place` whatever the books say."""
    key = f"key{next(_numbers)}"
    outcome = operations.once(
        session, kind="test.sale", key=key, body=None, now=NOW, effect=lambda _id: {}
    )
    sale = Posting(outcome.operation_id, MovementKind.SALE, f"test:{key}", NOW, NOW, None)
    return take_fact(session, sale, place.id, [Take(sku.id, quantity)], day=TODAY, now=NOW)


def picture_bytes(size: tuple[int, int] = (40, 30), *, shade: int | None = None) -> bytes:
    """A JPEG in one colour; each has another colour unless `shade` says which."""
    number = next(_numbers) if shade is None else shade
    out = io.BytesIO()
    Image.new("RGB", size, (number * 7 % 256, number * 3 % 256, 90)).save(out, "JPEG", quality=95)
    return out.getvalue()


def add_photo(
    session: Session, product: Product, content: bytes | None = None, alt: Alt | None = None
) -> Photo:
    """A photograph without files; its sizes are still to be made."""
    picture = photo_files.judge(content or picture_bytes())
    return photos.add(session, product, picture, alt or Alt("Nhãn sấy trong hộp"), **BY_NOBODY)


def make_completed(session: Session, sku: Sku, **over: Any) -> Order:
    """A web order whose goods and money have changed hands."""
    order = make_order(session, sku, **over)
    order.status, order.completed_at = OrderStatus.COMPLETED, NOW
    session.flush()
    return order


def make_review(
    session: Session, sku: Sku, stars: int = 4, text: str = "Ngon", **over: Any
) -> Review:
    """A buyer's review of the only line of an order."""
    order = make_completed(session, sku, **over)
    said = reviews.Said(stars, text, "Nguyễn T. L.")
    return reviews.give(session, order, order.lines[0].id, said, language="vi", now=NOW)


def make_question(session: Session, sku: Sku, email: str | None = None) -> Question:
    """What somebody wants to know of a product in the shop."""
    asker = questions.Asker("Lê Văn An", email, "vi")
    return questions.ask(session, sku.product.slug, asker, "Có giao hỏa tốc không?", now=NOW)


def make_set(session: Session, parts: dict[Sku, int], price: int = 300_000, **product: Any) -> Sku:
    """A gift set of these articles, offered in the shop at its own price."""
    sku = make_offered(session, price, **({"name_vi": "Bộ quà Phố Hiến"} | product))
    content = {part.id: quantity for part, quantity in parts.items()}
    bundles.set_parts(session, sku, content, **BY_NOBODY)
    return sku


def make_pre_order(session: Session, sku: Sku, units: int = 10, **over: Any) -> PreOrder:
    """A harvest that can be ordered from today for ten days and is sent in a month."""
    values: dict[str, Any] = {
        "opens_on": TODAY,
        "closes_on": TODAY + timedelta(days=10),
        "ships_from": TODAY + timedelta(days=30),
        "ships_until": TODAY + timedelta(days=40),
    }
    plan = preorders.Plan(units, **(values | over))
    return preorders.open_one(session, sku, plan, day=TODAY, **BY_NOBODY)

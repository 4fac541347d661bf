"""A large made-up catalogue, written in bulk: products with articles, prices, stars, lots and stock."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.areas import loading as areas
from app.areas.models import AreaLevel, AreaUnit
from app.core.codes import uuid7
from app.core.text import search_words, slugify, sort_key
from catalog import groups
from catalog.groups import SCHEME_2023
from catalog.models import (
    Category,
    Price,
    PriceChannel,
    Producer,
    Product,
    ProductGroup,
    ProductStatus,
    Sku,
    Unit,
)
from catalog.recognition_models import Decision, IssuerLevel, Recognition
from pos.stock.models import Balance, Place, PlaceKind
from traceability.models import Lot, LotStatus

NOW = datetime(2026, 11, 24, 3, tzinfo=UTC)
DAY = date(2026, 11, 24)
GOODS = "nhãn long nhãn|mật ong|trà sen|gạo nếp|bánh gai|tương bần|nghệ bột|cam|chuối|gà đông tảo"
KINDS = "lồng|hoa nhãn|ướp|cái hoa vàng|cổ truyền|hũ sành|đỏ|đường canh|tiêu hồng|tươi|khô|loại một"
PLACES = "hồng nam|văn giang|khoái châu|ân thi|mỹ hào|kim động|phù cừ|tiên lữ|yên mỹ|văn lâm"
POINTS = 6
PER_PRODUCER = 8
BATCH = 2_000


def fill(session: Session, products: int, lots_each: int) -> None:
    """Write `products` published products, each with one article in `lots_each` lots."""
    chance = Random(7)
    new = _keys(chance)
    areas.load(session)
    groups.ensure(session)
    shelves = _shelves(session, new)
    places = _places(session, new)
    makers = _makers(session, new, products // PER_PRODUCER + 1, chance)
    decision = next(new)
    session.execute(insert(Decision), [_decision(decision)])
    known = session.scalars(select(ProductGroup.id).filter_by(scheme=SCHEME_2023)).all()
    for start in range(0, products, BATCH):
        numbers = range(start, min(start + BATCH, products))
        rows = [_rows(n, new, chance, shelves, makers, known, decision) for n in numbers]
        for table in (Product, Sku, Price, Recognition):
            session.execute(insert(table), [row[table] for row in rows if table in row])
        lots = [lot for row in rows for lot in _lots(row[Sku]["id"], new, chance, lots_each)]
        session.execute(insert(Lot), lots)
        session.execute(insert(Balance), [_balance(lot, chance.choice(places)) for lot in lots])
    session.commit()


def _keys(chance: Random) -> Iterator[UUID]:
    while True:
        yield uuid7(NOW, lambda n: chance.randbytes(n))


def _shelves(session: Session, new: Iterator[UUID]) -> Sequence[UUID]:
    rows = [
        {"id": next(new), "slug": f"ke-{n}", "name_vi": f"Kệ {n}", "name_en": f"Shelf {n}",
         "illustration": "jar", "position": n}
        for n in range(10)
    ]  # fmt: skip
    session.execute(insert(Category), rows)
    return [row["id"] for row in rows]  # type: ignore[misc]


def _places(session: Session, new: Iterator[UUID]) -> Sequence[UUID]:
    rows = [
        {"id": next(new), "code": f"P{n}", "name": f"Điểm bán {n}", "kind": PlaceKind.SHOP,
         "active": True, "serves_web": n == 0, "pickup": True}
        for n in range(POINTS)
    ]  # fmt: skip
    session.execute(insert(Place), rows)
    return [row["id"] for row in rows]  # type: ignore[misc]


def _makers(
    session: Session, new: Iterator[UUID], number: int, chance: Random
) -> Sequence[tuple[UUID, str, UUID]]:
    level = AreaUnit.level == AreaLevel.COMMUNE
    communes = session.scalars(
        select(AreaUnit.id).where(level, AreaUnit.snapshot == "2025-07")
    ).all()
    made = [
        {"id": next(new), "slug": f"htx-{n}", "name": f"HTX {_word(chance, PLACES)} {n}",
         "area_id": chance.choice(communes), "created_at": NOW}
        for n in range(number)
    ]  # fmt: skip
    session.execute(insert(Producer), made)
    return [(row["id"], row["name"], row["area_id"]) for row in made]  # type: ignore[misc]


def _decision(key: UUID) -> dict[str, Any]:
    return {
        "id": key, "number": "1/QĐ-UBND", "issuer": "UBND tỉnh", "issuer_level": IssuerLevel.PROVINCE,
        "issued_on": DAY - timedelta(days=200), "legal_basis": "148/QĐ-TTg", "created_at": NOW,
    }  # fmt: skip


def _word(chance: Random, words: str) -> str:
    return chance.choice(words.split("|"))


def _rows(
    number: int,
    new: Iterator[UUID],
    chance: Random,
    shelves: Sequence[UUID],
    makers: Sequence[tuple[UUID, str, UUID]],
    known: Sequence[UUID],
    decision: UUID,
) -> dict[Any, dict[str, Any]]:
    maker, maker_name, area = makers[number // PER_PRODUCER]
    name = f"{_word(chance, GOODS)} {_word(chance, KINDS)} {_word(chance, PLACES)}".capitalize()
    product, sku, stars = next(new), next(new), chance.choice((0, 3, 3, 4, 4, 5))
    found: dict[Any, dict[str, Any]] = {
        Product: {
            "id": product, "slug": f"{slugify(name)}-{number}", "name_vi": name, "producer_id": maker,
            "category_id": chance.choice(shelves), "group_id": chance.choice(known), "area_id": area,
            "area_text": "Hưng Yên", "status": ProductStatus.PUBLISHED, "illustration": "jar",
            "summary_vi": f"{name}: hàng bịa để đo tốc độ.", "needs_lot": True, "counted": True,
            "search_text": search_words(name, maker_name), "sort_key": sort_key(name),
            "season_from": chance.choice((None, 1101)), "season_until": 131, "facts": {},
            "max_transit_days": chance.choice((None, None, 1, 3)), "created_at": NOW,
            "rating_sum": 0, "rating_count": 0,
        },
        Sku: {
            "id": sku, "product_id": product, "code": f"S{number}", "name_vi": "Hộp 500 g",
            "unit": Unit.PIECE, "net_content": 500, "net_unit": Unit.GRAM, "position": 0,
            "active": True, "sell_by_buffer_days": 0,
        },
        Price: {
            "id": next(new), "sku_id": sku, "channel": PriceChannel.ANY, "per_quantity": 1,
            "amount": chance.randrange(20, 900) * 1000, "valid_from": DAY - timedelta(days=60),
            "set_at": NOW,
        },
    }  # fmt: skip
    if stars:
        found[Recognition] = {
            "id": next(new), "product_id": product, "decision_id": decision, "stars": stars,
            "score": Decimal(stars * 18), "potential_five": False, "created_at": NOW,
            "valid_from": DAY - timedelta(days=200), "valid_until": DAY + timedelta(days=500),
        }  # fmt: skip
    return found


def _lots(sku: UUID, new: Iterator[UUID], chance: Random, number: int) -> list[dict[str, Any]]:
    return [
        {"id": next(new), "sku_id": sku, "code": f"L{n}", "made_on": DAY - timedelta(days=30),
         "expires_on": DAY + timedelta(days=chance.randrange(1, 300)),
         "sell_by": DAY + timedelta(days=chance.randrange(-20, 300)), "quantity_declared": 100,
         "status": LotStatus.RELEASED, "created_at": NOW}
        for n in range(number)
    ]  # fmt: skip


def _balance(lot: dict[str, Any], place: UUID) -> dict[str, Any]:
    return {
        "place_id": place, "lot_id": lot["id"], "sku_id": lot["sku_id"], "physical": True,
        "on_hand": 5, "reserved": 0,
    }  # fmt: skip

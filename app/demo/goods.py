"""What the demonstration sells: real products of the register, made-up packs, prices and decisions."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.clock import add_months
from app.demo import label_facts
from catalog import pricing, products, recognitions, weights
from catalog.models import Producer, Product, Sku, Unit
from catalog.products import Texts
from catalog.recognition_models import Decision, IssuerLevel, Recognition
from catalog.vat import VatClass
from traceability.gs1 import demo_gtin

ASSORTMENT = Path(__file__).with_name("assortment.csv")

STORAGE = {
    "dry": ("Nơi khô ráo, thoáng mát, tránh nắng.", "Keep dry and cool, out of the sun."),
    "fresh": ("Nơi mát, dùng sớm.", "Keep cool and use soon."),
    "cool": ("Ngăn mát 2–8 °C.", "Refrigerate at 2–8 °C."),
    "frozen": ("Ngăn đông −18 °C.", "Keep frozen at −18 °C."),
    "none": (None, None),
}

# How long ago the decision of each kind was issued, in months; each is valid for 36.
PIECE_GRAMS = 250
ISSUED_MONTHS_AGO = {"valid": 14, "soon": 35, "lapsed": 40}


@dataclass(frozen=True)
class Offered:
    """One product of the assortment with its articles; `stocked` unless out of season."""

    product: Product
    skus: list[Sku]
    recognition: Recognition | None
    state: str
    stocked: bool


def load(session: Session, *, day: date, now: datetime, actor_id: UUID) -> list[Offered]:
    """Complete and publish the products of the assortment."""
    decisions = _decisions(session, day, now, actor_id)
    with ASSORTMENT.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    numbers = iter(range(1, 1000))
    return [_offer(session, row, decisions, numbers, day, now, actor_id) for row in rows]


def _decisions(session: Session, day: date, now: datetime, actor_id: UUID) -> dict[str, Decision]:
    return {
        state: recognitions.record_decision(
            session,
            number=f"DEMO-{number:02}/QĐ-UBND",
            issuer="UBND tỉnh Hưng Yên (minh hoạ)",
            issuer_level=IssuerLevel.PROVINCE,
            issued_on=add_months(day, -months) + timedelta(days=9),
            legal_basis="148/QĐ-TTg",
            now=now,
            actor_id=actor_id,
        )
        for number, (state, months) in enumerate(ISSUED_MONTHS_AGO.items(), start=1)
    }


def _offer(
    session: Session,
    row: dict[str, str],
    decisions: dict[str, Decision],
    numbers: Iterator[int],
    day: date,
    now: datetime,
    actor_id: UUID,
) -> Offered:
    product = _find(session, row)
    storage_vi, storage_en = STORAGE[row["storage"]]
    texts = Texts(
        name_vi=product.name_vi,
        name_en=row["name_en"],
        summary_vi=row["summary_vi"],
        summary_en=row["summary_en"],
        storage_vi=storage_vi,
        storage_en=storage_en,
    )
    products.revise(session, product, texts, now=now, actor_id=actor_id)
    product.vat_class = VatClass.parse(row["vat"])
    skus = [
        _sku(session, product, pack, row, next(numbers), day, now, actor_id)
        for pack in row["packs"].split(";")
    ]
    granted = _recognise(session, product, row, decisions, now, actor_id)
    label_facts.tell(session, product, now=now, actor_id=actor_id)
    products.publish(session, product, day=day, now=now, actor_id=actor_id)
    return Offered(product, skus, granted, row["recognition"], row["stocked"] == "yes")


def _find(session: Session, row: dict[str, str]) -> Product:
    query = (
        select(Product)
        .join(Producer)
        .where(Product.name_vi == row["name"], Producer.name == row["producer"])
    )
    return session.scalars(query).one()


def _sku(
    session: Session,
    product: Product,
    pack: str,
    row: dict[str, str],
    number: int,
    day: date,
    now: datetime,
    actor_id: UUID,
) -> Sku:
    name_vi, name_en, net, unit, amount = pack.rsplit("/", 4)
    sku = products.add_sku(
        session,
        product,
        code=f"PH{number:03}",
        name_vi=name_vi,
        name_en=name_en,
        net_content=int(net),
        net_unit=Unit.parse(unit),
        # Every sixth article has no GTIN, as with many small producers.
        gtin=None if number % 6 == 0 else demo_gtin(number),
        shelf_life_days=int(row["shelf_days"]) if row["shelf_days"] else None,
        sell_by_buffer_days=int(row["buffer"]),
        now=now,
        actor_id=actor_id,
    )
    if weights.of(sku) is None:  # sold by the piece: a parcel needs a weight all the same
        products.set_weight(session, sku, PIECE_GRAMS * int(net), now=now, actor_id=actor_id)
    start = day - timedelta(days=60)
    pricing.set_price(session, sku, int(amount), valid_from=start, now=now, actor_id=actor_id)
    return sku


def _recognise(
    session: Session,
    product: Product,
    row: dict[str, str],
    decisions: dict[str, Decision],
    now: datetime,
    actor_id: UUID,
) -> Recognition | None:
    if row["recognition"] == "none":
        return None
    reported = session.scalar(
        select(Recognition.stars).filter_by(product_id=product.id, decision_id=None)
    )
    stars = int(row["stars"]) if row["stars"] else (reported or 3)
    decision = decisions[row["recognition"]]
    return recognitions.grant(session, product, decision, stars, now=now, actor_id=actor_id)

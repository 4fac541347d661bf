"""What was scanned or typed at the till: a stamp, a barcode, or an internal code."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, joinedload

from app.core.errors import Conflict, NotFound
from app.core.text import N_, fold
from catalog import bundles, pricing, products, recognitions
from catalog.models import PriceChannel, Product, ProductStatus, Sku
from pos.sales.lines import SetAtTill
from pos.stock import candidates
from pos.stock.availability import ALWAYS
from traceability import gs1, lots, serials, stamps
from traceability.issued import StampState
from traceability.models import Lot, LotStatus

# Why a stamp may not be sold; without an entry it may.
OBSTACLES = {
    StampState.NOT_ACTIVATED: N_("it was not activated"),
    StampState.SOLD: N_("it was already sold"),
    StampState.VOID: N_("it was declared void"),
}


class UnknownCode(NotFound):
    """Neither stamp nor barcode nor internal code."""

    code = "unknown_code"
    message = N_("Nothing is known under “%(text)s”. Check the code or search by name.")


class StampNotSaleable(Conflict):
    """The stamp is void, not activated, or was sold already."""

    code = "stamp_not_saleable"
    message = N_("This stamp cannot be sold: %(why)s.")


class LotNotSaleable(Conflict):
    """The goods are expired, on hold or recalled; nobody may sell them."""

    code = "lot_not_saleable"
    message = N_("Do not sell lot %(lot)s: %(why)s. Put the goods aside and tell the manager.")


@dataclass(frozen=True)
class Scanned:
    """What the till adds to the ticket. `lot` is the scanned lot, or the one proposed (FEFO)."""

    sku: Sku
    price: pricing.PriceView
    stars: int | None
    lot: Lot | None
    on_hand: int
    serial: str | None = None


def scan(
    session: Session, text: str, place_id: UUID, *, day: date, keys: Mapping[int, bytes]
) -> Scanned:
    """Find what `text` stands for at this point.

    Raises `UnknownCode`, `StampNotSaleable`, `LotNotSaleable`, `NoPrice`, `SetAtTill`.
    """
    code = text.strip()
    serial = serials.parse_typed(code)
    if serial is not None:
        stamp = stamps.find(session, serial, keys)
        if stamp is not None:
            return _stamped(session, stamp, serial, place_id, day)
    sku = products.sku_by_code(session, _bare(code))
    if sku is None or not sku.active:
        raise UnknownCode(text=code[:40])
    if session.scalar(select(Sku.id).where(Sku.id == sku.id, bundles.is_set(Sku.id))):
        raise SetAtTill(name=sku.product.name_vi)
    return _proposed(session, sku, place_id, day)


def _bare(code: str) -> str:
    """The GTIN inside a GS1 address without serial, else the text itself."""
    _host, found, path = code.partition("/01/")
    if not found:
        return code
    try:
        return gs1.parse_path(f"/01/{path}").gtin
    except gs1.MalformedLink:
        return code


def _stamped(
    session: Session, stamp: stamps.Stamp, serial: str, place_id: UUID, day: date
) -> Scanned:
    if stamp.state in OBSTACLES:
        raise StampNotSaleable(why=OBSTACLES[stamp.state])
    lot = stamp.lot
    if not lots.saleable(lot, day):
        raise LotNotSaleable(lot=lot.code, why=_why(lot))
    here = candidates.saleable(session, place_id, [lot.sku_id], day).get(lot.sku_id, [])
    on_hand = next((units for lot_id, units, _free in here if lot_id == lot.id), 0)
    return _scanned(session, lot.sku, lot, on_hand, day, serial)


def _why(lot: Lot) -> str:
    if lot.status is LotStatus.RECALLED:
        return N_("it was recalled")
    if lot.status is not LotStatus.RELEASED:
        return N_("it is on hold")
    return N_("its last day of sale is over")


def _proposed(session: Session, sku: Sku, place_id: UUID, day: date) -> Scanned:
    here = candidates.saleable(session, place_id, [sku.id], day).get(sku.id, [])
    lot = session.get(Lot, here[0][0]) if here else None
    return _scanned(session, sku, lot, _units(sku, here), day, None)


def _units(sku: Sku, here: Sequence[tuple[UUID, int, int]]) -> int:
    """Units at the point; of what is not counted there is always one more."""
    return sum(units for _lot, units, _free in here) if sku.product.counted else ALWAYS


def _scanned(
    session: Session, sku: Sku, lot: Lot | None, on_hand: int, day: date, serial: str | None
) -> Scanned:
    price = pricing.price(session, sku, PriceChannel.TILL, day)
    stars = recognitions.view(session, sku.product_id, day).shown_stars
    return Scanned(sku, price, stars, lot, on_hand, serial)


def search(
    session: Session, text: str, place_id: UUID, *, day: date, limit: int = 20
) -> list[Scanned]:
    """Articles that hold every word of `text` or its beginning, those in stock here first."""
    words = fold(text).split()[:6]
    if not words:
        return []
    query = (
        select(Sku)
        .join(Product)
        .where(Sku.active, Product.status == ProductStatus.PUBLISHED)
        .where(~bundles.is_set(Sku.id), *(_holds(word) for word in words))
        .options(joinedload(Sku.product))
        .order_by(Product.sort_key, Sku.position)
        .limit(limit)
    )
    return offer(session, list(session.scalars(query)), place_id, day=day)


def _holds(word: str) -> ColumnElement[bool]:
    """A word of the article begins so; within words, «ong» would find every «lồng»."""
    text = Product.search_text
    begins = text.startswith(word, autoescape=True) | text.contains(f" {word}", autoescape=True)
    return begins | Sku.code.istartswith(word, autoescape=True)


def offer(session: Session, skus: list[Sku], place_id: UUID, *, day: date) -> list[Scanned]:
    """These articles with price, stars and stock at the point; unpriced ones are left out."""
    ids = [sku.id for sku in skus]
    priced = pricing.prices(session, ids, PriceChannel.TILL, day)
    stars = recognitions.views(session, {sku.product_id for sku in skus}, day)
    here = candidates.saleable(session, place_id, ids, day)
    first = {sku_id: rows[0][0] for sku_id, rows in here.items()}
    known = session.scalars(select(Lot).where(Lot.id.in_(first.values())))
    by_id = {lot.id: lot for lot in known}
    found = [
        Scanned(
            sku,
            priced[sku.id],
            stars[sku.product_id].shown_stars,
            by_id[first[sku.id]] if sku.id in first else None,
            _units(sku, here.get(sku.id, [])),
        )
        for sku in skus
        if sku.id in priced
    ]
    return sorted(found, key=lambda item: item.on_hand == 0)

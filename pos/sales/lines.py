"""From SKUs and quantities to order lines: names, prices, stars and VAT as they are now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.core.errors import Conflict, Rejected
from app.core.money import vat_inside
from app.core.text import N_
from catalog import pricing, recognitions
from catalog.models import PriceChannel, Product, ProductStatus, Sku
from catalog.products import UnknownSku
from pos.sales.models import OrderLine

MAX_QUANTITY = 100_000  # base units: 100 kg of goods sold by the gram


class EmptyOrder(Rejected):
    """Nothing was chosen."""

    code = "empty_order"
    message = N_("The order is empty. Add something first.")


class BadOrderQuantity(Rejected):
    """Too little or unbelievably much."""

    code = "bad_order_quantity"
    message = N_("The quantity must be between 1 and %(most)s.")


class NotOffered(Conflict):
    """The product was withdrawn or is not sold any more."""

    code = "not_offered"
    message = N_("%(name)s is no longer offered. Remove it to go on.")


@dataclass(frozen=True)
class Item:
    """What somebody wants: `quantity` base units of a SKU."""

    sku_id: UUID
    quantity: int


def quote(
    session: Session, items: Sequence[Item], channel: PriceChannel, day: date, *, offered_only: bool
) -> list[OrderLine]:
    """Order lines at today's prices. `offered_only` refuses what the shop does not offer.

    Raises `EmptyOrder`, `BadOrderQuantity`, `UnknownSku`, `NotOffered`, `NoPrice`.
    """
    if not items:
        raise EmptyOrder
    if any(not 1 <= item.quantity <= MAX_QUANTITY for item in items):
        raise BadOrderQuantity(most=MAX_QUANTITY)
    skus = _skus(session, items)
    priced = pricing.prices(session, skus, channel, day)
    stars = recognitions.views(session, {s.product_id for s in skus.values()}, day)
    made = []
    for number, item in enumerate(items, start=1):
        sku = skus.get(item.sku_id)
        if sku is None:
            raise UnknownSku
        if offered_only and not (sku.active and sku.product.status is ProductStatus.PUBLISHED):
            raise NotOffered(name=sku.product.name_vi)
        if sku.id not in priced:
            raise pricing.NoPrice(name=sku.product.name_vi)
        shown = stars[sku.product_id].shown_stars
        made.append(_line(number, sku, item.quantity, priced[sku.id], shown))
    return made


def _skus(session: Session, items: Sequence[Item]) -> dict[UUID, Sku]:
    query = select(Sku).where(Sku.id.in_({item.sku_id for item in items}))
    with_owner = joinedload(Sku.product).joinedload(Product.producer)
    return {sku.id: sku for sku in session.scalars(query.options(with_owner))}


def _line(
    number: int, sku: Sku, quantity: int, price: pricing.PriceView, stars: int | None
) -> OrderLine:
    total = price.for_quantity(quantity)
    rate = sku.product.vat_permille
    return OrderLine(
        line_no=number,
        sku_id=sku.id,
        producer_id=sku.product.producer_id,
        name=f"{sku.product.name_vi} · {sku.name_vi}",
        sku_code=sku.code,
        unit=sku.unit,
        stars=stars,
        quantity=quantity,
        unit_price=price.amount,
        per_quantity=price.per_quantity,
        line_total=total,
        vat_permille=rate,
        vat_amount=None if rate is None else vat_inside(total, rate),
    )

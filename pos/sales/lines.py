"""From SKUs and quantities to order lines: names, prices, stars and VAT as they are now.

Lines are real goods only. A gift set becomes one line for each of its parts, marked with the number
and the name of the set; its price is shared among them. The share of one set stands in `unit_price`,
the units in one set in `per_quantity`, so that `line_total` follows from them as on every line.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from app.core.errors import Conflict, Rejected
from app.core.text import N_
from catalog import bundles, vat
from catalog.models import PriceChannel, ProductStatus, Sku
from catalog.pricing import PriceView
from catalog.products import UnknownSku
from pos.sales import price_list
from pos.sales.models import OrderLine
from pos.sales.price_list import PriceList

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


class SetAtTill(Conflict):
    """A till sells goods in hand, each from its lot."""

    code = "set_at_till"
    message = N_("%(name)s is a gift set. Sell its parts one by one at the till.")


@dataclass(frozen=True)
class Item:
    """What somebody wants: `quantity` base units of a SKU, perhaps of a harvest to come."""

    sku_id: UUID
    quantity: int
    pre_order_id: UUID | None = None


def quote(
    session: Session,
    items: Sequence[Item],
    channel: PriceChannel,
    day: date,
    *,
    offered_only: bool,
    listed: PriceList | None = None,
) -> list[OrderLine]:
    """Order lines at today's prices. `offered_only` refuses what the shop does not offer; `listed`
    is the price list where it was read already.

    Raises `EmptyOrder`, `BadOrderQuantity`, `UnknownSku`, `NotOffered`, `NoPrice`, `SetAtTill`.
    """
    if not items:
        raise EmptyOrder
    if any(not 1 <= item.quantity <= MAX_QUANTITY for item in items):
        raise BadOrderQuantity(most=MAX_QUANTITY)
    if listed is None:
        listed = price_list.read(session, {item.sku_id for item in items}, channel, day)
    made: list[OrderLine] = []
    for item in items:
        sku = listed.skus.get(item.sku_id)
        if sku is None:
            raise UnknownSku
        if offered_only:
            _check_offered(listed, sku)
        if sku.id in listed.sets and channel is PriceChannel.TILL:
            raise SetAtTill(name=sku.product.name_vi)
        made += (
            _of_set(listed, sku, item) if sku.id in listed.sets else [_single(listed, sku, item)]
        )
    _number(made)
    return made


def _check_offered(listed: PriceList, sku: Sku) -> None:
    parts = [listed.skus[part.sku_id] for part in listed.sets.get(sku.id, ())]
    for one in (sku, *parts):
        if not (one.active and one.product.status is ProductStatus.PUBLISHED):
            raise NotOffered(name=one.product.name_vi)


def _number(lines: Sequence[OrderLine]) -> None:
    """Number the lines, and the sets among them, from 1."""
    sets: dict[UUID, int] = {}
    for number, line in enumerate(lines, start=1):
        line.line_no = number
        if line.bundle_sku_id is not None:
            line.bundle_no = sets.setdefault(line.bundle_sku_id, len(sets) + 1)


def _single(listed: PriceList, sku: Sku, item: Item) -> OrderLine:
    price = listed.price(sku)
    line = _line(listed, sku, item.quantity, price)
    line.pre_order_id = item.pre_order_id
    return line


def _of_set(listed: PriceList, bundle: Sku, item: Item) -> Iterator[OrderLine]:
    parts, price = listed.sets[bundle.id], listed.price(bundle)
    # Where several sets together have a price, they can only be shared out together.
    together = 1 if price.per_quantity == 1 else item.quantity
    worth = [
        listed.prices[part.sku_id].for_quantity(part.quantity)
        if part.sku_id in listed.prices
        else None
        for part in parts
    ]
    for part, share in zip(parts, bundles.shares(price.for_quantity(together), worth), strict=True):
        sku, own = listed.skus[part.sku_id], PriceView(share, part.quantity * together)
        line = _line(listed, sku, part.quantity * item.quantity, own)
        line.bundle_sku_id, line.bundle_quantity = bundle.id, item.quantity
        line.bundle_name = _name(bundle)
        yield line


def _name(sku: Sku) -> str:
    return f"{sku.product.name_vi} · {sku.name_vi}"


def _line(listed: PriceList, sku: Sku, quantity: int, price: PriceView) -> OrderLine:
    total = price.for_quantity(quantity)
    tax = vat.of(sku.product.vat_class, sku.product.vat_permille, listed.day)
    return OrderLine(
        sku_id=sku.id,
        producer_id=sku.product.producer_id,
        name=_name(sku),
        sku_code=sku.code,
        unit=sku.unit,
        stars=listed.stars.get(sku.id),
        quantity=quantity,
        unit_price=price.amount,
        per_quantity=price.per_quantity,
        line_total=total,
        discount=0,
        vat_kind=tax.kind if tax else None,
        vat_permille=tax.permille if tax else None,
        vat_amount=tax.inside(total) if tax else None,
    )

"""What is taken off an order: promotions and a voucher, shared over its lines, each with its bearer."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.core.money import vat_inside
from catalog.models import PriceChannel
from pos.promotions import vouchers
from pos.promotions.engine import Basket, BasketLine
from pos.promotions.persons import Person
from pos.promotions.vouchers import Deal
from pos.sales.models import Discount, Order, OrderLine
from pos.sales.status import Channel
from pos.stock.models import Place

_CHANNELS = {Channel.WEB: PriceChannel.WEB, Channel.TILL: PriceChannel.TILL}


def deal(
    session: Session,
    lines: Sequence[OrderLine],
    shelves: Mapping[UUID, UUID],
    fee: int,
    place: Place,
    code: str | None,
    person: Person,
    *,
    channel: Channel = Channel.WEB,
    now: datetime,
) -> Deal:
    """What would be taken off these lines and the delivery fee of `fee` đồng. Nothing is counted.
    `shelves` are the categories of the articles.

    Raises what `vouchers.quote` raises when the code does not help.
    """
    basket = Basket(
        tuple(
            BasketLine(
                line.line_no,
                line.sku_id,
                line.producer_id,
                shelves[line.sku_id],
                line.quantity,
                line.line_total,
            )
            for line in lines
        ),
        delivery_fee=fee,
        place_id=place.id,
        channel=_CHANNELS[channel],
        moment=now,
    )
    return vouchers.quote(session, basket, code, person, now)


def apply(order: Order, found: Deal) -> None:
    """Take the cuts of a deal off a new order: its lines, its delivery, its total and its VAT."""
    by_number = {line.line_no: line for line in order.lines}
    for cut in found.cuts:
        line = None if cut.line_no is None else by_number[cut.line_no]
        order.discounts.append(
            Discount(
                line=line,
                amount=cut.amount,
                bearer=cut.bearer,
                source=cut.source,
                name=cut.name,
            )
        )
        if line is None:
            order.delivery_discount += cut.amount
        else:
            line.discount += cut.amount
    for line in order.lines:
        if line.discount and line.vat_permille is not None:
            line.vat_amount = vat_inside(line.net, line.vat_permille)
    order.discount = sum(line.discount for line in order.lines)
    order.total = order.subtotal - order.discount + order.delivery_due + order.rounding

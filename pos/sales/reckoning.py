"""An order before it is one: its lines at today's prices, and what is taken off them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.core.clock import local_day
from catalog.models import PriceChannel
from pos.promotions.persons import Person
from pos.promotions.vouchers import Deal
from pos.sales import discounts, price_list
from pos.sales.lines import Item, quote
from pos.sales.models import OrderLine
from pos.sales.price_list import PriceList
from pos.stock.models import Place
from pos.stock.reservations import Wanted


@dataclass(frozen=True)
class Reckoned:
    """What one order would be. `uncounted` are articles of which there is always one more."""

    lines: list[OrderLine]
    deal: Deal
    uncounted: frozenset[UUID]

    @property
    def wanted(self) -> list[Wanted]:
        """What must be there now: goods that are counted and were not ordered ahead."""
        return [
            Wanted(line.line_no, line.sku_id, line.quantity)
            for line in self.lines
            if line.sku_id not in self.uncounted and line.pre_order_id is None
        ]


def reckon(
    session: Session,
    items: Sequence[Item],
    fee: int,
    source: Place,
    code: str | None,
    person: Person,
    *,
    now: datetime,
    listed: PriceList | None = None,
) -> Reckoned:
    """What an online order of these items would be, sent from `source` for `fee` đồng.

    `listed` is the price list where it was read already. Raises what `quote` and `vouchers.quote`
    raise.
    """
    day = local_day(now)
    if listed is None:
        ids = {item.sku_id for item in items}
        listed = price_list.read(session, ids, PriceChannel.WEB, day)
    lines = quote(session, items, PriceChannel.WEB, day, offered_only=True, listed=listed)
    shelves = {key: sku.product.category_id for key, sku in listed.skus.items()}
    deal = discounts.deal(session, lines, shelves, fee, source, code, person, now=now)
    always = frozenset(key for key, sku in listed.skus.items() if not sku.product.counted)
    return Reckoned(lines, deal, always)

"""Prices in force. Đồng, VAT included."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.accounts import audit
from app.core.clock import local_day
from app.core.errors import Conflict, Rejected
from app.core.money import line_total
from app.core.text import N_
from catalog.models import Price, PriceChannel, ProductStatus, Sku

MAX_PRICE = 2_000_000_000


class BadPrice(Rejected):
    """A price is a positive whole number of đồng."""

    code = "bad_price"
    message = N_("The price must be a whole number of đồng above zero.")


class PastPrice(Rejected):
    """What was asked cannot be changed afterwards."""

    code = "past_price"
    message = N_("The product is offered already: a price can begin today or later.")


class NoPrice(Conflict):
    """Nothing can be sold without a price."""

    code = "no_price"
    message = N_("%(name)s has no price now and cannot be sold.")


@dataclass(frozen=True)
class PriceView:
    """`amount` đồng for `per_quantity` base units."""

    amount: int
    per_quantity: int

    def for_quantity(self, quantity: int) -> int:
        """Đồng for `quantity` base units."""
        return line_total(self.amount, self.per_quantity, quantity)


def prices(
    session: Session, sku_ids: Iterable[UUID], channel: PriceChannel, day: date
) -> dict[UUID, PriceView]:
    """Price in force for each SKU that has one: the channel's own before the general one, then the
    newest that has begun."""
    return by_sku(session.execute(query(set(sku_ids), channel, day)))


def query(sku_ids: Any, channel: PriceChannel, day: Any) -> Select[*tuple[Any, ...]]:
    """For `by_sku`: the prices of these SKUs that have begun; `sku_ids` may be a sub-query."""
    return (
        select(Price.sku_id, Price.amount, Price.per_quantity, Price.channel, Price.valid_from)
        .where(Price.sku_id.in_(sku_ids), Price.valid_from <= day)
        .where(Price.channel.in_((channel, PriceChannel.ANY)))
        .order_by(Price.channel != PriceChannel.ANY, Price.valid_from)
    )


def by_sku(rows: Iterable[Any]) -> dict[UUID, PriceView]:
    """The price in force of each SKU out of the rows of `query`: the last one of each."""
    return {row.sku_id: PriceView(row.amount, row.per_quantity) for row in rows}


def price(session: Session, sku: Sku, channel: PriceChannel, day: date) -> PriceView:
    """Price in force for one SKU; raises `NoPrice`."""
    found = prices(session, [sku.id], channel, day).get(sku.id)
    if found is None:
        raise NoPrice(name=sku.name_vi)
    return found


def set_price(
    session: Session,
    sku: Sku,
    amount: int,
    *,
    valid_from: date,
    now: datetime,
    actor_id: UUID | None,
    channel: PriceChannel = PriceChannel.ANY,
    per_quantity: int = 1,
) -> Price:
    """Set the price from a day on; a second price for the same day replaces the first.

    Raises `BadPrice`.
    """
    if not 0 < amount <= MAX_PRICE or per_quantity < 1:
        raise BadPrice
    key = {"sku_id": sku.id, "channel": channel, "valid_from": valid_from}
    row = session.scalar(select(Price).filter_by(**key))
    before = row.amount if row else None
    if row is None:
        row = Price(**key, amount=amount, per_quantity=per_quantity, set_at=now)
        session.add(row)
    row.amount, row.per_quantity, row.set_at = amount, per_quantity, now
    session.flush()
    detail = {
        "before": before,
        "after": amount,
        "channel": channel.value,
        "from": valid_from.isoformat(),
    }
    audit.record(session, "price.set", ("sku", sku.id), actor_id=actor_id, now=now, detail=detail)
    return row


def change_price(
    session: Session,
    sku: Sku,
    amount: int,
    *,
    valid_from: date,
    now: datetime,
    actor_id: UUID | None,
    channel: PriceChannel = PriceChannel.ANY,
) -> Price:
    """`set_price` for people: the prices that an offered product had stay as they were.

    Raises `BadPrice`, `PastPrice`.
    """
    if sku.product.status is not ProductStatus.DRAFT and valid_from < local_day(now):
        raise PastPrice
    return set_price(
        session, sku, amount, valid_from=valid_from, now=now, actor_id=actor_id, channel=channel
    )

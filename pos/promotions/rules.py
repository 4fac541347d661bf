"""What a rule of a promotion says, as plain values. Moments are aware UTC, money whole đồng."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.core.enums import LabelledEnum
from app.core.text import N_
from catalog.models import PriceChannel
from pos.promotions.bearers import Bearer

WHOLE = 1000  # permille


class Kind(LabelledEnum):
    """How a rule takes something off."""

    PERCENT = "percent", N_("A part of the price")
    AMOUNT = "amount", N_("An amount")
    DELIVERY = "delivery", N_("Free delivery")
    GIFT = "gift", N_("Buy some, get some")


@dataclass(frozen=True)
class Reach:
    """Which goods are meant: all that any of the sets names; empty sets mean everything."""

    skus: frozenset[UUID] = frozenset()
    categories: frozenset[UUID] = frozenset()
    producers: frozenset[UUID] = frozenset()

    def covers(self, sku: UUID, category: UUID | None, producer: UUID | None) -> bool:
        """Whether an article of this shelf and producer is meant."""
        if not (self.skus or self.categories or self.producers):
            return True
        return sku in self.skus or category in self.categories or producer in self.producers


EVERYTHING = Reach()


@dataclass(frozen=True)
class Rule:
    """One promotion or voucher in force.

    `permille` is what comes off the price (of the gift, where the kind is GIFT); `amount` and `cap`
    are đồng; `buy` and `get` base units. `minimum` is what the goods it reaches must cost before
    anything is taken off. `ends_at` is the first moment at which it does not hold any more.
    `bearers` are permille that add up to a thousand. `alone`: not together with any other rule.
    """

    id: UUID
    source: str
    name: str
    kind: Kind
    permille: int = 0
    amount: int = 0
    cap: int | None = None
    buy: int = 0
    get: int = 0
    reach: Reach = EVERYTHING
    gift: Reach | None = None
    places: frozenset[UUID] = frozenset()
    channel: PriceChannel = PriceChannel.ANY
    minimum: int = 0
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    alone: bool = False
    voucher: bool = False
    bearers: tuple[tuple[Bearer, int], ...] = ((Bearer.SHOP, WHOLE),)

    def holds_at(self, moment: datetime) -> bool:
        """Whether it is in force at `moment`: from its beginning, until its end."""
        begun = self.starts_at is None or self.starts_at <= moment
        return begun and (self.ends_at is None or moment < self.ends_at)

    def sold_by(self, channel: PriceChannel) -> bool:
        """Whether it holds for sales by `channel`."""
        return self.channel in (PriceChannel.ANY, channel)

    def sold_at(self, place_id: UUID | None) -> bool:
        """Whether it holds at a place; a rule that names none holds everywhere."""
        return not self.places or place_id in self.places

    @property
    def needs_producer(self) -> bool:
        """Whether a producer bears a part of it."""
        return any(bearer is Bearer.PRODUCER and share for bearer, share in self.bearers)

"""The terms of a promotion as somebody wants them, and what is wrong with them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from app.core.errors import Rejected
from app.core.text import N_
from app.core.types import Json
from catalog.models import PriceChannel
from pos.promotions.bearers import Bearer
from pos.promotions.rules import WHOLE, Kind

MOST_DONG = 1_000_000_000
MOST_UNITS = 100_000
MOST_USES = 1_000_000


class NothingOff(Rejected):
    """A figure that the kind of rule needs is missing or out of range."""

    code = "promotion_takes_nothing_off"
    message = N_("Say how much is taken off.")


class BadPeriod(Rejected):
    """It would end before it begins."""

    code = "promotion_period"
    message = N_("The last day lies before the first.")


class BadBearers(Rejected):
    """The parts of those who bear it do not make a whole."""

    code = "promotion_bearers"
    message = N_("The parts of those who bear the discount must add up to 100 percent.")


class ProducerCannotBear(Rejected):
    """A delivery fee and a gift beside what was bought are nobody's goods or another producer's."""

    code = "promotion_producer_cannot_bear"
    message = N_(
        "A producer can bear discounts on its own goods only, not a delivery fee or another gift."
    )


@dataclass(frozen=True)
class Goods:
    """Goods by key; all sets empty means everything."""

    skus: frozenset[UUID] = frozenset()
    products: frozenset[UUID] = frozenset()
    categories: frozenset[UUID] = frozenset()
    producers: frozenset[UUID] = frozenset()
    places: frozenset[UUID] = frozenset()

    def to_json(self) -> Json:
        """Keys as text, sorted, without the empty sets."""
        named = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return {name: sorted(map(str, keys)) for name, keys in named.items() if keys}

    @classmethod
    def from_json(cls, kept: Json) -> "Goods":
        """The other way round."""
        return cls(**{name: frozenset(map(UUID, keys)) for name, keys in kept.items()})


@dataclass(frozen=True)
class Plan:
    """Terms. `permille` off the price, `amount` and `cap` and `minimum` in đồng, `buy` and `get` in
    base units; in force from `starts_at` until just before `ends_at`; `bearers` in permille."""

    name_vi: str
    kind: Kind
    starts_at: datetime
    name_en: str | None = None
    ends_at: datetime | None = None
    permille: int | None = None
    amount: int | None = None
    cap: int | None = None
    buy: int | None = None
    get: int | None = None
    reach: Goods = Goods()
    gift: Goods | None = None
    channel: PriceChannel = PriceChannel.ANY
    minimum: int = 0
    most: int | None = None
    most_each: int | None = None
    alone: bool = False
    bearers: Mapping[Bearer, int] = field(default_factory=lambda: {Bearer.SHOP: WHOLE})

    def check(self) -> None:
        """Raises `NothingOff`, `BadPeriod`, `BadBearers`, `ProducerCannotBear`."""
        if not self._takes_off():
            raise NothingOff
        if self.ends_at is not None and self.ends_at <= self.starts_at:
            raise BadPeriod
        if sum(self.bearers.values()) != WHOLE or min(self.bearers.values()) < 0:
            raise BadBearers
        beside = self.kind is Kind.DELIVERY or self.gift is not None
        if beside and self.bearers.get(Bearer.PRODUCER):
            raise ProducerCannotBear

    def _takes_off(self) -> bool:
        part = self.permille is not None and 1 <= self.permille <= WHOLE
        if self.kind is Kind.AMOUNT:
            return self.amount is not None and 1 <= self.amount <= MOST_DONG
        if self.kind is Kind.GIFT:
            units = (self.buy, self.get)
            return part and all(n is not None and 1 <= n <= MOST_UNITS for n in units)
        return part or self.kind is Kind.DELIVERY

"""What a parcel costs and when it arrives, from tables of zones and weights. Pure.

Fees in đồng, weights in grams of the goods without packing. Days are calendar days, the first one
being the day after the order.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby


@dataclass(frozen=True)
class Province:
    """A province of today."""

    code: str
    name: str


@dataclass(frozen=True)
class Service:
    """One service of a carrier. `cod_fee` is for collecting the money at the door.

    `tracking_url` holds `{number}` where the number of the parcel goes.
    """

    carrier: str
    service: str
    name_vi: str
    name_en: str
    takes_cod: bool
    cod_fee: int
    free_over: bool
    tracking_url: str | None = None

    @property
    def code(self) -> str:
        """How orders and forms name it."""
        return f"{self.carrier}.{self.service}"

    def tracking(self, number: str | None) -> str | None:
        """The page where the parcel can be followed, where there is one."""
        if not number or not self.tracking_url:
            return None
        return self.tracking_url.replace("{number}", number)


@dataclass(frozen=True)
class Rate:
    """The fee of a service to a zone for parcels `up_to` grams, from a day on."""

    up_to: int
    fee: int
    days_from: int
    days_to: int
    valid_from: date


@dataclass(frozen=True)
class Ask:
    """A parcel to be sent: `max_transit_days` is the longest way that its goods bear."""

    province: str
    weight: int
    subtotal: int
    day: date
    cod: bool = False
    max_transit_days: int | None = None
    free_from: int | None = None


@dataclass(frozen=True)
class Offer:
    """One way to send it. `cod_fee` is due besides `fee` when the carrier collects the money."""

    service: Service
    fee: int
    cod_fee: int
    days_from: int
    days_to: int
    arrives_from: date
    arrives_until: date

    @property
    def code(self) -> str:
        return self.service.code

    @property
    def carrier(self) -> str:
        return self.service.carrier

    @property
    def cost(self) -> int:
        """Everything the buyer pays for it."""
        return self.fee + self.cod_fee


@dataclass(frozen=True)
class Tariff:
    """The tables in force: `zones` by (carrier, province), `rates` by (service code, zone)."""

    provinces: Sequence[Province]
    services: Sequence[Service]
    zones: Mapping[tuple[str, str], str]
    rates: Mapping[tuple[str, str], Sequence[Rate]]

    def province(self, code: str | None) -> Province | None:
        """The province with this code, if it is one."""
        return next((p for p in self.provinces if p.code == code), None)

    def service(self, code: str | None) -> Service | None:
        """The service with this code, if it is one."""
        return next((s for s in self.services if s.code == code), None)

    def offers(self, ask: Ask) -> list[Offer]:
        """Every way that carries the weight and arrives in time, the cheapest first."""
        found = (_offer(service, rate, ask) for service, rate in self._fitting(ask))
        return sorted(found, key=lambda o: (o.cost, o.days_to, o.code))

    def _fitting(self, ask: Ask) -> Iterator[tuple[Service, Rate]]:
        for service in self.services:
            rate = _band(self._table(service, ask.province, ask.day), ask.weight)
            if rate is None or (ask.cod and not service.takes_cod):
                continue
            if ask.max_transit_days is None or rate.days_to <= ask.max_transit_days:
                yield service, rate

    def _table(self, service: Service, province: str, day: date) -> Sequence[Rate]:
        """The newest bands that have begun, the lightest first; none where it does not go."""
        zone = self.zones.get((service.carrier, province))
        begun = [r for r in self.rates.get((service.code, zone or ""), ()) if r.valid_from <= day]
        newest = max((r.valid_from for r in begun), default=None)
        return [r for r in begun if r.valid_from == newest]

    def days(self, province: str, day: date) -> tuple[int, int] | None:
        """The days of the fastest way there, at best and at worst; None where nothing goes."""
        ways = [
            (rate.days_to, rate.days_from)
            for service in self.services
            for rate in self._table(service, province, day)
        ]
        return min(ways)[::-1] if ways else None


def _band(bands: Sequence[Rate], weight: int) -> Rate | None:
    return next((rate for rate in bands if weight <= rate.up_to), None)


def _offer(service: Service, rate: Rate, ask: Ask) -> Offer:
    is_large = ask.free_from is not None and ask.subtotal >= ask.free_from
    return Offer(
        service,
        0 if service.free_over and is_large else rate.fee,
        service.cod_fee if ask.cod else 0,
        rate.days_from,
        rate.days_to,
        ask.day + timedelta(days=rate.days_from),
        ask.day + timedelta(days=rate.days_to),
    )


def in_bands(rows: Sequence[tuple[str, str, Rate]]) -> dict[tuple[str, str], list[Rate]]:
    """Rates by (service code, zone), older tables first, the lightest band of each first."""
    ordered = sorted(rows, key=lambda row: (row[0], row[1], row[2].valid_from, row[2].up_to))
    groups = groupby(ordered, key=lambda row: (row[0], row[1]))
    return {key: [rate for _service, _zone, rate in group] for key, group in groups}

"""How an order can reach its buyer, and what that costs. Đồng and grams."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from uuid import UUID

from app.core.errors import Conflict, Rejected
from app.core.text import N_
from app.storefront.cart import Row, View
from pos.shipping import tariff_files
from pos.shipping.tariffs import Ask, Offer, Province
from pos.stock.models import Place

# Counted for each unit whose weight nobody has entered; pages say so where it matters.
DEFAULT_GRAMS = 1_000


class NoSuchPoint(Rejected):
    """The sales point chosen for pick-up does not exist or does not offer it."""

    code = "no_such_point"
    message = N_("Choose one of the sales points for pick-up.")


class NoSource(Rejected):
    """No place sends parcels."""

    code = "no_source"
    message = N_("The shop does not deliver at the moment. Choose pick-up.")


class NotTogether(Conflict):
    """No single place has everything."""

    code = "not_together"
    message = N_("Not everything is at one place: %(names)s is short there.")


class TooFar(Rejected):
    """Fresh goods would be on the way for too long."""

    code = "too_far"
    message = N_(
        "%(names)s would be on the way for too long. Fetch it at a sales point, or leave it out."
    )


class NoWay(Rejected):
    """Nobody carries so much, or goes there."""

    code = "no_way"
    message = N_(
        "No carrier takes this order there: it is too heavy or too far away. Fetch it at a sales "
        "point, or order less at a time."
    )


class NoCod(Rejected):
    """The carrier does not collect money."""

    code = "no_cod"
    message = N_("Payment on delivery is not possible there. Choose another way to pay.")


@dataclass(frozen=True)
class Rates:
    """In few figures, for programs: `fee` is the most that a parcel of one kilogram costs, `days` the
    fewest and the most on the way, None where nothing is sent."""

    fee: int
    free_from: int
    days: tuple[int, int] | None = None


@dataclass(frozen=True)
class Aim:
    """Where a cart is to be sent to, and when it is ordered. `free_from` đồng some services cost
    nothing."""

    province: str
    day: date
    cod: bool
    free_from: int


def rates(free_from: int, day: date) -> Rates:
    """Every province, sent the cheapest way: the dearest, and how long it takes."""
    ways = [offers[0] for _names, offers in by_region(Ask("", DEFAULT_GRAMS, 0, day))]
    if not ways:
        return Rates(0, free_from)
    days = min(way.days_from for way in ways), max(way.days_to for way in ways)
    return Rates(max(way.fee for way in ways), free_from, days)


def least_fee(day: date) -> int:
    """What delivery costs at least."""
    found = by_region(Ask("", DEFAULT_GRAMS, 0, day))
    return min((offers[0].fee for _names, offers in found), default=0)


def fee(subtotal: int, known: Rates) -> int:
    """The most that delivery of goods worth `subtotal` costs."""
    return 0 if subtotal >= known.free_from else known.fee


def weight(view: View) -> int:
    """Grams by which the way is charged: unknown weights count `DEFAULT_GRAMS` a unit."""
    rows = ((row, row.grams) for row in view.rows)
    return sum(row.quantity * DEFAULT_GRAMS if grams is None else grams for row, grams in rows)


def offers(view: View, aim: Aim) -> list[Offer]:
    """Every way that takes the cart there in time, the cheapest first."""
    return tariff_files.current().offers(_ask(view, aim))


def _ask(view: View, aim: Aim) -> Ask:
    return Ask(
        aim.province,
        max(weight(view), 1),
        view.subtotal,
        aim.day,
        aim.cod,
        view.max_transit_days,
        aim.free_from,
    )


def choose(view: View, aim: Aim, option: str | None) -> Offer:
    """The way that was asked for where it exists, else the cheapest.

    Raises `TooFar`, `NoCod`, `NoWay`: why there is none at all.
    """
    found = offers(view, aim)
    if found:
        return next((offer for offer in found if offer.code == option), found[0])
    tariff, ask = tariff_files.current(), _ask(view, aim)
    if aim.cod and tariff.offers(replace(ask, cod=False)):
        raise NoCod
    slower = tariff.offers(replace(ask, cod=False, max_transit_days=None))
    if not slower:
        raise NoWay
    fastest = min(offer.days_to for offer in slower)
    late = [name_of(row) for row in view.rows if (row.max_transit_days or fastest) < fastest]
    raise TooFar(names=", ".join(late), detail=late)


def name_of(row: Row) -> str:
    """A line as messages call it."""
    return row.sku.product.name_vi


def by_region(ask: Ask) -> list[tuple[list[Province], list[Offer]]]:
    """Provinces that are served in the same way, with the ways there; the nearest first. `ask` is
    for any province."""
    tariff = tariff_files.current()
    carriers = list(dict.fromkeys(service.carrier for service in tariff.services))

    def zones(province: Province) -> tuple[str, ...]:
        return tuple(tariff.zones.get((carrier, province.code), "") for carrier in carriers)

    ordered = sorted(tariff.provinces, key=zones)
    regions = [list(group) for _zones, group in groupby(ordered, key=zones)]
    found = [(some, tariff.offers(replace(ask, province=some[0].code))) for some in regions]
    served = [(some, ways) for some, ways in found if ways]
    return sorted(served, key=lambda region: (region[1][0].days_to, region[1][0].fee))


def can_serve(view: View, place_id: UUID) -> bool:
    """Whether the place has enough of every line."""
    return not short_at(view, place_id)


def short_at(view: View, place_id: UUID) -> list[Row]:
    """The lines of which the place has too little."""
    return [
        row
        for row in view.rows
        if not any(s.place.id == place_id and s.available >= row.quantity for s in row.places)
    ]


def parcel_source(view: View, sources: Sequence[Place]) -> Place:
    """The first web source that has everything, else the first one, which will name what is short.

    Raises `NoSource`.
    """
    if not sources:
        raise NoSource
    return next((place for place in sources if can_serve(view, place.id)), sources[0])


def pickup_point(points: Sequence[Place], place_id: UUID | None) -> Place:
    """The chosen point. Raises `NoSuchPoint`."""
    found = next((place for place in points if place.id == place_id), None)
    if found is None:
        raise NoSuchPoint
    return found


def demand_together(view: View, place: Place) -> None:
    """Raise `NotTogether` when the place lacks something."""
    short = [name_of(row) for row in short_at(view, place.id)]
    if short:
        raise NotTogether(names=", ".join(short), detail=short)

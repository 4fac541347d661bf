"""How an order can reach its buyer, and what that costs. Đồng."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from app.core.errors import Rejected
from app.core.text import N_
from app.storefront.cart import View
from app.storefront.reach import provinces
from pos.stock.models import Place


class NoSuchPoint(Rejected):
    """The sales point chosen for pick-up does not exist or does not offer it."""

    code = "no_such_point"
    message = N_("Choose one of the sales points for pick-up.")


class NoSource(Rejected):
    """No place sends parcels."""

    code = "no_source"
    message = N_("The shop does not deliver at the moment. Choose pick-up.")


class TooFar(Rejected):
    """Fresh goods would be on the way for too long."""

    code = "too_far"
    message = N_(
        "%(names)s would be on the way for too long outside Hưng Yên. Fetch it at a sales point, or "
        "leave it out."
    )


@dataclass(frozen=True)
class Rates:
    """`fee` per parcel; nothing from `free_from` on."""

    fee: int
    free_from: int


def fee(subtotal: int, rates: Rates) -> int:
    """Delivery fee for goods worth `subtotal`."""
    return 0 if subtotal >= rates.free_from else rates.fee


def demand_in_time(view: View, *, at_home: bool) -> None:
    """Raise `TooFar` when a line does not bear the way: at home, or as far as the farthest province.

    Outside Hưng Yên the province is not asked for, so goods with a limit must bear the longest way.
    """
    farthest = provinces()[0] if at_home else provinces()[-1]
    late = [
        product.name_vi
        for row in view.rows
        for product in (row.sku.product,)
        if not farthest.bears(product.max_transit_days)
    ]
    if late:
        raise TooFar(names=", ".join(late), detail=late)


def can_serve(view: View, place_id: UUID) -> bool:
    """Whether the place has enough of every line."""
    return all(
        any(s.place.id == place_id and s.available >= row.quantity for s in row.places)
        for row in view.rows
    )


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

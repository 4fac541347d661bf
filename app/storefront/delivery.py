"""How an order can reach its buyer, and what that costs. Đồng."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from app.core.errors import Rejected
from app.core.text import N_
from app.storefront.cart import View
from pos.stock.models import Place


class NoSuchPoint(Rejected):
    """The sales point chosen for pick-up does not exist or does not offer it."""

    code = "no_such_point"
    message = N_("Choose one of the sales points for pick-up.")


class NoSource(Rejected):
    """No place sends parcels."""

    code = "no_source"
    message = N_("The shop does not deliver at the moment. Choose pick-up.")


@dataclass(frozen=True)
class Rates:
    """`fee` per parcel; nothing from `free_from` on."""

    fee: int
    free_from: int


def fee(subtotal: int, rates: Rates) -> int:
    """Delivery fee for goods worth `subtotal`."""
    return 0 if subtotal >= rates.free_from else rates.fee


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

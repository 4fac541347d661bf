"""Parcels and tables of tariffs, made through the verbs."""

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from builders import BY_NOBODY, make_offered, make_order
from pos.sales import fulfilment, orders
from pos.sales.models import Order
from pos.shipping import parcels
from pos.shipping.models import Parcel
from pos.shipping.parcels import Plan
from pos.shipping.tariffs import Province, Rate, Service, Tariff, in_bands

EARLY = date(2026, 1, 1)


def a_service(carrier: str = "post", **over: Any) -> Service:
    values = {"name_vi": "Bưu kiện", "name_en": "Parcel", "takes_cod": True, "cod_fee": 10_000}
    return Service(carrier, "std", **({"free_over": True} | values | over))


def a_tariff(*rates: Rate, service: Service | None = None) -> Tariff:
    """One service to one zone, to which An Giang belongs and Bắc Ninh does not."""
    one = service or a_service()
    provinces = [Province("an-giang", "An Giang"), Province("bac-ninh", "Bắc Ninh")]
    bands = rates or (Rate(1_000, 20_000, 1, 2, EARLY), Rate(5_000, 50_000, 2, 4, EARLY))
    rows = [(one.code, "far", rate) for rate in bands]
    return Tariff(provinces, [one], {(one.carrier, "an-giang"): "far"}, in_bands(rows))


def make_packed(session: Session, quantity: int = 2, **over: Any) -> Order:
    """A web order that is packed, to be paid at the door."""
    sku = over.pop("sku", None) or make_offered(session, 100_000)
    order = make_order(session, sku, quantity, **over)
    orders.accept(session, order, **BY_NOBODY)
    fulfilment.pack(session, order, **BY_NOBODY)
    return order


def make_parcel(session: Session, order: Order | None = None, **over: Any) -> Parcel:
    """A parcel that waits for its carrier."""
    packed = order or make_packed(session)
    plan = Plan(**({"service": "post.standard"} | over))
    return parcels.prepare(session, packed, plan, **BY_NOBODY)


def make_delivered(session: Session, **over: Any) -> Parcel:
    """A parcel that its buyer has, the money being with the carrier."""
    parcel = make_parcel(session, **over)
    parcels.hand_over(session, parcel, **BY_NOBODY)
    parcels.delivered(session, parcel, **BY_NOBODY)
    return parcel

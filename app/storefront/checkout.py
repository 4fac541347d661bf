"""From cart to order, repeatable: a form sent twice gives the one order."""

from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.core import operations
from app.core.clock import local_day
from app.core.codes import Randomness
from app.core.types import Json
from app.storefront import cart as carts
from app.storefront import delivery
from app.storefront.models import Cart
from pos.sales import orders
from pos.sales.lines import EmptyOrder
from pos.sales.models import Order
from pos.sales.orders import Contact, Terms
from pos.sales.status import Delivery, Tender
from pos.stock import places


@dataclass(frozen=True)
class Details:
    """What the buyer entered. `point_id` names the sales point for pick-up."""

    contact: Contact
    delivery: Delivery
    point_id: UUID | None


@dataclass(frozen=True)
class Buyer:
    """Who buys, in which language, at which delivery rates."""

    user_id: UUID | None
    language: str
    rates: delivery.Rates


def place(
    session: Session,
    cart: Cart | None,
    details: Details,
    buyer: Buyer,
    *,
    key: str,
    now: datetime,
    randomness: Randomness,
) -> Order:
    """Order what is in the cart and empty it. The same key gives the same order again.

    Raises `EmptyOrder`, `OutOfStock`, `NoSuchPoint`, `NoSource` and what `orders.place` raises.
    """

    def effect(_operation_id: UUID) -> Json:
        order = _place(session, cart, details, buyer, now, randomness)
        return {"order_id": str(order.id)}

    body = {"details": asdict(details), "cart": str(cart.id) if cart else None}
    done = operations.once(session, kind="checkout", key=key, body=body, now=now, effect=effect)
    return orders.get(session, UUID(done.result["order_id"]))


def _place(
    session: Session,
    cart: Cart | None,
    details: Details,
    buyer: Buyer,
    now: datetime,
    randomness: Randomness,
) -> Order:
    view = carts.view(session, cart, local_day(now))
    if cart is None or not view.rows:
        raise EmptyOrder
    terms = _terms(session, view, details, buyer)
    order = orders.place(
        session,
        view.items,
        details.contact,
        terms,
        now=now,
        randomness=randomness,
        customer_id=buyer.user_id,
        language=buyer.language,
    )
    carts.clear(session, cart)
    return order


def _terms(session: Session, view: carts.View, details: Details, buyer: Buyer) -> Terms:
    if details.delivery is Delivery.PICKUP:
        point = delivery.pickup_point(places.pickup_points(session), details.point_id)
        return Terms(Delivery.PICKUP, point, Tender.AT_POINT)
    delivery.demand_in_time(view, at_home=details.contact.area_id is not None)
    source = delivery.parcel_source(view, places.web_sources(session))
    fee = delivery.fee(view.subtotal, buyer.rates)
    return Terms(Delivery.SHIP, source, Tender.ON_DELIVERY, fee)

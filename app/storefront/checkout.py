"""From cart to order: what the buyer is shown before confirming, and the order itself, once.

A form sent twice gives the one order. Nothing but wishes comes from the buyer: prices, fees and days
are reckoned here each time.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from app.accounts import consents
from app.accounts.models import ConsentPurpose
from app.content import policies
from app.core import operations
from app.core.clock import local_day
from app.core.codes import Randomness, uuid7
from app.core.enums import LabelledEnum
from app.core.errors import Conflict
from app.core.text import N_
from app.core.types import Json
from app.storefront import cart as carts
from app.storefront import checkout_seen, delivery
from app.storefront.cart import View
from app.storefront.checkout_seen import Change
from app.storefront.models import Cart
from pos.promotions.persons import Person
from pos.promotions.vouchers import Deal
from pos.sales import orders, placing
from pos.sales.lines import EmptyOrder
from pos.sales.models import Order
from pos.sales.placing import Contact, Terms, Wishes
from pos.sales.reckoning import Reckoned, reckon
from pos.sales.status import Delivery, Tender
from pos.shipping.tariffs import Offer
from pos.stock import places


class Changed(Conflict):
    """The order is not any more what the buyer looked at; `changes` says in what."""

    code = "order_changed"
    message = N_("Something has changed since you looked. Please check the order again.")

    def __init__(self, changes: Sequence[Change]) -> None:
        super().__init__(detail=[change.what for change in changes])
        self.changes = changes


class NotOffered(Conflict):
    """This way to pay is not open."""

    code = "tender_not_offered"
    message = N_("This way to pay is not possible at the moment. Choose another one.")


class Pay(LabelledEnum):
    """How the buyer wants to pay."""

    LATER = "later", N_("When I get the goods")
    TRANSFER = "transfer", N_("Bank transfer (VietQR)")
    CARD = "card", N_("Card")

    def tender(self, way: Delivery) -> Tender:
        """What that means for the way of delivery."""
        if self is Pay.LATER:
            return Tender.AT_POINT if way is Delivery.PICKUP else Tender.ON_DELIVERY
        return Tender.TRANSFER if self is Pay.TRANSFER else Tender.CARD


@dataclass(frozen=True)
class Details:
    """What the buyer entered. `point_id` names the sales point for pick-up; `province` is the code
    of a province of today, `option` that of a service of a carrier."""

    contact: Contact
    delivery: Delivery
    point_id: UUID | None
    province: str | None = None
    option: str | None = None
    pay: Pay = Pay.LATER
    voucher: str | None = None
    invoice_to: Json | None = None
    consents: tuple[ConsentPurpose, ...] = ()


@dataclass(frozen=True)
class Rules:
    """What the shop offers: free delivery from so many đồng, ways to pay besides later, and how long
    goods are kept for money that must come first."""

    free_from: int
    pays: frozenset[Pay] = frozenset({Pay.LATER})
    holds: Mapping[Tender, timedelta] = field(default_factory=dict)


@dataclass(frozen=True)
class Buyer:
    """Who buys, in which language, by which rules."""

    user_id: UUID | None
    language: str
    rules: Rules


@dataclass(frozen=True)
class Draft:
    """The order as it would be placed now. `terms_version` names the policies that apply."""

    view: View
    terms: Terms
    offer: Offer | None
    terms_version: str
    reckoned: Reckoned

    @property
    def deal(self) -> Deal:
        """What promotions and the voucher take off."""
        return self.reckoned.deal

    @property
    def total(self) -> int:
        due = self.view.subtotal + self.terms.fee + self.terms.cod_fee
        return due - self.deal.total

    @property
    def cuts(self) -> Mapping[str, int]:
        """Đồng taken off by each promotion, by its name."""
        found: dict[str, int] = {}
        for cut in self.deal.cuts:
            found[cut.name] = found.get(cut.name, 0) + cut.amount
        return found

    @property
    def seen(self) -> str:
        """What the review page sends back."""
        return checkout_seen.text_of(self.view, self.terms, self.deal.total, self.terms_version)


def draft(session: Session, view: View, details: Details, buyer: Buyer, *, now: datetime) -> Draft:
    """The order to be looked at before confirming.

    Raises `NoSuchPoint`, `NoSource`, `NotTogether`, `TooFar`, `NoWay`, `NoCod`, `NotOffered`, and
    what `reckon` raises.
    """
    rules, day = buyer.rules, local_day(now)
    if details.pay not in rules.pays:
        raise NotOffered
    shipped = details.delivery is Delivery.SHIP
    terms, offer = (_by_parcel if shipped else _at_point)(session, view, details, rules, now)
    delivery.demand_together(view, terms.source)
    person, code = Person(buyer.user_id, details.contact.phone), details.voucher
    made = reckon(
        session, view.items, terms.fee, terms.source, code, person, now=now, listed=view.listed
    )
    return Draft(view, terms, offer, policies.versions(session, day), made)


def _at_point(
    session: Session, view: View, details: Details, rules: Rules, now: datetime
) -> tuple[Terms, Offer | None]:
    point = delivery.pickup_point(places.pickup_points(session), details.point_id)
    tender = details.pay.tender(Delivery.PICKUP)
    terms = Terms(
        Delivery.PICKUP, point, tender, weight=view.grams, pay_within=rules.holds.get(tender)
    )
    return terms, None


def _by_parcel(
    session: Session, view: View, details: Details, rules: Rules, now: datetime
) -> tuple[Terms, Offer | None]:
    tender, province = details.pay.tender(Delivery.SHIP), details.province or ""
    cod = tender is Tender.ON_DELIVERY
    aim = delivery.Aim(province, local_day(now), cod, rules.free_from)
    offer = delivery.choose(view, aim, details.option)
    ahead = [row.pre_order for row in view.rows if row.pre_order]
    terms = Terms(
        Delivery.SHIP,
        delivery.parcel_source(view, places.web_sources(session)),
        tender,
        fee=offer.fee,
        cod_fee=offer.cod_fee,
        option=offer.code,
        province=province,
        # Goods of a harvest to come have days of their own, which their lines say.
        arrives_from=None if ahead else offer.arrives_from,
        arrives_until=None if ahead else offer.arrives_until,
        weight=view.grams,
        pay_within=rules.holds.get(tender),
    )
    return terms, offer


def place(
    session: Session,
    cart: Cart | None,
    details: Details,
    buyer: Buyer,
    *,
    key: str,
    now: datetime,
    randomness: Randomness,
    seen: str | None = None,
) -> Order:
    """Order what is in the cart and empty it. The same key gives the same order again.

    `seen` is the draft that the buyer has confirmed. Raises `Changed` when it is another one now,
    `EmptyOrder`, `OutOfStock`, and what `draft` and `placing.place` raise.
    """

    made: list[Order] = []
    order_id = uuid7(now, randomness)
    answer: Json = {"order_id": str(order_id)}

    def effect(_operation_id: UUID) -> Json:
        made.append(_place(session, cart, details, buyer, seen, now, randomness, order_id))
        return answer

    done = operations.once(
        session,
        kind="checkout",
        key=key,
        body={"details": asdict(details)},
        now=now,
        effect=effect,
        answer=answer,
    )
    return made[0] if made else orders.get(session, UUID(done.result["order_id"]))


def _place(
    session: Session,
    cart: Cart | None,
    details: Details,
    buyer: Buyer,
    seen: str | None,
    now: datetime,
    randomness: Randomness,
    order_id: UUID,
) -> Order:
    view = carts.view(session, cart, local_day(now))
    if cart is None or not view.rows:
        raise EmptyOrder
    made = draft(session, view, details, buyer, now=now)
    if seen is not None and seen != made.seen:
        raise Changed(checkout_seen.changes(seen, view, made.seen))
    if not carts.clear(session, cart):
        raise EmptyOrder  # another form has just ordered what was in it
    order = placing.place(
        session,
        view.items,
        details.contact,
        made.terms,
        now=now,
        randomness=randomness,
        wishes=Wishes(details.voucher, details.invoice_to, made.terms_version),
        customer_id=buyer.user_id,
        language=buyer.language,
        reckoned=made.reckoned,
        order_id=order_id,
    )
    _agree(session, buyer, details, now)
    return order


def _agree(session: Session, buyer: Buyer, details: Details, now: datetime) -> None:
    """Keep the consents that a member has given along with the order; none is ever withdrawn here."""
    if buyer.user_id is not None and details.consents:
        held = consents.given(session, buyer.user_id)
        consents.change(session, buyer.user_id, {*held, *details.consents}, now=now)

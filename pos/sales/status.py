"""Channels, tenders and the states of orders and payments, with their allowed moves."""

from app.core.enums import LabelledEnum
from app.core.states import Moves
from app.core.text import N_


class Channel(LabelledEnum):
    """Through which door an order came."""

    WEB = "web", N_("Online shop")
    TILL = "till", N_("Sales point")


class Delivery(LabelledEnum):
    """How goods reach the buyer."""

    SHIP = "ship", N_("Delivery to an address")
    PICKUP = "pickup", N_("Pick-up at a sales point")
    HANDED = "handed", N_("Handed over the counter")


class Tender(LabelledEnum):
    """How money comes."""

    CASH = "cash", N_("Cash")
    ON_DELIVERY = "on_delivery", N_("Payment on delivery")
    AT_POINT = "at_point", N_("Payment at the sales point")


class OrderStatus(LabelledEnum):
    """Where an order stands."""

    PLACED = "placed", N_("Placed")  # the buyer has asked; stock is held
    ACCEPTED = "accepted", N_("Accepted")  # the shop has agreed: a contract
    PACKED = "packed", N_("Packed")  # lots and stamps are fixed; goods have left the stock
    SHIPPED = "shipped", N_("On its way")
    COMPLETED = "completed", N_("Completed")  # goods and money have changed hands
    REFUSED = "refused", N_("Refused")  # the shop could not serve it
    CANCELLED = "cancelled", N_("Cancelled")


class PaymentStatus(LabelledEnum):
    """Where a payment stands."""

    EXPECTED = "expected", N_("Expected")
    SETTLED = "settled", N_("Paid")
    CANCELLED = "cancelled", N_("Not needed any more")


ORDER_MOVES = Moves(
    {
        OrderStatus.PLACED: {OrderStatus.ACCEPTED, OrderStatus.REFUSED, OrderStatus.CANCELLED},
        OrderStatus.ACCEPTED: {OrderStatus.PACKED, OrderStatus.CANCELLED},
        OrderStatus.PACKED: {OrderStatus.SHIPPED, OrderStatus.COMPLETED},
        OrderStatus.SHIPPED: {OrderStatus.COMPLETED},
    }
)

PAYMENT_MOVES = Moves({PaymentStatus.EXPECTED: {PaymentStatus.SETTLED, PaymentStatus.CANCELLED}})

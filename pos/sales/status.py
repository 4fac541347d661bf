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
    TRANSFER = "transfer", N_("Bank transfer (VietQR)")
    CARD = "card", N_("Card")

    @property
    def before_goods(self) -> bool:
        """Whether the money must be there before anything is packed."""
        return self in {Tender.TRANSFER, Tender.CARD}


class OrderStatus(LabelledEnum):
    """Where an order stands. Returns and refunds are matters of their own and leave it alone."""

    PLACED = "placed", N_("Placed")  # the buyer has asked; stock is held
    ACCEPTED = "accepted", N_("Accepted")  # the shop has agreed: a contract
    PAID = "paid", N_("Paid, to be packed")  # money that had to come first has come
    PACKED = "packed", N_("Packed")  # lots and stamps are fixed; goods have left the stock
    SHIPPED = "shipped", N_("On its way")
    DELIVERED = "delivered", N_("Delivered")  # the buyer has the goods; money may be on its way
    FAILED = "failed", N_("Could not be delivered")  # the parcel is with the carrier or comes back
    COMPLETED = "completed", N_("Completed")  # goods and money have changed hands
    RETURNED = "returned", N_("Came back")  # nobody took the parcel; its goods are in quarantine
    REFUSED = "refused", N_("Refused")  # the shop could not serve it
    CANCELLED = "cancelled", N_("Cancelled")
    EXPIRED = "expired", N_("Not paid in time")


class PaymentStatus(LabelledEnum):
    """Where a payment stands."""

    EXPECTED = "expected", N_("Expected")
    CLAIMED = "claimed", N_("Said to be on its way")  # the buyer says so; nobody has seen it
    COLLECTED = "collected", N_("With the carrier")  # paid at the door, not handed to the shop yet
    MISMATCHED = "mismatched", N_("Another amount has come")
    SETTLED = "settled", N_("Paid")
    FAILED = "failed", N_("Did not go through")
    EXPIRED = "expired", N_("Not paid in time")
    CANCELLED = "cancelled", N_("Not needed any more")


_S = OrderStatus
ORDER_MOVES = Moves(
    {
        _S.PLACED: {_S.ACCEPTED, _S.REFUSED, _S.CANCELLED, _S.EXPIRED},
        _S.ACCEPTED: {_S.PAID, _S.PACKED, _S.CANCELLED, _S.EXPIRED},
        _S.PAID: {_S.PACKED, _S.CANCELLED},
        _S.PACKED: {_S.SHIPPED, _S.COMPLETED},
        _S.SHIPPED: {_S.DELIVERED, _S.FAILED},
        _S.FAILED: {_S.SHIPPED, _S.RETURNED},
        _S.DELIVERED: {_S.COMPLETED},
    }
)

_P = PaymentStatus
_OPEN_MOVES = {
    _P.CLAIMED,
    _P.COLLECTED,
    _P.MISMATCHED,
    _P.SETTLED,
    _P.FAILED,
    _P.EXPIRED,
    _P.CANCELLED,
}
PAYMENT_MOVES = Moves(
    {
        _P.EXPECTED: _OPEN_MOVES,
        _P.CLAIMED: {_P.MISMATCHED, _P.SETTLED, _P.EXPIRED, _P.CANCELLED},
        _P.COLLECTED: {_P.SETTLED, _P.MISMATCHED},
        _P.MISMATCHED: {_P.SETTLED, _P.EXPIRED, _P.CANCELLED},
        # Money that comes after all is taken note of; what it is for is decided then.
        _P.FAILED: {_P.SETTLED, _P.CANCELLED},
        _P.EXPIRED: {_P.SETTLED, _P.MISMATCHED},
        _P.CANCELLED: {_P.SETTLED, _P.MISMATCHED},
    }
)

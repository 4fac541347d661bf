"""What the page of an order says about paying it, as a value. Pure."""

from dataclasses import dataclass
from datetime import datetime

from app.core.enums import LabelledEnum
from app.core.text import N_
from pos.sales.gateways.registry import Account
from pos.sales.models import Order, Payment
from pos.sales.payments import ENDED
from pos.sales.status import OrderStatus, PaymentStatus, Tender


class PanelState(LabelledEnum):
    """What there is to say."""

    TO_PAY = "to_pay", N_("To be paid")
    CLAIMED = "claimed", N_("Said to be paid")
    SHORT = "short", N_("A part has come")
    CHECKING = "checking", N_("Being looked at")
    PAID = "paid", N_("Paid")
    FAILED = "failed", N_("Did not go through")
    LATE = "late", N_("Not paid in time")
    ENDED = "ended", N_("Not to be paid any more")


@dataclass(frozen=True)
class Panel:
    """One payment before the goods, as its buyer sees it. `missing` đồng are still to come."""

    order: Order
    payment: Payment
    state: PanelState
    missing: int
    account: Account | None
    cards: bool

    @property
    def by_transfer(self) -> bool:
        """Whether to show where to transfer to."""
        asks = self.state in (PanelState.TO_PAY, PanelState.CLAIMED, PanelState.SHORT)
        return self.payment.tender is Tender.TRANSFER and asks and self.account is not None

    @property
    def may_claim(self) -> bool:
        """Whether «I have paid» makes sense."""
        return self.by_transfer and self.state is not PanelState.CLAIMED

    @property
    def by_card(self) -> bool:
        """Whether a page of the card provider can be opened."""
        asks = self.state in (PanelState.TO_PAY, PanelState.FAILED)
        return self.payment.tender is Tender.CARD and asks and self.cards

    @property
    def back(self) -> int:
        """Đồng that go back to the buyer, or went."""
        return self.payment.refunded


def panel(order: Order, account: Account | None, *, cards: bool, now: datetime) -> Panel | None:
    """The panel for the order's last payment before the goods; None when there is none."""
    first = [p for p in order.payments if p.tender.before_goods]
    if not first:
        return None
    payment = next((p for p in first if p.status is PaymentStatus.SETTLED), first[-1])
    missing = max(0, payment.amount - payment.received)
    return Panel(order, payment, _state(order, payment, now), missing, account, cards)


def _state(order: Order, payment: Payment, now: datetime) -> PanelState:
    late = order.pay_until is not None and order.pay_until <= now
    unpaid = payment.status is not PaymentStatus.SETTLED
    if order.status is OrderStatus.EXPIRED or (late and unpaid and order.status not in ENDED):
        return PanelState.LATE
    if order.status in ENDED:
        return PanelState.ENDED
    if payment.tender is Tender.CARD and payment.status is PaymentStatus.MISMATCHED:
        return PanelState.CHECKING
    return _BY_STATUS.get(payment.status, PanelState.ENDED)


_BY_STATUS = {
    PaymentStatus.EXPECTED: PanelState.TO_PAY,
    PaymentStatus.CLAIMED: PanelState.CLAIMED,
    PaymentStatus.MISMATCHED: PanelState.SHORT,
    PaymentStatus.SETTLED: PanelState.PAID,
    PaymentStatus.FAILED: PanelState.FAILED,
    PaymentStatus.EXPIRED: PanelState.LATE,
}

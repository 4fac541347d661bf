"""What the shop asks of a card provider, whoever it is. Calls go over the network: never make one
inside a transaction."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from app.core.enums import LabelledEnum
from app.core.errors import Conflict, Forbidden, Rejected
from app.core.text import N_
from app.core.types import Json


class ForgedNotice(Forbidden):
    """Not signed by the provider, or long ago."""

    code = "forged_notice"
    message = N_("This notice is not signed as agreed.")


class BadNotice(Rejected):
    """Signed, but not in the agreed shape."""

    code = "bad_notice"
    message = N_("This notice cannot be read.")


class ProviderDown(Conflict):
    """The provider does not answer, or not now. Asking again with the same key is safe."""

    code = "provider_down"
    message = N_("The payment provider does not answer at the moment. Try again in a minute.")


class ProviderRefused(Conflict):
    """The provider has understood and says no."""

    code = "provider_refused"
    message = N_("The payment provider has refused this: %(why)s")


class PageState(LabelledEnum):
    """How a payment page stands."""

    OPEN = "open", N_("Open")
    PENDING = "pending", N_("Being worked on")
    PAID = "paid", N_("Paid")
    EXPIRED = "expired", N_("Closed")


class BackState(LabelledEnum):
    """How a refund stands at the provider."""

    PENDING = "pending", N_("On its way")
    SUCCEEDED = "succeeded", N_("Done")
    FAILED = "failed", N_("Failed")


@dataclass(frozen=True)
class PageWish:
    """What a payment page is for; equal wishes with an equal `key` give the same page."""

    key: str
    payment_id: UUID
    order_number: str
    amount: int
    email: str | None
    language: str
    success_url: str
    cancel_url: str
    expires_at: datetime


@dataclass(frozen=True)
class Page:
    """An open payment page."""

    session_ref: str
    url: str


@dataclass(frozen=True)
class PageSeen:
    """What the provider says of a page. `charge` is what money is paid back by."""

    session_ref: str
    state: PageState
    amount: int
    currency: str
    charge: str | None
    payment_id: UUID | None


@dataclass(frozen=True)
class BackWish:
    """Đồng of a charge to pay back; the same `refund_id` is paid once."""

    refund_id: UUID
    charge: str
    amount: int


@dataclass(frozen=True)
class BackSeen:
    """What the provider says of a refund."""

    provider_ref: str
    state: BackState
    amount: int
    charge: str | None
    refund_id: UUID | None
    why: str | None = None


class Cards(Protocol):
    """A card provider. Every method raises `ProviderDown` and `ProviderRefused`."""

    def open_page(self, wish: PageWish) -> Page:
        """Open a page on which the buyer pays."""

    def look(self, session_ref: str) -> PageSeen:
        """How a page stands."""

    def close(self, session_ref: str) -> None:
        """Close a page, so that nobody pays there any more; done already is done."""

    def pay_back(self, wish: BackWish) -> BackSeen:
        """Pay back, or say how the refund of that name stands."""

    def look_back(self, provider_ref: str) -> BackSeen:
        """How a refund stands."""

    def read_notice(self, body: bytes, signature: str) -> Json:
        """The notice if it is signed and fresh. Raises `ForgedNotice`, `BadNotice`."""

    def check(self) -> str:
        """Ask for something harmless; what the operator is told when it works."""

"""Which ways to pay beforehand this installation offers, from its settings."""

from functools import lru_cache

from app.config import Settings
from pos.sales import banks
from pos.sales.gateways import vietqr
from pos.sales.gateways.base import Cards
from pos.sales.gateways.stripe import StripeCards
from pos.sales.status import Tender


class Account:
    """The shop's account for transfers, as buyers are shown it."""

    def __init__(self, bank: str, number: str, holder: str) -> None:
        self.bank, self.number, self.holder = bank, number, holder

    @property
    def bank_name(self) -> str:
        """What buyers call the bank."""
        return banks.name_of(self.bank)

    def payload(self, amount: int, purpose: str) -> str:
        """The text of the payment code. Raises what `vietqr.payload` raises."""
        return vietqr.payload(vietqr.Code(self.bank, self.number, amount, purpose))


def account(settings: Settings) -> Account | None:
    """The account for transfers; None: none is set, so transfers are not offered."""
    if settings.bank_bin is None:
        return None
    return Account(settings.bank_bin, settings.bank_account or "", settings.bank_holder or "")


def cards(settings: Settings) -> Cards | None:
    """The card provider; None: none is set, so cards are not offered."""
    if settings.stripe_key is None:
        return None
    return _stripe(settings.stripe_key, settings.stripe_webhook_secret or "", settings.stripe_base)


@lru_cache(maxsize=8)
def _stripe(key: str, secret: str, base: str) -> Cards:
    # One client for all threads: the library keeps a connection for each of them.
    return StripeCards(key, secret, base)


def offered(settings: Settings) -> tuple[Tender, ...]:
    """Tenders before the goods that can be chosen."""
    ways = ((Tender.TRANSFER, account(settings)), (Tender.CARD, cards(settings)))
    return tuple(tender for tender, way in ways if way is not None)

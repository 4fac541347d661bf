"""Whether each way of paying is set up and works, in sentences for the operator. No secret is shown."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.config import Settings
from app.core.errors import DomainError
from pos.sales import banks
from pos.sales.bank_lines import SOURCES
from pos.sales.gateways import registry
from pos.sales.gateways.base import Cards
from pos.sales.gateways.stripe import API
from pos.sales.payment_models import ProviderEvent
from pos.sales.status import Tender

OK, OFF, LOOK, WRONG = "works", "off", "look", "wrong"
SHORT_SECRET = 16
PROVIDERS = ("stripe", *SOURCES)


@dataclass(frozen=True)
class Finding:
    """What was found about a way of paying: works, off, look at it, wrong."""

    about: str
    state: str
    text: str


Lately = Callable[[str], datetime | None]


def last_notice(session: Session, provider: str) -> datetime | None:
    """When a provider was heard of last."""
    query = select(func.max(ProviderEvent.received_at)).where(ProviderEvent.provider == provider)
    return session.scalar(query)


def findings(settings: Settings, cards: Cards | None, lately: Lately) -> Iterator[Finding]:
    """Look at every way of paying; the card provider is asked for something harmless."""
    yield Finding(Tender.ON_DELIVERY.value, OK, "needs no settings")
    yield Finding(Tender.AT_POINT.value, OK, "needs no settings")
    yield from _transfer(settings)
    yield from _messengers(settings, lately)
    yield from _cards(settings, cards, lately)


def _transfer(settings: Settings) -> Iterator[Finding]:
    about, account = Tender.TRANSFER.value, registry.account(settings)
    if account is None:
        yield Finding(about, OFF, "PHOHIEN_BANK_BIN, _ACCOUNT and _NAME are not set")
        return
    bank = banks.known().get(account.bank)
    if bank is None:
        yield Finding(about, LOOK, f"{account.bank} is not on the list of banks")
    elif not bank.checked:
        yield Finding(about, LOOK, f"the number of {bank.short_name} is from memory: compare it")
    try:
        account.payload(1_000, "DOCTOR")
    except DomainError as error:
        yield Finding(about, WRONG, f"no payment code can be made: {error.code}")
        return
    yield Finding(about, OK, f"{account.number} at {account.bank_name}, {account.holder}")


def _messengers(settings: Settings, lately: Lately) -> Iterator[Finding]:
    if settings.bank_account is None:
        return
    if not settings.bank_secrets:
        yield Finding("bank", LOOK, "nobody tells of transfers: take over statements, or by hand")
    for source in SOURCES:
        secret = settings.bank_secrets.get(source)
        if secret is not None and len(secret) < SHORT_SECRET:
            yield Finding(f"bank {source}", LOOK, "the secret is short")
        if secret is not None:
            yield Finding(
                f"bank {source}", OK, f"/thanh-toan/ngan-hang/{source}{_heard(lately(source))}"
            )


def _cards(settings: Settings, cards: Cards | None, lately: Lately) -> Iterator[Finding]:
    about = Tender.CARD.value
    if cards is None:
        yield Finding(about, OFF, "PHOHIEN_STRIPE_KEY is not set")
        return
    key, secret = settings.stripe_key or "", settings.stripe_webhook_secret or ""
    if key.startswith("sk_"):
        yield Finding(about, LOOK, "a restricted key (rk_) is enough and can do less harm")
    if not secret.startswith("whsec_"):
        yield Finding(
            about, WRONG, "PHOHIEN_STRIPE_WEBHOOK_SECRET is no secret of Stripe's notices"
        )
    if settings.stripe_base != API:
        yield Finding(about, LOOK, f"asks {settings.stripe_base} instead of Stripe")
    try:
        mode = cards.check()
    except DomainError as error:
        yield Finding(about, WRONG, str(error))
        return
    yield Finding(about, OK, f"{mode} mode, /thanh-toan/stripe{_heard(lately('stripe'))}")


def _heard(at: datetime | None) -> str:
    return ", never heard of" if at is None else f", last heard of {at:%Y-%m-%d %H:%M} UTC"

"""Stripe through its official library: hosted payment pages, refunds, notices.

Đồng have no decimals at Stripe: the amount is the number of đồng. Every call names its time-out and
the version of the interface, and what changes something carries a key that makes it repeatable.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from uuid import UUID

import stripe
from stripe import StripeClient

from app.core.types import Json
from pos.sales.gateways.base import (
    BackSeen,
    BackState,
    BackWish,
    BadNotice,
    ForgedNotice,
    Page,
    PageSeen,
    PageState,
    PageWish,
    ProviderDown,
    ProviderRefused,
)

API = "https://api.stripe.com"
VERSION = "2026-10-28.endive"
CONNECT_SECONDS, ANSWER_SECONDS = 4.0, 15.0
TOLERANCE = 300  # seconds that a notice may be old
CURRENCY = "vnd"
MOST = 99_999_999  # đồng in one charge
_LANGUAGES = {"vi": "vi", "en": "en"}

T = TypeVar("T")


class StripeCards:
    """`Cards` at Stripe. `secret` signs the notices; `base` is another address for tests."""

    def __init__(self, key: str, secret: str, base: str = API, retries: int = 1) -> None:
        self._secret = secret
        self._client = StripeClient(
            key,
            stripe_version=VERSION,
            base_addresses={"api": base},
            max_network_retries=retries,
            http_client=stripe.RequestsClient(timeout=(CONNECT_SECONDS, ANSWER_SECONDS)),
        )

    def open_page(self, wish: PageWish) -> Page:
        """A Checkout Session in đồng."""
        made = _asked(
            lambda: self._client.v1.checkout.sessions.create(
                _page(wish),  # type: ignore[arg-type]
                {"idempotency_key": wish.key},
            )
        )
        if made.url is None:
            raise ProviderDown
        return Page(made.id, made.url)

    def look(self, session_ref: str) -> PageSeen:
        """How a session stands."""
        return page_seen(
            _asked(lambda: self._client.v1.checkout.sessions.retrieve(session_ref)).to_dict()
        )

    def close(self, session_ref: str) -> None:
        """Expire an open session; one that is complete or expired stays as it is."""
        if self.look(session_ref).state is PageState.OPEN:
            _asked(lambda: self._client.v1.checkout.sessions.expire(session_ref))

    def pay_back(self, wish: BackWish) -> BackSeen:
        """Create a refund, unless the charge has one of that name: keys are forgotten in time."""
        known = _asked(
            lambda: self._client.v1.refunds.list({"payment_intent": wish.charge, "limit": 100})
        )
        name = str(wish.refund_id)
        for seen in (back_seen(refund.to_dict()) for refund in known.data):
            if seen.refund_id == wish.refund_id:
                return seen
        made = _asked(
            lambda: self._client.v1.refunds.create(
                {
                    "payment_intent": wish.charge,
                    "amount": wish.amount,
                    "metadata": {"refund_id": name},
                },
                {"idempotency_key": f"refund-{name}"},
            )
        )
        return back_seen(made.to_dict())

    def look_back(self, provider_ref: str) -> BackSeen:
        """How a refund stands."""
        return back_seen(_asked(lambda: self._client.v1.refunds.retrieve(provider_ref)).to_dict())

    def read_notice(self, body: bytes, signature: str) -> Json:
        """The event, if Stripe signed it within the last five minutes."""
        try:
            stripe.WebhookSignature.verify_header(body, signature, self._secret, TOLERANCE)
            told = json.loads(body)
        except (stripe.SignatureVerificationError, UnicodeDecodeError) as error:
            raise ForgedNotice from error
        except (ValueError, RecursionError) as error:
            raise BadNotice from error
        needed = {"id": str, "type": str, "created": int, "data": dict}
        if not isinstance(told, dict) or not all(
            isinstance(told.get(name), kind) for name, kind in needed.items()
        ):
            raise BadNotice
        return told

    def check(self) -> str:
        """Read the balance; says whether the key is for tests."""
        balance = _asked(lambda: self._client.v1.balance.retrieve())
        return "live" if balance.livemode else "test"


def _page(wish: PageWish) -> dict[str, Any]:
    item = {
        "quantity": 1,
        "price_data": {
            "currency": CURRENCY,
            "unit_amount": wish.amount,
            "product_data": {"name": wish.order_number},
        },
    }
    names = {"payment_id": str(wish.payment_id), "order": wish.order_number}
    asked: dict[str, Any] = {
        "mode": "payment",
        "line_items": [item],
        "client_reference_id": str(wish.payment_id),
        "metadata": names,
        "payment_intent_data": {"metadata": names, "description": wish.order_number},
        "success_url": wish.success_url,
        "cancel_url": wish.cancel_url,
        "locale": _LANGUAGES.get(wish.language, "auto"),
        "expires_at": int(wish.expires_at.timestamp()),
    }
    return asked | ({"customer_email": wish.email} if wish.email else {})


def page_seen(told: Mapping[str, Any]) -> PageSeen:
    """A Checkout Session, from an answer or a notice. Raises `BadNotice`."""
    try:
        return PageSeen(
            str(told["id"]),
            _page_state(str(told["status"]), str(told["payment_status"])),
            int(told["amount_total"]),
            str(told["currency"]),
            _id(told.get("payment_intent")),
            _uuid((told.get("metadata") or {}).get("payment_id")),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BadNotice from error


def _page_state(status: str, payment: str) -> PageState:
    if payment == "paid":
        return PageState.PAID
    if status == "complete":
        return PageState.PENDING
    return PageState.EXPIRED if status == "expired" else PageState.OPEN


def back_seen(told: Mapping[str, Any]) -> BackSeen:
    """A refund, from an answer or a notice. Raises `BadNotice`."""
    states = {"succeeded": BackState.SUCCEEDED, "failed": BackState.FAILED}
    states["canceled"] = BackState.FAILED
    try:
        return BackSeen(
            str(told["id"]),
            states.get(str(told["status"]), BackState.PENDING),
            int(told["amount"]),
            _id(told.get("payment_intent")),
            _uuid((told.get("metadata") or {}).get("refund_id")),
            told.get("failure_reason"),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BadNotice from error


def _id(value: Any) -> str | None:
    """The name of an object that may stand there whole."""
    return str(value["id"]) if isinstance(value, Mapping) else value


def _uuid(value: Any) -> UUID | None:
    try:
        return UUID(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _asked(call: Callable[[], T]) -> T:
    """The answer, or our word for why there is none. What a key may not do is told, the key is not."""
    try:
        return call()
    except (stripe.APIConnectionError, stripe.RateLimitError) as error:
        raise ProviderDown from error
    except (stripe.AuthenticationError, stripe.PermissionError) as error:
        raise ProviderRefused(why=type(error).__name__) from error
    except stripe.StripeError as error:
        if error.http_status is None or error.http_status >= 500 or error.http_status == 409:
            raise ProviderDown from error
        raise ProviderRefused(why=error.code or type(error).__name__) from error

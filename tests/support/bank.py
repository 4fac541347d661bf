"""The bank and its messengers: movements as they tell them, signed as they sign them, sent as badly as
the network lets them be."""

import hashlib
import hmac
import json
import random
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from app.core.clock import VIETNAM
from app.core.types import Json
from pos.sales.bank_lines import SEPAY

MORNING = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)

Headers = Mapping[str, str]
Letter = tuple[bytes, Headers]


def told(
    source: str,
    number: int = 92_704,
    amount: int = 185_000,
    text: str = "MBVCB PH2345",
    at: datetime = MORNING,
    ref: str = "FT26328001",
) -> Json:
    """One movement of money that came in."""
    when = f"{at.astimezone(VIETNAM):%Y-%m-%d %H:%M:%S}"
    if source == SEPAY:
        return {
            "id": number,
            "gateway": "Vietcombank",
            "transactionDate": when,
            "accountNumber": "0011004455667",
            "code": None,
            "content": text,
            "transferType": "in",
            "transferAmount": amount,
            "accumulated": 19_077_000,
            "subAccount": None,
            "referenceCode": ref,
            "description": "",
        }
    return {
        "id": number,
        "reference": ref,
        "description": text,
        "amount": amount,
        "transactionDateTime": when,
        "accountNumber": "0011004455667",
    }


def signed(source: str, movement: Json, secret: str, at: datetime) -> Letter:
    """Body and headers of the notice of a movement."""
    if source == SEPAY:
        body, stamp = json.dumps(movement).encode(), str(int(at.timestamp()))
        mark = hmac.new(secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
        return body, {"X-SePay-Signature": f"sha256={mark}", "X-SePay-Timestamp": stamp}
    whole: dict[str, Any] = {"error": 0, "data": movement}
    text = json.dumps(whole, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    stamp = str(int(at.timestamp() * 1000))
    mark = hmac.new(secret.encode(), f"{stamp}.{text}".encode(), hashlib.sha512).hexdigest()
    return json.dumps(whole).encode(), {"X-Casso-Signature": f"t={stamp},v1={mark}"}


class Messenger:
    """Brings letters to a door: late, twice, in any order; some are lost on the way."""

    def __init__(self, door: Callable[[bytes, Headers], int], seed: int = 1) -> None:
        self.door, self.chance = door, random.Random(seed)

    def bring(
        self, letters: Iterable[Letter], *, twice: float = 0.0, lost: float = 0.0
    ) -> Iterator[int]:
        """Deliver all of them shuffled; yields the status of each delivery."""
        bag = [letter for letter in letters if self.chance.random() >= lost]
        bag += [letter for letter in bag if self.chance.random() < twice]
        self.chance.shuffle(bag)
        for body, headers in bag:
            yield self.door(body, headers)

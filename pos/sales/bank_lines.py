"""What banks and their messengers tell, as lines of an account. Pure.

SePay: one movement for each notice, times in Vietnam. Casso: a list of movements in the first shape,
one in the second. Only money that comes in is of interest.
"""

import hashlib
import hmac
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from app.core.clock import VIETNAM
from app.core.types import Json
from pos.sales.gateways.base import BadNotice, ForgedNotice

SEPAY, CASSO = "sepay", "casso"
# SePay asks to refuse what is older; Casso signs once and sends again later, and what is known
# changes nothing.
TOLERANCE = {SEPAY: timedelta(minutes=5), CASSO: timedelta(hours=1)}
MOST = 10**13


@dataclass(frozen=True)
class Line:
    """One movement. `amount` in đồng, below zero when it went out; `ref` is the bank's number."""

    provider_id: str
    amount: int
    text: str
    at: datetime
    account: str | None = None
    ref: str | None = None


def verify(
    source: str, headers: Mapping[str, str], body: bytes, secret: str, *, now: datetime
) -> None:
    """Check signature and age, or the agreed key. Raises `ForgedNotice`."""
    if not _VERIFIERS[source](headers, body, secret, now):
        raise ForgedNotice


def _sepay(headers: Mapping[str, str], body: bytes, secret: str, now: datetime) -> bool:
    signature = headers.get("X-SePay-Signature")
    if signature is None:
        return _same(headers.get("Authorization", ""), f"Apikey {secret}")
    stamp = headers.get("X-SePay-Timestamp", "")
    if not re.fullmatch(r"\d{1,12}", stamp, re.ASCII):
        return False
    made = hmac.new(secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
    return _same(signature, f"sha256={made}") and _fresh(SEPAY, int(stamp), now)


def _casso(headers: Mapping[str, str], body: bytes, secret: str, now: datetime) -> bool:
    signature = headers.get("X-Casso-Signature")
    if signature is None:
        return _same(headers.get("Secure-Token", ""), secret)
    parts = re.fullmatch(r"t=(\d{1,15}),v1=([0-9a-f]{128})", signature, re.ASCII)
    if parts is None:
        return False
    text = json.dumps(_object(body), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    made = hmac.new(secret.encode(), f"{parts[1]}.{text}".encode(), hashlib.sha512).hexdigest()
    return _same(parts[2], made) and _fresh(CASSO, int(parts[1]) // 1000, now)


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())


def _fresh(source: str, stamp: int, now: datetime) -> bool:
    return abs(now.timestamp() - stamp) <= TOLERANCE[source].total_seconds()


Verifier = Callable[[Mapping[str, str], bytes, str, datetime], bool]
_VERIFIERS: Mapping[str, Verifier] = {SEPAY: _sepay, CASSO: _casso}
SOURCES = tuple(_VERIFIERS)
HEADERS = (
    "Authorization",
    "Secure-Token",
    "X-Casso-Signature",
    "X-SePay-Signature",
    "X-SePay-Timestamp",
)


def movements(source: str, body: bytes) -> list[Json]:
    """The movements of a notice as they were told, each with a number. Raises `BadNotice`."""
    told = _object(body)
    found: Any = [told] if source == SEPAY else told.get("data")
    found = [found] if isinstance(found, dict) else found
    if not isinstance(found, list) or not all(isinstance(part, dict) for part in found):
        raise BadNotice
    return found


def line_of(source: str, told: Json) -> Line:
    """One movement. Raises `BadNotice`."""
    return _of_sepay(told) if source == SEPAY else _of_casso(told)


def _of_sepay(told: Json) -> Line:
    amount = _amount(told.get("transferAmount"))
    return Line(
        _number(told.get("id")),
        amount if told.get("transferType") == "in" else -amount,
        _text(told.get("content")) or _text(told.get("description")),
        local_time(_text(told.get("transactionDate"))),
        _text(told.get("accountNumber")) or None,
        _text(told.get("referenceCode")) or None,
    )


def _of_casso(told: Json) -> Line:
    return Line(
        _number(told.get("id")),
        _amount(told.get("amount")),
        _text(told.get("description")),
        local_time(_text(told.get("transactionDateTime")) or _text(told.get("when"))),
        _text(told.get("accountNumber")) or _text(told.get("bank_sub_acc_id")) or None,
        _text(told.get("reference")) or _text(told.get("tid")) or None,
    )


_FORMS = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d", "%Y-%m-%dT%H:%M:%S")
_VIETNAMESE = ("%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%d/%m/%Y")


def local_time(text: str) -> datetime:
    """A time of Vietnam as banks write it, in UTC. Raises `BadNotice`."""
    for form in (*_FORMS, *_VIETNAMESE):
        try:
            return datetime.strptime(text, form).replace(tzinfo=VIETNAM).astimezone(UTC)
        except ValueError:
            continue
    raise BadNotice


def _object(body: bytes) -> Json:
    try:
        told = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise BadNotice from error
    if not isinstance(told, dict):
        raise BadNotice
    return told


def _amount(value: object) -> int:
    whole = isinstance(value, int) or (isinstance(value, float) and value.is_integer())
    if isinstance(value, bool) or not whole or not -MOST < int(value) < MOST:  # type: ignore[call-overload]
        raise BadNotice
    return int(value)  # type: ignore[call-overload, no-any-return]


def _number(value: object) -> str:
    text = _text(str(value)) if isinstance(value, int | str) else ""
    if not text or len(text) > 100:
        raise BadNotice
    return text


def _text(value: object) -> str:
    return value.replace("\0", "").strip()[:500] if isinstance(value, str) else ""

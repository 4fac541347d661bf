"""Keys that leave the house inside a link: signed for one purpose, so that none can be made up."""

import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from uuid import UUID

KEY, MARK = 16, 20  # bytes; 36 together make 48 letters without padding


def signed(secret: str, purpose: str, key: UUID) -> str:
    """`key` with its signature for `purpose`, as letters that fit into an address."""
    return urlsafe_b64encode(key.bytes + _mark(secret, purpose, key)).decode()


def opened(secret: str, purpose: str, text: str) -> UUID | None:
    """The key in `text`, or None when it was not signed here for this purpose."""
    try:
        raw = urlsafe_b64decode(text.encode("ascii"))
        key = UUID(bytes=raw[:KEY])
    except ValueError:
        return None
    return key if hmac.compare_digest(raw[KEY:], _mark(secret, purpose, key)) else None


def _mark(secret: str, purpose: str, key: UUID) -> bytes:
    known = f"{purpose}:{key}".encode()
    return hmac.digest(secret.encode(), known, hashlib.sha256)[:MARK]
